"""What the solver proves of a ladder no case breaks, and what it refutes some case does."""

from __future__ import annotations

import os
import random
from typing import Any

import pytest
from tests.engines.interval.ladders import FACTS, MOST, ON, Random
from tests.engines.proof.asking import Held

from jarlig.engines.exact import Climber
from jarlig.engines.proof.encode import Encoder
from jarlig.engines.proof.judge import NEVER, SOMETIMES, Judge
from jarlig.engines.proof.terms import Term
from jarlig.engines.proof.world import Free, World
from jarlig.ladder.kinds import Number
from jarlig.ladder.nodes import Earlier, Sum
from jarlig.ladder.steps import Ladder
from jarlig.ladder.tables import Table

#: Set to 10 or more for a long search.
TIMES = int(os.environ.get("JARLIG_RANDOM_TIMES", "1"))
CASES = 60


def free(ladder: Ladder) -> tuple[World, Encoder]:
    world = World()
    for name, value in (("on", ON), ("guide_year", 2021)):
        world.facts[name] = Free(Term(value), lambda model, value=value: value)
    return world, Encoder(ladder, world)


def cases(seed: int, count: int = CASES) -> list[dict[str, Any]]:
    return [Random(seed * 1_000 + turn, wide=True).environment(turn % 5) for turn in range(count)]


def awards(ladder: Ladder, seed: int) -> list[int]:
    climber = Climber(ladder)
    found = [climber.climb(dict(env)).award for env in cases(seed)]
    return [award for award in found if award is not None]


@pytest.mark.parametrize("part", range(4))
def test_no_case_is_paid_more_than_a_bound_that_is_proved(part: int) -> None:
    proved = 0
    for seed in range(part * 15 * TIMES, (part + 1) * 15 * TIMES):
        ladder = Random(seed, wide=True).ladder(steps=1)
        world, encoder = free(ladder)
        judge, award = Judge(2), encoder.award()
        paid = awards(ladder, seed)
        for bound in {0, MOST // 2, MOST, 5 * MOST, max(paid, default=0)}:
            if judge.ask(world, encoder.eligible(), award.value > bound).found == NEVER:
                proved += 1
                assert all(one <= bound for one in paid), (seed, bound)
    assert proved


@pytest.mark.parametrize("part", range(4))
def test_a_case_that_is_paid_is_in_the_world_of_the_solver(part: int) -> None:
    for seed in range(part * 12 * TIMES, (part + 1) * 12 * TIMES):
        maker = Random(seed, wide=True)
        ladder = maker.ladder(steps=1)
        if any(isinstance(node, Earlier) and node.streak for node in ladder.nodes()):
            continue
        climber = Climber(ladder)
        for env in cases(seed, 3):
            exact = climber.climb(dict(env))
            held = Held(ladder, env)
            want = exact.award is not None and not exact.refused
            answer = Judge(5).ask(held.encoder.world, held.encoder.eligible())
            assert (answer.found == SOMETIMES) is want, seed


@pytest.mark.parametrize("part", range(3))
def test_no_pair_of_cases_breaks_a_direction_that_is_proved(part: int) -> None:
    proved = 0
    for seed in range(part * 12 * TIMES, (part + 1) * 12 * TIMES):
        maker = Random(seed, rows=False)
        ladder = maker.ladder(steps=1, depth=1)
        rng = random.Random(seed)
        for name in ("m0", "m1"):
            world, encoder = free(ladder)
            side = World(world)
            kind = FACTS[name]
            assert isinstance(kind, Number)
            more = side.integer(name, kind.low, kind.high)
            less = encoder.world.fact(name, kind).value
            side.hold(less <= more)
            other = encoder.beside(side, facts={name: Term(more)})
            query = (encoder.eligible(), other.eligible(), encoder.award().value > other.award().value)
            if Judge(2).ask(side, *query).found != NEVER:
                continue
            proved += 1
            climber = Climber(ladder)
            for env in cases(seed, 40):
                low, high = sorted(rng.randint(kind.low, kind.high) for _ in range(2))
                one, two = (climber.climb({**env, name: value}).award for value in (low, high))
                assert one is None or two is None or one <= two, (seed, name)
    assert proved


@pytest.mark.parametrize("part", range(3))
def test_no_rows_break_what_is_proved_of_one_more_row_or_of_more_in_a_row(part: int) -> None:
    proved = 0
    for seed in range(part * 14 * TIMES, (part + 1) * 14 * TIMES):
        ladder = Random(seed).ladder(steps=1, depth=1)
        if not any(isinstance(node, Sum) for node in ladder.nodes()):
            continue
        rng = random.Random(seed)
        for more in ("row", "net"):
            world, encoder = free(ladder)
            side = World(world)
            row = encoder.sums.free_columns(side, encoder.sums.group("rows"))
            terms = {name: one.term for name, one in row.items()}
            if "net" not in terms:
                continue
            if more == "row":
                side.hold(terms["net"].value >= 0)
                one, other = encoder, encoder.beside(side, rows={"rows": (terms,)})
            else:
                larger = side.integer("net", -MOST, MOST)
                side.hold(terms["net"].value <= larger)
                one = encoder.beside(side, rows={"rows": (terms,)})
                other = encoder.beside(side, rows={"rows": ({**terms, "net": Term(larger)},)})
            query = (one.eligible(), other.eligible(), one.award().value > other.award().value)
            if Judge(2).ask(side, *query).found != NEVER:
                continue
            proved += 1
            climber = Climber(ladder)
            for env in cases(seed, 30):
                less, much = _pair(rng, env["rows"], more)
                a, b = (climber.climb({**env, "rows": table}).award for table in (less, much))
                assert a is None or b is None or a <= b, (seed, more)
    assert proved


def _pair(rng: random.Random, table: Table, more: str) -> tuple[Table, Table]:
    """Two tables, the second with one more row that brings no less than nothing, or with more in its last row."""
    extra = Random(rng.randint(0, 10**6)).table(1)
    low, high = sorted(rng.randint(0 if more == "row" else -MOST // 3, MOST) for _ in range(2))
    rows = [Table({name: [*values, *(extra.columns[name] if name != "net" else [net])]
                   for name, values in table.columns.items()}, table.size + 1) for net in (low, high)]  # fmt: skip
    return (table, rows[0]) if more == "row" else (rows[0], rows[1])
