"""Single rules of a pack, changed by the configuration."""

from pathlib import Path

import pytest
from tests.rules.judged_claims import judged, pack

from groundwire import Groundwire
from groundwire.config import Config, RuleOverride
from groundwire.errors import ConfigError, RuleError
from groundwire.model import Action, Severity
from groundwire.rules import OVERRIDABLE, load_rules

RULES = ("a; risk > 0.1; flag", "b; risk > 0.1; remove", "c; ; flag; require: Hello.")


def test_fields_take_the_place_of_the_rules_own(tmp_path: Path) -> None:
    path = str(pack(tmp_path, *RULES))
    plain = load_rules([path])
    changed = load_rules(
        [path], {"a": {"do": "block", "severity": "critical", "message": "No."}, "b": {"shadow": True}}
    )
    decision = changed.decide(judged())
    assert (decision.action, decision.severity, decision.message) == (Action.BLOCK, Severity.CRITICAL, "No.")
    assert decision.rules == ("a",)
    assert plain.decide(judged()).rule == "b"
    assert changed.revision != plain.revision
    assert load_rules([path], {"a": {"do": "flag"}}).revision == plain.revision


def test_a_rule_can_be_left_out(tmp_path: Path) -> None:
    rules = load_rules([str(pack(tmp_path, *RULES))], {"b": {"enabled": False}, "c": {"enabled": False}})
    assert [rule.id for rule in rules.rules] == ["a"]
    assert rules.decide(judged()).rules == ("a",)


@pytest.mark.parametrize(
    ("overrides", "message"),
    [
        ({"aa": {}}, 'overrides: aa: there is no such rule in these packs. Did you mean "a"? Expected one of a, b, c.'),
        ({"a": {"when": "risk > 1.0"}}, "overrides.a.when: cannot be overridden. Expected enabled, do, severity,"),
        ({"c": {"do": "remove"}}, 'overrides.c: "c" cannot remove: require speaks of the whole answer'),
        ({"a": {"do": "destroy"}}, "overrides.a.do: "),
    ],
)
def test_what_cannot_be_overridden_is_one_line(
    tmp_path: Path, overrides: dict[str, dict[str, object]], message: str
) -> None:
    with pytest.raises(RuleError) as caught:
        load_rules([str(pack(tmp_path, *RULES))], overrides)
    assert str(caught.value).startswith(message)
    assert "\n" not in str(caught.value)


def test_the_configuration_knows_the_same_fields_and_values() -> None:
    assert set(RuleOverride.model_fields) == set(OVERRIDABLE)
    for action in Action:
        assert RuleOverride(do=action.value).do == action
    for severity in Severity:
        assert RuleOverride(severity=severity.value).severity == severity


def test_overrides_in_a_file(tmp_path: Path) -> None:
    pack(tmp_path, *RULES)
    path = tmp_path / "groundwire.yaml"
    path.write_text("rules: [mine.yaml]\noverrides:\n  b: {enabled: false}\n  a: {do: hedge}\n", "utf-8")
    gw = Groundwire(path)
    assert gw.rules.decide(judged()).action is Action.HEDGE
    path.write_text("rules: [mine.yaml]\noverrides:\n  b: {do: destroy}\n", "utf-8")
    with pytest.raises(ConfigError, match=r'groundwire\.yaml:3:11 do: "destroy" is not known here'):
        Config.load(path)
    path.write_text("rules: [mine.yaml]\noverrides:\n  bb: {do: flag}\n", "utf-8")
    with pytest.raises(RuleError, match="bb: there is no such rule"):
        Groundwire(path)


def test_other_packs_may_be_named_than_those_of_the_overrides(tmp_path: Path) -> None:
    gw = Groundwire({"rules": [str(pack(tmp_path, *RULES))], "overrides": {"a": {"do": "hedge"}}})
    assert gw.verify("Hello.", rules=["default"]).revisions["rules"] == load_rules(["default"]).revision


def test_packs_in_the_configuration_are_paths_or_names_that_ship(tmp_path: Path) -> None:
    (tmp_path / "finance").mkdir()
    (tmp_path / "own").mkdir()
    pack(tmp_path / "own", "x; risk > 0.1; flag", name="mine")
    path = tmp_path / "groundwire.yaml"
    path.write_text("rules: [finance/credit, health, ./own, own/mine.yaml, own/mine]\n", "utf-8")
    own = str(tmp_path / "own")
    assert Config.load(path).rules == ("finance/credit", "health", own, f"{own}/mine.yaml", "own/mine")
    assert load_rules(["finance/credit", "health"]).names == ("finance.credit", "health.food", "health.medicines")


def test_a_folder_here_does_not_take_the_name_of_a_pack_that_ships(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "finance").mkdir()
    (tmp_path / "default").mkdir()
    monkeypatch.chdir(tmp_path)
    assert load_rules(["finance", "default"]).names == ("finance.credit", "finance.investments", "default")
