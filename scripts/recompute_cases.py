"""Recompute the figures of worked cases by plain arithmetic, sharing no code with the engine.

    python scripts/recompute_cases.py PROGRAMME_FOLDER...

Every sum that a case in ``cases/*.yaml`` expects must be given again under ``recompute``: numbers (``25_000_000``,
``0.3``, ``20%``), ``+ - * /``, brackets, ``min max floor ceil half_up``. ``half_up(x)`` rounds to the fen, a half away
from zero. All numbers are fractions, so the result must be exactly the sum expected. Ends with 1 and the list of
what differs.
"""

from __future__ import annotations

import math
import re
import sys
from collections.abc import Callable, Iterator
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

import yaml

FIGURES = ("formula_amount", "amount", "low", "high")
TOKEN = re.compile(r"\s*(?:(\d[\d_]*(?:\.\d+)?%?)|([a-z_]+)|(\S))")
MOST_CHARACTERS = 2_000
MOST_DEPTH = 50


class Unreadable(ValueError):
    """A text that is not plain arithmetic."""


def half_up(value: Fraction) -> Fraction:
    """The value rounded to the fen, a half away from zero."""
    fen = math.floor(abs(value) * 100 + Fraction(1, 2))
    return Fraction(fen if value >= 0 else -fen, 100)


FUNCTIONS: dict[str, Callable[..., Fraction]] = {
    "min": min,
    "max": max,
    "floor": lambda value: Fraction(math.floor(value)),
    "ceil": lambda value: Fraction(math.ceil(value)),
    "half_up": half_up,
}
ONE_ARGUMENT = ("floor", "ceil", "half_up")


def number(text: str) -> Fraction:
    """A number as written: ``25_000_000``, ``0.3``, ``20%``."""
    plain = text.replace("_", "")
    return Fraction(plain[:-1]) / 100 if plain.endswith("%") else Fraction(plain)


class Arithmetic:
    """Reads a sum from left to right: products before sums, brackets first."""

    def __init__(self, text: str) -> None:
        if len(text) > MOST_CHARACTERS:
            raise Unreadable("too long")
        self.tokens = [match.groups("") for match in TOKEN.finditer(text)] + [("", "", "")]
        self.at = self.depth = 0

    def value(self) -> Fraction:
        """The value of the whole text."""
        total = self.total()
        if any(self.tokens[self.at]):
            raise Unreadable(f"cannot read on at “{''.join(self.tokens[self.at])}”")
        return total

    def take(self, signs: str) -> str:
        """The next sign when it is one of these, else nothing."""
        sign = self.tokens[self.at][2]
        if not sign or sign not in signs:
            return ""
        self.at += 1
        return sign

    def need(self, sign: str) -> None:
        """The next sign must be this one."""
        if not self.take(sign):
            raise Unreadable(f"“{sign}” is missing")

    def total(self) -> Fraction:
        """Products, added and subtracted."""
        self.depth += 1
        if self.depth > MOST_DEPTH:
            raise Unreadable("too many brackets")
        value = self.product()
        while sign := self.take("+-"):
            other = self.product()
            value = value + other if sign == "+" else value - other
        self.depth -= 1
        return value

    def product(self) -> Fraction:
        """Factors, multiplied and divided."""
        value = self.factor()
        while sign := self.take("*/"):
            other = self.factor()
            if sign == "/" and not other:
                raise Unreadable("division by zero")
            value = value * other if sign == "*" else value / other
        return value

    def factor(self) -> Fraction:
        """A number, a bracket, a function, or any of them with a minus before it."""
        if self.take("-"):
            return -self.factor()
        if self.take("("):
            value = self.total()
            self.need(")")
            return value
        digits, name, other = self.tokens[self.at]
        self.at += 1
        if digits:
            return number(digits)
        if name in FUNCTIONS:
            return FUNCTIONS[name](*self.arguments(name))
        raise Unreadable(f"a number is needed, not “{name or other or 'the end'}”")

    def arguments(self, name: str) -> list[Fraction]:
        """The values in the brackets of a function."""
        self.need("(")
        values = [self.total()]
        while self.take(","):
            values.append(self.total())
        self.need(")")
        if (name in ONE_ARGUMENT) != (len(values) == 1):
            raise Unreadable(f"{name} takes {'one value' if name in ONE_ARGUMENT else 'several values'}")
        return values


def compute(text: str) -> Fraction:
    """The value of plain arithmetic.

    Raises:
        Unreadable: when it is not.
    """
    return Arithmetic(text).value()


def shown(value: Fraction) -> str:
    """The value as a decimal where it is one, else as a fraction."""
    million = value * 1_000_000
    return f"{Decimal(million.numerator).scaleb(-6).normalize():f}" if million.denominator == 1 else str(value)


def differences(case: dict[str, Any]) -> Iterator[str]:
    """What is wrong with one case."""
    expect, recompute = case.get("expect") or {}, case.get("recompute") or {}
    stated = {name: expect[name] for name in FIGURES if name in expect and expect[name] != "none"}
    for name in recompute.keys() - stated.keys():
        yield f"{name} is recomputed but not expected"
    for name, text in stated.items():
        if name not in recompute:
            yield f"{name} has no recompute"
            continue
        try:
            want, got = number(text), compute(recompute[name])
        except ValueError as error:
            yield f"{name}: “{recompute[name]}”: {error}"
            continue
        if want != got:
            yield f"{name}: expected {text}, but {recompute[name]} = {shown(got)}"


def check(folder: Path) -> Iterator[str]:
    """What is wrong with the cases of a programme folder."""
    for path in sorted((folder / "cases").glob("*.yaml")):
        for case in yaml.load(path.read_text("utf-8"), yaml.BaseLoader) or []:
            for difference in differences(case):
                yield f"{path.relative_to(folder)}: {case.get('case', '?')}: {difference}"


def main(arguments: list[str]) -> int:
    """Check every folder named; 1 when anything differs."""
    if not arguments:
        sys.stderr.write(f"{__doc__}\n")
        return 2
    found = [line for folder in arguments for line in check(Path(folder))]
    for line in found:
        sys.stdout.write(line + "\n")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
