"""Kinds: what a value is, in which unit, how exact and how wide.

Every number in a ladder is an integer at a scale known when the file is read (``1234`` at scale 2 is 12.34), and
carries the lowest and highest value it can take. Widths therefore come out by interval arithmetic, and an expression
that could overflow or lose a digit is refused at reading, never at running.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

#: A unit is a product of named units with powers: ``(("CNY", 1), ("parcel", -1))`` is yuan a parcel; ``()`` is pure.
Unit = tuple[tuple[str, int], ...]

PURE: Unit = ()
CNY: Unit = (("CNY", 1),)
USD: Unit = (("USD", 1),)

#: Decimal digits that every engine can carry exactly (DECIMAL(38) of the SQL engines sets it).
MOST_DIGITS = 38
#: Highest sum of money a single fact may hold, in fen: 999,999,999,999.99 yuan.
MOST_FEN = 10**14 - 1


class KindError(Exception):
    """Two kinds that do not go together, or a value that would not fit; says so in both languages."""

    def __init__(self, zh: str, en: str) -> None:
        super().__init__(en)
        self.zh, self.en = zh, en


def times_unit(a: Unit, b: Unit, sign: int = 1) -> Unit:
    """The unit of a product (``sign=1``) or quotient (``sign=-1``)."""
    powers = dict(a)
    for name, power in b:
        powers[name] = powers.get(name, 0) + sign * power
    return tuple(sorted((name, power) for name, power in powers.items() if power))


def unit_text(unit: Unit) -> str:
    """A unit as a reader writes it: ``CNY/parcel``; a pure number gives an empty text."""
    above = [name if power == 1 else f"{name}^{power}" for name, power in unit if power > 0]
    below = [name if power == -1 else f"{name}^{-power}" for name, power in unit if power < 0]
    return "*".join(above) + ("/" + "/".join(below) if below else "")


@dataclass(frozen=True, slots=True)
class Number:
    """A number: unit, decimals (``scale``), and the lowest and highest scaled integer it can be."""

    unit: Unit
    scale: int
    low: int
    high: int

    @property
    def digits(self) -> int:
        """Decimal digits needed to hold any value of this kind."""
        return max(len(str(abs(self.low))), len(str(abs(self.high))), self.scale + 1)

    @property
    def text(self) -> str:
        """Short name for messages: ``CNY with 2 decimals``."""
        return f"{unit_text(self.unit) or 'number'} with {self.scale} decimals"


@dataclass(frozen=True, slots=True)
class YesNo:
    """Yes or no (是/否)."""

    text = "yes/no"


@dataclass(frozen=True, slots=True)
class Date:
    """A day, as its proleptic ordinal."""

    text = "date"


@dataclass(frozen=True, slots=True)
class Month:
    """A calendar month, as ``year * 12 + month - 1``."""

    text = "month"


@dataclass(frozen=True, slots=True)
class Choice:
    """One of a closed list of words (``values``); an open list, filled by a guide or a place, is empty until then."""

    values: tuple[str, ...]
    open: bool = False

    @property
    def text(self) -> str:
        return "one of " + ", ".join(self.values)


@dataclass(frozen=True, slots=True)
class Some:
    """A set of values of one choice, written in the programme or filled by a guide."""

    of: Choice

    @property
    def text(self) -> str:
        return "some of " + ", ".join(self.of.values)


@dataclass(frozen=True, slots=True)
class Code:
    """An identifier, always text. ``form`` names its check (uscc, invoice, sha256, industry), if any."""

    form: str

    @property
    def text(self) -> str:
        return f"code ({self.form})"


@dataclass(frozen=True, slots=True)
class Division:
    """A division of the country by its code of 6, 9 or 12 digits; ``level`` is the finest level asked for."""

    level: str

    @property
    def text(self) -> str:
        return f"division ({self.level})"


@dataclass(frozen=True, slots=True)
class Rows:
    """A list of records. ``most`` bounds its length: the width of every sum over it depends on that."""

    columns: tuple[tuple[str, Kind], ...]
    most: int
    key: tuple[str, ...] = ()
    reverses: str = ""
    optional: frozenset[str] = field(default_factory=frozenset)
    text = "rows"

    def column(self, name: str) -> Kind | None:
        """The kind of a column, or None when there is none of that name."""
        return next((kind for column, kind in self.columns if column == name), None)


Kind = Number | YesNo | Date | Month | Choice | Some | Code | Division | Rows

YES_NO, DATE, MONTH = YesNo(), Date(), Month()


def some_value(kind: Kind) -> int | str | bool | frozenset[str]:
    """One value of a kind, where it is only asked what else is unknown: of a number the highest."""
    if isinstance(kind, Number):
        return kind.high
    if isinstance(kind, Some):
        return frozenset(kind.of.values)
    if isinstance(kind, YesNo):
        return True
    if isinstance(kind, Date):
        return date(2000, 1, 1).toordinal()
    if isinstance(kind, Month):
        return 2000 * 12
    return next(iter(kind.values), "") if isinstance(kind, Choice) else ""


def money(unit: Unit = CNY, *, signed: bool = False, low: int | None = None, high: int | None = None) -> Number:
    """Money exact to the fen (or cent); not negative unless ``signed``; bounds in fen."""
    top = MOST_FEN if high is None else high
    return Number(unit, 2, (-MOST_FEN if signed else 0) if low is None else low, top)


def integer(low: int = 0, high: int = 10**12, unit: Unit = PURE) -> Number:
    """A whole number."""
    return Number(unit, 0, low, high)


def exactly(value: int, scale: int, unit: Unit = PURE) -> Number:
    """The kind of a figure that is written in the text: it can be only itself."""
    return Number(unit, scale, value, value)


def fits(kind: Number) -> Number:
    """The kind itself, or KindError when it needs more digits than the engines carry exactly."""
    if kind.digits > MOST_DIGITS:
        raise KindError(
            f"结果可能有 {kind.digits} 位数字，超过可精确计算的 {MOST_DIGITS} 位",
            f"the result may need {kind.digits} digits, more than the {MOST_DIGITS} that can be computed exactly",
        )
    return kind


def rescaled(kind: Number, scale: int) -> Number:
    """The same numbers with more decimals; losing a decimal is not possible here."""
    by = 10 ** (scale - kind.scale)
    return fits(Number(kind.unit, scale, kind.low * by, kind.high * by))


def sum_kind(a: Number, b: Number) -> Number:
    """The kind of ``a + b``; both stand at one scale and in one unit."""
    same(a, b)
    return fits(Number(a.unit, a.scale, a.low + b.low, a.high + b.high))


def difference_kind(a: Number, b: Number) -> Number:
    """The kind of ``a - b``."""
    same(a, b)
    return fits(Number(a.unit, a.scale, a.low - b.high, a.high - b.low))


def product_kind(a: Number, b: Number) -> Number:
    """The kind of ``a * b``: scales add, units multiply."""
    corners = (a.low * b.low, a.low * b.high, a.high * b.low, a.high * b.high)
    return fits(Number(times_unit(a.unit, b.unit), a.scale + b.scale, min(corners), max(corners)))


def hull(kinds: list[Number]) -> Number:
    """The narrowest kind that holds every one of several (one unit, one scale)."""
    for kind in kinds[1:]:
        same(kinds[0], kind)
    return Number(kinds[0].unit, kinds[0].scale, min(k.low for k in kinds), max(k.high for k in kinds))


def same(a: Number, b: Number) -> None:
    """Refuse to mix units: yuan with dollars, money with counts."""
    if a.unit != b.unit:
        one, other = unit_text(a.unit) or "1", unit_text(b.unit) or "1"
        raise KindError(f"单位不同：{one} 与 {other}", f"units differ: {one} and {other}")
