"""Free facts: as wide as their kind and no wider, and read back as the very value that a model holds them to."""

from __future__ import annotations

from typing import Any

import pytest
import z3
from hypothesis import given, settings, strategies as st
from tests.engines.proof.asking import holding

from jarlig.engines.proof.places import PlaceCode
from jarlig.engines.proof.terms import chosen, compared, greatest, implied, least
from jarlig.engines.proof.world import Free, World, number, samples, truth
from jarlig.ladder.kinds import CNY, DATE, MONTH, YES_NO, Choice, Code, Division, Kind, Number, Some, integer, money
from jarlig.ladder.nodes import NONE
from jarlig.ladder.numbers import parse_date, parse_month
from jarlig.policy.codes import check_code
from jarlig.policy.facts import read_facts
from jarlig.policy.values import FIRST_DAY, LAST_DAY, convert
from jarlig.reference.divisions import divisions

CHOICE = Choice(("near", "middle", "far"))
VALUES: list[tuple[Kind, Any]] = [
    (YES_NO, True),
    (YES_NO, False),
    (money(), 0),
    (money(), 12_345),
    (money(signed=True), -7),
    (integer(3, 9), 3),
    (Number(CNY, 4, 0, 10**6), 10**6),
    (DATE, parse_date("2024-02-29")),
    (MONTH, parse_month("2023-05")),
    (CHOICE, "far"),
    (Some(CHOICE), frozenset()),
    (Some(CHOICE), frozenset(("near", "far"))),
    (Division("county"), "150221"),
    (Division("league"), "150200"),
    (Division("village"), "150221102003"),
    (Division("township"), "990101001"),
]


def solved(world: World, *query: Any) -> z3.ModelRef | None:
    solver = z3.Solver()
    solver.add(*world.given, *query)
    return solver.model() if solver.check() == z3.sat else None


@pytest.mark.parametrize(("kind", "value"), VALUES)
def test_a_fact_held_to_a_value_is_read_back_as_it(kind: Kind, value: Any) -> None:
    world = World()
    free = world.free("f", kind)
    model = solved(world, *holding(world, free, value))
    assert model is not None
    assert free.read(model) == value


@pytest.mark.parametrize(("kind", "value"), [(money(), 5), (DATE, parse_date("2022-06-06")), (CHOICE, "near")])
def test_a_fact_that_may_be_none_is_read_as_none_or_as_its_value(kind: Kind, value: Any) -> None:
    world = World()
    free = world.free("f", kind, True)
    for wanted in (value, NONE):
        model = solved(world, *holding(world, free, wanted))
        assert model is not None
        assert free.read(model) == wanted


@pytest.mark.parametrize(
    ("kind", "low", "high"),
    [
        (integer(3, 9), 3, 9),
        (money(), 0, 10**14 - 1),
        (money(signed=True), -(10**14) + 1, 10**14 - 1),
        (DATE, FIRST_DAY, LAST_DAY),
        (MONTH, 12, 9999 * 12 + 11),
    ],
)
def test_numbers_and_days_are_as_wide_as_facts_may_be(kind: Kind, low: int, high: int) -> None:
    world = World()
    value = world.free("f", kind).term.value
    assert solved(world, value < low) is None
    assert solved(world, value > high) is None
    assert solved(world, value == low) is not None
    assert solved(world, value == high) is not None


def test_a_choice_is_one_of_its_words_and_an_open_list_any_word() -> None:
    world = World()
    closed, open_ = world.free("a", CHOICE), world.free("b", Choice((), True))
    words = {world.texts.number(word) for word in CHOICE.values}
    assert solved(world, *(closed.term.value != word for word in words)) is None
    assert solved(world, *(open_.term.value != word for word in words)) is not None


@pytest.mark.parametrize("kind", [kind for kind, _ in VALUES] + [Code(form) for form in ("uscc", "invoice", "text")])
def test_whatever_is_read_from_a_model_can_be_written_as_a_fact(kind: Kind) -> None:
    world = World()
    free = world.free("f", kind)
    if isinstance(free.term.value, PlaceCode):
        free.term.value.whole()
    model = solved(world)
    assert model is not None
    value = free.read(model)
    if isinstance(kind, Code):
        assert check_code(kind.form)(value) == value
    elif isinstance(kind, Division):
        assert convert(read_facts({}), kind, value, ("f",)) == value


@pytest.mark.parametrize("level", ["league", "county"])
def test_a_place_of_the_known_region_is_one_of_its_divisions(level: str) -> None:
    world = World()
    free = world.free("p", Division(level))
    whole = free.term.value.whole()
    codes = {one.code for one in (divisions().region, *divisions().leagues, *divisions().banners)}
    fine = {code for code in codes if level == "county" or code.endswith("00")}
    found = set()
    for _ in range(8):
        model = solved(world, whole >= 150000, whole < 160000, *(whole != int(code) for code in found))
        assert model is not None
        code = free.read(model)
        assert code in fine
        found.add(code)
    assert solved(world, whole == 159999) is None


@pytest.mark.parametrize(("code", "inside", "outside"), [
    ("150000", "150221", "110101"), ("150200", "150221", "150102"), ("150221", "150221", "150222"),
])  # fmt: skip
def test_rules_of_a_region_a_league_or_a_county_hold_inside_it(code: str, inside: str, outside: str) -> None:
    for place, want in ((inside, True), (outside, False)):
        world = World()
        free = world.free("at", Division("county"))
        held = free.term.value.inside(code)
        model = solved(world, *holding(world, free, place))
        assert model is not None
        assert truth(model, held) is want


def test_a_branch_knows_what_it_stands_in_and_a_world_apart_does_not() -> None:
    root = World()
    term = root.fact("f", integer(0, 9))
    branch, apart = World(root), World(apart=root)
    branch.hold(term.value > 5)
    assert branch.fact("f", integer(0, 9)) is term
    assert apart.known_fact("f") is None
    assert not apart.fact("f", integer(0, 9)).value.eq(term.value)
    assert len(branch.given) == len(root.given) + 1
    assert solved(root, term.value == 1) is not None
    assert solved(branch, term.value == 1) is None
    assert apart.texts is root.texts


def test_samples_of_a_form_never_end_and_never_repeat() -> None:
    for form in ("uscc", "invoice", "sha256", "project", "bank", "text"):
        made = [text for text, _ in zip(samples(form), range(50), strict=False)]
        assert len(set(made)) == 50
        assert all(check_code(form)(text) == text for text in made)


# the logic over terms


@settings(max_examples=50)
@given(st.booleans(), st.integers(-9, 9), st.integers(-9, 9))
def test_a_choice_between_values_is_the_same_worked_out_or_asked(flag: bool, one: int, other: int) -> None:
    free = z3.Bool("flag")
    solver = z3.Solver()
    solver.add(free == flag)
    assert solver.check() == z3.sat
    model = solver.model()
    assert number(model, chosen(free, one, other)) == chosen(flag, one, other)
    assert truth(model, chosen(free, one > other, one < other)) is chosen(flag, one > other, one < other)
    assert truth(model, implied(free, one == other)) is implied(flag, one == other)


@given(st.integers(-9, 9), st.integers(-9, 9), st.sampled_from(["=", "!=", "<", "<=", ">", ">="]))
def test_comparisons_and_bounds_are_the_same_worked_out_or_asked(one: int, other: int, op: str) -> None:
    a, b = z3.Ints("a b")
    solver = z3.Solver()
    solver.add(a == one, b == other)
    assert solver.check() == z3.sat
    model = solver.model()
    assert truth(model, compared(op, a, b)) is compared(op, one, other)
    assert number(model, least(a, b)) == least(one, other) == min(one, other)
    assert number(model, greatest(a, b)) == greatest(one, other) == max(one, other)


def test_a_free_value_is_its_term_and_the_way_to_read_it() -> None:
    world = World()
    free = world.free("f", integer(4, 4))
    assert isinstance(free, Free)
    model = solved(world)
    assert model is not None
    assert free.read(model) == number(model, free.term.value) == 4
