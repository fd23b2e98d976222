"""The pages at `/review`: the queue, a report, trends, exports. `create_pages(database, ...)` is plain ASGI.

Handlers are plain functions on worker threads: a visit in, a response out. What they may show is decided before them.
"""

import csv
import io
import json
from collections.abc import Sequence
from typing import Any

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.responses import Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles

from groundwire.model import CheckedClaim, Report
from groundwire.review import assigning, drawing, signin, signon, teachers, trending, views
from groundwire.review.access import Guard, Guarded, Visit, identifier
from groundwire.review.database import Database
from groundwire.review.desk import Desk, Made, Opened
from groundwire.review.filters import Filter
from groundwire.review.lessons import Places
from groundwire.review.people import People, Role
from groundwire.review.provider import Provider
from groundwire.review.rows import RANKS, SEVERITIES
from groundwire.review.store import is_report_id
from groundwire.review.teaching import labelled, training_pairs
from groundwire.review.views import Views

DAYS = (7, 30, 90)
_COLUMNS = ("report", "time", "verdict", "score", "model", "application", "state", "assigned")


def create_pages(
    database: Database,
    *,
    header: str | None = None,
    proxies: Sequence[str] = (),
    provider: Provider | None = None,
    places: Places | None = None,
) -> Starlette:
    """The pages over one database. `header` names the user, from `proxies` only; unset: passwords and sessions.

    `provider` signs users in beside passwords. `places` are the files that decisions may teach; none by default.
    """
    people = People(database)
    identify = identifier(people, header, proxies)
    routes: list[Route | Mount] = [
        Route(page.path, page.endpoint(identify), methods=[page.method], name=f"{page.method} {page.path}")
        for page in PAGES
    ]
    routes.append(Mount("/static", StaticFiles(packages=[("groundwire.review", "static")])))
    app = Starlette(routes=routes, middleware=[Middleware(Guard)])
    app.state.desk, app.state.people, app.state.header = Desk(database), people, header
    app.state.provider, app.state.places = provider, places or Places()
    return app


def queue(visit: Visit) -> Response:
    """Reports that wait for a decision, or any others."""
    wanted = Filter.of(visit.request.query_params)
    page = visit.desk.queue(wanted, visit.name)
    done = visit.request.query_params.get("done", "")
    return visit.page(
        "queue.html",
        wanted=wanted,
        page=page,
        choices=visit.desk.choices(),
        people=assigning.may_decide(visit.desk.database),
        severities=[one.value for one in SEVERITIES],
        verdicts=list(RANKS),
        counts=visit.desk.counts(),
        address=wanted.query,
        views=Views(visit.desk.database).of(visit.name),
        done=done if is_report_id(done) else "",
        searched=visit.desk.database.seal is None,
    )


def counts(visit: Visit) -> Response:
    """How many wait, for a page that is open already."""
    return visit.page("counts.html", counts=visit.desk.counts())


def report(visit: Visit) -> Response:
    """One report, with one claim of it beside."""
    opened = visit.desk.open(visit.request.path_params["id"])
    if opened is None:
        return visit.problem(404, "There is no such report.")
    standing = _standing(opened)
    values: dict[str, Any] = {"opened": opened, "standing": standing, "report": opened.report}
    values["people"] = assigning.may_decide(visit.desk.database)
    if opened.report is not None:
        chosen = visit.request.query_params.get("claim", "")
        claim = _claim(opened.report, chosen) or _first(opened.report, standing)
        values |= {
            "stretches": drawing.stretches(opened.report),
            "edits": drawing.edits(opened.report.answer, opened.report.delivered),
            **_beside(opened, claim, standing),
        }
    done = visit.request.query_params.get("done", "")
    return visit.page("report.html", done=done if is_report_id(done) else "", **values)


def claim_panel(visit: Visit) -> Response:
    """One claim, for a report that is open already."""
    opened = visit.desk.open(visit.request.path_params["id"])
    claim = opened and opened.report and _claim(opened.report, visit.request.path_params["claim"])
    if not opened or not claim:
        return visit.problem(404, "There is no such claim.")
    standing = _standing(opened)
    return visit.page("claim.html", opened=opened, report=opened.report, **_beside(opened, claim, standing))


def decide(visit: Visit) -> Response:
    """A decision on a claim, or on all that was flagged; then on to what is left."""
    id = visit.request.path_params["id"]
    claim = visit.given("claim") or None
    visit.desk.decide(
        id,
        _version(visit.given("version")),
        visit.given("kind"),
        visit.name,
        claim=claim,
        note=visit.given("note"),
        right=visit.given("right"),
    )
    opened = visit.desk.open(id)
    if opened and opened.state == "decided" and visit.given("kind") != "note":
        following = visit.desk.next_open(id)
        return visit.go(f"/reports/{following}?done={id}" if following else f"/?done={id}")
    return visit.go(f"/reports/{id}")


def assign(visit: Visit) -> Response:
    """A report is given to a reviewer, or to nobody."""
    id = visit.request.path_params["id"]
    assigning.assign(visit.desk.database, id, _version(visit.given("version")), visit.given("to") or None, visit.name)
    return visit.go(f"/reports/{id}")


def bulk(visit: Visit) -> Response:
    """One decision on many reports, or whom they are for. Those that others decided on meanwhile are named."""
    kind = visit.given("kind")
    if kind not in ("confirm", "false_alarm", "assign"):
        return visit.problem(400, "kind: it is neither confirm nor false_alarm nor assign.")
    refused = []
    for one in visit.form.get("report", [])[:500]:
        id, _, version = one.rpartition("@")
        try:
            if kind == "assign":
                assigning.assign(visit.desk.database, id, _version(version), visit.given("to") or None, visit.name)
            else:
                visit.desk.decide(id, _version(version), kind, visit.name)
        except Exception as problem:  # noqa: BLE001 - told below, each with its report
            refused.append((id, str(problem)))
    if refused:
        return visit.page("refused.html", 409, refused=refused)
    return visit.go("/?" + visit.request.url.query if visit.request.url.query else "/")


def trends(visit: Visit) -> Response:
    """What was found over time, and how often each rule cried wolf."""
    days = visit.request.query_params.get("days", "30")
    wanted = int(days) if days in map(str, DAYS) else 30
    found = visit.desk.trends(wanted)
    rules = [
        (rule, right, wrong, wrong / (right + wrong), drawing.wilson(wrong, right + wrong))
        for rule, right, wrong in visit.desk.by_rule(wanted)
        if right + wrong
    ]
    totals = {verdict: sum(counts.get(verdict, 0) for _, counts in found) for verdict in reversed(RANKS)}
    by = visit.request.query_params.get("by")
    alike, pairs = trending.agreement(visit.desk.database, wanted)
    return visit.page(
        "trends.html",
        days=wanted,
        choices=DAYS,
        chart=drawing.chart(found),
        rules=rules,
        totals=totals,
        found=found,
        models=trending.by_model(visit.desk.database, wanted) if by == "model" else None,
        applications=trending.by_application(visit.desk.database, wanted) if by == "application" else None,
        agreed=(alike, pairs, drawing.wilson(alike, pairs)) if pairs else None,
    )


def export_audit(visit: Visit) -> Response:
    """Decided reports as lines that `groundwire audit` and `groundwire calibrate` read."""
    return _lines("reviewed.jsonl", labelled(visit.desk.database))


def export_pairs(visit: Visit) -> Response:
    """Decided claims as pairs that `groundwire nli train` reads."""
    return _lines("pairs.jsonl", training_pairs(visit.desk.database))


def export_table(visit: Visit) -> Response:
    """A page of the queue for a spreadsheet, in which no cell is a formula."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow((*_COLUMNS, "rules", "statement"))
    for line in visit.desk.queue(Filter.of(visit.request.query_params), visit.name).lines:
        cells = (line.id, line.created.isoformat(), line.verdict, f"{line.score:.3f}", line.model)
        more = (line.application, line.state, line.assigned)
        writer.writerow([_cell(cell or "") for cell in (*cells, *more, " ".join(line.rules), line.words)])
    return Response(out.getvalue(), media_type="text/csv", headers=_download("queue.csv"))


PAGES = (
    Guarded("/", "GET", Role.VIEWER, queue),
    Guarded("/counts", "GET", Role.VIEWER, counts),
    Guarded("/reports/{id}", "GET", Role.VIEWER, report),
    Guarded("/reports/{id}/claims/{claim}", "GET", Role.VIEWER, claim_panel),
    Guarded("/reports/{id}/decide", "POST", Role.REVIEWER, decide),
    Guarded("/reports/{id}/assign", "POST", Role.REVIEWER, assign),
    Guarded("/bulk", "POST", Role.REVIEWER, bulk),
    Guarded("/trends", "GET", Role.VIEWER, trends),
    Guarded("/export/reviewed.jsonl", "GET", Role.REVIEWER, export_audit),
    Guarded("/export/pairs.jsonl", "GET", Role.REVIEWER, export_pairs),
    Guarded("/export/queue.csv", "GET", Role.VIEWER, export_table),
    *views.PAGES,
    *teachers.PAGES,
    *signin.PAGES,
    *signon.PAGES,
)


def _standing(opened: Opened) -> dict[str | None, Made]:
    """The decision that stands for each claim: the last one since the report was opened again."""
    standing: dict[str | None, Made] = {}
    for made in opened.decisions:
        if made.kind == "reopen":
            standing.clear()
        elif made.kind in ("confirm", "false_alarm", "correct"):
            standing[made.claim] = made
    return standing


def _claim(report: Report, id: str) -> CheckedClaim | None:
    return next((claim for claim in report.claims if claim.id == id), None)


def _first(report: Report, standing: dict[str | None, Made]) -> CheckedClaim | None:
    """The claim to look at first: flagged and undecided, else flagged, else any."""
    flagged = [claim for claim in report.claims if claim.decision.action != "allow"]
    left = [claim for claim in flagged if claim.id not in standing]
    return next(iter((*left, *flagged, *report.claims)), None)


def _beside(opened: Opened, claim: CheckedClaim | None, standing: dict[str | None, Made]) -> dict[str, Any]:
    if claim is None or opened.report is None:
        return {"claim": None}
    found = drawing.passages(claim, opened.request)
    return {
        "claim": claim,
        "standing": standing,
        "passages": found,
        "pictures": [drawing.path_picture(passage.evidence.path) for passage in found],
        "findings": list(drawing.probabilities(claim)),
        "patches": [patch for patch in opened.report.patches if patch.claim == claim.id],
        "made": [made for made in opened.decisions if made.claim == claim.id],
    }


def _version(given: str) -> int:
    return int(given) if given.isascii() and given.isdigit() and len(given) < 10 else -1


def _cell(text: str) -> str:
    """A spreadsheet runs a cell that begins like a formula."""
    return "'" + text if text.startswith(("=", "+", "-", "@", "\t", "\r", "\n")) else text


def _lines(name: str, rows: Any) -> Response:
    body = "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
    return Response(body, media_type="application/x-ndjson", headers=_download(name))


def _download(name: str) -> dict[str, str]:
    return {"content-disposition": f'attachment; filename="{name}"', "cache-control": "no-store"}
