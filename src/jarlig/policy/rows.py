"""Rows of a case to columns: types, keys, and reversals netted into their originals.

A reversing row (红字冲销) takes the date and category of its original, so it is netted into it before any condition is
asked: otherwise a filter would keep a cancelled invoice and drop its cancellation.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from jarlig.ladder.kinds import Kind, Number, Rows
from jarlig.ladder.nodes import NONE
from jarlig.ladder.numbers import NumberError
from jarlig.ladder.tables import Table
from jarlig.policy.casefile import Facts, dotted
from jarlig.policy.messages import nearest
from jarlig.policy.model import FactDef
from jarlig.policy.values import convert, converter

Path = tuple[str | int, ...]
#: The column by which a row names the offer it is claimed under.
FOR = "for"


def table_of(facts: Facts, definition: FactDef, value: Any, path: Path, offer: str) -> Table:
    """The table of a rows fact, only the rows claimed under the offer (or under none in particular).

    Raises:
        PolicyError: E80x naming the row: unknown column, bad value, repeated key, reversal without its original.
    """
    kind = definition.kind
    assert isinstance(kind, Rows)
    where = dotted(path)
    if not isinstance(value, list):
        raise facts.error("E802", path, path=where, expected="a list of rows", got="something else")
    if len(value) > kind.most:
        raise facts.error("E804", path, path=where, size=len(value), most=kind.most)
    _check_keys(facts, kind, value, path)
    lines = [index for index, row in enumerate(value) if row.get(FOR) in (None, offer)]
    rows = value if len(lines) == len(value) else [value[index] for index in lines]
    columns = {name: _column(facts, name, column, kind, rows, lines, path) for name, column in kind.columns}
    if rows is not value:
        _one_offer_each(facts, kind, value, path)
    keys = _keys(facts, kind, columns, lines, path)
    if kind.reverses and any(reversed_ != NONE for reversed_ in columns[kind.reverses]):
        return _netted(facts, kind, columns, keys, lines, path)
    return Table(columns, len(rows), 0, None if rows is value else lines)


def _check_keys(facts: Facts, kind: Rows, rows: list[Any], path: Path) -> None:
    allowed = {name for name, _ in kind.columns} | {FOR}
    for index, row in enumerate(rows):
        if not isinstance(row, Mapping):
            raise facts.error(
                "E802",
                (*path, index),
                path=dotted((*path, index)),
                expected="a row such as {net: 100.00}",
                got=str(row)[:40],
            )
        if not row.keys() <= allowed:
            name = next(key for key in row if key not in allowed)
            raise facts.error("E801", (*path, index, name), text=name, name=name, near=nearest(name, allowed) or "")


def _column(
    facts: Facts, name: str, column: Kind, kind: Rows, rows: list[Any], lines: list[int], path: Path
) -> list[Any]:
    optional = name in kind.optional
    texts = [row.get(name, "none" if optional else None) for row in rows]
    read = converter(column)
    cache: dict[str, Any] = {}
    values: list[Any] = []
    for index, text in enumerate(texts):
        if text is None:
            values.append(None)
        elif optional and text == "none":
            values.append(NONE)
        elif text.__class__ is str:
            known = cache.get(text)
            if known is None:
                try:
                    known = read(text)
                except NumberError as error:
                    where = (*path, lines[index], name)
                    raise facts.error("E803", where, text=text, path=dotted(where), zh=error.zh, en=error.en) from error
                if len(cache) < 10_000:
                    cache[text] = known
            values.append(known)
        else:
            values.append(convert(facts, column, text, (*path, lines[index], name)))
    return values


def _one_offer_each(facts: Facts, kind: Rows, rows: list[Any], path: Path) -> None:
    """Refuse evidence that is claimed under two offers, whichever of them is being asked about."""
    everywhere = list(range(len(rows)))
    read = [
        _column(facts, name, column, kind, rows, everywhere, path) for name, column in kind.columns if name in kind.key
    ]
    first: dict[Any, int] = {}
    for index, key in enumerate(zip(*read, strict=True)):
        earlier = first.setdefault(key, index) if None not in key else index
        one, other = rows[index].get(FOR), rows[earlier].get(FOR)
        if one != other:
            raise facts.error(
                "E810",
                (*path, index),
                path=dotted(path),
                line=index + 1,
                first=earlier + 1,
                one=one or "-",
                other=other or "-",
                key=" ".join(str(part) for part in key),
            )


def _keys(facts: Facts, kind: Rows, columns: dict[str, list[Any]], lines: list[int], path: Path) -> dict[Any, int]:
    """Each key with its row; a key that stands twice is refused, a key not wholly known cannot be checked."""
    first: dict[Any, int] = {}
    if not kind.key:
        return first
    for index, key in enumerate(zip(*(columns[name] for name in kind.key), strict=True)):
        if None in key:
            continue
        if key in first:
            shown = " ".join(str(part) for part in key)
            raise facts.error(
                "E805",
                (*path, lines[index]),
                path=dotted(path),
                line=lines[index] + 1,
                first=lines[first[key]] + 1,
                key=shown,
            )
        first[key] = index
    return first


def _netted(
    facts: Facts, kind: Rows, columns: dict[str, list[Any]], keys: dict[Any, int], lines: list[int], path: Path
) -> Table:
    """Each reversal added into its original and taken out; one whose link is unknown makes what it touches unknown."""
    reverses = columns[kind.reverses]
    signed = [name for name, column in kind.columns if isinstance(column, Number) and column.low < 0]
    others = [
        name
        for name, column in kind.columns
        if not isinstance(column, Number) and name not in kind.key and name != kind.reverses
    ]
    own = [tuple(columns[name][index] for name in kind.key) for index in range(len(reverses))]
    gone: set[int] = set()
    for index, target in enumerate(reverses):
        if target == NONE:
            continue
        if target is None or None in own[index][:-1]:
            for name in others:
                columns[name][index] = None
            continue
        original = _original(facts, index, reverses, own, keys, lines, path)
        if original is None:
            for name in others:
                columns[name][index] = None
            continue
        for name in signed:
            values = columns[name]
            both = (values[original], values[index])
            values[original] = None if None in both else both[0] + both[1]
        gone.add(index)
    if not gone:
        return Table(columns, len(reverses), 0, lines)
    kept = [index for index in range(len(reverses)) if index not in gone]
    left = {name: [values[index] for index in kept] for name, values in columns.items()}
    return Table(left, len(kept), len(gone), [lines[index] for index in kept])


def _original(
    facts: Facts,
    index: int,
    reverses: list[Any],
    own: list[tuple[Any, ...]],
    keys: dict[Any, int],
    lines: list[int],
    path: Path,
) -> int | None:
    """The row that a reversal cancels in the end; None when a link on the way is unknown."""
    where = dotted(path)
    seen = {index}
    at = index
    while reverses[at] != NONE:
        if reverses[at] is None:
            return None
        key = (*own[at][:-1], reverses[at])
        found = keys.get(key)
        if found is None:
            raise facts.error("E806", (*path, lines[at]), path=where, line=lines[at] + 1, key=str(reverses[at]))
        if found in seen:
            raise facts.error("E807", (*path, lines[index]), path=where, line=lines[index] + 1)
        seen.add(found)
        at = found
    return at
