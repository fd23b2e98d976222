import numpy as np

from groundwire.nli.cache import RowCache, key_of

ROW = np.array([0.9, 0.1, 0.0], np.float32)


def test_it_holds_no_more_than_its_size_and_forgets_the_oldest() -> None:
    cache = RowCache(2)
    for key in (b"a", b"b"):
        cache.keep(key, ROW)
    assert cache.get(b"a") is ROW
    cache.keep(b"c", ROW)
    assert len(cache) == 2
    assert cache.get(b"b") is None
    assert cache.get(b"a") is ROW


def test_what_is_not_a_probability_is_not_kept() -> None:
    cache = RowCache(2)
    cache.keep(b"a", np.array([np.nan] * 3, np.float32))
    assert cache.get(b"a") is None


def test_where_premise_ends_and_hypothesis_begins_counts() -> None:
    assert key_of(("ab", "c")) == key_of(("ab", "c"))
    assert len({key_of(pair) for pair in [("ab", "c"), ("a", "bc"), ("", "abc"), ("c", "ab"), ("\ud800", "c")]}) == 5
