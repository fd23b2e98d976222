"""`groundwire audit-log`, `reports`, `users` and `replay`: parse, call, print."""

import json
import sys
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from groundwire.errors import InputError

if TYPE_CHECKING:
    from groundwire.config import Config
    from groundwire.review.database import Database

audit_log = typer.Typer(help="The audit chain: is it whole, and what is in it.", no_args_is_help=True)
users = typer.Typer(help="Who may use the review pages.", no_args_is_help=True)
reports = typer.Typer(help="Stored reports: erase content, export decisions.", no_args_is_help=True)

ConfigOption = Annotated[Path | None, typer.Option("--config", "-c", help="groundwire.yaml", metavar="FILE")]
JsonOption = Annotated[bool, typer.Option("--json", help="Print JSON and nothing else on standard output.")]
FileOption = Annotated[
    Path | None,
    typer.Option("--checkpoints", metavar="FILE", help="Signed checkpoints; the configured file by default."),
]


@audit_log.command()
def verify(
    config: ConfigOption = None,
    checkpoints: FileOption = None,
    key: Annotated[
        str | None,
        typer.Option("--key", metavar="HEX", help="The public key that every checkpoint must be signed with."),
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """Find edits, deletions, insertions, reordering, cut tails and rewritten suffixes of the record.

    Exit code: 0 nothing is wrong, 1 something is, 2 wrong usage.
    """
    from groundwire.review.inspection import inspect
    from groundwire.review.verifier import told

    settings = _settings(config)
    key = key or _own_key(settings)
    with _database(settings) as database:
        result = inspect(database, _checkpoints(settings, checkpoints), key=key)
    if as_json:
        problems = [problem._asdict() for problem in result.problems]
        print(json.dumps({**result._asdict(), "problems": problems}, indent=2))
    else:
        for line in told(result, insisted=key is not None):
            print(line)
    raise typer.Exit(1 if result.problems else 0)


@audit_log.command()
def export(
    out: Annotated[Path, typer.Option("--out", "-o", metavar="ZIP", help="Where to write it.")],
    config: ConfigOption = None,
    checkpoints: FileOption = None,
) -> None:
    """Write a zip for an auditor: the record, the rules, the public keys and a verifier that needs only Python."""
    from groundwire.review.inspection import export as write

    settings = _settings(config)
    with _database(settings) as database:
        try:
            count = write(database, out, _checkpoints(settings, checkpoints))
        except OSError as error:
            raise InputError(str(out), f"cannot be written ({error.strerror}).", "a file") from None
    print(f"{out}: {count} entries.")


@audit_log.command("key")
def signing_key(out: Annotated[Path, typer.Argument(metavar="FILE", help="Where the private key goes.")]) -> None:
    """Make a key to sign checkpoints with. The public key is printed: give it to whoever shall check the record."""
    from groundwire.review.checkpoints import make_key

    print(make_key(out))


@audit_log.command()
def checkpoint(config: ConfigOption = None) -> None:
    """Sign the chain now, into the configured file. The signed head is printed."""
    from groundwire.review.checkpoints import Checkpoints

    settings = _settings(config)
    signed = settings.record.checkpoints
    if signed is None:
        raise InputError("record.checkpoints", "it is not set.", "a file and a key, see README")
    with _database(settings) as database:
        made = Checkpoints(signed.file, signed.key).sign_head(database)
    if made is None:
        raise InputError(str(signed.file), "nothing was signed: the chain is empty, or see the log.", "a chain")
    print(json.dumps(made))


@reports.command()
def erase(
    user: Annotated[
        str | None, typer.Option("--user", metavar="NAME", help="Of every request that named this user.")
    ] = None,
    report: Annotated[str | None, typer.Option("--report", metavar="ID", help="Of one report.")] = None,
    older: Annotated[
        float | None, typer.Option("--older-than", metavar="DAYS", min=0, help="Of reports older than so many days.")
    ] = None,
    config: ConfigOption = None,
) -> None:
    """Erase what was said, and keep that it was checked: ids, times, verdicts and the audit chain stay."""
    from groundwire.review import erasing

    if sum(given is not None for given in (user, report, older)) != 1:
        raise InputError("reports erase", "it needs to know what.", "one of --user, --report and --older-than")
    actor = _actor()
    with _database(_settings(config)) as database:
        if user is not None:
            count = erasing.erase_person(database, user, actor)
        elif report is not None:
            count = erasing.erase_report(database, report, actor)
        else:
            count = erasing.erase_older(database, older or 0.0, actor)
    print(f"{count} reports lost their content.")


@reports.command()
def key(out: Annotated[Path, typer.Argument(metavar="FILE", help="Where the key goes.")]) -> None:
    """Make a key to encrypt content with, for record.encryption_key. Whoever loses it loses the content."""
    from groundwire.review.sealing import new_key

    new_key(out)
    print(f"{out}: keep a copy where the database is not.")


@reports.command()
def encrypt(config: ConfigOption = None) -> None:
    """Encrypt, with the first key, what was stored before there was one, or under an earlier key."""
    from groundwire.review.resealing import reseal

    settings = _settings(config)
    with _database(settings) as database:
        print(f"{reseal(database)} reports, decisions and proposals are encrypted.")


@reports.command("export")
def export_decided(
    out: Annotated[Path, typer.Option("--out", "-o", metavar="JSONL", help="Where to write it.")],
    pairs: Annotated[bool, typer.Option("--pairs", help="Claims with evidence, for `groundwire nli train`.")] = False,
    config: ConfigOption = None,
) -> None:
    """Write what reviewers decided: answers with a label for `groundwire audit` and `calibrate`, or training pairs."""
    from groundwire.review.teaching import write_reviewed

    print(f"{out}: {write_reviewed(_settings(config), out, pairs=pairs)} lines.")


@users.command("add")
def add_user(
    name: Annotated[str, typer.Argument(metavar="NAME")],
    role: Annotated[str, typer.Option("--role", help="viewer, reviewer, approver or admin.")] = "reviewer",
    config: ConfigOption = None,
) -> None:
    """Add a user. A link is printed that lets them choose a password, once, within a day."""
    from groundwire.review.people import People, Role

    if role not in list(Role):
        raise InputError("--role", f"{role!r:.40} is none.", ", ".join(Role))
    settings = _settings(config)
    with _database(settings) as database:
        people = People(database)
        people.add(name, Role(role), _actor())
        print(_link(settings, people.link(name, _actor())))


@users.command("link")
def link_user(name: Annotated[str, typer.Argument(metavar="NAME")], config: ConfigOption = None) -> None:
    """A new one-time link, for somebody who forgot their password."""
    from groundwire.review.people import People

    settings = _settings(config)
    with _database(settings) as database:
        people = People(database)
        if people.find(name) is None:
            raise InputError("user", f"there is no {name!r:.140}.", "the name of a user")
        print(_link(settings, people.link(name, _actor())))


@users.command("remove")
def remove_user(name: Annotated[str, typer.Argument(metavar="NAME")], config: ConfigOption = None) -> None:
    """Take a user away. What they decided stays."""
    from groundwire.review.people import People

    with _database(_settings(config)) as database:
        People(database).change(name, None, _actor())


@users.command("list")
def list_users(config: ConfigOption = None) -> None:
    """The users and their roles."""
    from groundwire.review.people import People

    with _database(_settings(config)) as database:
        for name, role, way in People(database).all():
            print(f"{name}\t{role}" + ("" if way else "\tno password yet"))


def replay(
    id: Annotated[str, typer.Argument(metavar="REPORT", help="Its id: x-groundwire-report.")],
    config: ConfigOption = None,
    as_json: JsonOption = False,
) -> None:
    """Check a stored answer again, from the stored inputs and under the stored rules, and say what differs.

    Exit code: 0 the same, 1 something differs, 2 it cannot be replayed.
    """
    from groundwire.client import Groundwire
    from groundwire.review.replaying import differences, stored, told
    from groundwire.rules import rules_of

    settings = _settings(config)
    with _database(settings) as database:
        kept = stored(database, id)
    gw = Groundwire(settings)
    revision = kept.report.revisions.get("rules")
    rules = rules_of(kept.packs) if kept.packs and revision != gw.rules.revision else None
    check = gw.start(
        documents=kept.documents,
        question=kept.report.question,
        rules=rules,
        request=kept.traits,
        model=kept.report.model,
    )
    check.finish(kept.report.answer)
    found = differences(kept, check.report)
    if as_json:
        print(json.dumps({"report": id, "same": not found, "differences": found, "notes": kept.notes}, indent=2))
    else:
        for line in told(kept, found):
            print(line)
    raise typer.Exit(1 if found else 0)


def _actor() -> str:
    """Who sits at the command line, for the audit chain."""
    import getpass

    return f"command line ({getpass.getuser()})"


def _link(settings: "Config", token: str) -> str:
    return f"http://{settings.listen}/review/welcome/{token}"


def _settings(config: Path | None) -> "Config":
    from groundwire.config import Config

    return Config.load(config)


@contextmanager
def _database(settings: "Config") -> "Iterator[Database]":
    from sqlalchemy.exc import SQLAlchemyError

    from groundwire.review.database import Database, words

    with closing(Database(settings.store, settings.record.encryption_key)) as database:
        try:
            yield database
        except SQLAlchemyError as failed:
            raise InputError("store", f"{database.shown}: {words(failed)}.", "a database that works") from None


def _checkpoints(settings: "Config", given: Path | None) -> Iterator[Mapping[str, Any]]:
    from groundwire.review.checkpoints import read_checkpoints

    signed = settings.record.checkpoints
    path = given or (signed.file if signed else None)
    if path is None:
        print("No checkpoints: give --checkpoints, or set record.checkpoints.", file=sys.stderr)
        return iter(())
    return read_checkpoints(path)


def _own_key(settings: "Config") -> str | None:
    """The public half of the configured key: what this record should be signed with."""
    from groundwire.review.checkpoints import Checkpoints

    signed = settings.record.checkpoints
    return Checkpoints(signed.file, signed.key).public if signed and signed.key.is_file() else None
