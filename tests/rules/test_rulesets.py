"""From packs to decisions: what is refused at load, and which rule decides."""

import time
from pathlib import Path

import pytest
from tests.rules.judged_claims import checked, judged, pack

from groundwire.errors import RuleError
from groundwire.model import Action, Severity, Verdict
from groundwire.rules import ALLOWED, Hearing, RuleSet, available, load_rules, rules_of

TRUE = "'true'"


def rules(folder: Path, *lines: str) -> RuleSet:
    return load_rules([str(pack(folder, *lines))])


def test_without_a_rule_that_fires_the_claim_is_allowed(tmp_path: Path) -> None:
    decision = rules(tmp_path, "a.b; verdict == 'supported'; block").decide(judged())
    assert (decision.action, decision.rule, decision.rules) == (Action.ALLOW, ALLOWED, ())


def test_the_most_severe_action_wins_and_all_that_fired_are_named(tmp_path: Path) -> None:
    ruleset = rules(
        tmp_path,
        "first; risk > 0.1; flag; severity: critical",
        "second; risk > 0.2; remove; severity: low",
        "third; risk > 2.0; block",
        "fourth; risk > 0.3; rewrite",
        "fifth; risk > 0.4; remove; severity: high",
    )
    decision = ruleset.decide(judged())
    assert (decision.action, decision.rule, decision.severity) == (Action.REMOVE, "second", Severity.LOW)
    assert decision.rules == ("first", "second", "fourth", "fifth")
    assert decision.message == "What."


def test_actions_grow_in_severity_as_the_contract_lists_them(tmp_path: Path) -> None:
    actions = ["block", "allow", "hedge", "remove", "flag", "rewrite"]
    for position, action in enumerate(["block", "remove", "rewrite", "hedge", "flag", "allow"]):
        left = [f"r{i}; risk > 0.1; {a}" for i, a in enumerate(actions)]
        kept = [
            line
            for line in left
            if not any(line.endswith(f"; {a}") for a in ["block", "remove", "rewrite", "hedge", "flag"][:position])
        ]
        assert rules(tmp_path, *kept).decide(judged()).action == action


def test_ties_go_to_the_pack_that_is_named_first(tmp_path: Path) -> None:
    one = pack(tmp_path, "one.a; risk > 0.1; flag", name="one")
    two = pack(tmp_path, "two.a; risk > 0.1; flag", name="two")
    assert load_rules([str(one), str(two)]).decide(judged()).rule == "one.a"
    assert load_rules([str(two), str(one)]).decide(judged()).rule == "two.a"
    assert load_rules([str(two), str(one)]).names == ("two", "one")


def test_the_request_is_seen(tmp_path: Path) -> None:
    ruleset = rules(tmp_path, "a; request.user == 'anna' && answer == 'x'; block")
    assert ruleset.decide(judged(), {"user": "anna"}, answer="x").action is Action.BLOCK
    assert ruleset.decide(judged(), {"user": "bert"}, answer="x").action is Action.ALLOW
    assert ruleset.decide(judged()).action is Action.ALLOW


def test_a_rule_that_breaks_is_named_and_does_not_pass(tmp_path: Path) -> None:
    ruleset = rules(tmp_path, "fine; risk > 5.0; flag", "broken; request.metadata.tenant == 'x'; block")
    decision = ruleset.decide(judged())
    assert (decision.action, decision.rule, decision.untried) == (Action.FLAG, "broken", ("broken",))
    assert decision.severity is Severity.HIGH
    assert "request.metadata.tenant" in decision.message
    assert ruleset.held(decision, "closed") == 'the rule "broken" could not be tried'
    assert ruleset.held(decision, "open") is None


def test_a_rule_that_breaks_takes_nothing_from_the_others(tmp_path: Path) -> None:
    ruleset = rules(
        tmp_path,
        "stops; risk > 0.1; block",
        "broken; request.metadata.tenant == 'x'; flag; on_error: open",
    )
    decision = ruleset.decide(judged())
    assert (decision.action, decision.rule, decision.untried) == (Action.BLOCK, "stops", ("broken",))
    assert ruleset.held(decision, "closed") is None, "the rule's own setting goes before the configuration's"
    permissive = rules(tmp_path, "lets; risk > 0.1; allow", "broken; request.metadata.tenant == 'x'; flag")
    assert permissive.decide(judged()).action is Action.FLAG


def test_the_failure_setting_is_that_of_the_most_severe_rule_that_has_one(tmp_path: Path) -> None:
    ruleset = rules(
        tmp_path,
        "a; risk > 0.1; flag; on_error: open",
        "b; risk > 0.1; rewrite; on_error: closed",
        "c; risk > 0.1; block",
        "d; risk > 5.0; remove; on_error: open",
    )
    claim = judged(verdict=Verdict.UNCHECKED)
    assert ruleset.on_error(checked(claim, ruleset.decide(claim))) == "closed"
    assert ruleset.on_error(checked(claim, ruleset.decide(claim.model_copy(update={"risk": 0.0})))) is None


def test_the_revision_is_that_of_the_content(tmp_path: Path) -> None:
    same = [rules(tmp_path, "a; risk > 0.1; flag").revision for _ in range(2)]
    other = rules(tmp_path, "a; risk > 0.2; flag").revision
    assert same[0] == same[1] != other


def test_a_folder_is_read_in_order_of_its_names(tmp_path: Path) -> None:
    pack(tmp_path, "b.x; risk > 0.1; flag", name="b")
    pack(tmp_path, "a.x; risk > 0.1; flag", name="a")
    (tmp_path / "notes.txt").write_text("not a pack")
    assert load_rules([str(tmp_path)]).names == ("a", "b")


def test_what_ships_is_found_by_name() -> None:
    assert {"default", "strict", "annotate", "correct"} <= set(available())
    assert not any(name.startswith("relations") for name in available())
    assert load_rules(["default"]).names == ("default",)


@pytest.mark.parametrize("name", ["../pyproject", "/etc/passwd.d/x", "default/../default", "relations", "", "DEFAULT"])
def test_a_name_is_not_a_path_into_the_package(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(RuleError):
        load_rules([name])


def test_an_unknown_name_says_which_there_are(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(RuleError) as caught:
        load_rules(["defualt"])
    assert 'Did you mean "default"?' in str(caught.value)
    assert "strict" in str(caught.value)


@pytest.mark.parametrize(
    ("line", "message"),
    [
        (
            "a; verdict == 'x'; rewrit",
            ':7:9 do: "rewrit" is not an action. Did you mean "rewrite"? Actions: allow, flag,',
        ),
        (
            "a; verdikt == 'x'; flag",
            ":6:11 when: undeclared reference to 'verdikt'. Did you mean \"verdict\"? Known: answer,",
        ),
        ("a; true && claim.knd == 'x'; flag", ":6:24 when: undefined field 'knd'"),
        ('a; "true && verdikt"; flag', ":6:20 when: undeclared reference"),
        ("a; verdict; flag", ":6:11 when: the condition gives string"),
        ("a; risk > 0.1; flag; severity: huge", ':9:15 severity: "huge" is not a severity. Severities: info'),
        ("a; risk > 0.1; flag; on_eror: open", ':9:5 on_eror: is not a field here. Did you mean "on_error"?'),
        ("A b; risk > 0.1; flag", ":4:9 id: "),
        ("a; risk > 0.1; flag; examples: [{answer: x}]", ":9:16 expect: is missing."),
        ("a; risk > 0.1; flag; examples: [{answer: x, expect: never}]", ':9:36 expect: "never" is not known here.'),
        (
            "a; risk > 0.1; flag; examples: [{answer: x, expect: fires, knowledge: [[a, b]]}]",
            "knowledge: 2 values are too few. Expected at least 3.",
        ),
        ("a; risk > 0.1; flag; examples: [{answer: x, expect: fires, context: 3}]", ":9:52 context: 3 is not text."),
        ("a; 12; flag", ":6:11 when: 12 is not text."),
        ("a; null; flag", ":6:11 when: null is not text."),
        ("a; risk > 0.1; flag; pattern:", ":9:5 pattern: null is not text."),
        ("a; ; flag", ':4:5 rules: "a" does not say when it fires; give when, prohibit, require or pattern.'),
        ("a; ; flag; pattern: (a", ":8:14 pattern: missing ): (a. Expected a regular expression in RE2's syntax."),
        ("a; ; flag; pattern: (?=a)", ":8:14 pattern: invalid perl operator: (?="),
        ("a; ; flag; pattern: '(((a{0,99}){0,99}){0,99})'", ":8:14 pattern: invalid repetition size"),
        ("a; ; flag; pattern: a; require: b", ':4:5 rules: "a" has require and pattern; give one of them'),
        ("a; ; remove; require: b", ':4:5 rules: "a" cannot remove: require speaks of the whole answer; do is one of'),
        ("a; ; hedge; pattern: b; scope: answer", ':4:5 rules: "a" cannot hedge: scope: answer speaks of the whole'),
        ("a; risk > 0.1; flag; scope: answer", ':4:5 rules: "a" has scope: answer, which is for patterns'),
        ("a; ; flag; pattern: b; scope: word", ':9:12 scope: "word" is not known here. Expected claim or answer'),
        ("a; ; flag; prohibit: b; threshold: 1", ":9:16 threshold: "),
        ("a; ; flag; prohibit: b; shadow: perhaps", ':9:13 shadow: "perhaps" is not true or false.'),
        ("a; ; flag; pattern: b; sources: [{title: The law}]", ":9:15 url: is missing."),
        (
            "a; ; flag; pattern: b; sources: [{title: x, url: mailto:a}]",
            ':9:31 url: "mailto:a" is not a web address; write it with https:// at the front',
        ),
        ("a; ; flag; prohibit: 7", ":8:15 prohibit: 7 is not text."),
    ],
)
def test_a_bad_pack_is_one_line_with_its_place(tmp_path: Path, line: str, message: str) -> None:
    path = pack(tmp_path, line)
    with pytest.raises(RuleError) as caught:
        load_rules([str(path)])
    assert str(caught.value).startswith(str(path))
    assert message in str(caught.value)
    assert "\n" not in str(caught.value)


def test_rules_need_ids_of_their_own(tmp_path: Path) -> None:
    with pytest.raises(RuleError, match='two rules are called "a"'):
        rules(tmp_path, "a; risk > 0.1; flag", "a; risk > 0.2; flag")
    one = pack(tmp_path, "same.id; risk > 0.1; flag", name="one")
    two = pack(tmp_path, "same.id; risk > 0.1; flag", name="two")
    with pytest.raises(RuleError, match=r"two\.yaml:4:9 id: .*is already in .*one\.yaml"):
        load_rules([str(one), str(two)])


ONE_RULE = "pack: a\nabout: b\nrules:\n  - {{id: a, about: b, {}, do: flag, message: c}}"
HOSTILE = {
    "billion laughs": "a: &a [x]\n" + "\n".join(f"k{n}: &k{n} [*a, *a, *a]" for n in range(50)),
    "merge keys": "base: &b {do: flag}\nrules:\n" + "  - <<: *b\n" * 5_000,
    "depth": "rules: " + "[" * 10_000,
    "block depth": "\n".join(" " * n + "a:" for n in range(600)),
    "one long scalar": "pack: " + "x" * 10_000_000,
    "one long condition": ONE_RULE.format(f"when: '{'(' * 19_000}'"),
    "one long pattern": ONE_RULE.format(f"pattern: '{'(a*)*' * 3_000}'"),
    "a large pattern": ONE_RULE.format(f"pattern: '{'(x{1000}|y{1000})' * 30}'"),
    "python": "pack: !!python/object/apply:os.system ['true']",
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_pack_is_one_line_within_a_second(tmp_path: Path, name: str) -> None:
    path = tmp_path / "hostile.yaml"
    path.write_text(HOSTILE[name], encoding="utf-8")
    load_rules(["default"])  # the libraries are loaded
    started = time.process_time()
    with pytest.raises(RuleError) as caught:
        load_rules([str(path)])
    assert time.process_time() - started < 1
    assert str(caught.value).startswith(f"{path}:")
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("pattern", ["(a+)+$", "(a|aa)+$", "(.*a){20}$", "^(([a-z])+.)+[A-Z]([a-z])+$", "(a*)*b"])
@pytest.mark.parametrize("scope", ["claim", "answer"])
def test_a_pattern_cannot_hang(tmp_path: Path, pattern: str, scope: str) -> None:
    hearing = Hearing(rules(tmp_path, f"a; ; flag; pattern: {pattern!r}; scope: {scope}"))
    text = "a" * 50_000 + "!"
    started = time.process_time()
    hearing.decide([judged(text)], text)
    assert time.process_time() - started < 1


def test_country_codes_stay_text(tmp_path: Path) -> None:
    ruleset = rules(tmp_path, "a; ; flag; pattern: NO; severity: low")
    assert ruleset.rules[0].pattern == "NO"


@pytest.mark.parametrize("text", ["", "[]", "pack: x\nabout: y\nrules: []\n", "a: &x 1\nb: *x\n", "{" * 10_000])
def test_what_is_no_pack_is_one_line(tmp_path: Path, text: str) -> None:
    path = tmp_path / "x.yaml"
    path.write_text(text)
    with pytest.raises(RuleError) as caught:
        load_rules([str(path)])
    assert str(caught.value).startswith(str(path))
    assert "\n" not in str(caught.value)


def test_missing_files_and_empty_folders(tmp_path: Path) -> None:
    with pytest.raises(RuleError, match="no such file"):
        load_rules([str(tmp_path / "absent.yaml")])
    with pytest.raises(RuleError, match="no rule pack in this folder"):
        load_rules([str(tmp_path)])


def test_the_clone_and_the_wheel_keep_packs_in_different_places(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import groundwire
    from groundwire.rules import packs_folder

    installed = tmp_path / "site-packages" / "groundwire"
    (installed / "_rules").mkdir(parents=True)
    monkeypatch.setattr(groundwire, "__file__", str(installed / "__init__.py"))
    assert packs_folder() == installed / "_rules"
    clone = tmp_path / "clone" / "src" / "groundwire"
    clone.mkdir(parents=True)
    monkeypatch.setattr(groundwire, "__file__", str(clone / "__init__.py"))
    assert packs_folder() == tmp_path / "clone" / "rules"


def test_rules_are_kept_as_their_content(tmp_path: Path) -> None:
    ruleset = load_rules(
        [str(pack(tmp_path, "a; risk > 0.1; flag", r"b; ; remove; pattern: x\b", "c; ; block; require: Hello."))],
        {"a": {"do": "hedge"}, "b": {"enabled": False}},
    )
    again = rules_of(ruleset.content)
    assert again.revision == ruleset.revision
    assert again.rules == ruleset.rules
    assert again.decide(judged()).action is Action.HEDGE
    with pytest.raises(RuleError, match="these are not the packs of a set of rules"):
        rules_of('[{"pack": "x"}]')
