from groundwire.nli.signals import signals


def test_shares_of_what_a_claim_has() -> None:
    passages = ["Petrova was opening a shop.", "There are 12 of them in Rome."]
    found = signals("Anna Petrova opened 12 shops in Rome.", passages)
    assert found.size == 6
    assert found.words == 3 / 6
    assert found.words_anywhere == 5 / 6
    assert found.numbers == 1
    assert found.names == 1


def test_a_strange_name_and_a_strange_number_are_missing() -> None:
    passage = "Canberra is the capital of Australia since 1913."
    assert signals("The capital of Australia is Sydney.", [passage]).names == 1 / 2
    assert signals("It is the capital since 1908.", [passage]).numbers == 0
    assert signals("It is the capital since 1913.", [passage]).numbers == 1


def test_phrases_are_words_in_a_row_of_one_passage() -> None:
    assert signals("red house burned", ["the red house burned"]).phrases == 1
    assert signals("red house burned", ["the house burned", "a red door"]).phrases == 1 / 2


def test_more_passages_never_lower_a_share() -> None:
    claim = "Anna Petrova opened 12 shops in Rome in 1990."
    passages = ["Petrova opened shops.", "In 1990 Rome had 12 gates.", "", "Nothing of it."]
    for count in range(len(passages)):
        fewer, more = signals(claim, passages[:count]), signals(claim, passages[: count + 1])
        assert all(a <= b for a, b in zip(fewer, more, strict=True))


def test_nothing_to_find_is_nothing_missing() -> None:
    assert signals("", []) == (0, 1, 0, 1, 1, 0)
