"""Settings: what is read, what is refused and in which words."""

from pathlib import Path

import pytest

from groundwire.config import Config, reveal
from groundwire.errors import ConfigError


def write(folder: Path, text: str) -> Path:
    path = folder / "groundwire.yaml"
    path.write_text(text, encoding="utf-8")
    return path


def refused(folder: Path, text: str) -> str:
    with pytest.raises(ConfigError) as caught:
        Config.load(write(folder, text))
    message = str(caught.value)
    assert "\n" not in message
    return message


def test_defaults_need_no_file() -> None:
    config = Config.load()
    assert (config.mode, config.on_error, config.rules) == ("hold", "closed", ("default",))
    assert (config.host, config.port) == ("127.0.0.1", 8080)


def test_an_empty_file_is_the_defaults(tmp_path: Path) -> None:
    assert Config.load(write(tmp_path, "")) == Config.load()


def test_the_whole_example_of_the_readme_loads(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    readme = (Path(__file__).parents[1] / "README.md").read_text(encoding="utf-8")
    example = next(part for part in readme.split("```yaml\n")[1:] if part.startswith("listen:")).split("```", 1)[0]
    config = Config.load(write(tmp_path, example))
    assert config.upstream.model == "openai/gpt-4o-mini"
    assert config.knowledge[0].path == tmp_path / "facts.ttl"
    assert set(Config.model_fields) == set(config.model_fields_set), "the README's example names every field"


def test_paths_are_relative_to_the_file(tmp_path: Path) -> None:
    config = Config.load(write(tmp_path, "rules: [default, packs/mine.yaml]\ndocuments: [{name: a, path: b}]"))
    assert config.rules == ("default", str(tmp_path / "packs/mine.yaml"))
    assert config.documents[0].path == tmp_path / "b"


def test_a_model_in_a_folder_is_relative_to_the_file_and_an_id_is_not(tmp_path: Path) -> None:
    (tmp_path / "models" / "mine").mkdir(parents=True)
    for name, model in (
        ("models/mine", str(tmp_path / "models/mine")),
        ("./nowhere", str(tmp_path / "nowhere")),
        ("some-org/some-model", "some-org/some-model"),
        ("builtin", "builtin"),
    ):
        assert Config.load(write(tmp_path, f"entailment: {{model: {name}}}")).entailment.model == model


def test_pipelines_in_folders_are_relative_to_the_file_and_names_are_not(tmp_path: Path) -> None:
    (tmp_path / "german").mkdir()
    text = "claims: {pipeline: en_core_web_md, pipelines: {de: german, no: ./nowhere, fr: fr_core_news_sm}}"
    claims = Config.load(write(tmp_path, text)).claims
    assert claims.pipeline == "en_core_web_md"
    assert claims.pipelines == {
        "de": str(tmp_path / "german"),
        "no": str(tmp_path / "nowhere"),
        "fr": "fr_core_news_sm",
    }


def test_claims_are_taken_apart_in_ways_that_exist(tmp_path: Path) -> None:
    assert "spacy or llm" in refused(tmp_path, "claims: {extractor: gpt}")
    assert "sentence, clause or atomic" in refused(tmp_path, "claims: {granularity: fine}")
    assert "timeout_s" in refused(tmp_path, "claims: {timeout_s: 0}")
    assert "groundwire.yaml:1:26" in refused(tmp_path, "claims: {pipelines: {de: 3}}")


def test_a_model_that_takes_answers_apart_must_be_known(tmp_path: Path) -> None:
    assert "upstream names none; give claims.model" in refused(tmp_path, "claims: {extractor: llm}")
    several = "upstream: {model_list: [{model_name: a}, {model_name: b}]}\nclaims: {extractor: llm}"
    assert "groundwire.yaml:2:9" in refused(tmp_path, several)
    assert "upstream has a, b" in refused(tmp_path, several)
    for text in (
        "upstream: {model: openai/a}\nclaims: {extractor: llm}",
        "upstream: {model_list: [{model_name: a}, {model_name: a}]}\nclaims: {extractor: llm}",
        "claims: {extractor: llm, model: openai/a}",
    ):
        assert Config.load(write(tmp_path, text)).claims.extractor == "llm"


def test_an_unknown_field_is_named_with_its_place(tmp_path: Path) -> None:
    message = refused(tmp_path, "listen: 127.0.0.1:1\nmodus: hold\n")
    assert "groundwire.yaml:2" in message
    assert "modus" in message
    assert "mode" in message


def test_a_wrong_value_says_what_would_be_right(tmp_path: Path) -> None:
    message = refused(tmp_path, "mode: watch\n")
    assert "groundwire.yaml:1" in message
    assert all(word in message for word in ("watch", "hold", "annotate", "off"))
    assert "deadline_ms" in refused(tmp_path, "deadline_ms: -1")
    assert "host:port" in refused(tmp_path, "listen: 8080")
    assert "not both" in refused(tmp_path, "upstream: {model: a, model_list: [{}]}")


def test_thresholds_and_calibration_are_numbers_in_their_range(tmp_path: Path) -> None:
    text = "entailment: {thresholds: {supported: 0.42}, calibration: {slope: 1.12, intercept: -0.31}}"
    found = Config.load(write(tmp_path, text)).entailment
    assert (found.thresholds.supported, found.thresholds.contradicted) == (0.42, None)
    assert (found.calibration.slope, found.calibration.intercept) == (1.12, -0.31)
    for wrong in ("thresholds: {supported: 1.1}", "thresholds: {contradicted: .nan}", "thresholds: {supports: 0.5}"):
        assert "groundwire.yaml:1" in refused(tmp_path, f"entailment: {{{wrong}}}")
    for wrong in ("slope: 0", "slope: -1", "slope: .nan", "intercept: .inf"):
        assert wrong.partition(":")[0] in refused(tmp_path, f"entailment: {{calibration: {{{wrong}}}}}")


def test_a_missing_file_is_one_line(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"nowhere\.yaml"):
        Config.load(tmp_path / "nowhere.yaml")


def test_the_environment_overrides_the_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GROUNDWIRE_MODE", "annotate")
    assert Config.load(write(tmp_path, "mode: off")).mode == "annotate"
    monkeypatch.setenv("GROUNDWIRE_DEADLINE_MS", "soon")
    with pytest.raises(ConfigError, match="deadline_ms"):
        Config.load()


def test_off_is_a_word_and_not_a_bool(tmp_path: Path) -> None:
    assert Config.load(write(tmp_path, "mode: off")).mode == "off"


def test_secrets_stay_out_of_the_settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    config = Config.load(write(tmp_path, "upstream: {model: a/b, api_key: os.environ/GW_TEST_KEY}"))
    monkeypatch.setenv("GW_TEST_KEY", "sk-secret")
    assert "sk-secret" not in repr(config)
    assert reveal(config.upstream.api_key) == "sk-secret"
    assert reveal({"list": [{"api_key": "os.environ/GW_TEST_KEY"}]}) == {"list": [{"api_key": "sk-secret"}]}
    monkeypatch.delenv("GW_TEST_KEY")
    with pytest.raises(ConfigError, match="GW_TEST_KEY"):
        reveal(config.upstream.api_key)


def test_a_graph_says_where_it_is_how_long_it_holds_and_whose_it_is(tmp_path: Path) -> None:
    text = """
knowledge:
  - {name: company, path: facts.ttl, priority: 2, valid_from: 2026-01-01, valid_until: 2026-12-31}
  - {name: wide, url: "https://example.org/sparql", graph: "http://example.org/g", user: me,
     password: os.environ/GW_TEST_PASSWORD, source: Somebody, licence: CC0}
  - {name: other, url: "https://example.org:8080/sparql", token: os.environ/GW_TEST_TOKEN}
"""
    company, wide, other = Config.load(write(tmp_path, text)).knowledge
    assert (company.path, company.url, company.priority) == (tmp_path / "facts.ttl", None, 2)
    assert str(company.valid_until) == "2026-12-31"
    assert (wide.path, wide.priority, wide.licence) == (None, 0, "CC0")
    assert other.token == "os.environ/GW_TEST_TOKEN"


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ("{name: a}", "give either path or url"),
        ("{name: a, path: b, url: 'http://c/d'}", "not both"),
        ("{name: a, path: b, token: os.environ/T}", "token is for an endpoint"),
        ("{name: a, path: b, graph: 'http://g'}", "graph is for an endpoint"),
        ("{name: a, url: ftp://c/d}", "this is no address"),
        ("{name: a, url: 'http://'}", "this is no address"),
        ("{name: a, url: 'http://c:port/d'}", "this is no address"),
        ("{name: a, url: 'http://me:hunter2@c/d'}", "credentials do not belong into the address"),
        ("{name: a, url: 'http://c/d', graph: 'x> y'}", "this is no IRI"),
        ("{name: a, url: 'http://c/d', token: hunter2}", "a secret is not written here; give os.environ/NAME"),
        ("{name: a, url: 'http://c/d', user: me, password: hunter2}", "a secret is not written here"),
        ("{name: a, url: 'http://c/d', user: me}", "give user and password together"),
        ("{name: a, url: 'http://c/d', user: me, password: os.environ/P, token: os.environ/T}", "not both"),
        ("{name: a, path: b, valid_from: 2026-02-01, valid_until: 2026-01-01}", "valid_from is after valid_until"),
        ("{name: a, path: b, valid_from: soon}", "valid_from"),
        ("{name: a, path: b, priority: high}", "priority"),
        ("{name: a, path: b, license: MIT}", 'Did you mean "licence"?'),
    ],
)
def test_what_a_graph_cannot_be_is_refused_with_its_place(tmp_path: Path, fields: str, said: str) -> None:
    message = refused(tmp_path, f"mode: hold\nknowledge:\n  - {fields}\n")
    assert "groundwire.yaml:3" in message
    assert said in message
    assert "hunter2" not in message
