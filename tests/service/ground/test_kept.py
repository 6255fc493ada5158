"""What is kept ready is made once for each key, and no more is kept than was said."""

from __future__ import annotations

import threading

import pytest

from jarlig.service.ground.kept import Kept


def test_a_thing_is_made_once_for_its_key() -> None:
    kept: Kept[str, list[int]] = Kept(2)
    first = kept.get("a", lambda: [1])
    assert kept.get("a", lambda: [2]) is first == [1]


def test_what_was_asked_for_longest_ago_goes_first() -> None:
    kept: Kept[str, str] = Kept(2)
    for key in ("a", "b", "a", "c"):
        kept.get(key, lambda key=key: key)  # type: ignore[misc]
    assert kept.get("a", lambda: "made again") == "a"
    assert kept.get("b", lambda: "made again") == "made again"


def test_a_making_that_fails_leaves_nothing() -> None:
    kept: Kept[str, int] = Kept(2)
    with pytest.raises(ZeroDivisionError):
        kept.get("a", lambda: 1 // 0)
    assert kept.get("a", lambda: 7) == 7


def test_two_readers_at_once_get_the_same_thing() -> None:
    kept: Kept[str, object] = Kept(2)
    both = threading.Barrier(2)
    found: list[object] = []

    def make() -> object:
        both.wait(10)  # neither is done before the other has begun
        return object()

    readers = [threading.Thread(target=lambda: found.append(kept.get("a", make))) for _ in range(2)]
    for one in readers:
        one.start()
    for one in readers:
        one.join()
    assert found[0] is found[1]


def test_forgotten_things_are_made_again() -> None:
    kept: Kept[str, int] = Kept(2)
    kept.get("a", lambda: 1)
    kept.forget()
    assert kept.get("a", lambda: 2) == 2
