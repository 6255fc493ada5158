"""A comparison as data (报告数据): flat tables as JSON, as sheets of a workbook, or as one Parquet table.

Amounts are yuan with two decimals, exact; what is not known is null. A factor is its exact fraction.
"""

from __future__ import annotations

import json
import os
import tempfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

from jarlig.policy.messages import Place, PolicyError, problem
from jarlig.tabular import write_table
from jarlig.tabular.formats import needed
from jarlig.whatif.compared import Comparison, Figures, Line, Mover, PoolLine, Shares

ENDINGS = (".json", ".xlsx", ".parquet")
#: Characters of the longest name that a sheet may have.
_MOST_SHEET_NAME = 31
Value = str | int | Decimal | None


@dataclass(frozen=True)
class Table:
    """One table of a report: its name, its columns, and its rows."""

    name: str
    columns: tuple[str, ...]
    rows: tuple[tuple[Value, ...], ...]


def check_ending(path: Path) -> None:
    """Refuse a file that cannot hold the data.

    Raises:
        PolicyError: E875.
    """
    if path.suffix.lower() not in ENDINGS:
        raise PolicyError((problem("E875", Place(str(path), 0, 0), path.name, name=path.name),))


def write(comparison: Comparison, path: Path) -> None:
    """Write the data of a comparison, whole or not at all, in the form that the ending asks for.

    Raises:
        PolicyError: E875 for another ending.
        OSError: the file cannot be written.
    """
    check_ending(path)
    made = tables(comparison)
    kind = path.suffix.lower()
    if kind == ".parquet":
        write_table(_as_one(made), path)
    elif kind == ".xlsx":
        _whole(path, lambda draft: _workbook(made, draft))
    else:
        text = json.dumps(as_json(comparison), ensure_ascii=False, indent=1) + "\n"
        _whole(path, lambda draft: draft.write_text(text, "utf-8"))


def as_json(comparison: Comparison) -> dict[str, Any]:
    """The comparison for programs: its tables as lists of records, amounts as texts."""
    return {
        "programme": comparison.programme,
        "rules": [
            {"side": name, "asked": side.asked, "name": {"zh": side.name.zh, "en": side.name.en},
             "notes": [{"zh": note.zh, "en": note.en} for note in side.notes],
             "warnings": [{"zh": one.zh, "en": one.en} for one in side.warnings]}
            for name, side in zip("AB", comparison.sides, strict=True)
        ],
        "cases": comparison.cases,
        "left_out": comparison.left_out,
        "illustrative": [{"zh": title.zh, "en": title.en} for title in comparison.samples],
        "information_only": list(comparison.told_only),
        "tables": {
            table.name: [dict(zip(table.columns, map(_plain, row), strict=True)) for row in table.rows]
            for table in tables(comparison)
        },
        "manifest": comparison.manifest,
    }  # fmt: skip


def tables(comparison: Comparison) -> tuple[Table, ...]:
    """Every table of a report."""
    c = comparison
    unsure = (_yuan(c.unsure["known_before"]), _yuan(c.unsure["known_after"]))
    tallies = (("gain", c.winners), ("lose", c.losers), ("unchanged", c.even))
    groups = [(name, *_line(line)) for name, lines in c.groups.items() for line in lines]
    movers = [row for name, of in (("gain", c.gains), ("lose", c.losses)) for one in of for row in _mover(name, one)]
    changes = [
        (name, *(words.zh for words in change), *(words.en for words in change))
        for name, side in zip("AB", c.sides, strict=True) for change in side.changes
    ]  # fmt: skip
    return (
        Table("total", (*_FIGURES, "known_under_a_only", "known_under_b_only"), ((*_figures(c.total), *unsure),)),
        Table("offers", ("key", *_NAMES, "same_rules", *_FIGURES), tuple(
            (line.key, line.title.zh, line.title.en, "true" if line.same else "false", *_figures(line.figures))
            for line in c.offers
        )),
        Table("places", _LINE, tuple(_line(line) for line in c.places)),
        Table("groups", ("group", *_LINE), tuple(groups)),
        Table("outcomes", ("outcome_a", "outcome_b", "claims", "cost_a", "cost_b"), tuple(
            (move.before, move.after, move.claims, *map(_yuan, move.cost)) for move in c.moves
        )),
        Table("changes_of_cases", ("side", "cases", "change"), tuple(
            (name, tally.cases, _yuan(tally.change)) for name, tally in tallies
        )),
        Table("sizes_of_changes", ("side", "at_least", "below", "cases", "change"), tuple(
            ("gain" if band.side > 0 else "lose", band.least, band.most, band.tally.cases, _yuan(band.tally.change))
            for band in c.bands
        )),
        Table("largest", _MOVER, tuple(movers)),
        Table("pools", _POOL, tuple(row for line in c.pools for row in _pool(line))),
        Table("reform", ("side", *(f"{what}_{lang}" for lang in ("zh", "en") for what in _CHANGE)), tuple(changes)),
    )  # fmt: skip


_CHANGE = ("entry", "what", "before", "after", "cites")
_NAMES = ("name_zh", "name_en")
_FIGURES = ("claims", "awards_a", "awards_b", "cost_a", "cost_b", "difference", "not_known_a", "not_known_b")
_LINE = ("key", *_NAMES, "cases", *_FIGURES)
_MOVER = ("side", "case", "change", "offer", "outcome_a", "outcome_b", "amount_a", "amount_b")
_POOL = (
    "year", "pool", "offers", "offers_not_compared", "side", "size", "claims", "requested", "not_known", "take_up",
    "share", "factor", "floors", "approved", "why_zh", "why_en",
)  # fmt: skip


def _figures(of: Figures) -> tuple[Value, ...]:
    return (of.claims, *of.awards, *map(_yuan, of.cost), _yuan(of.difference), *of.open)


def _line(line: Line) -> tuple[Value, ...]:
    return (line.key or None, line.title.zh, line.title.en, line.cases, *_figures(line.figures))


def _mover(name: str, mover: Mover) -> list[tuple[Value, ...]]:
    """A row for each offer that made the change."""
    head = name, mover.case, _yuan(mover.change)
    return [(*head, one.offer, *one.outcome, *map(_yuan, one.amount)) for one in mover.offers]


def _pool(line: PoolLine) -> list[tuple[Value, ...]]:
    head = line.year, line.pool, ";".join(line.offers), ";".join(line.not_compared) or None
    return [
        (*head, name, *_shares(shares)) for name, shares in zip("AB", line.shares, strict=True) if shares is not None
    ]


def _shares(shares: Shares) -> tuple[Value, ...]:
    why = (shares.why.zh, shares.why.en) if shares.why else (None, None)
    fractions = [None if one is None else str(one) for one in (shares.take_up, shares.factor)]
    return (
        _yuan(shares.size), shares.claims, _yuan(shares.requested), shares.open, fractions[0], shares.rule,
        fractions[1], _yuan(shares.floors), _yuan(shares.approved), *why,
    )  # fmt: skip


def _yuan(fen: int | None) -> Decimal | None:
    return None if fen is None else Decimal(fen).scaleb(-2)


def _plain(value: Value) -> str | int | None:
    return format(value, "f") if isinstance(value, Decimal) else value


def _as_one(made: Sequence[Table]) -> Any:
    """All tables below each other, a column for each name that any of them has."""
    pa = needed("pyarrow", "many")
    rows: list[Mapping[str, Value]] = [
        {"table": table.name, **dict(zip(table.columns, row, strict=True))} for table in made for row in table.rows
    ]
    names = ["table", *dict.fromkeys(name for table in made for name in table.columns)]
    columns = {}
    for name in names:
        values = [row.get(name) for row in rows]
        some = {type(value) for value in values if value is not None}
        kind = pa.decimal128(38, 2) if some == {Decimal} else pa.int64() if some == {int} else pa.string()
        texts = kind == pa.string()
        columns[name] = pa.array([str(v) if texts and v is not None else v for v in values], kind)
    return pa.table(columns)


def _workbook(made: Sequence[Table], path: Path) -> None:
    """A sheet a table; texts are texts, also where they look like a formula, and so are amounts."""
    book = needed("xlsxwriter", "many").Workbook(
        str(path), {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    )
    for table in made:
        sheet = book.add_worksheet(table.name[:_MOST_SHEET_NAME])
        sheet.freeze_panes(1, 0)
        sheet.write_row(0, 0, table.columns)
        for at, row in enumerate(table.rows, 1):
            for column, value in enumerate(row):
                if isinstance(value, int):
                    sheet.write_number(at, column, value)
                elif value is not None:
                    sheet.write_string(at, column, str(_plain(value)))
    book.close()


def _whole(path: Path, make: Callable[[Path], object]) -> None:
    """A file made beside its target and put in its place when it is whole."""
    target = path.resolve()
    handle, name = tempfile.mkstemp(prefix=f".{target.name[:40]}.", suffix=target.suffix, dir=target.parent)
    os.close(handle)
    draft = Path(name)
    try:
        make(draft)
        mask = os.umask(0)
        os.umask(mask)
        draft.chmod(0o666 & ~mask)
        draft.replace(target)
    finally:
        draft.unlink(missing_ok=True)
