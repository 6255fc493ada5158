"""What is known of products and quotients of free values holds for every pair of values."""

from __future__ import annotations

from typing import Any

import z3
from hypothesis import given, settings, strategies as st

from jarlig.engines.exact.meaning import meaning
from jarlig.engines.proof.encode import Encoder
from jarlig.engines.proof.judge import NEVER, Judge
from jarlig.engines.proof.products import MOST_STEPS
from jarlig.engines.proof.terms import Term
from jarlig.engines.proof.world import World
from jarlig.ladder import build, nodes as n
from jarlig.ladder.kinds import Number, integer
from jarlig.ladder.steps import Ladder, Step, Words

WORDS = Words("", "")
WIDE = integer(-(10**6), 10**6)


class Pair:
    """One node in two cases side by side that differ in both facts."""

    def __init__(self, node: n.Node) -> None:
        award = Step("award", "award", n.StepRef("formula", node.kind), WORDS)
        steps = (Step("formula", "formula", node, WORDS), award)
        self.world = World()
        self.one = Encoder(Ladder("o", "award", steps, (), "formula", "award"), self.world)
        self.first = self.one.step("formula").value
        self.side = World(self.world)
        self.more = {name: Term(self.side.integer(name, WIDE.low, WIDE.high)) for name in ("a", "b")}
        self.second = self.one.beside(self.side, facts=self.more).step("formula").value

    def holds(self, values: tuple[int, int, int, int], results: tuple[int, int]) -> bool:
        """Whether the bounds alone allow these values with these results."""
        a, b, c, d = values
        facts = [self.world.facts[name].term.value for name in ("a", "b")]
        solver = z3.Solver()
        solver.add(*self.side.given, facts[0] == a, facts[1] == b, self.more["a"].value == c,
                   self.more["b"].value == d, self.first == results[0], self.second == results[1])  # fmt: skip
        return bool(solver.check() == z3.sat)


def facts(kind: Number = WIDE) -> tuple[n.Fact, n.Fact]:
    return n.Fact("a", kind), n.Fact("b", kind)


numbers = st.integers(-(10**6), 10**6)
small = st.integers(-20, 20)


@settings(max_examples=60)
@given(st.tuples(numbers, numbers, numbers, numbers) | st.tuples(small, small, small, small))
def test_the_bounds_of_products_allow_every_true_pair(values: tuple[int, int, int, int]) -> None:
    a, b, c, d = values
    assert Pair(build.multiply(*facts())).holds(values, (a * b, c * d))


@settings(max_examples=60)
@given(st.tuples(small, small, small, small), st.sampled_from(["full", "started"]))
def test_the_bounds_of_steps_allow_every_true_pair(values: tuple[int, int, int, int], how: str) -> None:
    node = n.Steps(*facts(), how, 3, integer(0, 10**6))
    count = meaning(node)
    a, b, c, d = values
    assert Pair(node).holds(values, (count(a, b), count(c, d)))


def proved(node: n.Node, *given_: Any, query: Any) -> bool:
    """Whether something is proved of a node without working a product out."""
    pair = Pair(node)
    world = World(pair.side)
    a, b = (pair.world.facts[name].term.value for name in ("a", "b"))
    c, d = pair.more["a"].value, pair.more["b"].value
    world.hold(*(one(a, b, c, d) for one in given_))
    world.own_exact, pair.side.own_exact, pair.world.own_exact = [], [], []
    return Judge().ask(world, query(pair.first, pair.second)).found == NEVER


def test_more_of_both_factors_above_zero_gives_no_less() -> None:
    node = build.multiply(*facts(integer(0, 10**6)))
    assert proved(node, lambda a, b, c, d: a <= c, lambda a, b, c, d: b <= d, query=lambda p, q: p > q)
    assert not proved(node, lambda a, b, c, d: a <= c, query=lambda p, q: p > q)


def test_more_of_one_factor_gives_more_or_less_by_the_sign_of_the_other() -> None:
    node = build.multiply(*facts())
    same = lambda a, b, c, d: b == d  # noqa: E731
    assert proved(node, same, lambda a, b, c, d: a <= c, lambda a, b, c, d: b >= 0, query=lambda p, q: p > q)
    assert proved(node, same, lambda a, b, c, d: a <= c, lambda a, b, c, d: b <= 0, query=lambda p, q: p < q)
    assert not proved(node, same, lambda a, b, c, d: a <= c, query=lambda p, q: p > q)


def test_a_product_lies_within_the_corners_of_its_factors() -> None:
    node = build.multiply(*facts(integer(2, 100)))
    assert proved(node, query=lambda p, q: p < 4)
    assert proved(node, query=lambda p, q: p > 10_000)


def test_a_larger_number_or_a_smaller_step_counts_no_less() -> None:
    node = n.Steps(*facts(integer(0, 10**6)), "full", 0, integer(0, 10**6))
    larger, smaller, some = (lambda a, b, c, d: a <= c), (lambda a, b, c, d: b >= d), (lambda a, b, c, d: d > 0)
    assert proved(node, larger, smaller, some, query=lambda p, q: p > q)
    assert not proved(node, larger, some, query=lambda p, q: p > q)


def test_few_steps_are_exact_without_a_product() -> None:
    node = n.Steps(*facts(integer(0, 10**6)), "started", 0, integer(0, 10**6))
    for times in (1, 2, MOST_STEPS - 1):
        held = (lambda a, b, c, d: b > 0, lambda a, b, c, d, times=times: a == times * b)
        assert proved(node, *held, query=lambda p, q, times=times: p != times)
