"""The first sheet of a workbook: cells as they were typed, and the words of cells that hold an error.

The reader of cells gives nothing for a cell whose formula failed (``#REF!``) or was never computed; taken as it is,
unknown would be made out of an error. Such cells are looked for in the sheet itself (ECMA-376, 18.3.1.4) and keep their
word, which no grammar of values takes.
"""

from __future__ import annotations

import posixpath
import re
import zipfile
from collections.abc import Iterator
from datetime import date, datetime
from decimal import Decimal
from itertools import chain, islice, repeat
from pathlib import Path
from typing import Any
from xml.parsers import expat

from jarlig.tabular.formats import needed, refused

#: The words of a spreadsheet for a formula that came to nothing; exports to CSV hold them as texts.
ERRORS = (
    "#NULL!", "#DIV/0!", "#VALUE!", "#REF!", "#NAME?", "#NUM!", "#N/A", "#GETTING_DATA", "#SPILL!", "#CALC!", "#FIELD!",
    "#BLOCKED!", "#UNKNOWN!", "#CONNECT!", "#BUSY!", "#EXTERNAL!",
)  # fmt: skip
#: Our own word for a formula whose value was never computed, as programs write that have no formulas of their own.
NOT_COMPUTED = "#FORMULA?"
#: Numbers from here on have lost digits in a spreadsheet.
_EXACT = 10**15
_PIECE = 1 << 20
#: What only a sheet with a formula or an error has.
_SUSPECT = re.compile(rb"""<(?:\w+:)?f[\s>/]|\st\s*=\s*["']e["']""")
_ADDRESS = re.compile(r"([A-Z]{1,3})([0-9]{1,7})").fullmatch


def cells(path: Path) -> Iterator[list[str | None]]:
    """The rows of the sheet from its first line, each with its cells as texts; an empty cell is None.

    Raises:
        PolicyError: E822 when it is no workbook.
    """
    calamine = needed("python_calamine", "many")
    try:
        sheet = calamine.CalamineWorkbook.from_path(str(path)).get_sheet_by_index(0)
        rows, first, last = sheet.iter_rows(), (sheet.start or (0, 0))[1], (sheet.end or (-1, 0))[0]
        faults = _faults(path)
    except (calamine.CalamineError, IndexError, KeyError, ValueError, zipfile.BadZipFile, expat.ExpatError) as error:
        reason = (str(error).splitlines() or [type(error).__name__])[0][:200]
        raise refused("E822", path, reason=reason) from error
    last = max([last, *faults])
    for number, row in enumerate(islice(chain(rows, repeat([])), last + 1)):
        texts = [_cell(value) for value in row]
        for column, word in faults.get(number, {}).items():
            if (at := column - first) >= 0:  # what stands beside the table is no part of it
                texts += [None] * (at + 1 - len(texts))
                texts[at] = word
        yield texts


def _faults(path: Path) -> dict[int, dict[int, str]]:
    """The cells without a value that are not empty, by row and column from 0, each with its word."""
    with zipfile.ZipFile(path) as book:
        name = _first_sheet(book)
        with book.open(name) as stream:
            before = b""
            while piece := stream.read(_PIECE):
                if _SUSPECT.search(before + piece):
                    break
                before = piece[-40:]
            else:
                return {}
        reader = _Formulas()
        with book.open(name) as stream:
            reader.parser.ParseFile(stream)
    return reader.found


def _first_sheet(book: zipfile.ZipFile) -> str:
    """The part of the package with the first sheet."""
    (workbook,) = (target for kind, target in _links(book, "").values() if kind == "officeDocument")
    sheets: list[str] = []

    def opened(name: str, attributes: dict[str, str]) -> None:
        if name.endswith(" sheet"):
            sheets.extend(value for key, value in attributes.items() if key.endswith(" id"))

    parser = expat.ParserCreate(namespace_separator=" ")
    parser.StartElementHandler = opened
    parser.Parse(book.read(workbook), True)
    return _links(book, workbook)[sheets[0]][1]


def _links(book: zipfile.ZipFile, part: str) -> dict[str, tuple[str, str]]:
    """The parts to which a part leads, by their ids, with their kinds."""
    folder, name = posixpath.split(part)
    found: dict[str, tuple[str, str]] = {}

    def opened(name: str, attributes: dict[str, str]) -> None:
        if name.endswith(" Relationship"):
            target = posixpath.normpath(posixpath.join("/", folder, attributes["Target"])).lstrip("/")
            found[attributes["Id"]] = attributes["Type"].rpartition("/")[2], target

    parser = expat.ParserCreate(namespace_separator=" ")
    parser.StartElementHandler = opened
    parser.Parse(book.read(posixpath.join(folder, "_rels", f"{name}.rels")), True)
    return found


class _Formulas:
    """Reads a sheet for cells with an error, and for formulas without a value."""

    def __init__(self) -> None:
        self.found: dict[int, dict[int, str]] = {}
        self.parser = expat.ParserCreate(namespace_separator=" ")
        self.parser.StartElementHandler = self._opened
        self.parser.EndElementHandler = self._closed
        self.parser.CharacterDataHandler = self._said
        self._row, self._column, self._kind = -1, -1, ""
        self._formula, self._value, self._inside = False, "", False

    def _opened(self, name: str, attributes: dict[str, str]) -> None:
        tag = name.rpartition(" ")[2]
        if tag == "row":
            self._row, self._column = int(attributes.get("r", self._row + 2)) - 1, -1
        elif tag == "c":
            place = _ADDRESS(attributes.get("r", ""))
            self._column = _number(place[1]) if place else self._column + 1
            self._kind, self._formula, self._value = attributes.get("t", "n"), False, ""
        elif tag == "f":
            self._formula = True
        self._inside = tag == "v"

    def _said(self, text: str) -> None:
        if self._inside:
            self._value += text

    def _closed(self, name: str) -> None:
        self._inside = False
        if name.rpartition(" ")[2] != "c":
            return
        if self._kind == "e":
            self._tell(self._value or NOT_COMPUTED)
        elif self._formula and not self._value and self._kind != "str":  # a formula may come to an empty text
            self._tell(NOT_COMPUTED)

    def _tell(self, word: str) -> None:
        self.found.setdefault(self._row, {})[self._column] = word


def _number(letters: str) -> int:
    """The place of a column from 0: A is 0, AA is 26."""
    found = 0
    for letter in letters:
        found = found * 26 + ord(letter) - 64
    return found - 1


def _cell(value: Any) -> str | None:
    """A cell of a spreadsheet as it was typed: numbers by their shortest digits, days as yyyy-mm-dd."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float | int):
        if abs(value) >= _EXACT:
            return repr(float(value))  # digits are lost already: the exponent shows it to whoever reads the cell
        return str(int(value)) if float(value).is_integer() else format(Decimal(repr(value)), "f")
    if isinstance(value, datetime):
        return value.isoformat().removesuffix("T00:00:00")
    if isinstance(value, date):
        return value.isoformat()
    return str(value) or None
