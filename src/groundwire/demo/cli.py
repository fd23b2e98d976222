"""`groundwire demo`: the whole thing, from nothing, on this machine. Imports nothing heavy until it runs."""

import json
import threading
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from rich.console import Console

    from groundwire.demo.show import Answer


def demo(
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON and nothing else on standard output.")] = False,
    serve: Annotated[bool, typer.Option("--serve", help="Leave the proxy running afterwards.")] = False,
    upstream: Annotated[
        str | None,
        typer.Option(
            metavar="MODEL", help="Ask this litellm model instead of the recordings, such as openai/gpt-4o-mini."
        ),
    ] = None,
    port: Annotated[int, typer.Option(min=0, max=65535, help="Port of the proxy; 0 takes a free one.")] = 0,
) -> None:
    """Show answers of a real small model going through the proxy: claims, verdicts, evidence, edits."""
    if as_json and serve:
        raise typer.BadParameter("--json prints one document and ends; --serve stays.", param_hint="--serve")
    from rich.console import Console

    out = Console(highlight=False)
    run(out, as_json=as_json, serve=serve, upstream=upstream, port=port)


def run(
    out: "Console", *, as_json: bool = False, serve: bool = False, upstream: str | None = None, port: int = 0
) -> None:
    """Run the demo on a console. Progress goes to standard error."""
    from rich.console import Console

    from groundwire.demo import show
    from groundwire.demo.scenarios import SCENARIOS, model_name

    model = upstream or model_name()
    err = Console(stderr=True)
    with (
        err.status("loading the entailment model, the parser and the facts …") as status,
        show.started(upstream, port=port) as url,
    ):
        answers = []
        if not as_json:
            status.stop()
            _begin(out, model, upstream, url)
            status.start()
        for number, answer in enumerate(show.ask(url, model, SCENARIOS), start=1):
            answers.append(answer)
            status.update(f"{number} of {len(SCENARIOS)} answers")
            if not as_json:
                status.stop()
                _show(out, number, answer)
        status.stop()
        if as_json:
            print(json.dumps(show.document(answers, model), ensure_ascii=False, indent=1))
            return
        _end(out, answers, url, model, serve=serve)
        if serve:
            _stay()


def _begin(out: "Console", model: str, upstream: str | None, url: str) -> None:
    from groundwire.demo.render import heading
    from groundwire.demo.scenarios import fact_count

    out.print(heading(model, url, facts=fact_count(), recorded=upstream is None))


def _show(out: "Console", number: int, answer: "Answer") -> None:
    from groundwire.demo.render import answer_view
    from groundwire.terminal import width_of

    out.print(answer_view(number, answer, width_of(out)))


def _end(out: "Console", answers: "list[Answer]", url: str, model: str, *, serve: bool) -> None:
    from groundwire.demo.render import next_steps, serving, summary_view
    from groundwire.terminal import width_of

    out.print(summary_view(answers, width_of(out)))
    out.print(serving(url, model) if serve else next_steps(), soft_wrap=True)


def _stay() -> None:
    """Until Ctrl-C."""
    try:
        threading.Event().wait()
    except KeyboardInterrupt:
        return
