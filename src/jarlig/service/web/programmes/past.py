"""What a version changed (历次变化), in the words in which the handbook tells what a guide changes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from jarlig.service.catalogue.comparing import Figure
from jarlig.service.catalogue.errors import Broken
from jarlig.service.catalogue.models import Programme, Version
from jarlig.service.catalogue.public import history
from jarlig.service.ground.kept import Kept
from jarlig.service.web.policy.said import Set, between
from jarlig.service.web.programmes.telling import language, pages_of
from jarlig.words.handbook_page.rules import Rule

_kept: Kept[tuple[str, str, str], tuple[Set, ...]] = Kept(64)


@dataclass(frozen=True, slots=True)
class Told:
    """A version in the history of a programme: what it changed of the one before in words, and every value."""

    version: Version
    sets: tuple[Set, ...]
    figures: tuple[Figure, ...] | None  # None for the first

    def of(self, offer: str) -> tuple[Sequence[Set], Sequence[Figure]]:
        """What it changed in one offer."""
        return (
            [one for one in self.sets if one.offer == offer],
            [one for one in self.figures or () if one.entry == f"offer {offer}"],
        )


def told(programme: Programme) -> list[Told]:
    """The versions that were ever in force, the newest first."""
    steps = history(programme)
    return [
        Told(step.version, _between(older.version, step.version, step.changes or ()) if older else (), step.changes)
        for step, older in zip(steps, [*steps[1:], None], strict=True)
    ]


def _between(before: Version, after: Version, figures: Sequence[Figure]) -> tuple[Set, ...]:
    """In words, as far as there are some; a version that can no longer be read is told by its values alone."""
    touched = {name for kind, _blank, name in (one.entry.partition(" ") for one in figures) if kind == "offer"}
    key = (before.sha256, after.sha256, language())
    try:
        return _kept.get(key, lambda: tuple(_worded(before, after, touched)))
    except Broken:
        return ()


def _worded(before: Version, after: Version, touched: set[str]) -> list[Set]:
    old, new = pages_of(before).book, pages_of(after).book
    both = [name for name in new.programme.offers if name in touched and name in old.programme.offers]
    return [
        one for name in both
        for one in between(Rule(old, old.notice, name), Rule(new, new.notice, name))
    ]  # fmt: skip
