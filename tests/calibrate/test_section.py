"""The section goes into a file that somebody wrote, and nothing else of it changes."""

from pathlib import Path

import pytest

from groundwire.calibrate import section
from groundwire.config import Config
from groundwire.errors import ConfigError

FOUND = {
    "model": "builtin",
    "calibration": {"slope": 1.12, "intercept": -0.31},
    "thresholds": {"supported": 0.42, "contradicted": 0.8},
}

WRITTEN = """\
# What our proxy does.
mode: annotate          # until May
knowledge:
  - {name: company, path: facts.ttl}   # the graph
documents:
  - name: policies
    path: 'policies/'
rules: [default]
"""


def loaded(text: str, folder: Path) -> Config:
    path = folder / "read.yaml"
    path.write_text(text, encoding="utf-8")
    return Config.load(path)


def test_a_section_of_its_own(tmp_path: Path) -> None:
    assert section.printed(FOUND) == (
        "entailment:\n  model: builtin\n  calibration: {slope: 1.12, intercept: -0.31}\n"
        "  thresholds: {supported: 0.42, contradicted: 0.8}\n"
    )
    entailment = loaded(section.printed(FOUND), tmp_path).entailment
    assert entailment.model_dump(exclude_none=True) == FOUND


def test_the_rest_of_the_file_stays_to_the_letter(tmp_path: Path) -> None:
    path = tmp_path / "groundwire.yaml"
    path.write_text(WRITTEN, encoding="utf-8")
    section.merge(path, FOUND)
    assert path.read_text(encoding="utf-8") == WRITTEN + section.printed(FOUND)
    assert Config.load(path).entailment.calibration.slope == 1.12


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (
            "entailment: {model: builtin, threads: 2}  # two are enough\nmode: hold\n",
            "entailment: {model: builtin, threads: 2, calibration: {slope: 1.12, intercept: -0.31}, "
            "thresholds: {supported: 0.42, contradicted: 0.8}} # two are enough\nmode: hold\n",
        ),
        (
            "entailment:\n  thresholds:\n    # of last year\n    supported: 0.9  # too high\n  model: builtin\n",
            "entailment:\n  thresholds:\n    # of last year\n    supported: 0.42 # too high\n    contradicted: 0.8\n"
            "  model: builtin\n  calibration: {slope: 1.12, intercept: -0.31}\n",
        ),
        ("entailment:\n", section.printed(FOUND)),
        ("# nothing yet", "# nothing yet\n" + section.printed(FOUND)),
        ("", section.printed(FOUND)),
    ],
)
def test_what_the_section_had_is_kept_or_replaced(tmp_path: Path, before: str, after: str) -> None:
    path = tmp_path / "groundwire.yaml"
    path.write_text(before, encoding="utf-8")
    section.merge(path, FOUND)
    assert path.read_text(encoding="utf-8") == after
    merged = Config.load(path).entailment
    assert (merged.calibration.slope, merged.thresholds.supported) == (1.12, 0.42)
    section.merge(path, FOUND)
    assert Config.load(path).entailment == merged


def test_a_file_that_cannot_take_it_is_named_before_anything_is_run(tmp_path: Path) -> None:
    (tmp_path / "other.yaml").write_text("entailment: {model: some-org/some-model}\n")
    (tmp_path / "bad.yaml").write_text("entailment: {modell: builtin}\n")
    section.usable(tmp_path / "new.yaml", "builtin")
    for name, said in (("other.yaml", "not builtin"), ("bad.yaml", "modell"), ("none/new.yaml", "no such folder")):
        with pytest.raises(ConfigError, match=said):
            section.usable(tmp_path / name, "builtin")
