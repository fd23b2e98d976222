"""Whatever /openapi.json lets one send, and what it does not, is answered, and never with a 5xx: by schemathesis."""

from collections.abc import Iterator
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis import GenerationMode
from schemathesis.core.result import Ok
from tests.gateway.scripted_world import RIGHT, WRONG, world

from groundwire.gateway import ScriptedUpstream, create_app, running
from groundwire.gateway.openapi import document

EXAMPLES = 25  # of each route, as it is described and otherwise

FOUND = list(schemathesis.openapi.from_dict(document()).get_all_operations())
ROUTES = [found.ok() for found in FOUND if isinstance(found, Ok)]
# What takes no body cannot be asked with a wrong one.
ASKED = [(route, mode) for route in ROUTES for mode in GenerationMode if route.body or mode is GenerationMode.POSITIVE]


@pytest.fixture(scope="module")
def url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    folder = tmp_path_factory.mktemp("schema")
    with running(create_app(world(folder, "rewrite"), ScriptedUpstream(f"{RIGHT} {WRONG}"))) as url:
        yield url


def test_every_route_is_described_so_that_it_can_be_asked() -> None:
    assert len(ROUTES) == len(FOUND) > 10


@pytest.mark.parametrize(("route", "mode"), ASKED, ids=[f"{route.label} {mode.value}" for route, mode in ASKED])
def test_no_request_makes_it_fail(url: str, route: Any, mode: GenerationMode) -> None:
    statuses = set()

    @settings(
        max_examples=EXAMPLES, deadline=None, derandomize=True, database=None, phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )  # fmt: skip
    @given(case=route.as_strategy(generation_mode=mode))
    def asked(case: Any) -> None:
        status = case.call(base_url=url, timeout=30).status_code
        assert status < 500, case.as_curl_command()
        statuses.add(status)

    asked()
    if mode is GenerationMode.POSITIVE and "{id}" not in route.path and route.path != "/v1/messages":
        assert 200 in statuses, "none of it came through"
