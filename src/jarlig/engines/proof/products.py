"""Products and quotients of two free values: what is known of them without working them out.

A solver decides sums of free values for certain, products of them only sometimes. So a product is a value of its own
that lies within its bounds and moves with its factors; that is often enough for a proof. Where it is not, the product
itself is asked for (``World.exact``), and a solver that cannot tell in time says so.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from jarlig.engines.exact.meaning import meaning
from jarlig.engines.proof.terms import both, chosen, implied, is_plain
from jarlig.ladder import nodes as n
from jarlig.ladder.kinds import Number

if TYPE_CHECKING:
    from jarlig.engines.proof.encode import Encoder
    from jarlig.engines.proof.world import World

#: A factor with no more values than this is told apart value by value.
MOST_VALUES = 24
#: So many steps are counted one by one; of more it is only known that more gives more.
MOST_STEPS = 12


class _Made(NamedTuple):
    world: World
    one: Any
    other: Any
    value: Any


class Products:
    """The products and quotients of a ladder, in every case that is set beside it."""

    def __init__(self, root: Encoder) -> None:
        self.root = root
        self._made: dict[tuple[int, str], list[_Made]] = {}

    def product(self, encoder: Encoder, node: n.Node, one: Any, other: Any) -> Any:
        """One times the other; the kinds of the node's children bound them."""
        if is_plain(one) or is_plain(other):
            return one * other
        a, b = _bounds(node)
        for value, (low, high), by in ((one, a, other), (other, b, one)):
            if high - low < MOST_VALUES:
                return _told_apart(value, low, high, by)
        made = self._value(encoder, node, one, other, (a, b))
        return made

    def _value(
        self, encoder: Encoder, node: n.Node, one: Any, other: Any, bounds: tuple[tuple[int, int], tuple[int, int]]
    ) -> Any:
        known = self._known(encoder, node, "product")
        for before in known:
            if before.one.eq(one) and before.other.eq(other):
                return before.value
        world, ((a, b), (c, d)) = encoder.world, bounds
        corners = (a * c, a * d, b * c, b * d)
        value = world.integer("product", min(corners), max(corners))
        world.hold(
            value >= a * other + c * one - a * c,
            value >= b * other + d * one - b * d,
            value <= b * other + c * one - b * c,
            value <= a * other + d * one - a * d,
        )
        world.own_exact.append(value == one * other)
        for before in known:
            _side_by_side(world, before, _Made(world, one, other, value), a >= 0 and c >= 0)
        self._made[id(node), "product"].append(_Made(world, one, other, value))
        return value

    def steps(self, encoder: Encoder, node: n.Steps, of: Any, step: Any) -> Any:
        """How many times the step goes into the number."""
        started = node.how == "started"
        if is_plain(of) and is_plain(step):
            return meaning(node)(of, step)
        if is_plain(step):
            if step <= 0:
                return chosen(of <= 0, 0, node.no_step)
            return chosen(of <= 0, 0, (of + step - 1) / step if started else of / step)
        return self._quotient(encoder, node, of, step)

    def _quotient(self, encoder: Encoder, node: n.Steps, of: Any, step: Any) -> Any:
        known, world = self._known(encoder, node, "steps"), encoder.world
        count = world.integer("steps", 0, node.kind.high)
        started = node.how == "started"
        some = both(of > 0, step > 0)
        world.hold(implied(of <= 0, count == 0), implied(both(of > 0, step <= 0), count == node.no_step))
        for at in range(1, MOST_STEPS + 1):
            reached = of > (at - 1) * step if started else of >= at * step
            world.hold(implied(some, (count >= at) == reached))
        whole = both((count - 1) * step < of, of <= count * step) if started else both(
            count * step <= of, of < (count + 1) * step
        )  # fmt: skip
        world.own_exact.append(implied(some, whole))
        made = _Made(world, of, step, count)
        for before in known:
            for less, more in ((before, made), (made, before)):
                harder = both(less.one <= more.one, less.other >= more.other, more.other > 0)
                world.hold(implied(harder, less.value <= more.value))
        self._made[id(node), "steps"].append(made)
        return count

    def _known(self, encoder: Encoder, node: n.Node, what: str) -> list[_Made]:
        """What was made of the same node in the world of the encoder or one that it stands in."""
        worlds, world = [], encoder.world
        while world is not None:
            worlds.append(world)
            if world.parent is None:
                break
            world = world.parent
        return [made for made in self._made.setdefault((id(node), what), []) if made.world in worlds]


def _bounds(node: n.Node) -> tuple[tuple[int, int], tuple[int, int]]:
    """Bounds of the two factors: of a product, or of a slice and its rate where the node is a rate of slices."""
    if isinstance(node, n.Multiply):
        left, right = node.left.kind, node.right.kind
        assert isinstance(left, Number)
        assert isinstance(right, Number)
        return (left.low, left.high), (right.low, right.high)
    kind = node.kind
    assert isinstance(kind, Number)
    return (0, 10**38), (kind.low, kind.high)


def _told_apart(value: Any, low: int, high: int, by: Any) -> Any:
    found: Any = high * by
    for at in range(high - 1, low - 1, -1):
        found = chosen(value == at, at * by, found)
    return found


def _side_by_side(world: World, one: _Made, other: _Made, positive: bool) -> None:
    """More of a factor that is multiplied with no less gives no less."""
    for less, more in ((one, other), (other, one)):
        if positive:
            world.hold(implied(both(less.one <= more.one, less.other <= more.other), less.value <= more.value))
            continue
        for a, b, same, by in (
            (less.one, more.one, less.other == more.other, more.other),
            (less.other, more.other, less.one == more.one, more.one),
        ):
            world.hold(
                implied(both(a <= b, same, by >= 0), less.value <= more.value),
                implied(both(a <= b, same, by <= 0), less.value >= more.value),
            )


