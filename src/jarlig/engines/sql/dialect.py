"""The spellings in which DuckDB and Spark differ; everything else that is printed is the same text for both.

Numbers are whole numbers at the scale of their kind: BIGINT where the bounds of the kind prove that 63 bits hold them,
otherwise the engine's widest exact type. Nothing is ever a DOUBLE, and nothing is divided but by ``//`` or ``div``.
Months are kept as they are written: their texts compare as months do, and equal ones stay one entry of a dictionary.
"""

from __future__ import annotations

from typing import Protocol

#: The highest whole number of a BIGINT.
MOST_BIGINT = 2**63 - 1


class Dialect(Protocol):
    """How an engine spells what the printed ladders need."""

    name: str
    #: The type of whole numbers beyond 63 bits, exact to 38 digits.
    wide: str
    text: str

    def ident(self, name: str) -> str:
        """A quoted name."""

    def literal(self, text: str) -> str:
        """A quoted text."""

    def quotient(self, value: str, by: str, wide: bool = False) -> str:
        """The whole quotient of two numbers that are not negative, which is ``wide`` or not."""

    def half_up(self, value: str, unit: int, wide: bool) -> str:
        """A number in whole units of a power of ten, a tie going away from zero; ``value`` is cheap to repeat."""

    def matches(self, value: str, pattern: str) -> str:
        """Whether the whole of a text matches a regular expression."""

    def try_cast(self, value: str, to: str) -> str:
        """A cast that gives NULL where the text is no such value."""

    def months_before(self, day: str, months: int) -> str:
        """The same day so many months earlier, at most the last of its month."""

    def day_after(self, day: str) -> str:
        """The next day."""

    def yuan(self, fen: str, digits: int, most: int = 0) -> str:
        """Fen as yuan with two decimals, in a DECIMAL of so many digits; at most ``most`` fen, where given."""

    def hashed(self, values: list[str]) -> str:
        """A 64-bit hash of several values, the same for equal ones."""

    def hex_number(self, text: str) -> str:
        """The first 60 bits of the MD5 of a text, as a whole number."""


class DuckDB:
    """DuckDB 2: HUGEINT for what is wide, ``//`` cuts toward zero, RE2 expressions."""

    name, wide, text = "duckdb", "HUGEINT", "VARCHAR"

    def ident(self, name: str) -> str:
        return '"' + name.replace('"', '""') + '"'

    def literal(self, text: str) -> str:
        return "'" + text.replace("'", "''") + "'"

    def quotient(self, value: str, by: str, wide: bool = False) -> str:
        return f"({value} // {by})"

    def half_up(self, value: str, unit: int, wide: bool) -> str:
        half = f"{value} % {unit}"
        return (
            f"({value} // {unit} + CASE WHEN ({half}) * 2 >= {unit} THEN 1 WHEN ({half}) * 2 <= -{unit} THEN -1 "
            f"ELSE 0 END)"
        )

    def matches(self, value: str, pattern: str) -> str:
        return f"regexp_full_match({value}, {self.literal(pattern)})"

    def try_cast(self, value: str, to: str) -> str:
        return f"TRY_CAST({value} AS {to})"

    def months_before(self, day: str, months: int) -> str:
        return f"CAST({day} - INTERVAL {months} MONTH AS DATE)"

    def day_after(self, day: str) -> str:
        return f"({day} + 1)"

    def yuan(self, fen: str, digits: int, most: int = 0) -> str:
        # 16 digits by 2 are a product that 63 bits hold, which is then not looked at again
        narrow = 16 if digits == 18 and 0 < most < 10**16 else digits
        return f"CAST(CAST({fen} AS DECIMAL({narrow},0)) * CAST(0.01 AS DECIMAL(2,2)) AS DECIMAL({digits},2))"

    def hashed(self, values: list[str]) -> str:
        return f"hash({', '.join(values)})"

    def hex_number(self, text: str) -> str:
        return f"CAST(md5_number_upper({text}) >> 4 AS BIGINT)"


class Spark:
    """Spark SQL with ANSI on: DECIMAL(38,0) for what is wide, Java expressions, ``div`` for BIGINT only."""

    name, wide, text = "spark", "DECIMAL(38,0)", "STRING"

    def ident(self, name: str) -> str:
        return "`" + name.replace("`", "``") + "`"

    def literal(self, text: str) -> str:
        return "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'"

    def quotient(self, value: str, by: str, wide: bool = False) -> str:
        if not wide:
            return f"({value} div {by})"
        # beyond 63 bits `div` is silently another number: long division by hand, thirteen digits at a time
        many, rest = f"CAST({value} AS DECIMAL(38,0))", "0"
        by, shift, digits = f"CAST({by} AS DECIMAL(38,0))", _whole(10**13), list[str]()
        for place in (10**26, 10**13, 1):
            lower = many if not digits else f"({many} % {_whole(place * 10**13)})"
            digit = f"({lower} div {_whole(place)})"
            part = f"(CAST({rest} AS DECIMAL(38,0)) * {shift} + {digit})"
            digits.append(f"CAST({part} div {by} AS DECIMAL(38,0)) * {_whole(place)}")
            rest = f"({part} % {by})"
        return f"CAST({' + '.join(digits)} AS DECIMAL(38,0))"

    def half_up(self, value: str, unit: int, wide: bool) -> str:
        if wide:  # `div` gives a BIGINT whatever it divides; a product with 0.01 and one rounding is exact
            digits = len(str(unit)) - 1
            tiny = f"CAST(0.{'1'.rjust(digits, '0')} AS DECIMAL({digits},{digits}))"
            return f"CAST(round(CAST({value} AS DECIMAL(38,0)) * {tiny}, 0) AS DECIMAL(38,0))"
        half = f"{value} % {unit}"
        return (
            f"({value} div {unit} + CASE WHEN ({half}) * 2 >= {unit} THEN 1 WHEN ({half}) * 2 <= -{unit} THEN -1 "
            f"ELSE 0 END)"
        )

    def matches(self, value: str, pattern: str) -> str:
        whole = self.literal("^(?:" + pattern + ")\\z")
        return f"({value} RLIKE {whole})"

    def try_cast(self, value: str, to: str) -> str:
        return f"try_cast({value} AS {to})"

    def months_before(self, day: str, months: int) -> str:
        return f"add_months({day}, -{months})"

    def day_after(self, day: str) -> str:
        return f"date_add({day}, 1)"

    def yuan(self, fen: str, digits: int, most: int = 0) -> str:
        return f"CAST(CAST({fen} AS DECIMAL({digits},0)) * CAST(0.01 AS DECIMAL(2,2)) AS DECIMAL({digits},2))"

    def hashed(self, values: list[str]) -> str:
        return f"xxhash64({', '.join(values)})"

    def hex_number(self, text: str) -> str:
        return f"CAST(conv(substr(md5({text}), 1, 15), 16, 10) AS BIGINT)"


def _whole(value: int) -> str:
    """A whole number in a DECIMAL of just its digits, as Spark writes it."""
    return f"CAST({value} AS DECIMAL({len(str(value))},0))"
