"""Rows of a case to columns: types, keys, reversals, and the rows that are claimed under one offer.

A reversing row (红字冲销) takes the date, the category and the offer of its original, so it is netted into it before
any condition is asked: otherwise a filter would keep a cancelled invoice and drop its cancellation.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from jarlig.ladder.kinds import Rows
from jarlig.ladder.nodes import NONE
from jarlig.ladder.numbers import NumberError
from jarlig.ladder.tables import Table
from jarlig.policy.casefile import Facts, dotted
from jarlig.policy.messages import PolicyError, nearest
from jarlig.policy.model import FactDef
from jarlig.policy.reversals import Links, find_links, netted
from jarlig.policy.values import convert, converter, labelled

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
    whole: Sequence[int] = range(len(value))
    kinds = dict(kind.columns)
    told = [*kind.key, *((kind.reverses,) if kind.reverses else ())]
    columns = {name: _column(facts, name, definition, value, whole, path) for name in dict.fromkeys(told)}
    claimed = [row.get(FOR) for row in value]
    keys = _keys(facts, kind, columns, claimed, path)
    links = None
    if kind.reverses and any(target != NONE for target in columns[kind.reverses]):
        links = find_links(facts, kind, columns, keys, path)
        _follow(facts, links, claimed, path)
    lines = [index for index, name in enumerate(claimed) if name is None or name == offer]
    rows = value
    if len(lines) < len(value):
        rows = [value[index] for index in lines]
        columns = {name: [values[index] for index in lines] for name, values in columns.items()}
    for name in kinds:
        if name not in columns:
            columns[name] = _column(facts, name, definition, rows, lines, path)
    columns = {name: columns[name] for name in kinds}
    gone = netted(facts, kind, columns, lines, links, path) if links is not None else set()
    if gone:
        kept = [at for at in range(len(lines)) if at not in gone]
        columns = {name: [values[at] for at in kept] for name, values in columns.items()}
        lines = [lines[at] for at in kept]
    return Table(columns, len(lines), len(gone), None if len(lines) == len(value) else lines)


def _follow(facts: Facts, links: Links, claimed: list[Any], path: Path) -> None:
    """A reversal is claimed where its original is, and may not say otherwise."""
    for index, root in links.root.items():
        if None not in (claimed[index], claimed[root]) and claimed[index] != claimed[root]:
            raise _two_offers(facts, claimed, index, root, (str(facts.line(index)),), path)
    for index, root in links.root.items():
        claimed[index] = claimed[root]


def _two_offers(
    facts: Facts, claimed: Sequence[Any], index: int, first: int, key: Iterable[Any], path: Path
) -> PolicyError:
    return facts.error(
        "E810",
        (*path, index),
        path=dotted(path),
        line=facts.line(index),
        first=facts.line(first),
        one=claimed[index] or "-",
        other=claimed[first] or "-",
        key=" ".join(str(part) for part in key),
    )


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
            near, valid = nearest(name, allowed) or "", ", ".join(column for column, _ in kind.columns)
            where = (*path, index, name)
            raise facts.error("E815", where, text=name, path=dotted(path), name=name, near=near, valid=valid)


def _column(
    facts: Facts, name: str, definition: FactDef, rows: list[Any], lines: Sequence[int], path: Path
) -> list[Any]:
    kind = definition.kind
    assert isinstance(kind, Rows)
    column = kind.column(name)
    assert column is not None
    labels = definition.columns[name].labels if name in definition.columns else {}
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
                    where, said = (*path, lines[index], name), labelled(error, labels)
                    raise facts.error("E803", where, text=text, path=dotted(where), zh=said.zh, en=said.en) from error
                if len(cache) < 10_000:
                    cache[text] = known
            values.append(known)
        else:
            values.append(convert(facts, column, text, (*path, lines[index], name)))
    return values


def _keys(
    facts: Facts, kind: Rows, columns: dict[str, list[Any]], claimed: list[Any], path: Path
) -> dict[tuple[Any, ...], int]:
    """Each key with its row; a key that stands twice is refused, a key not wholly known cannot be checked."""
    first: dict[tuple[Any, ...], int] = {}
    if not kind.key:
        return first
    for index, key in enumerate(zip(*(columns[name] for name in kind.key), strict=True)):
        if None in key:
            continue
        earlier = first.setdefault(key, index)
        if earlier == index:
            continue
        if claimed[index] != claimed[earlier]:
            raise _two_offers(facts, claimed, index, earlier, key, path)
        shown = " ".join(str(part) for part in key)
        where = (*path, index)
        line, first_line = facts.line(index), facts.line(earlier)
        raise facts.error("E805", where, path=dotted(path), line=line, first=first_line, key=shown)
    return first
