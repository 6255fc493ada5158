"""The kernel: about twenty immutable node kinds with one meaning each.

Three-valued throughout. *Unknown* (``None`` in every engine) is a value of every kind, and every node is strict in it
but for these: ``All`` is false as soon as one item is false, ``AnyOf`` true as soon as one is true, and ``Case``,
``Choose`` and ``Banded`` read only the branch that is taken. A cap never turns unknown into an amount: ``Least`` and
``Greatest`` of anything unknown are unknown. ``NONE`` is a known value ("there is none"), never the same as unknown.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, fields
from typing import Any

from jarlig.ladder.kinds import YES_NO, Kind, Number, YesNo

#: The known value "there is none" of a fact declared ``or: none``.
NONE = ""

Value = int | str | bool | frozenset[str]


@dataclass(frozen=True, slots=True)
class Literal:
    """A value written in the programme, a guide or an overlay; ``source`` says which (empty: the notice)."""

    value: Value
    kind: Kind
    source: str = ""


@dataclass(frozen=True, slots=True)
class Fact:
    """A fact of the case, or a built-in (``on``, ``at``, ``guide_year``, ``claim_year``, ``claim_month``).

    An ``optional`` fact may hold ``NONE``; where a number or date is counted with, that is unknown.
    """

    name: str
    kind: Kind
    optional: bool = False


@dataclass(frozen=True, slots=True)
class Column:
    """A column of the row at hand; legal only inside a ``Sum``. ``optional`` as for a fact."""

    name: str
    kind: Kind
    optional: bool = False


@dataclass(frozen=True, slots=True)
class StepRef:
    """The value of an earlier step of the same ladder."""

    name: str
    kind: Kind


@dataclass(frozen=True, slots=True)
class Open:
    """A term that a guide or a place has still to fill: always unknown, and the answer says who must fill it."""

    term: str
    kind: Kind
    filled_by: str


@dataclass(frozen=True, slots=True)
class Judged:
    """A value that a person decides, with a reason, inside the bounds of ``kind`` (由人裁定)."""

    name: str
    kind: Number


@dataclass(frozen=True, slots=True)
class Compare:
    """``left op right`` with op one of ``= != < <= > >=``; both sides of one kind, numbers at one scale."""

    op: str
    left: Node
    right: Node
    kind: YesNo = YES_NO


@dataclass(frozen=True, slots=True)
class All:
    """Every item holds; false if any is false, else unknown if any is unknown."""

    items: tuple[Node, ...]
    kind: YesNo = YES_NO


@dataclass(frozen=True, slots=True)
class AnyOf:
    """At least one item holds; true if any is true, else unknown if any is unknown."""

    items: tuple[Node, ...]
    kind: YesNo = YES_NO


@dataclass(frozen=True, slots=True)
class Not:
    """The opposite; unknown stays unknown."""

    item: Node
    kind: YesNo = YES_NO


@dataclass(frozen=True, slots=True)
class IsNone:
    """The value is the declared "there is none"; an unknown value leaves it unknown."""

    item: Node
    kind: YesNo = YES_NO


@dataclass(frozen=True, slots=True)
class Within:
    """The value is one of a set: a literal list, or a term filled with one."""

    item: Node
    options: Node
    kind: YesNo = YES_NO


@dataclass(frozen=True, slots=True)
class Add:
    """The sum of two numbers of one unit and scale."""

    left: Node
    right: Node
    kind: Number


@dataclass(frozen=True, slots=True)
class Subtract:
    """The difference of two numbers of one unit and scale."""

    left: Node
    right: Node
    kind: Number


@dataclass(frozen=True, slots=True)
class Multiply:
    """The product; scales add, so nothing is lost."""

    left: Node
    right: Node
    kind: Number


@dataclass(frozen=True, slots=True)
class Rescale:
    """The same number with ``by`` more decimals."""

    item: Node
    by: int
    kind: Number


@dataclass(frozen=True, slots=True)
class Rounded:
    """Half-up (away from zero on a tie) to ``kind.scale`` decimals: the only place where a digit is dropped."""

    item: Node
    kind: Number


@dataclass(frozen=True, slots=True)
class Least:
    """The lower of two numbers of one unit and scale (a cap)."""

    left: Node
    right: Node
    kind: Number


@dataclass(frozen=True, slots=True)
class Greatest:
    """The higher of two numbers of one unit and scale (a floor)."""

    left: Node
    right: Node
    kind: Number


@dataclass(frozen=True, slots=True)
class Case:
    """The value of the first branch whose condition holds; a condition that is unknown makes the whole unknown."""

    branches: tuple[tuple[Node, Node], ...]
    otherwise: Node
    kind: Kind


@dataclass(frozen=True, slots=True)
class Choose:
    """One value for each value of a choice (or for each division code)."""

    by: Node
    table: tuple[tuple[str, Node], ...]
    kind: Kind


@dataclass(frozen=True, slots=True)
class Banded:
    """A value by bands of a number or a date.

    ``edges[i]`` is ``(edge, closed)``: value ``i`` holds below the edge, and at it when ``closed``. There is one value
    more than edges.
    """

    of: Node
    edges: tuple[tuple[int, bool], ...]
    values: tuple[Node, ...]
    kind: Kind


@dataclass(frozen=True, slots=True)
class Marginal:
    """Each band's rate on the part of a number that lies in that band, added up (累进). The number is not negative."""

    of: Node
    edges: tuple[int, ...]
    rates: tuple[Node, ...]
    kind: Number


@dataclass(frozen=True, slots=True)
class Grown:
    """A value by bands of growth ``now / since - 1``, cross-multiplied so that nothing is divided.

    ``edges`` are ratios at ``edge_scale`` decimals. Growth from zero has no ratio: ``from_zero`` holds then;
    from nil to nil nothing grew.
    """

    now: Node
    since: Node
    edges: tuple[tuple[int, bool], ...]
    edge_scale: int
    values: tuple[Node, ...]
    from_zero: Node
    kind: Kind


@dataclass(frozen=True, slots=True)
class Steps:
    """How many times ``step`` goes into a number of the same unit and scale: ``full`` steps, or ``started`` ones.

    Nothing, or less, counts as none; when there is something and the step itself is not above zero, there is nothing
    to count by and ``no_step`` stands (growth from zero).
    """

    of: Node
    step: Node
    how: str
    no_step: int
    kind: Number


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a value: league of a division, year or month of a date, sector of an industry code, and the like."""

    item: Node
    part: str
    kind: Kind


@dataclass(frozen=True, slots=True)
class YearsSince:
    """Full years from one day to another; 29 February counts as 28 February in a common year. Below zero is none."""

    start: Node
    end: Node
    kind: Number


@dataclass(frozen=True, slots=True)
class Sum:
    """``value`` added up over the rows for which every condition holds. No row gives 0; rows not given are unknown.

    A condition known to be false drops the row whatever else is unknown; one that is unknown, or an unknown value on
    a row that counts, makes the sum unknown.
    """

    rows: str
    where: tuple[Node, ...]
    value: Node
    kind: Number


@dataclass(frozen=True, slots=True)
class Window:
    """Which earlier awards a limit counts: ``ever``, ``validity``, ``guide_year``, ``calendar_year`` or ``rolling``."""

    over: str
    months: int = 0
    first: int = 0
    last: int = 0


@dataclass(frozen=True, slots=True)
class Earlier:
    """What the history says of earlier awards to the same subject.

    How many (``awards``), how much (``amount``, fen), or how many years (``years``).
    ``subject`` gives the keys by which a history row is matched; ``streak`` turns ``years`` into a run: see
    ``jarlig.ladder.history``. ``open_years`` are the years in which a guide opened the offer.
    """

    what: str
    offers: tuple[str, ...]
    subject: tuple[tuple[str, Node], ...]
    window: Window
    kind: Number
    streak: str = ""
    closed_years_break: bool = False
    open_years: tuple[int, ...] = ()


Node = (
    Literal
    | Fact
    | Column
    | StepRef
    | Open
    | Judged
    | Compare
    | All
    | AnyOf
    | Not
    | IsNone
    | Within
    | Add
    | Subtract
    | Multiply
    | Rescale
    | Rounded
    | Least
    | Greatest
    | Case
    | Choose
    | Banded
    | Marginal
    | Grown
    | Steps
    | Part
    | YearsSince
    | Sum
    | Earlier
)


def children(node: Node) -> Iterator[Node]:
    """The nodes directly below a node, in the order in which they are written."""
    for field in fields(node):
        yield from _nodes_in(getattr(node, field.name))


def _nodes_in(value: object) -> Iterator[Node]:
    if isinstance(value, Node):
        yield value
    elif isinstance(value, tuple):
        for item in value:
            yield from _nodes_in(item)


def replaced(node: Node, other: Callable[[Node], Node | None]) -> Node:
    """The node with some of what stands in it replaced; ``other`` gives None for what stays and is looked into."""
    found = other(node)
    if found is not None:
        return found
    return type(node)(**{field.name: _replaced_in(getattr(node, field.name), other) for field in fields(node)})


def _replaced_in(value: Any, other: Callable[[Node], Node | None]) -> Any:
    if isinstance(value, Node):
        return replaced(value, other)
    if isinstance(value, tuple):
        return tuple(_replaced_in(item, other) for item in value)
    return value


def substituted(node: Node, steps: Mapping[str, Node]) -> Node:
    """The node with references to some steps replaced by what those steps are."""

    def step(one: Node) -> Node | None:
        if not isinstance(one, StepRef):
            return None
        return substituted(steps[one.name], steps) if one.name in steps else one

    return replaced(node, step)


def walk(node: Node) -> Iterator[Node]:
    """The node and everything below it, parents first."""
    yield node
    for child in children(node):
        yield from walk(child)
