"""A few made things kept ready (缓存): what is dear to make and never changes for its key."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import Generic, TypeVar

Key = TypeVar("Key", bound=Hashable)
Made = TypeVar("Made")


class Kept(Generic[Key, Made]):
    """Keeps the ``most`` things that were asked for last, whichever thread asks.

    A key must say everything that the thing depends on (a hash, a language): nothing is ever looked at again.
    """

    def __init__(self, most: int) -> None:
        self._most = most
        self._made: OrderedDict[Key, Made] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, key: Key, make: Callable[[], Made]) -> Made:
        """The thing of a key; made outside the lock, so that two readers may make it twice and one of both is kept."""
        with self._lock:
            if key in self._made:
                self._made.move_to_end(key)
                return self._made[key]
        made = make()
        with self._lock:
            kept = self._made.setdefault(key, made)
            self._made.move_to_end(key)
            while len(self._made) > self._most:
                self._made.popitem(last=False)
        return kept

    def forget(self) -> None:
        """Drops everything."""
        with self._lock:
            self._made.clear()
