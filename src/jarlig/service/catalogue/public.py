"""What anybody may read of the catalogue (公开信息): windows, versions, answered questions."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from jarlig.service.catalogue.comparing import Figure, figures
from jarlig.service.catalogue.loading import files_of
from jarlig.service.catalogue.models import Interpretation, Programme, Version, Window
from jarlig.service.catalogue.queries import standing
from jarlig.service.catalogue.states import PUBLIC
from jarlig.service.ground.kept import Kept

_changes: Kept[tuple[str, str], tuple[Figure, ...]] = Kept(64)


@dataclass(frozen=True, slots=True)
class Step:
    """A version (方案版本) in the history of a programme: which, since when, and what it changed of the one before."""

    version: Version
    changes: tuple[Figure, ...] | None  # None for the first


def window_to_show(windows: Iterable[Window], instant: datetime) -> Window | None:
    """The one window of an offer that a reader needs: open now, else the next, else the last that closed."""
    by: dict[str, list[Window]] = {"open": [], "not_yet": [], "closed": []}
    for window in sorted(windows, key=lambda window: window.opens_at):
        by[standing(window, instant)].append(window)
    if by["open"] or by["not_yet"]:
        return (by["open"] or by["not_yet"])[0]
    return by["closed"][-1] if by["closed"] else None


def answers_about(programme: Programme, clauses: Iterable[str]) -> list[Interpretation]:
    """Confirmed interpretations of these clauses and what lies under them, the newest first, without replaced ones."""
    wanted = tuple(clauses)
    found = Interpretation.objects.filter(programme=programme, confirmation__isnull=False)
    return [
        one for one in found.exclude(replaced_by__confirmation__isnull=False).order_by("-dated", "-number")
        if any(one.clause == clause or one.clause.startswith(f"{clause}.") for clause in wanted)
    ]  # fmt: skip


def history(programme: Programme) -> list[Step]:
    """The versions that were ever in force, the newest first, each with the figures that it changed."""
    found = list(
        Version.objects.filter(programme=programme, state__in=PUBLIC, in_force_at__isnull=False)
        .defer("report", "proof").order_by("in_force_at", "number")
    )  # fmt: skip
    steps = [Step(one, _changed(found[place - 1], one) if place else None) for place, one in enumerate(found)]
    return steps[::-1]


def _changed(before: Version, after: Version) -> tuple[Figure, ...]:
    return _changes.get(
        (before.sha256, after.sha256), lambda: tuple(figures(files_of(before), files_of(after)))
    )  # fmt: skip
