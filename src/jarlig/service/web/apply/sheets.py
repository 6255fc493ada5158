"""Rows out of a spreadsheet (明细表导入): pasted or uploaded, an outcome for each, the good kept."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from jarlig.asking.reading import Unreadable, read
from jarlig.ladder.kinds import Rows
from jarlig.library import Programme as Rules
from jarlig.policy.model import FactDef
from jarlig.service.applications.asked import checked_rows
from jarlig.service.catalogue.sheets import read_sheet
from jarlig.service.ground.errors import Invalid
from jarlig.service.web.apply.fields import NONE, wanted
from jarlig.service.web.apply.shared import words_of

#: Rows of one list, and bytes of a sheet.
MOST_ROWS, MOST_BYTES = 2_000, 5 << 20


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a row: its line in the sheet, its cells as they came, and why it was skipped; empty when kept."""

    line: int
    cells: tuple[str, ...]
    why: str = ""


def columns_of(fact: FactDef) -> dict[str, FactDef]:
    """The columns of a list in their order."""
    assert isinstance(fact.kind, Rows)
    return {name: fact.columns[name] for name, _kind in fact.kind.columns if name in fact.columns}


def most(fact: FactDef) -> int:
    """How many rows a list takes here."""
    assert isinstance(fact.kind, Rows)
    return min(MOST_ROWS, fact.kind.most)


def pasted(text: str) -> list[list[str]]:
    """The cells of what was copied from a spreadsheet."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    return [[cell.strip().strip('"').strip() for cell in line.split("\t")] for line in lines]


def uploaded(source: Any) -> list[list[str]]:
    """The cells of an uploaded workbook.

    Raises:
        Invalid: when it is too large or none that can be read.
    """
    if source.size > MOST_BYTES:
        raise Invalid(_("The sheet is larger than 5 MB; divide it."), field="sheet")
    return read_sheet(source.read())


def taken(
    rules: Rules, offer: str, fact: FactDef, cells: Sequence[Sequence[str]], had: Sequence[dict[str, str]]
) -> tuple[list[dict[str, str]], list[Outcome]]:
    """The rows that can be kept, and an outcome for each row that came.

    Args:
        rules: the programme.
        offer: the offer.
        fact: the list.
        cells: the sheet, with a line of heads or in the order of the columns.
        had: the rows that stand there.

    Raises:
        Invalid: when there is nothing in it, or more than is taken.
    """
    heads, body = headed(fact, cells)
    rows = [(line, row) for line, row in body if any(row)]
    if not rows:
        raise Invalid(_("There is no row in it."), field="sheet")
    if len(rows) + len(had) > most(fact):
        raise Invalid(
            _("It has %(rows)s rows and %(had)s stand here already; a list takes at most %(most)s.")
            % {"rows": f"{len(rows):,}", "had": f"{len(had):,}", "most": f"{most(fact):,}"}, field="sheet",
        )  # fmt: skip
    kept: list[dict[str, str]] = []
    outcomes: list[Outcome] = []
    keys = {key for key in (key_of(fact, row) for row in had) if key}
    for line, row in rows:
        try:
            found = read_row(rules, fact, dict(zip(heads, row, strict=False)))
            key = key_of(fact, found)
            if key and key in keys:
                raise Invalid(_("a row of the same %(columns)s stands there already")
                              % {"columns": _(", ").join(key_titles(fact))})  # fmt: skip
            alone(rules, offer, fact, found)
        except Invalid as wrong:
            outcomes.append(Outcome(line, tuple(row), str(wrong)))
            continue
        keys.add(key)
        kept.append(found)
        outcomes.append(Outcome(line, tuple(row)))
    return kept, outcomes


def headed(fact: FactDef, cells: Sequence[Sequence[str]]) -> tuple[list[str], list[tuple[int, list[str]]]]:
    """The name of each column of a sheet, and its rows with their lines: by its heads, or in the order of columns."""
    columns = columns_of(fact)
    body = [(line, [str(cell) for cell in row]) for line, row in enumerate(cells, 1)]
    known = {_plain(text): name for name, one in columns.items() for text in (name, one.title.zh, one.title.en)}
    first = next(((at, row) for at, (_line, row) in enumerate(body) if any(row)), None)
    if first is not None:
        names = [known.get(_plain(cell), "") for cell in first[1]]
        if sum(bool(name) for name in names) * 2 >= sum(bool(cell) for cell in first[1]):
            return names, body[first[0] + 1 :]
    return list(columns), body


def _plain(text: str) -> str:
    return "".join(text.split()).casefold()


def read_row(rules: Rules, fact: FactDef, cells: dict[str, str]) -> dict[str, str]:
    """A row as a file of facts has it, from text as people write it.

    Raises:
        Invalid: for the first cell that cannot be read, with its column.
    """
    assert isinstance(fact.kind, Rows)
    found: dict[str, str] = {}
    for name, one in columns_of(fact).items():
        text = cells.get(name, "").strip()
        title = words_of(one.title)
        if not text:
            if name in fact.kind.key:
                raise Invalid(_("%(column)s: nothing stands there") % {"column": title}, field=name)
            continue
        try:
            plain = read(wanted(rules, one), text)
        except Unreadable as error:
            raise Invalid(_("%(column)s: %(why)s") % {"column": title, "why": words_of(error.said)},
                          field=name) from error  # fmt: skip
        if not isinstance(plain, str):
            raise Invalid(_("%(column)s: one exact value is written here") % {"column": title}, field=name)
        if not (plain == NONE and name in fact.kind.optional):
            found[name] = plain
    return found


def alone(rules: Rules, offer: str, fact: FactDef, row: dict[str, str]) -> None:
    """Looks at one row as the rules will; whether what it reverses is there is only seen with the others.

    Raises:
        Invalid: for what cannot stand.
    """
    assert isinstance(fact.kind, Rows)
    checked_rows(rules, fact, offer, [{name: cell for name, cell in row.items() if name != fact.kind.reverses}])


def key_of(fact: FactDef, row: dict[str, str]) -> tuple[str, ...]:
    """What tells a row from others; empty where nothing does."""
    assert isinstance(fact.kind, Rows)
    return tuple(row.get(name, "").strip().upper() for name in fact.kind.key)


def key_titles(fact: FactDef) -> list[str]:
    """What the columns are called that tell rows apart."""
    assert isinstance(fact.kind, Rows)
    return [words_of(fact.columns[name].title) for name in fact.kind.key if name in fact.columns]
