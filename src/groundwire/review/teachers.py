"""The pages on which decisions become proposals, and a second person agrees to them or not."""

from starlette.responses import Response

from groundwire.errors import InputError
from groundwire.model import CheckedClaim, Report
from groundwire.review.access import Guarded, Visit
from groundwire.review.people import Role
from groundwire.review.proposals import Proposals
from groundwire.review.store import INPUTS

# What a lesson says besides what the claim does.
_FIELDS = {"fact": ("subject", "relation", "object"), "alias": ("name", "entity"), "threshold": ("value",)}


def listed(visit: Visit) -> Response:
    """What was proposed, with what it would change."""
    return visit.page("proposals.html", proposals=_proposals(visit).all())


def propose(visit: Visit) -> Response:
    """A proposal from one claim of a report."""
    id = visit.request.path_params["id"]
    kind = visit.given("kind")
    if kind in _FIELDS:
        target = visit.given("of") if kind == "threshold" else "facts"
        content = {name: visit.given(name).strip() for name in _FIELDS[kind]}
        _proposals(visit).propose(id, kind, target, content, visit.name)
        return visit.go("/proposals")
    opened = visit.desk.open(id)
    claim = opened and opened.report and _claim(opened.report, visit.given("claim"))
    if not opened or not opened.report or not claim:
        raise InputError("claim", "there is no such claim.", "a claim of a report with its content")
    if visit.given("expect") not in ("fires", "quiet"):
        raise InputError("expect", "it says nothing.", "fires or quiet")
    context = [one.get("text", "") for one in opened.request.get(INPUTS, {}).get("documents", ())]
    context = context or [passage.text for passage in claim.evidence]
    example: dict[str, object] = {"answer": claim.text}
    if kept := [text for text in context if text.strip()]:
        example["context"] = kept
    example["expect"] = visit.given("expect")
    _proposals(visit).propose(id, kind, claim.decision.rule, example, visit.name)
    return visit.go("/proposals")


def settle(visit: Visit) -> Response:
    """Yes or no to a proposal."""
    number = visit.request.path_params["number"]
    if not (number.isascii() and number.isdigit() and len(number) < 16):
        raise InputError("proposal", "there is no such number.", "an open proposal")
    answer = visit.given("answer")
    if answer not in ("accept", "refuse"):
        raise InputError("answer", f"{answer!r:.40} is none.", "accept or refuse")
    _proposals(visit).decide(int(number), visit.name, accept=answer == "accept")
    return visit.go("/proposals")


PAGES = (
    Guarded("/proposals", "GET", Role.VIEWER, listed),
    Guarded("/reports/{id}/propose", "POST", Role.REVIEWER, propose),
    Guarded("/proposals/{number}", "POST", Role.APPROVER, settle),
)


def _proposals(visit: Visit) -> Proposals:
    return Proposals(visit.desk.database, visit.request.app.state.places)


def _claim(report: Report, id: str) -> CheckedClaim | None:
    return next((claim for claim in report.claims if claim.id == id), None)
