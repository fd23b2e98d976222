"""Secrets are not stored in any mode; what is personal is not stored where that was asked for."""

import json
from contextlib import closing
from datetime import UTC, datetime

import pytest
import sqlalchemy as sa
from tests.review.reports import a_report

from groundwire.model import Outcome, Report
from groundwire.review import SqlStore
from groundwire.review.inspection import inspect
from groundwire.review.redaction import redactor
from groundwire.review.searching import catch_up
from groundwire.review.tables import metadata, persons, search

# Each is put together here, so that no scanner takes this file for a leak.
SECRETS = {
    "openai": "sk-" + "proj-" + "a1B2" * 10,
    "anthropic": "sk-" + "ant-api03-" + "x9Y8" * 12,
    "stripe": "sk_" + "live_" + "4eC39HqLyjWDarjtT1zdp7dc",
    "aws": "AKIA" + "IOSFODNN7EXAMPLE",
    "github": "ghp_" + "a1b2c3d4e5" * 4,
    "github fine": "github_pat_" + "11ABCDE" * 6,
    "gitlab": "glpat-" + "a1B2c3D4e5F6g7H8i9J0",
    "slack": "xoxb-" + "123456789012-abcdefABCDEF",
    "slack hook": "https://hooks.slack.com/services/" + "T000/B000/XXXXXXXXXXXXXXXX",
    "google": "AIza" + "SyA1b2C3d4E5f6G7h8I9j0K1l2M3n4O5p6Q",
    "google oauth": "ya29." + "a0AfH6SMBx1y2z3A4b5C6",
    "hugging face": "hf_" + "aBcDeFgHiJ" * 4,
    "npm": "npm_" + "aB1cD2eF3g" * 3 + "H4iJ5k",
    "pypi": "pypi-" + "AgEIcHlwaS5vcmc" * 4,
    "sendgrid": "SG." + "a1B2c3D4e5F6g7H8i9J0kL" + "." + "a1B2c3D4e5F6g7H8i9J0kLmN",
    "digital ocean": "dop_v1_" + "0123456789abcdef" * 4,
    "jwt": "eyJ" + "hbGciOiJIUzI1NiJ9" + ".eyJ" + "zdWIiOiIxMjM0In0" + ".c2lnbmF0dXJl",
    "private key": "-----BEGIN " + "RSA PRIVATE KEY-----\nMIIEpAIBAAKCAQEA7\n-----END RSA PRIVATE KEY-----",
    "bearer": "Authorization: Bearer " + "abcdef0123456789ABCDEF",
    "url": "postgres://admin:" + "hunter2hunter2" + "@db.internal/x",
    "azure": "AccountKey=" + "q1W2e3R4t5" * 5 + "==",
}


def saying(words: str) -> Report:
    return Report(
        id="r-1", created=datetime.now(UTC), verdict=Outcome.FLAGGED, answer=words, revised=words, delivered=words,
        question=words, model=None,
    )  # fmt: skip


def everything(store: SqlStore) -> str:
    catch_up(store.database, 100)
    with store.database.reading() as connection:
        tables = [*metadata.sorted_tables, search]
        rows = [repr(row) for table in tables for row in connection.execute(sa.select(table))]
    return "\n".join(rows)


@pytest.mark.parametrize("kind", SECRETS)
def test_no_secret_is_stored(kept: SqlStore, kind: str) -> None:
    secret = SECRETS[kind]
    words = f"The key\n{secret}\nis right, café."
    request = {"user": "u", "metadata": {"note": words}, "messages": [{"content": words}]}
    kept.save(saying(words), request=request)
    core = secret.split("Bearer ")[-1].split("services/")[-1].split("admin:")[-1].split("\n")[-1][:14]
    stored = everything(kept)
    assert core not in stored
    report = kept.get("r-1")
    assert report is not None
    assert len(report.answer) == len(words)  # every offset still holds
    assert report.answer.startswith("The key\n")
    assert report.answer.endswith("\nis right, café.")
    assert not inspect(kept.database).problems


@pytest.mark.parametrize(
    "name", ["api_key", "apiKey", "authorization", "password", "client_secret", "x-api-key", "token"]
)
def test_what_is_called_a_secret_is_not_stored_whatever_it_looks_like(kept: SqlStore, name: str) -> None:
    kept.save(saying("Fine."), request={name: "correct horse", "extra": [{name: "battery"}], "max_tokens": 7, "n": 1})
    stored = everything(kept)
    assert "correct horse" not in stored
    assert "battery" not in stored
    assert '"max_tokens": 7' in stored


def test_ordinary_words_are_left_alone(kept: SqlStore) -> None:
    words = "The risk-adjusted sk-8 rate, see https://example.com/a:b@c and basic training; bearer bonds."
    kept.save(saying(words))
    report = kept.get("r-1")
    assert report is not None
    assert report.answer == words


def test_redacted_content_names_nobody(url: str) -> None:
    words = (
        "Maria Gonzalez (maria.g@example.com, +49 30 901820) paid 4111 1111 1111 1111 and DE89370400440532013000 "
        "from 10.1.2.3 on 3 May 2024. The rate is 5.4 %."
    )
    with closing(SqlStore(url, content="redacted", redact=redactor())) as store:
        report = a_report("r-1", answer=words)
        store.save(report, request={"model": "m", "user": "maria.g@example.com", "groundwire": {"documents": []}})
        stored = everything(store)
        for personal in (
            "Gonzalez",
            "maria.g",
            "30 901820",
            "4111 1111",
            "DE893704",
            "10.1.2.3",
        ):  # no hash has these by chance
            assert personal not in stored, personal
        found = store.get("r-1")
        assert found is not None
        assert len(found.answer) == len(words)
        assert found.answer.endswith("3 May 2024. The rate is 5.4 %.")
        assert found.revisions == report.revisions
        assert found.created == report.created
        assert not inspect(store.database).problems
        with store.database.reading() as connection:
            row = connection.execute(sa.select(metadata.tables["reports"])).one()
            assert json.loads(row.request)["model"] == "m"
            assert connection.scalar(sa.select(persons.c.person)) is not None  # still found, to be erased
