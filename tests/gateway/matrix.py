"""Writes the failure matrix into the README: `python -m tests.gateway.matrix`. It is the parameters of the test."""

from pathlib import Path

from tests.gateway.failures import POLICIES, STAGES, WAYS

BEGIN, END = "<!-- failures:begin -->", "<!-- failures:end -->"
README = Path(__file__).resolve().parents[2] / "README.md"
OUTCOMES = {"closed": "502", "open": "passes, `unchecked`"}


def table() -> str:
    """A row a stage, a column a way to fail."""
    told = " / ".join(OUTCOMES[policy] for policy in POLICIES)
    lines = [f"| `on_error`: {' / '.join(POLICIES)} | {' | '.join(WAYS)} |", "|---" * (len(WAYS) + 1) + "|"]
    lines += [f"| {stage} | {' | '.join(_cell(stage, told) for _ in WAYS)} |" for stage in STAGES]
    return "\n".join(lines)


def _cell(stage: str, told: str) -> str:
    return "502 / passes, not kept" if stage == "store" else told


def current(readme: str) -> str:
    """What stands between the markers now."""
    return readme.partition(BEGIN)[2].partition(END)[0].strip("\n")


def main() -> None:
    readme = README.read_text("utf-8")
    before, _, rest = readme.partition(BEGIN)
    README.write_text(f"{before}{BEGIN}\n{table()}\n{END}{rest.partition(END)[2]}", "utf-8")


if __name__ == "__main__":
    main()
