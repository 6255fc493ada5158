"""Every node in the solver has the value that the exact engine gives it, for the same facts."""

from __future__ import annotations

import random
from datetime import date
from typing import Any

import pytest
import z3
from hypothesis import given, settings, strategies as st
from tests.engines.interval.ladders import Random
from tests.engines.proof.asking import NOT_KNOWN, Held, holding, shown

from jarlig.engines.exact import Climber
from jarlig.engines.exact.closures import scalar
from jarlig.engines.exact.meaning import division_part
from jarlig.engines.proof.calendar import Calendar, calendar, full_years, is_leap
from jarlig.engines.proof.encode import Encoder, Unsupported
from jarlig.engines.proof.products import MOST_STEPS, MOST_VALUES
from jarlig.engines.proof.terms import UNKNOWN, Term, every, rounded, some
from jarlig.engines.proof.world import Free, World, number
from jarlig.ladder import build, nodes as n
from jarlig.ladder.dates import full_years as exact_years
from jarlig.ladder.kinds import CNY, DATE, Choice, Code, Division, Kind, Number, Some, integer, money
from jarlig.ladder.numbers import half_up, parse_date
from jarlig.ladder.steps import Ladder, Step, Words
from jarlig.policy.codes import check_code, check_division
from jarlig.policy.values import FIRST_DAY, LAST_DAY

WORDS = Words("", "")


def ladder_of(node: n.Node) -> Ladder:
    """A ladder whose formula is one node, paid as it is."""
    steps = (Step("formula", "formula", node, WORDS), Step("award", "award", n.StepRef("formula", node.kind), WORDS))
    return Ladder("o", "award", steps, (), "formula", "award")


def in_solver(node: n.Node, facts: dict[str, Any]) -> Any:
    """The value of a node in the solver, its facts free and then held to values."""
    world = World()
    encoder = Encoder(ladder_of(node), world)
    term = encoder.step("formula")
    solver = z3.Solver()
    for name, free in world.facts.items():
        world.hold(*holding(world, free, facts[name]))
    solver.add(*world.given, *world.exact)
    assert solver.check() == z3.sat
    return shown(solver.model(), term)


def exactly(node: n.Node, facts: dict[str, Any]) -> Any:
    """What the exact engine says, unknown said as the solver's side says it."""
    found = scalar(node)(dict(facts))
    return NOT_KNOWN if found is None else found


def agree(node: n.Node, **facts: Any) -> None:
    assert in_solver(node, facts) == exactly(node, facts), (node, facts)


@pytest.mark.parametrize("part", range(4))
def test_every_step_of_random_ladders_has_the_exact_value(part: int) -> None:
    for seed in range(part * 40, part * 40 + 40):
        maker = Random(seed, wide=True)
        ladder, env = maker.ladder(steps=2), maker.environment(3)
        if any(isinstance(node, n.Earlier) and node.streak == "no_restart" for node in ladder.nodes()):
            continue  # its right that has ended is counted above the kind of these ladders
        held = Held(ladder, env)
        _, trace = Climber(ladder).trace(dict(env))
        for step in trace:
            assert held.value(step.name) == (NOT_KNOWN if step.value is None else step.value), (seed, step.name)


@pytest.mark.parametrize("unit", [2, 7, 100, 10_000])
def test_half_up_is_half_up_for_every_integer(unit: int) -> None:
    """Asked of all integers at once: no more than half a unit off, and the tie belongs to what is further from zero."""
    free = z3.Int("x")
    found = rounded(free, unit, -(10**9))
    off = 2 * (free - unit * found)
    right = z3.If(free >= 0, z3.And(-unit <= off, off < unit), z3.And(-unit < off, off <= unit))
    solver = z3.Solver()
    solver.add(free >= -(10**9), free <= 10**9, z3.Not(right))
    assert solver.check() == z3.unsat


@pytest.mark.parametrize(("value", "fen"), [(-151, -2), (-150, -2), (-149, -1), (149, 1), (150, 2), (151, 2)])
@pytest.mark.parametrize("whole", [0, 1, 10**6])
def test_half_up_at_a_tie_and_one_beside_it(value: int, fen: int, whole: int) -> None:
    more = whole * 100 if value > 0 else -whole * 100
    expected = fen + more // 100
    assert rounded(value + more, 100, -(10**9)) == half_up(value + more, 100) == expected
    solver, free = z3.Solver(), z3.Int("x")
    solver.add(free == value + more, rounded(free, 100, -(10**9)) != expected)
    assert solver.check() == z3.unsat


@given(st.integers(-(10**9), 10**9), st.sampled_from([2, 10, 100, 10_000, 7]))
def test_half_up_is_away_from_zero_on_both_sides(value: int, unit: int) -> None:
    free = z3.Int("x")
    solver = z3.Solver()
    solver.add(free == value, rounded(free, unit, -(10**9)) != half_up(value, unit))
    assert solver.check() == z3.unsat
    assert rounded(value, unit, -(10**9)) == half_up(value, unit)


@pytest.mark.parametrize(("value", "want"), [(-5, -1), (-4, 0), (4, 0), (5, 1), (-15, -2), (15, 2)])
def test_a_tie_below_zero_goes_down_and_one_above_goes_up(value: int, want: int) -> None:
    kind = Number(CNY, 1, -100, 100)
    node = n.Rounded(n.Fact("x", kind), Number(CNY, 0, -10, 10))
    assert in_solver(node, {"x": value}) == want == exactly(node, {"x": value})


@settings(max_examples=60)
@given(st.integers(FIRST_DAY, LAST_DAY))
def test_a_day_has_one_year_month_and_day(day: int) -> None:
    world = World()
    free = world.integer("d", FIRST_DAY, LAST_DAY)
    parts = calendar(world, free)
    solver = z3.Solver()
    solver.add(*world.given, free == day)
    assert solver.check() == z3.sat
    found = date.fromordinal(day)
    want = (found.year, found.month, found.day)
    assert tuple(number(solver.model(), part) for part in parts) == want
    solver.add(z3.Or(*(part != value for part, value in zip(parts, want, strict=True))))
    assert solver.check() == z3.unsat


@given(st.integers(FIRST_DAY, LAST_DAY), st.integers(-2_000, 4_000))
def test_full_years_are_those_of_the_exact_engine(start: int, later: int) -> None:
    end = min(LAST_DAY, max(FIRST_DAY, start + later))
    parts = [Calendar(d.year, d.month, d.day) for d in map(date.fromordinal, (start, end))]
    assert full_years(*parts) == exact_years(start, end)


@pytest.mark.parametrize("start", ["2020-02-29", "2019-02-28", "2020-03-01"])
@pytest.mark.parametrize("end", ["2021-02-28", "2021-03-01", "2024-02-28", "2024-02-29", "2020-02-28", "2100-02-28"])
def test_29_february_counts_as_28_february_in_a_common_year(start: str, end: str) -> None:
    node = n.YearsSince(n.Fact("a", DATE), n.Fact("b", DATE), integer(0, 400))
    agree(node, a=parse_date(start), b=parse_date(end))


def test_leap_years_are_those_of_the_calendar() -> None:
    assert [year for year in (1900, 1904, 2000, 2023, 2024, 2100) if is_leap(year)] == [1904, 2000, 2024]


@settings(max_examples=40)
@given(st.integers(FIRST_DAY, LAST_DAY))
def test_the_year_and_month_of_a_day_are_parts_of_it(day: int) -> None:
    fact = n.Fact("d", DATE)
    agree(n.Part(fact, "year", integer(0, 9999)), d=day)
    agree(n.Part(fact, "month", integer(0, 10**6)), d=day)


@pytest.mark.parametrize("code", ["150221", "150200", "150000", "110101", "990102"])
@pytest.mark.parametrize("part", ["region", "league", "county"])
def test_parts_of_a_place_are_those_of_its_code_when_it_is_fine_enough(code: str, part: str) -> None:
    node = n.Part(n.Fact("at", Division("county")), part, Division(part))
    want = division_part(part)(code)
    if want is not None:
        assert in_solver(node, {"at": code}) == int(want)


@pytest.mark.parametrize("code", ["150221102", "150221102003", "990101001", "990101001002"])
def test_parts_of_a_village_are_those_of_its_code(code: str) -> None:
    fact = n.Fact("at", Division("village"))
    for part in ("region", "league", "county", "township", "village"):
        want = division_part(part)(code)
        if want is not None:
            assert in_solver(n.Part(fact, part, Division(part)), {"at": code}) == int(want)


@pytest.mark.parametrize("level", ["region", "league", "county", "township", "village"])
@pytest.mark.parametrize("part", ["region", "league", "county", "township", "village"])
def test_a_place_that_is_read_from_a_model_is_a_place_that_facts_may_name(level: str, part: str) -> None:
    if ["region", "league", "county", "township", "village"].index(part) > [
        "region", "league", "county", "township", "village"].index(level):  # fmt: skip
        return
    for region in (15, 11):
        world = World()
        free = world.free("p", Division(level))
        solver = z3.Solver()
        found = free.term.value.part(part)
        solver.add(*world.given, free.term.value.part("region") == region * 10_000, found > 0)
        assert solver.check() == z3.sat
        code = free.read(solver.model())
        assert check_division(code, level) == code
        assert code.startswith(str(region))


@pytest.mark.parametrize("form", ["uscc", "invoice", "sha256", "industry", "project", "bank", "text"])
def test_codes_that_are_read_from_a_model_are_well_formed_and_differ_when_the_model_says_so(form: str) -> None:
    world = World()
    one, other = (world.free(name, Code(form)) for name in ("a", "b"))
    solver = z3.Solver()
    solver.add(*world.given, world.plain(one.term.value) != world.plain(other.term.value))
    assert solver.check() == z3.sat
    texts = [free.read(solver.model()) for free in (one, other)]
    assert [check_code(form)(text) for text in texts] == texts
    if form != "industry":
        assert texts[0] != texts[1]


def test_a_code_is_never_a_word_of_a_choice() -> None:
    world = World()
    world.free("level", Choice(("high", "low")))
    code = world.free("c", Code("text"))
    solver = z3.Solver()
    solver.add(*world.given, code.term.value == world.texts.number("high"))
    assert solver.check() == z3.sat
    assert code.read(solver.model()) not in ("high", "low")


@pytest.mark.parametrize(("code", "want"), [("1610", True), ("3910", True), ("5120", False), ("0111", False)])
def test_a_sector_is_the_beginning_of_an_industry_code(code: str, want: bool) -> None:
    sector = n.Part(n.Fact("i", Code("industry")), "sector", Code("sector"))
    node = n.Within(sector, n.Literal(frozenset(("16", "39")), Some(Choice(("16", "39")))))
    world = World()
    encoder = Encoder(ladder_of(n.Case(((node, build.literal(1, 0)),), build.literal(0, 0), integer(0, 1))), world)
    term = encoder.step("formula")
    free = world.facts["i"]
    solver = z3.Solver()
    solver.add(*world.given, term.value == (1 if want else 0))
    assert solver.check() == z3.sat
    found = free.read(solver.model())
    assert (found[:2] in ("16", "39")) is want
    assert (code[:2] in ("16", "39")) is want


# unknown, none and sets


def test_none_is_no_number_and_is_equal_only_to_none() -> None:
    optional = n.Fact("p", money(), True)
    for value in (n.NONE, 5, 0):
        agree(n.Compare("<=", optional, n.Literal(5, money())), p=value)
        agree(n.Compare("=", optional, n.Literal(5, money())), p=value)
        agree(n.Compare("!=", optional, n.Literal(5, money())), p=value)
        agree(n.IsNone(optional), p=value)
        agree(n.Add(optional, n.Literal(5, money()), money()), p=value)
        guarded = n.Case(((n.IsNone(optional), n.Literal(0, money())),), optional, money())
        agree(guarded, p=value)


def test_a_choice_without_a_figure_of_its_own_is_not_known() -> None:
    by = n.Fact("c", Choice(("x", "y", "z")))
    node = n.Choose(by, (("x", build.literal(1, 0)), ("y", build.literal(2, 0))), integer(0, 2))
    for value in ("x", "y", "z"):
        agree(node, c=value)


def test_a_set_holds_what_it_holds() -> None:
    choice = Choice(("a", "b", "c"))
    held, word = n.Fact("s", Some(choice)), n.Fact("w", choice)
    for some_ in (frozenset(), frozenset("a"), frozenset("bc")):
        for value in "abc":
            agree(n.Within(word, held), s=some_, w=value)
            agree(n.Within(n.Literal(value, choice), held), s=some_)


@given(st.lists(st.sampled_from([True, False, None]), min_size=1, max_size=4))
def test_and_and_or_are_kleenes(values: list[bool | None]) -> None:
    terms = [Term(bool(value), value is not None) for value in values]
    for made, want in ((every(terms), _kleene(values, False)), (some(terms), _kleene(values, True))):
        assert made.known is (want is not None)
        assert want is None or made.value is want


def _kleene(values: list[bool | None], decides: bool) -> bool | None:
    if decides in values:
        return decides
    return None if None in values else not decides


# products and steps


@settings(max_examples=40)
@given(st.integers(-50, 50), st.integers(-50, 50))
def test_a_product_of_two_facts_is_their_product(a: int, b: int) -> None:
    kind = integer(-1_000, 1_000)
    agree(build.multiply(n.Fact("a", kind), n.Fact("b", kind)), a=a, b=b)


@pytest.mark.parametrize("months", range(13))
def test_a_factor_with_few_values_is_told_apart_and_asks_for_no_product(months: int) -> None:
    node = build.multiply(n.Fact("a", money()), n.Fact("m", integer(0, 12)))
    world = World()
    Encoder(ladder_of(node), world).step("formula")
    assert MOST_VALUES > 12 and world.exact == []
    agree(node, a=12_345, m=months)


@settings(max_examples=60)
@given(st.integers(-500, 500), st.integers(-5, 60), st.sampled_from(["full", "started"]))
def test_steps_are_counted_as_the_exact_engine_counts(of: int, step: int, how: str) -> None:
    kind = integer(-1_000, 1_000)
    agree(n.Steps(n.Fact("o", kind), n.Fact("s", kind), how, 3, integer(0, 1_000)), o=of, s=step)
    agree(n.Steps(n.Fact("o", kind), n.Literal(step, kind), how, 3, integer(0, 1_000)), o=of)


def test_a_few_steps_are_counted_without_any_product() -> None:
    kind = integer(0, 10**9)
    world = World()
    encoder = Encoder(ladder_of(n.Steps(n.Fact("o", kind), n.Fact("s", kind), "full", 0, kind)), world)
    count = encoder.step("formula").value
    of, step = world.facts["o"].term.value, world.facts["s"].term.value
    solver = z3.Solver()
    solver.add(*world.given, step > 0, of >= MOST_STEPS * step, count < MOST_STEPS)
    assert solver.check() == z3.unsat


KINDS: dict[str, Kind] = {"m": money(high=10**6), "c": Choice(("x", "y")), "d": DATE}


@settings(max_examples=60)
@given(st.integers(0, 10**6), st.integers(0, 10**6), st.integers(0, 10**6))
def test_growth_is_cross_multiplied_alike(now: int, since: int, cut: int) -> None:
    values, kind = build.one_kind([build.literal(v, 0) for v in (1, 2, 3, 4)])
    edges = ((cut, False), (cut + 100_000, True))
    node = n.Grown(n.Fact("a", KINDS["m"]), n.Fact("b", KINDS["m"]), edges, 6, tuple(values[:3]), values[3], kind)
    agree(node, a=now, b=since)


@settings(max_examples=60)
@given(st.integers(0, 10**6), st.lists(st.integers(1, 10**6), min_size=1, max_size=3, unique=True))
def test_slices_and_bands_are_alike(of: int, cuts: list[int]) -> None:
    cuts.sort()
    rates, kind = build.one_kind([build.literal(7 * at, 2) for at in range(len(cuts) + 1)])
    assert isinstance(kind, Number)
    fact = n.Fact("m", KINDS["m"])
    agree(n.Marginal(fact, tuple(cuts), tuple(rates), Number(CNY, 4, 0, 10**12)), m=of)
    agree(n.Banded(fact, tuple((cut, cut % 2 == 0) for cut in cuts), tuple(rates), kind), m=of)


def test_a_fact_read_before_is_the_same_fact() -> None:
    world = World()
    first = world.fact("m", KINDS["m"])
    assert World(world).fact("m", KINDS["m"]) == first
    assert isinstance(world.known_fact("m"), Free)


def test_terms_that_are_not_touched_are_shared_between_two_cases() -> None:
    rng = random.Random(3)
    ladder = Random(rng.randint(0, 99)).ladder()
    world = World()
    world.facts["on"] = Free(Term(738_000), lambda model: 738_000)
    root = Encoder(ladder, world)
    award = root.award()
    assert root.beside(World(world), facts={"nobody reads this": Term(1)}).award() is award


@pytest.mark.parametrize("code", ["150102", "150100", "150000"])
@pytest.mark.parametrize("part", ["region", "league", "county"])
def test_a_part_of_a_written_place_is_that_of_the_exact_engine(code: str, part: str) -> None:
    node = n.Part(n.Literal(code, Division("county")), part, Division(part))
    expected = Climber(ladder_of(node)).trace({})[1][0].value
    assert expected == division_part(part)(code)
    assert Encoder(ladder_of(node), World()).node(node) == (UNKNOWN if expected is None else Term(int(expected)))


def test_a_sector_of_a_written_code_is_not_guessed_from_its_number_in_the_solver() -> None:
    written = n.Part(n.Literal("4711", Code("industry")), "sector", Code("sector"))
    with pytest.raises(Unsupported):
        Encoder(ladder_of(written), World()).node(written)
