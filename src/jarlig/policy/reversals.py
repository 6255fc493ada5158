"""Reversing rows (红字冲销): which row each one cancels, and what is left of the originals.

A reversal is netted into its original over the whole list, before rows are chosen by the offer they are claimed under:
otherwise a cancelled invoice could be kept for one offer while its cancellation stands under another.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Any

from jarlig.ladder.kinds import Number, Rows
from jarlig.ladder.nodes import NONE
from jarlig.policy.casefile import Facts, dotted
from jarlig.policy.messages import PolicyError

Path = tuple[str | int, ...]
Key = tuple[Any, ...]


@dataclass(frozen=True)
class Links:
    """Which row each reversal names, and the row it cancels in the end.

    ``unsure`` are rows that may be reversals of a row that is not known; ``touched`` are the rows that they may cancel.
    """

    parent: dict[int, int]
    root: dict[int, int]
    unsure: frozenset[int]
    touched: frozenset[int]


def find_links(facts: Facts, kind: Rows, columns: dict[str, list[Any]], keys: dict[Key, int], path: Path) -> Links:
    """The links of all rows of a list; ``keys`` are the wholly known keys with their rows.

    Raises:
        PolicyError: E806 for a reversal whose original is not listed, E807 for reversals in a circle.
    """
    own = list(zip(*(columns[name] for name in kind.key), strict=True))
    partly = _Partial(key for key in own if None in key)
    parent: dict[int, int] = {}
    unsure: set[int] = set()
    for index, target in enumerate(columns[kind.reverses]):
        if target == NONE:
            continue
        key = (*own[index][:-1], target)
        found = None if None in key else keys.get(key)
        if found is not None:
            parent[index] = found
        elif None in key or partly.may_hold(key):
            unsure.add(index)
        else:
            raise facts.error("E806", (*path, index), path=dotted(path), line=facts.line(index), key=str(target))
    touched = _touched([key[:-1] for key in own], unsure)
    return Links(parent, _roots(facts, parent, path), frozenset(unsure if touched else ()), touched)


class _Partial:
    """Keys of which parts are unknown, asked whether one of them may be a given key."""

    def __init__(self, keys: Iterable[Key]) -> None:
        self._by_known: dict[tuple[int, ...], set[Key]] = {}
        for key in keys:
            known = tuple(at for at, part in enumerate(key) if part is not None)
            self._by_known.setdefault(known, set()).add(tuple(key[at] for at in known))

    def may_hold(self, key: Key) -> bool:
        """Whether a key, itself wholly known, agrees with one of these wherever both are known."""
        return any(tuple(key[at] for at in known) in held for known, held in self._by_known.items())


def _touched(prefixes: list[Key], unsure: Collection[int]) -> frozenset[int]:
    """Rows that share the known part of the key of a row that may be a reversal."""
    if not unsure:
        return frozenset()
    asked = _Partial(prefixes[index] for index in unsure)
    alone = set(unsure) if len(unsure) == 1 else set()
    return frozenset(
        index for index, key in enumerate(prefixes) if index not in alone and (None in key or asked.may_hold(key))
    )


def _roots(facts: Facts, parent: dict[int, int], path: Path) -> dict[int, int]:
    """The row that each reversal cancels in the end, every link walked once."""
    root: dict[int, int] = {}
    for index in parent:
        trail: list[int] = []
        at = index
        while at in parent and at not in root:
            trail.append(at)
            at = parent[at]
            if len(trail) > len(parent):
                raise facts.error("E807", (*path, index), path=dotted(path), line=facts.line(index))
        root.update(dict.fromkeys(trail, root.get(at, at)))
    return root


def netted(
    facts: Facts, kind: Rows, columns: dict[str, list[Any]], lines: list[int], links: Links, path: Path
) -> set[int]:
    """Add each reversal into its original, in place; gives the positions that are no rows of their own any more.

    ``lines`` are the places of the rows of ``columns`` in the whole list. A row that may be a reversal, and every row
    that it may cancel, has no known sum; what the former is of (its date, its category) is unknown as well.

    Raises:
        PolicyError: E814 for a reversal that does not lessen what it reverses, or takes more than there is.
    """
    position = {line: at for at, line in enumerate(lines)}
    gone = {at: position[links.root[line]] for at, line in enumerate(lines) if line in links.root}
    parents = [position.get(links.parent.get(line, -1), -1) for line in lines]
    cancelled = set(gone.values())
    for name in _signed(kind):
        _add_up(facts, columns[name], gone, parents, (lines, path))
        cancelled = {root for root in cancelled if columns[name][root] in (0, NONE)}
    for name, column in kind.columns:
        if not isinstance(column, Number):
            if name not in kind.key and name != kind.reverses:
                _forget(columns[name], lines, links.unsure)
        elif column.low < 0 or name in kind.optional:
            _forget(columns[name], lines, links.unsure | links.touched)
            for root in cancelled if column.low >= 0 else ():
                columns[name][root] = NONE
    return set(gone)


def _signed(kind: Rows) -> list[str]:
    return [name for name, column in kind.columns if isinstance(column, Number) and column.low < 0]


def _forget(values: list[Any], lines: list[int], unknown: Collection[int]) -> None:
    if unknown:
        for at, line in enumerate(lines):
            if line in unknown:
                values[at] = None


def _add_up(
    facts: Facts, values: list[Any], gone: dict[int, int], parents: list[int], where: tuple[list[int], Path]
) -> None:
    before = [0 if value == NONE else value for value in values]
    for at, root in gone.items():
        own, of = before[at], before[parents[at]]
        if None not in (own, of) and not _lessens(own, of):
            raise _too_much(facts, at, parents[at], where)
        if values[at] != NONE:
            known = 0 if values[root] == NONE else values[root]
            values[root] = None if None in (known, own) else known + own
    for at, root in gone.items():
        left = 0 if values[root] == NONE else values[root]
        if None not in (left, before[root]) and left * before[root] < 0:
            raise _too_much(facts, at, root, where)


def _lessens(reversal: int, original: int) -> bool:
    return reversal * original <= 0 and abs(reversal) <= abs(original)


def _too_much(facts: Facts, at: int, of: int, where: tuple[list[int], Path]) -> PolicyError:
    lines, path = where
    line, first = facts.line(lines[at]), facts.line(lines[of])
    return facts.error("E814", (*path, lines[at]), path=dotted(path), line=line, first=first)
