"""What lint finds, and what it leaves alone."""

from pathlib import Path

import pytest
from tests.rules.judged_claims import pack

from groundwire.errors import RuleError
from groundwire.rules import available, files_of, lint, read_pack

EXAMPLES = "examples: [{answer: x, expect: fires}, {answer: y, expect: fires}, {answer: z, expect: quiet}]"
ENOUGH = EXAMPLES[:-1] + ", {answer: u, expect: quiet}]"
DOMAINS = ("finance", "health", "legal", "support")


def found(folder: Path, *rules: str) -> list[str]:
    path = pack(folder, *(f"{rule}; {ENOUGH}" for rule in rules))
    return [str(problem).removeprefix(f"{path}:") for problem in lint(path)]


def test_it_asks_for_examples_and_finds_rules_that_never_decide(tmp_path: Path) -> None:
    path = pack(tmp_path, f"a; risk  > 0.1; flag; {EXAMPLES}", f"b; risk > 0.1; remove; {EXAMPLES}")
    problems = [str(problem) for problem in lint(path)]
    assert [line.removeprefix(f"{path}:") for line in problems] == [
        '4:9: "a" has 1 of at least 2 examples on which it stays quiet.',
        '10:9: "b" has 1 of at least 2 examples on which it stays quiet.',
        '12:11: "b" has the condition of "a"; "a" never decides.',
    ]


def test_it_tells_what_keeps_a_pack_from_loading(tmp_path: Path) -> None:
    path = pack(tmp_path, "a; verdikt; flag")
    (problem,) = lint(path)
    assert problem.where == f"{path}:6:11 when"
    with pytest.raises(RuleError):
        lint("no-such-pack")


@pytest.mark.parametrize(
    ("weak", "strong"),
    [
        # the strong rule fires whatever the weak one says
        ("verdict == 'contradicted' && claim.about('rate'); flag", "verdict == 'contradicted'; remove"),
        ("verdict == 'unchecked' && reason == 'error'; flag", "verdict == 'unchecked'; block"),
        ("verdict == 'unsupported' && risk > 0.5; hedge", "verdict != 'supported'; remove"),
        ("verdict == 'contradicted'; remove; pattern: x", "verdict == 'contradicted'; block"),
        ("verdict == 'contradicted'; remove; prohibit: x", "; block; prohibit: x"),
    ],
)
def test_a_rule_that_another_always_covers_never_decides(tmp_path: Path, weak: str, strong: str) -> None:
    expected = '"weak" never decides: whenever it fires, so does "strong", which goes before it.'
    for order in ([f"weak; {weak}", f"strong; {strong}"], [f"strong; {strong}", f"weak; {weak}"]):
        (problem,) = found(tmp_path, *order)
        assert problem.endswith(expected)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("verdict == 'contradicted'; flag", "verdict == 'unsupported'; remove"),
        ("verdict == 'contradicted' && claim.about('rate'); remove", "verdict == 'contradicted'; flag"),
        ("verdict == 'contradicted'; flag", "verdict == 'contradicted'; remove; pattern: x"),
        ("verdict == 'contradicted'; flag", "verdict == 'contradicted'; remove; shadow: true"),
        ("; flag; require: x", "verdict != 'supported'; remove"),
        ("; flag; prohibit: x", "; remove; prohibit: y"),
    ],
)
def test_rules_that_each_decide_something_are_left_alone(tmp_path: Path, one: str, other: str) -> None:
    assert found(tmp_path, f"one; {one}", f"other; {other}") == []


@pytest.mark.parametrize(
    ("when", "message"),
    [
        (
            'verdict == "contradict"',
            'verdict is never "contradict". Did you mean "contradicted"? It is one of supported,',
        ),
        ('reason != "conflct"', 'reason is never "conflct". Did you mean "conflict"?'),
        ('claim.kind == "number"', 'claim.kind is never "number".'),
        ('verdict == "supported" && reason == "error"', '"a" never fires: its condition holds of no verdict.'),
        ("1 > 2", '"a" never fires: its condition holds of no verdict.'),
    ],
)
def test_conditions_that_can_never_hold_are_found(tmp_path: Path, when: str, message: str) -> None:
    (problem,) = found(tmp_path, f"a; {when}; flag")
    assert problem.startswith(f"6:11: {message}")


def test_rules_that_contradict_each_other_are_found(tmp_path: Path) -> None:
    (clash,) = found(tmp_path, "a; ; flag; require: This is an advert.", "b; ; block; prohibit: this is  an advert")
    assert clash.endswith('"a" requires what "b" prohibits: "This is an advert.".')
    problems = found(tmp_path, "a; risk > 0.1; flag; on_error: open", "b; risk > 0.1; block; on_error: closed")
    assert any('"b" says on_error: closed, and "a" says open' in problem for problem in problems)


def test_what_is_prohibited_cannot_be_rewritten(tmp_path: Path) -> None:
    (problem,) = found(tmp_path, "a; ; rewrite; prohibit: x")
    assert problem.startswith('6:9: "a" rewrites what it prohibits')


def test_a_domain_names_its_regulations(tmp_path: Path) -> None:
    path = pack(tmp_path, f"a; risk > 0.1; flag; {ENOUGH}")
    path.write_text(path.read_text("utf-8").replace("rules:", "domain: finance\nrules:", 1), "utf-8")
    (problem,) = lint(path)
    assert '"a" names no source, and finance is a domain' in str(problem)


def test_packs_that_are_used_together_are_looked_at_together(tmp_path: Path) -> None:
    one = pack(tmp_path, f"one.a; risk > 0.1; flag; {ENOUGH}", name="one")
    two = pack(tmp_path, f"two.a; risk > 0.1; block; {ENOUGH}", f"one.a; risk > 0.3; flag; {ENOUGH}", name="two")
    together = [str(problem) for problem in lint(one, two)]
    assert any('"two.a" has the condition of "one.a"; "one.a" never decides.' in problem for problem in together)
    assert any(f'"one.a" is also in {one}.' in problem for problem in together)
    assert lint(one) == []


def test_every_domain_pack_says_so() -> None:
    for name in available():
        folder = name.partition("/")[0]
        if "/" in name:
            (path,) = files_of(name)
            assert read_pack(path).pack.domain == folder, name
            assert read_pack(path).pack.pack.startswith(f"{folder}."), name
    assert {name.partition("/")[0] for name in available() if "/" in name} == set(DOMAINS)


@pytest.mark.parametrize("domain", DOMAINS)
@pytest.mark.parametrize("beside", ["default", "strict", "annotate", "correct"])
def test_a_domain_can_stand_beside_each_of_the_general_packs(domain: str, beside: str) -> None:
    problems = [str(problem) for problem in lint(domain, beside)]
    assert [problem for problem in problems if "never decides" not in problem] == []
