"""Missing facts as cases: the few values, or stretches of values, between which a ladder can tell.

A date that is only asked whether it lies after 6 June has two cases. So most facts, and most cells of a row, have a
handful; trying them all keeps a fact that is read twice the same in both places. A fact that has no such list (a code
compared with another unknown code) stays "anything".
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from itertools import combinations
from typing import Any

from jarlig.engines.interval.values import Key, bounds, is_known, piece
from jarlig.ladder import nodes as n
from jarlig.ladder.kinds import Choice, Code, Date, Division, Kind, Month, Number, Some, YesNo

#: More cases than this for one fact are not told apart.
MOST_CASES = 64
_LEVELS = (2, 4, 6, 9, 12)
_DIGITS = {"region": 2, "league": 4, "county": 6, "township": 9, "village": 12}
#: A code that no programme names.
OTHER = "?"


@dataclass(frozen=True)
class Use:
    """One place where a fact or column is read.

    ``how`` is ``test`` (compared by ``op`` with ``other``), ``bands``, ``within``, ``keys``, ``subject`` or ``value``;
    ``chain`` holds the steps between the fact and that place, outermost first.
    """

    how: str
    chain: tuple[n.Node, ...] = ()
    op: str = ""
    other: n.Node | None = None
    edges: tuple[tuple[int, bool], ...] = ()
    words: tuple[str, ...] = ()


Leaf = n.Fact | n.Column | n.Judged
#: ``f:name`` for facts, ``c:rows:name`` for columns.
Uses = dict[str, list[Use]]


def uses_of(nodes: Iterable[n.Node]) -> Uses:
    """Every place where each fact, judged value and column is read."""
    found: Uses = {}
    for node in nodes:
        _collect(node, "", found)
    return found


def use_name(leaf: Leaf, rows: str) -> str:
    """The name under which the uses of a fact or column are kept."""
    if isinstance(leaf, n.Column):
        return f"c:{rows}:{leaf.name}"
    return "f:" + ("!" + leaf.name if isinstance(leaf, n.Judged) else leaf.name)


def _stripped(node: n.Node) -> tuple[Leaf | None, tuple[n.Node, ...]]:
    chain: list[n.Node] = []
    while isinstance(node, n.Rescale | n.Part):
        chain.append(node)
        node = node.item
    return (node, tuple(chain)) if isinstance(node, n.Fact | n.Column | n.Judged) else (None, ())


_TURNED = {"<": ">", "<=": ">=", ">": "<", ">=": "<=", "=": "=", "!=": "!="}


def _collect(node: n.Node, rows: str, found: Uses) -> None:
    def put(leaf: Leaf, use: Use) -> None:
        found.setdefault(use_name(leaf, rows), []).append(use)

    rest: list[n.Node] = []
    if isinstance(node, n.Fact | n.Column | n.Judged):
        put(node, Use("value"))
    elif isinstance(node, n.Compare):
        for side, other, op in ((node.left, node.right, node.op), (node.right, node.left, _TURNED[node.op])):
            leaf, chain = _stripped(side)
            if leaf is None:
                rest.append(side)
            else:
                put(leaf, Use("test", chain, op, other))
    elif isinstance(node, n.Within | n.Choose | n.Banded | n.IsNone):
        side = node.by if isinstance(node, n.Choose) else node.of if isinstance(node, n.Banded) else node.item
        leaf, chain = _stripped(side)
        rest = [child for child in n.children(node) if leaf is None or child is not side]
        if leaf is not None:
            put(leaf, _word_use(node, chain))
    elif isinstance(node, n.Sum):
        for child in n.children(node):
            _collect(child, node.rows, found)
    elif isinstance(node, n.Earlier):
        for key, child in node.subject:
            if isinstance(child, n.Fact):
                put(child, Use("subject", op=key))
            else:
                rest.append(child)
    else:
        rest = list(n.children(node))
    for child in rest:
        _collect(child, rows, found)


def _word_use(node: n.Within | n.Choose | n.Banded | n.IsNone, chain: tuple[n.Node, ...]) -> Use:
    if isinstance(node, n.Banded):
        return Use("bands", chain, edges=node.edges)
    if isinstance(node, n.Choose):
        return Use("keys", chain, words=tuple(key for key, _ in node.table))
    if isinstance(node, n.IsNone):
        return Use("keys", chain, words=(n.NONE,))
    if isinstance(node.options, n.Literal) and isinstance(node.options.value, frozenset):
        return Use("keys", chain, words=tuple(sorted(node.options.value)))
    return Use("within", chain, other=node.options)


Known = Callable[[n.Node], Any]


def cases(
    kind: Kind, key: Key, uses: list[Use], known: Known, subjects: Iterable[str] = (),
    within: tuple[int, int] | None = None,
) -> tuple[Any, ...] | None:  # fmt: skip
    """The cases of a missing fact: values and spans that cover it; None when they cannot be listed.

    ``known`` gives the value of another node of the case, None while it is not settled; ``subjects`` are the keys that
    the history holds for this fact.
    """
    found: tuple[Any, ...] | None
    none = (n.NONE,) if any(n.NONE in use.words for use in uses) else ()
    if isinstance(kind, YesNo):
        found = (False, True, *none)
    elif isinstance(kind, Choice) and kind.values:
        found = (*kind.values, *none)
    elif isinstance(kind, Number | Date | Month):
        found = (*_stretches(kind, key, uses, known, within or bounds(kind)), *none)
    elif isinstance(kind, Some):
        found = _subsets(kind.of.values)
    else:
        words = _words(kind, uses, known, subjects)
        found = None if words is None else (*words, *none)
    return found if found is None or len(found) <= MOST_CASES else None


def _subsets(values: tuple[str, ...]) -> tuple[frozenset[str], ...] | None:
    if 2 ** len(values) > MOST_CASES:
        return None
    return tuple(frozenset(some) for size in range(len(values) + 1) for some in combinations(values, size))


def _stretches(kind: Kind, key: Key, uses: list[Use], known: Known, ends: tuple[int, int]) -> tuple[Any, ...]:
    """A number or date cut wherever a test or a band changes its mind; one value stands for a stretch only tested."""
    low, high = ends
    starts, only_tested = {low}, True
    for use in uses:
        limits = list(_limits(use, known))
        only_tested &= bool(limits) or n.NONE in use.words
        starts |= {start for start in (_first(use.chain, limit) for limit in limits) if low < start <= high}
    cuts = sorted(starts)
    made = [
        piece(kind, key, start, end) for start, end in zip(cuts, [*(cut - 1 for cut in cuts[1:]), high], strict=True)
    ]
    return tuple(_shown(one) for one in made) if only_tested else tuple(made)


def _shown(stretch: Any) -> Any:
    """A value that stands for a stretch: an end that has a bound."""
    return stretch if is_known(stretch) else next(iter(stretch.low_by.values()))


def _limits(use: Use, known: Known) -> Iterator[int]:
    """The first value on the upper side of each change; nothing when it is not known what stands on the other side."""
    if use.how == "bands":
        yield from (edge + 1 if closed else edge for edge, closed in use.edges)
    elif use.how == "test" and use.other is not None:
        value = known(use.other)
        if isinstance(value, int):
            if use.op in ("<", ">=", "=", "!="):
                yield value
            if use.op in ("<=", ">", "=", "!="):
                yield value + 1


def _first(chain: tuple[n.Node, ...], value: int) -> int:
    """The lowest fact whose image at the end of a chain reaches a value."""
    for step in chain:
        if isinstance(step, n.Rescale):
            value = -(-value // 10**step.by)
        elif isinstance(step, n.Part):
            year, month = (value, 0) if step.part == "year" else divmod(value, 12)
            value = date(min(max(year, 1), 9999), month + 1, 1).toordinal()
    return value


def _words(kind: Kind, uses: list[Use], known: Known, subjects: Iterable[str]) -> tuple[str, ...] | None:
    """The codes that tests name, and one that none of them names."""
    named: dict[str, None] = dict.fromkeys(subjects)
    whole: dict[str, None] = dict.fromkeys(subjects)
    for use in uses:
        words: Iterable[str] = use.words
        if use.how in ("test", "within") and use.other is not None:
            value = known(use.other)
            if value is None:
                return None
            words = sorted(value) if isinstance(value, frozenset) else (value,)
        elif use.how not in ("keys", "subject"):
            return None
        words = dict.fromkeys(word for word in words if word != n.NONE)
        named.update(words)
        if not use.chain:
            whole.update(words)
    if isinstance(kind, Division):
        return tuple(dict.fromkeys((*_divisions(list(named), _DIGITS[kind.level]), *whole)))
    return (*named, OTHER) if isinstance(kind, Code | Choice) else None


def _divisions(named: list[str], digits: int) -> tuple[str, ...]:
    """Codes of the level asked for: inside every division named, and beside every one of them."""
    stems = {""}
    for code in named:
        full = code if len(code) > 6 else code.removesuffix("00").removesuffix("00") if code.endswith("00") else code
        stems |= {full[:size] for size in _LEVELS if size <= len(full)}
    made = []
    for stem in sorted(stems):
        if len(stem) >= digits:
            made.append(stem[:digits])
            continue
        size = next(level for level in _LEVELS if level > len(stem))
        taken = {other[:size] for other in stems if other.startswith(stem) and len(other) >= size}
        width = size - len(stem)
        beside = next(
            stem + f"{number:0{width}d}" for number in range(1, 10**width) if stem + f"{number:0{width}d}" not in taken
        )
        while len(beside) < digits:
            size = next(level for level in _LEVELS if level > len(beside))
            beside += "1".zfill(size - len(beside))
        made.append(beside)
    return tuple(dict.fromkeys(made))
