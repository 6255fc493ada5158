"""Terms: what a node stands for when its facts are free, and the logic over them.

A term is worked out at once where it is written in the programme and becomes a constraint only where a fact is in it.
``known`` says when the value is known at all, ``none`` when it is the known value "there is none". Numbers, days and
months are integers as in every engine; texts are numbered; a division is its code as a number.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

import z3

from jarlig.ladder.numbers import half_up


class Term(NamedTuple):
    """A value, whether it is known, and whether it is "none"; each a plain value or a constraint."""

    value: Any
    known: Any = True
    none: Any = False


#: Nothing is known.
UNKNOWN = Term(0, False)


def is_plain(value: Any) -> bool:
    """Whether a value is worked out, not a constraint."""
    return not isinstance(value, z3.ExprRef)


def both(*items: Any) -> Any:
    """Every one holds."""
    free = []
    for item in items:
        if item is False:
            return False
        if item is not True:
            free.append(item)
    return True if not free else free[0] if len(free) == 1 else z3.And(*free)


def either(*items: Any) -> Any:
    """At least one holds."""
    free = []
    for item in items:
        if item is True:
            return True
        if item is not False:
            free.append(item)
    return False if not free else free[0] if len(free) == 1 else z3.Or(*free)


def negated(item: Any) -> Any:
    """It does not hold."""
    return not item if isinstance(item, bool) else z3.Not(item)


def implied(condition: Any, then: Any) -> Any:
    """Where the one holds the other does."""
    return either(negated(condition), then)


def chosen(condition: Any, then: Any, other: Any) -> Any:
    """One value where the condition holds, another where it does not."""
    if condition is True or then is other:
        return then
    if condition is False:
        return other
    if is_plain(then) and is_plain(other):
        if isinstance(then, bool):
            return condition if then and not other else negated(condition) if other and not then else then
        if then == other:
            return then
        return z3.If(condition, z3.IntVal(then), z3.IntVal(other))
    return z3.If(condition, then, other)


def equal(one: Any, other: Any) -> Any:
    """Two values are the same."""
    return one == other


def compared(op: str, one: Any, other: Any) -> Any:
    """Two numbers compared by a sign of the language."""
    return _TESTS[op](one, other)


_TESTS: dict[str, Callable[[Any, Any], Any]] = {
    "=": lambda a, b: a == b,
    "!=": lambda a, b: a != b,
    "<": lambda a, b: a < b,
    "<=": lambda a, b: a <= b,
    ">": lambda a, b: a > b,
    ">=": lambda a, b: a >= b,
}


def least(one: Any, other: Any) -> Any:
    """The lower of two numbers."""
    if is_plain(one) and is_plain(other):
        return min(one, other)
    return z3.If(one <= other, one, other)


def greatest(one: Any, other: Any) -> Any:
    """The higher of two numbers."""
    if is_plain(one) and is_plain(other):
        return max(one, other)
    return z3.If(one >= other, one, other)


def rounded(value: Any, unit: int, low: int) -> Any:
    """Half-up to whole units as integer arithmetic; ``low`` is the lowest the value can be.

    Division floors, so a number below zero is rounded by its size: a tie goes away from zero on both sides.
    """
    if is_plain(value):
        return half_up(value, unit)
    up = (2 * value + unit) / (2 * unit)
    return up if low >= 0 else z3.If(value >= 0, up, -((unit - 2 * value) / (2 * unit)))


def every(items: list[Term]) -> Term:
    """Kleene's and over yes/no terms."""
    false = [both(item.known, negated(item.value)) for item in items if item.known is not True]
    sure = [negated(item.value) for item in items if item.known is True]
    known = either(both(*(item.known for item in items)), *false, *(sure if false else ()))
    return Term(both(*(item.value for item in items)), known)


def some(items: list[Term]) -> Term:
    """Kleene's or over yes/no terms."""
    turned = every([Term(negated(item.value), item.known) for item in items])
    return Term(negated(turned.value), turned.known)


def holds(term: Term) -> Any:
    """The condition is known and true."""
    return both(term.known, term.value)


def fails(term: Term) -> Any:
    """The condition is known and false."""
    return both(term.known, negated(term.value))
