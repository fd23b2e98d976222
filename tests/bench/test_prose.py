from groundwire.bench import prose


def test_texts_have_the_length_asked_for_and_end_with_a_sentence() -> None:
    for seed in range(20):
        for text, words in ((prose.answer(seed), 200), (prose.context(seed), 3000), (prose.context(seed, 500), 500)):
            assert words <= len(text.split()) < words + 25
            assert text.endswith(".")
            assert ".." not in text


def test_the_same_seed_gives_the_same_text_and_another_another() -> None:
    assert prose.context(3) == prose.context(3)
    assert prose.context(3) != prose.context(4)
    assert prose.answer(3) != prose.answer(4)


def test_an_answer_is_about_its_context() -> None:
    for seed in range(20):
        context, sentences = prose.context(seed), prose.sentences(prose.answer(seed))
        assert sentences[0].split(" makes ")[0] in context
        assert len(sentences) >= 10
        assert " ".join(sentences) == prose.answer(seed)


def test_sentences_are_those_of_the_text() -> None:
    assert prose.sentences("One is here. Two is there.\n\nThree.") == ["One is here.", "Two is there.", "Three."]


def test_long_texts_are_about_companies_with_names_of_their_own() -> None:
    long, answer = prose.context(3, 30_000), prose.answer(3, 5_000)
    assert 30_000 <= len(long.split()) < 30_025
    assert 5_000 <= len(answer.split()) < 5_025
    names = [paragraph.split(" is a company in ")[0] for paragraph in long.split("\n\n")]
    assert len(set(names)) == len(names) > 250
    assert long.startswith(prose.context(3, 8_000).rsplit("\n\n", 1)[0])
    told = [sentence.split(" makes ")[0] for sentence in prose.sentences(answer) if " makes " in sentence]
    assert len(told) > 80
    assert set(told) <= set(names)


def test_the_seed_to_warm_with_is_none_of_those_measured() -> None:
    assert all(prose.answer(prose.WARM) != prose.answer(seed) for seed in range(60))
