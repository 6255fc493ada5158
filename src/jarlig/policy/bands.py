"""Bands in words, with both edges visible: ``under 20%``, ``20% to under 50%``, ``over A to B``, ``from 50%``."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from jarlig.policy.messages import PolicyError, problem
from jarlig.policy.shape import describe, fail
from jarlig.policy.text import Mapping, Scalar, Tree

_EDGE = r"(-?[0-9][0-9_.-]*%?)"
_FORMS = (
    (re.compile(rf"under {_EDGE}\Z"), "under"),
    (re.compile(rf"up to {_EDGE}\Z"), "up to"),
    (re.compile(rf"from {_EDGE}\Z"), "from"),
    (re.compile(rf"over {_EDGE}\Z"), "over"),
    (re.compile(rf"(over )?{_EDGE} to (under )?{_EDGE}\Z"), "between"),
)


@dataclass(frozen=True)
class Band:
    """One band: its edges as scaled integers (None: without end), whether each belongs to it, and its figure."""

    low: int | None
    low_in: bool
    high: int | None
    high_in: bool
    figure: Tree
    text: Scalar


def read_bands(tree: Tree, edge: Callable[[Scalar, str], int]) -> list[Band]:
    """The bands of a mapping, in order, proven to leave no gap and not to overlap.

    ``edge`` turns the text of an edge into a scaled integer.

    Raises:
        PolicyError: E601 for a band that cannot be read, E602 for a gap or an overlap, naming the value.
    """
    if not isinstance(tree, Mapping) or not tree.entries:
        raise fail("E203", tree, expected="bands such as {under 20%: 0, from 20%: 300_000}", got=describe(tree))
    bands = [_band(tree.keys[key], tree.entries[key], edge) for key in tree.entries]
    bands.sort(key=lambda band: (band.low is not None, band.low or 0, not band.low_in))
    for before, after in zip([None, *bands], [*bands, None], strict=True):
        _meet(before, after, tree)
    return bands


def _band(key: Scalar, figure: Tree, edge: Callable[[Scalar, str], int]) -> Band:
    for form, name in _FORMS:
        match = form.match(key.text)
        if not match:
            continue
        if name == "between":
            over, low, under, high = match.groups()
            band = Band(edge(key, low), not over, edge(key, high), not under, figure, key)
            if band.low is not None and band.high is not None and band.low > band.high:
                break
            return band
        value = edge(key, match.group(1))
        if name in ("under", "up to"):
            return Band(None, False, value, name == "up to", figure, key)
        return Band(value, name == "from", None, False, figure, key)
    raise PolicyError((problem("E601", key.place, key.text, name=key.text),))


def _meet(before: Band | None, after: Band | None, tree: Mapping) -> None:
    """Two neighbouring bands must share one edge, and exactly one of them must own it."""
    if before is None or after is None:
        band = before or after
        open_end = (after.low if before is None and after else before.high if before else None) is None
        if band is not None and not open_end:
            side = "below" if before is None else "above"
            raise PolicyError(
                (problem("E602", band.text.place, band.text.text, what=f"nothing {side} “{band.text.text}”"),)
            )
        return
    if before.high is None or after.low is None or before.high > after.low:
        raise PolicyError(
            (problem("E602", after.text.place, after.text.text, what=f"overlap with “{before.text.text}”"),)
        )
    if before.high < after.low or not (before.high_in or after.low_in):
        raise PolicyError((problem("E602", after.text.place, after.text.text, what=f"gap after “{before.text.text}”"),))
    if before.high_in and after.low_in:
        raise PolicyError(
            (problem("E602", after.text.place, after.text.text, what=f"the edge is also in “{before.text.text}”"),)
        )


def edges(bands: list[Band]) -> tuple[tuple[int, bool], ...]:
    """The edges between the bands, each with whether it belongs to the band below it."""
    return tuple((band.high, band.high_in) for band in bands[:-1] if band.high is not None)
