from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import tokenizers

from groundwire.nli.training.corpora import CONTRADICTION, ENTAILMENT, Pair
from groundwire.nli.training.evaluate import calibration_error, hits
from groundwire.nli.training.fitting import fit, threshold_for_precision, threshold_for_support
from groundwire.nli.training.loop import UNKNOWN, doubt_loss, doubted, learning_rate, load_config


def test_calibration_error() -> None:
    honest = np.repeat([0.25, 0.75], 400)
    outcomes = np.concatenate([np.arange(400) < 100, np.arange(400) < 300])
    assert calibration_error(honest, outcomes) == pytest.approx(0)
    assert calibration_error(np.full(800, 0.99), outcomes) == pytest.approx(0.49)


def test_a_temperature_is_found_again() -> None:
    rng = np.random.default_rng(0)
    honest = rng.normal(size=(6000, 3)) * 1.5
    odds = np.exp(honest) / np.exp(honest).sum(1, keepdims=True)
    labels = np.array([rng.choice(3, p=row) for row in odds])
    found = fit(honest * 3, labels, np.ones(len(labels)))
    assert found["temperature"] == pytest.approx(3, rel=0.1)
    assert np.abs(found["bias"]).max() < 0.1


def test_hits_in_two_and_three_ways() -> None:
    rows = np.array([[0.6, 0.3, 0.1], [0.4, 0.3, 0.3], [0.1, 0.1, 0.8]])
    assert hits(rows, np.array([0, 1, 2])).tolist() == [True, False, True]
    assert hits(rows, np.array([0, 3, 3])).tolist() == [True, True, True]


def test_the_learning_rate_rises_and_falls_to_zero() -> None:
    rates = [learning_rate(share / 100, 2e-4, 0.03) for share in range(101)]
    assert max(rates) == pytest.approx(2e-4, rel=0.01)
    assert rates.index(max(rates)) == 3
    assert rates[-1] == 0
    assert rates[3:] == sorted(rates[3:], reverse=True)


def test_the_recipe_that_ships_can_be_read() -> None:
    config = load_config()
    assert config["mixture"]["passes"]
    assert config["schedule"]["budget_s"] > 0


def test_a_recipe_may_say_only_what_differs_from_another(tmp_path: Path) -> None:
    (tmp_path / "own.toml").write_text('extends = "builtin.toml"\nseed = 7\n[schedule]\nbudget_s = 60\n', "utf-8")
    own, base = load_config(tmp_path / "own.toml"), load_config()
    assert (own["seed"], own["schedule"]["budget_s"]) == (7, 60)
    assert own["mixture"] == base["mixture"]
    assert own["schedule"] | {"budget_s": 0} == base["schedule"] | {"budget_s": 0}


def test_thresholds_are_chosen_as_they_say() -> None:
    scores = np.array([0.55, 0.65, 0.75, 0.85, 0.95])
    right = np.array([False, True, False, True, True])
    assert threshold_for_precision(scores, right, 0.6) == 0.5
    assert threshold_for_precision(scores, right, 0.8) == 0.8
    assert threshold_for_precision(scores, np.zeros(5, bool), 0.8) == 0.95
    right_ones = np.array([0.5, 0.55, 0.9])
    assert threshold_for_support([right_ones], 0.0) == 0.5
    assert threshold_for_support([right_ones], 0.4) == 0.55
    assert threshold_for_support([right_ones, np.array([0.95] * 3)], 0.4) == 0.9
    assert threshold_for_support([np.array([])]) == 0.5


def test_words_are_doubted_where_it_is_known_which_are_wrong() -> None:
    tokenizer = tokenizers.Tokenizer(tokenizers.models.WordLevel({"[UNK]": 0}, unk_token="[UNK]"))
    tokenizer.pre_tokenizer = tokenizers.pre_tokenizers.Whitespace()
    encoded = tokenizer.encode("It is in Rome", "It is in Pisa")
    wrong = Pair("It is in Rome", "It is in Pisa", CONTRADICTION, "s", ((9, 13),))
    assert doubted(wrong, encoded)[4:] == [0, 0, 0, 1]
    assert set(doubted(wrong, encoded)[:4]) == {UNKNOWN}
    assert doubted(replace(wrong, label=ENTAILMENT, wrong=None), encoded)[4:] == [0] * 4
    assert set(doubted(replace(wrong, wrong=None), encoded)) == {UNKNOWN}


def test_a_doubted_word_weighs_as_much_as_all_others() -> None:
    import torch

    certain, doubts = torch.tensor([[-9.0, -9.0, -9.0, 9.0]]), torch.tensor([[0, 0, 0, 1]])
    assert float(doubt_loss(certain, doubts)) < 0.001
    assert float(doubt_loss(-certain, doubts)) == pytest.approx(9, abs=0.01)
    missed = torch.tensor([[-9.0, -9.0, -9.0, -9.0]])
    assert float(doubt_loss(missed, doubts)) == pytest.approx(4.5, abs=0.01)
    assert float(doubt_loss(missed, torch.full_like(doubts, UNKNOWN))) == 0
