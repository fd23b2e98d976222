"""Strict YAML: plain data with positions, or one line that says what is wrong and where."""

import time
from enum import StrEnum
from pathlib import Path
from typing import Any, Literal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pydantic import BaseModel, ConfigDict, ValidationError

from groundwire.errors import ConfigError, InputError, RuleError
from groundwire.strict_yaml import MAX_BYTES, Document, explain, parse, read

SIZE = 240_000


def refused(text: str) -> str:
    with pytest.raises(InputError) as caught:
        parse(text, "f.yaml")
    message = str(caught.value)
    assert "\n" not in message
    return message


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("NO", "NO"),
        ("no", "no"),
        ("on", "on"),
        ("off", "off"),
        ("yes", "yes"),
        ("y", "y"),
        ("true", True),
        ("False", False),
        ("null", None),
        ("~", None),
        ("", None),
        ("12", 12),
        ("-3", -3),
        ("0x1F", 31),
        ("0o17", 15),
        ("1e3", 1000.0),
        (".5", 0.5),
        ("1.", 1.0),
        ("-.inf", float("-inf")),
        ("1_000", "1_000"),
        ("12:30", "12:30"),
        ("2001-01-01", "2001-01-01"),
        ('"12"', "12"),
        ("'true'", "true"),
    ],
)
def test_scalars_follow_the_core_schema_of_yaml_1_2(written: str, value: object) -> None:
    found = parse(f"key: {written}\n", "f.yaml").data["key"]
    assert found == value
    assert type(found) is type(value)


def test_everything_is_plain_data() -> None:
    text = "a: {b: [1, x], c: }\nd:\n  - e: |\n      two\n      lines\n  - - 1\n"
    assert parse(text, "f.yaml").data == {"a": {"b": [1, "x"], "c": None}, "d": [{"e": "two\nlines\n"}, [1]]}


@pytest.mark.parametrize("text", ["", "# nothing\n", "---\n", "\ufeff"])
def test_an_empty_file_holds_nothing(text: str) -> None:
    assert parse(text, "f.yaml").data is None


def test_every_value_and_key_knows_its_place() -> None:
    document = parse("rules:\n  - id: x\n    do: flag\n  - [1,  2]\n", "f.yaml")
    assert document.where(("rules", 0, "do")) == "f.yaml:3:9"
    assert document.where(("rules", 0, "do"), key=True) == "f.yaml:3:5"
    assert document.where(("rules", 1, 1)) == "f.yaml:4:10"
    assert document.where(("rules", 0, "absent")) == "f.yaml:2:5"
    assert document.where(()) == "f.yaml:1:1"


@pytest.mark.parametrize(
    ("text", "where", "what"),
    [
        ("a: 1\nb: 2\na: 3\n", "f.yaml:3:1", "stands already in line 1"),
        ("x: {a: 1, a: 2}", "f.yaml:1:11", "stands already in line 1"),
        ("a: &x b\nc: 1\n", "f.yaml:1:4", "anchors"),
        ("a: *x\n", "f.yaml:1:4", "aliases"),
        ("a: !!python/object:os.system x\n", "f.yaml:1:4", "tags"),
        ("a: !x 1\n", "f.yaml:1:4", "tags"),
        ("!!map {}\n", "f.yaml:1:1", "tags"),
        ("a: 1\n---\nb: 2\n", "f.yaml:2:1", "second document"),
        ("%YAML 1.1\n---\na: 1\n", "f.yaml:2:1", "directive"),
        ("%TAG ! tag:x,2000:\n---\na: 1\n", "f.yaml:2:1", "directive"),
        ("1: a\n", "f.yaml:1:1", 'the key "1" is not text'),
        ("~: a\n", "f.yaml:1:1", "is not text"),
        ("[a]: b\n", "f.yaml:1:1", "key is not text"),
        ("? {a: b}\n: c\n", "f.yaml:1:3", "key is not text"),
        ("a: [b\n", "f.yaml:2:1", "this is not YAML"),
        ("a: b: c\n", "f.yaml:1:5", "this is not YAML"),
        ("\ta: b\n", "f.yaml:1:1", "this is not YAML"),
        ("a: x\x01y\n", "f.yaml:1:5", "U+0001"),
        ('a: "\\ud800"\n', "f.yaml:1:4", "surrogate"),
        ('a: "\\UFFFFFFFF"\n', "f.yaml:", "this is not YAML"),
        ("a: " + "9" * 1000, "f.yaml:1:4", "number is too long"),
        ("a: b\n" + "x: 1\n" * 2, "f.yaml:3:1", "stands already"),
    ],
)
def test_what_has_no_place_in_a_config_is_one_line(text: str, where: str, what: str) -> None:
    message = refused(text)
    assert message.startswith(where)
    assert what in message
    assert "Expected" in message


def test_merge_keys_merge_nothing() -> None:
    assert parse('"<<": {a: 1}\n<: 2\n', "f.yaml").data == {"<<": {"a": 1}, "<": 2}


def test_the_error_class_is_the_callers() -> None:
    with pytest.raises(RuleError):
        parse("a: *b", "f.yaml", RuleError)


HOSTILE = {
    "brackets": "[" * SIZE,
    "braces": "{" * SIZE,
    "keyed brackets": "[a," * (SIZE // 3),
    "keyed braces": "{a: " * (SIZE // 4),
    "dashes": "- " * (SIZE // 2),
    "questions": "? " * (SIZE // 2),
    "growing indents": "".join(" " * depth + "-\n" for depth in range(600)),
    "depth 10,000 in quotes off": "[" * 10_000 + "]" * 10_000,
    "siblings": "[[]," * (SIZE // 4),
    "bangs": "!" * SIZE,
    "verbatim tag": "!<" + "a" * SIZE + ">",
    "anchor": "&" + "a" * SIZE,
    "laughs": "a: &a [x,x,x,x,x,x,x,x,x]\n"
    + "".join(f"{b}: &{b} [{','.join([f'*{a}'] * 9)}]\n" for a, b in zip("abcdefgh", "bcdefghi", strict=True)),
    "documents": "---\n" * (SIZE // 4),
    "long key": "k" * SIZE + ": 1",
    "many values": "- a: b\n" * (SIZE // 7),
    "flow values": "[" + "a," * (SIZE // 2),
}
LONG = {
    "plain": "x" * SIZE,
    "quoted": '"' + "x" * SIZE + '"',
    "lines": "a\n" * (SIZE // 2),
    "escapes": '"' + "\\x41" * (SIZE // 4) + '"',
    "literal": "a: |\n" + " x\n" * (SIZE // 3),
    "blank": "\n" * SIZE,
    "spaces": " " * SIZE,
    "comments": "#\n" * (SIZE // 2),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_file_is_refused_within_a_second(name: str) -> None:
    started = time.process_time()
    assert refused(HOSTILE[name]).startswith("f.yaml:")
    assert time.process_time() - started < 1


@pytest.mark.parametrize("name", LONG)
def test_a_long_file_is_read_within_a_second(name: str) -> None:
    started = time.process_time()
    parse(LONG[name], "f.yaml")
    assert time.process_time() - started < 1


@pytest.mark.parametrize("text", ["x" * (MAX_BYTES + 1), "[" * 1_000_000, "é" * (MAX_BYTES // 2 + 1)])
def test_a_file_that_is_too_large_is_refused(text: str) -> None:
    assert "too large" in refused(text)


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.text(alphabet=st.sampled_from("ab01 :-[]{},#&*!|>'\"%@\n\t?.~é\\x\ud800"), max_size=40))
def test_any_text_is_data_or_one_line(text: str) -> None:
    message = "f.yaml: fine"
    try:
        parse(text, "f.yaml")
    except InputError as error:
        message = str(error)
    assert message.startswith("f.yaml:")
    assert "\n" not in message


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.recursive(
        st.none() | st.booleans() | st.integers(-(10**9), 10**9) | st.text(alphabet="abc NO:#'é-", max_size=8),
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text("abc", min_size=1), inner, max_size=3),
        max_leaves=12,
    )
)
def test_json_is_read_as_it_is(value: Any) -> None:
    import json

    assert parse(json.dumps(value, ensure_ascii=False), "f.yaml").data == value


def test_files_that_cannot_be_read(tmp_path: Path) -> None:
    (tmp_path / "latin.yaml").write_bytes("a: 1\nb: caf\xe9\n".encode("latin-1"))
    (tmp_path / "big.yaml").write_bytes(b"#" * (MAX_BYTES + 1))
    expected = {
        "absent.yaml": "no such file",
        "": "not a file",
        "latin.yaml": ":2:7: this byte is not UTF-8",
        "big.yaml": "too large",
    }
    for name, what in expected.items():
        with pytest.raises(ConfigError, match=what):
            read(tmp_path / name, ConfigError)


def test_a_file_is_called_by_its_path(tmp_path: Path) -> None:
    path = tmp_path / "ok.yaml"
    path.write_text("a: [1]\n", encoding="utf-8")
    document = read(path)
    assert document.data == {"a": [1]}
    assert document.where(("a", 0)) == f"{path}:1:5"


class Action(StrEnum):
    FLAG = "flag"
    REWRITE = "rewrite"


class Part(BaseModel):
    model_config = ConfigDict(extra="forbid")
    do: Action | None = None
    about: str
    count: int = 1
    on_error: Literal["open", "closed"] = "open"
    api_key: int = 0


class Whole(BaseModel):
    model_config = ConfigDict(extra="forbid")
    parts: list[Part] = []
    named: dict[str, Part] = {}


def explained(text: str) -> str:
    document = parse(text, "f.yaml")
    with pytest.raises(ValidationError) as caught:
        Whole.model_validate(document.data)
    return str(explain(caught.value, document, Whole, ConfigError))


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (
            "parts:\n  - about: x\n    do: rewrit\n",
            'f.yaml:3:9 do: "rewrit" is not an action. Did you mean "rewrite"? Actions: flag, rewrite.',
        ),
        (
            "parts:\n  - abuot: x\n",
            'f.yaml:2:5 abuot: is not a field here. Did you mean "about"? Fields: do, about, count, on_error, api_key.',
        ),
        ("named: {a: {about: x, zzz: 1}}\n", "f.yaml:1:23 zzz: is not a field here. Fields: do, about, count"),
        ("parts:\n  - do: flag\n", "f.yaml:2:5 about: is missing."),
        ("parts: [{about: 1}]\n", "f.yaml:1:17 about: 1 is not text."),
        ("parts: [{about: x, count: y}]\n", 'f.yaml:1:27 count: "y" is not a whole number.'),
        ("parts: [{about: x, on_error: ajar}]\n", 'f.yaml:1:30 on_error: "ajar" is not known here. Expected open or'),
        ("parts: [{about: x, api_key: hunter2}]\n", "f.yaml:1:29 api_key: this value is not a whole number."),
        ("parts: [{about: }]\n", "f.yaml:1:10 about: null is not text."),
        ("parts: 3\n", "f.yaml:1:8 parts: 3 is not a list."),
        ("[1]\n", "f.yaml:1:1: a list is not a mapping"),
        ("named: {b: 1}\nparts: 2\n", "f.yaml:1:12 b: 1 is not a mapping"),
    ],
)
def test_what_a_model_refuses_is_explained_in_one_line(text: str, message: str) -> None:
    assert explained(text).startswith(message)


def test_settings_that_come_from_no_file_are_explained_too() -> None:
    with pytest.raises(ValidationError) as caught:
        Whole.model_validate({"parts": 3})
    message = explain(caught.value, Document("settings", {"parts": 3}, {}, {}), Whole)
    assert str(message) == "settings parts: 3 is not a list."
