"""Values of a column read in SQL: what is plainly written there is read by the engine, the rest by the one grammar.

For every kind there is a test that only what is plainly written passes (``fast``). A text that does not pass is read by
the same converter as a facts file: it gives the canonical text of the value, or the sentence that refuses it. So no
engine ever guesses, and the sentence is the same as for one case.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from jarlig.engines.sql.dialect import Dialect
from jarlig.engines.sql.printing import sql_type, written
from jarlig.engines.sql.spreadsheet import check_error, plainly, with_remedy
from jarlig.ladder.dates import day_text, month_text
from jarlig.ladder.kinds import Choice, Code, Date, Division, Kind, Month, Number, Some, YesNo
from jarlig.ladder.nodes import NONE
from jarlig.ladder.numbers import NumberError, format_scaled
from jarlig.policy.codes import check_region
from jarlig.policy.values import FIRST_DAY, LAST_DAY, converter
from jarlig.reference.uscc import ALPHABET

#: Texts that stay as they are: printable ASCII and common Chinese characters, no blank at an end, at most 200; one
#: that begins with "#" may be the error of a spreadsheet.
_PLAIN_TEXT = "[!\"$-~一-鿿](?:[ -~一-鿿]{0,198}[!-~一-鿿])?"
_PATTERNS = {
    "invoice": "(?:2[1-9]|[3-9][0-9])[0-9]{18}|[01][0-9]{11}-[0-9]{8}|[0-9]{10}-[0-9]{8}|[0-9]{8}-[0-9]{10}",
    "sha256": "[0-9a-f]{64}",
    "industry": "[0-9]{4}",
    "bank": "[0-9]{12}",
}
_USCC_WEIGHTS = (*(pow(3, at, 31) for at in range(17)), 1)
_ORGANISATION_WEIGHTS = (3, 7, 9, 10, 5, 8, 4, 2)
_ORGANISATION = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
#: A remainder of the organisation code's sum, to its check character.
_ORGANISATION_CHECKS = "0X987654321"
#: Separates the values of a set in a cell, and stands at both ends of a set as the engines keep it.
SET = ";"


@dataclass(frozen=True)
class Reader:
    """How one column of a file is read as one kind.

    ``exact`` says of which exact type the column is (``integer``, ``decimal``, ``date``, ``bool``), empty for text.
    ``region`` is that of the programme: its places and those of other provinces are taken.
    """

    dialect: Dialect
    kind: Kind
    optional: bool
    exact: str = ""
    region: str = ""

    @property
    def type(self) -> str:
        """The SQL type of the value."""
        return sql_type(self.kind, self.dialect)

    @property
    def flagged(self) -> bool:
        """Whether "none" needs a column of its own beside the value."""
        return self.optional and isinstance(self.kind, Number | Date | Month | YesNo)

    def is_direct(self) -> bool:
        """Whether the column's own type is that of the kind, so that its values are taken without a text."""
        kind = self.kind
        return (
            (self.exact in ("integer", "decimal") and isinstance(kind, Number))
            or (self.exact == "date" and isinstance(kind, Date))
            or (self.exact == "bool" and isinstance(kind, YesNo))
        )

    def text(self, x: str) -> str:
        """The raw value as the text that a facts file would hold."""
        if not self.exact:
            return x
        if self.exact == "bool":
            return f"CASE WHEN {x} THEN 'true' WHEN NOT {x} THEN 'false' END"
        return f"CAST({x} AS {self.dialect.text})"

    def fast(self, x: str) -> str:
        """SQL: the value is plainly written and within its bounds. NULL counts as fast: it is unknown."""
        if self.is_direct():
            return self._direct_bounds(x)
        test = self._canonical(self.text(x))
        if self.optional:
            test = f"({self.text(x)} = 'none' OR {test})"
        return f"coalesce({test}, {x} IS NULL)"  # no such day is as little canonical as no day

    def _direct_bounds(self, x: str) -> str:
        kind = self.kind
        if isinstance(kind, Number):
            if self.exact == "decimal":  # its decimals and a bound's may be more than any type of both holds
                return self._canonical(self.text(x))
            low, high = (format_scaled(end, kind.scale) for end in (kind.low, kind.high))
            return f"({x} BETWEEN {low} AND {high})"
        return f"({x} BETWEEN {self._day(FIRST_DAY)} AND {self._day(LAST_DAY)})" if isinstance(kind, Date) else "TRUE"

    def _day(self, day: int) -> str:
        return written(day, Date(), self.dialect)

    def _canonical(self, x: str) -> str:
        kind, matches = self.kind, self.dialect.matches
        if isinstance(kind, Number):
            part = f"(?:[.][0-9]{{1,{kind.scale}}})?" if kind.scale else ""
            if self.exact == "decimal":
                part = f"(?:[.][0-9]{{0,{kind.scale}}}0*)?"  # as many as the column has
            digits = max(1, 36 - kind.scale)
            shape = matches(x, f"-?(?:0|[1-9][0-9]{{0,{digits - 1}}}){part}")
            number = self.dialect.try_cast(x, f"DECIMAL(38,{kind.scale})")
            low, high = (format_scaled(end, kind.scale) for end in (kind.low, kind.high))
            return f"({shape} AND {number} BETWEEN {low} AND {high})"
        if isinstance(kind, Date):
            day = self.dialect.try_cast(x, "DATE")
            shape = matches(x, "[0-9]{4}-[0-9]{2}-[0-9]{2}")
            return f"({shape} AND {day} BETWEEN {self._day(FIRST_DAY)} AND {self._day(LAST_DAY)})"
        if isinstance(kind, Month):
            return matches(x, "(?:[1-9][0-9]{3}|0[1-9][0-9]{2}|00[1-9][0-9]|000[1-9])-(?:0[1-9]|1[0-2])")
        if isinstance(kind, YesNo):
            return f"({x} IN ('true', 'false'))"
        if isinstance(kind, Choice) and kind.values:
            return f"({x} IN ({', '.join(self.dialect.literal(value) for value in kind.values)}))"
        if isinstance(kind, Code):
            return self._canonical_code(x, kind.form)
        if isinstance(kind, Choice | Division | Some):
            return "FALSE"  # few values, each looked at once
        raise TypeError(kind)

    def _canonical_code(self, x: str, form: str) -> str:
        if form == "uscc":
            return self._uscc(x)
        return self.dialect.matches(x, _PATTERNS.get(form, _PLAIN_TEXT))

    def _uscc(self, x: str) -> str:
        """Both check characters (GB 32100-2015, GB 11714): the weighted sums, computed by the engine."""
        shape = self.dialect.matches(x, f"[{ALPHABET}]{{2}}[0-9]{{6}}[{ALPHABET}]{{8}}[0-9X][{ALPHABET}]")

        def weighed(alphabet: str, start: int, weights: tuple[int, ...]) -> str:
            parts = (f"(instr('{alphabet}', substr({x}, {start + at}, 1)) - 1) * {w}" for at, w in enumerate(weights))
            return "(" + " + ".join(parts) + ")"

        whole = f"{weighed(ALPHABET, 1, _USCC_WEIGHTS)} % 31 = 0"
        inner = f"{weighed(_ORGANISATION, 9, _ORGANISATION_WEIGHTS)} % 11"
        return f"({shape} AND {whole} AND substr({x}, 17, 1) = substr('{_ORGANISATION_CHECKS}', {inner} + 1, 1))"

    def value(self, x: str, canonical: str = "") -> str:
        """SQL of the typed value; ``canonical`` is the text that stands for the raw one, where that is no text."""
        kind = self.kind
        if self.is_direct() and not canonical:
            if isinstance(kind, Number):
                inner = self.type if self.exact == "integer" else self._decimal()
                return f"CAST(CAST({x} AS {inner}) * {10**kind.scale} AS {self.type})"
            return x
        text = canonical or self.text(x)
        if self.flagged:
            text = f"nullif({text}, 'none')"
        elif self.optional:
            text = f"CASE WHEN {text} = 'none' THEN '' ELSE {text} END"
        if isinstance(kind, Number):
            return f"CAST(CAST({text} AS {self._decimal()}) * {10**kind.scale} AS {self.type})"
        if isinstance(kind, Date):
            return f"CAST({text} AS DATE)"
        if isinstance(kind, YesNo):
            return f"({text} = 'true')"
        return text

    def _decimal(self) -> str:
        """A type that holds the number with its decimals, and its product with the power of ten that removes them."""
        assert isinstance(self.kind, Number)
        digits = max(self.kind.digits + 2, self.kind.scale + 1)
        return f"DECIMAL({18 if digits <= 16 else 38},{self.kind.scale})"

    def none(self, x: str, canonical: str = "") -> str:
        """SQL: the value is the known none. Only for readers that are ``flagged``."""
        return f"coalesce({canonical or self.text(x)} = 'none', FALSE)"

    def read(self, text: str) -> str:
        """The canonical text of a value, by the grammar of facts; what only a spreadsheet writes so is taken too.

        Raises:
            NumberError: with what is wrong with it.
        """
        if self.optional and text == "none":
            return text
        check_error(text)
        if isinstance(self.kind, Some):
            read = converter(self.kind.of)
            parts = sorted({read(part) for part in text.split(SET) if part})
            if text != SET and not parts:
                raise NumberError("请用“;”分隔各值", "separate the values with “;”")
            return SET + "".join(f"{part}{SET}" for part in parts)
        try:
            found = canonical_text(converter(self.kind)(plainly(text, self.kind)), self.kind)
            return check_region(found, self.region) if self.region and isinstance(self.kind, Division) else found
        except NumberError as error:
            raise with_remedy(error, text, self.kind) from error


def canonical_text(value: Any, kind: Kind) -> str:
    """The one text of a typed value."""
    if isinstance(value, str):
        return "none" if value == NONE else value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, frozenset):
        return SET + "".join(f"{part}{SET}" for part in sorted(value))
    if isinstance(kind, Date):
        return day_text(value)
    if isinstance(kind, Month):
        return month_text(value)
    assert isinstance(kind, Number)
    return format_scaled(value, kind.scale)
