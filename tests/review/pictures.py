"""Takes the pictures of the review pages that the README shows: `python -m tests.review.pictures`, with Chromium.

The answers are those of the demo, asked for through the real proxy; a month is filled with them, and some are decided.
"""

import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

from starlette.types import ASGIApp, Receive, Scope, Send
from tests.programs import program

from groundwire.demo.scenarios import SCENARIOS, model_name
from groundwire.demo.show import Answer, ask, started
from groundwire.evidence import Document
from groundwire.gateway import running
from groundwire.review import Desk, Filter, SqlStore, with_inputs
from groundwire.review.assigning import assign
from groundwire.review.pages import create_pages
from groundwire.review.people import People, Role
from groundwire.review.views import Views

# Of the clone that this file is in, where the README shows them; what is imported may be installed elsewhere.
FOLDER = Path(__file__).resolve().parents[2] / "src" / "groundwire" / "review" / "pictures"
DAYS = 30
WIDTH = 1100  # pixels, of every picture
# Page and height, in pixels.
PICTURES = {"queue": ("/", 450), "report": ("/reports/{report}", 740), "trends": ("/trends", 530)}
SHOWN = "Where is the new plant?"


class Named:
    """Says that rita came, as a trusted proxy does: a browser without hands cannot log in."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            scope = {**scope, "headers": [*scope["headers"], (b"x-user", b"rita")]}
        await self.app(scope, receive, send)


def answered() -> list[Answer]:
    """The demo's questions, asked."""
    with started() as url:
        return list(ask(url, model_name(), SCENARIOS))


@contextmanager
def desk(answers: Sequence[Answer], folder: Path) -> Iterator[tuple[str, str]]:
    """The pages over a month of such answers. Yields their address, and the report to look at."""
    now = datetime.now(UTC)
    with closing(SqlStore(f"sqlite:///{folder / 'a.db'}")) as store:
        for day in range(DAYS, 0, -1):
            for number, answer in enumerate(answers):
                if (number * 7 + day * 3) % 5 < 2 or day == 1:  # some of them each day, all on the last
                    _keep(store, answer, f"d{day}-{number}", now - timedelta(days=day - 1, minutes=9 * number))
        people, decisions = People(store.database), Desk(store.database)
        people.add("rita", Role.REVIEWER, "pictures")
        Views(store.database).save("rita", "Worst first", Filter(sort="worst"))
        Views(store.database).save("rita", "Contradicted", Filter(rule="correct.contradicted"))
        for page in (3, 2):  # the oldest first, so that what is left of the queue is what came last
            for at, line in enumerate(decisions.queue(Filter(page=page)).lines):
                decisions.decide(line.id, line.version, "false_alarm" if at % 6 == 0 else "confirm", "rita")
        for line in decisions.queue(Filter(rule="correct.contradicted")).lines[:2]:
            assign(store.database, line.id, line.version, "rita", "rita")
        app = create_pages(store.database, header="x-user", proxies=("127.0.0.1",))
        shown = next(number for number, answer in enumerate(answers) if answer.scenario.question == SHOWN)
        with running(Named(app)) as url:
            yield url, f"d1-{shown}"


def _keep(store: SqlStore, answer: Answer, id: str, created: datetime) -> None:
    report = answer.report.model_copy(update={"id": id, "created": created})
    text = answer.scenario.text()
    documents = [Document(answer.scenario.document or "", text)] if text else []
    application = "support chat" if answer.scenario.document else "intranet"
    store.save(report, request=with_inputs({"model": report.model}, documents, "hold", application))


def take(url: str, path: Path, height: int) -> None:
    """A picture of a page."""
    chromium = program("chromium", "chromium-browser", "google-chrome", package="chromium")
    with tempfile.TemporaryDirectory() as profile:
        command = [str(chromium), "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"]
        command += [f"--user-data-dir={profile}", "--virtual-time-budget=1500", "--hide-scrollbars"]
        command += [f"--window-size={WIDTH},{height}", f"--screenshot={path}", url]
        run = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)
    if run.returncode or not path.is_file():
        raise SystemExit(f"{path.name} was not taken: {run.stderr[-2000:]}")


def main(folder: Path = FOLDER) -> None:
    folder.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as place, desk(answered(), Path(place)) as (url, report):
        for name, (path, height) in PICTURES.items():
            take(url + path.replace("{report}", report), folder / f"{name}.png", height)


if __name__ == "__main__":
    main(*(Path(given) for given in sys.argv[1:]))
