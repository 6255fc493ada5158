"""Which plan governs a case, as a number that SQL computes: that of one case, whatever places have rules."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from itertools import product
from math import prod

import duckdb
from hypothesis import given, settings, strategies as st

from jarlig.engines.sql.asking import Amended, PlanNumbers
from jarlig.engines.sql.dialect import DuckDB
from jarlig.ladder.dates import day_text
from jarlig.ladder.numbers import parse_date
from jarlig.library import load
from jarlig.policy import model
from jarlig.policy.plans import Plan, Plans
from jarlig.policy.reading import MOST_FILES

#: The region, two leagues, counties of both, and a county whose league has no rules.
CODES = ("150000", "150100", "150200", "150102", "150103", "150202", "150300", "150302")
FIRST, LAST = parse_date("2022-01-01"), parse_date("2025-12-31")
DAYS = st.integers(FIRST, LAST)


@cache
def nmg() -> model.Programme:
    return load("nmg-ecommerce-2022").model


def with_places(held: list[tuple[str, int, int]]) -> model.Programme:
    """The shipped programme with rules of these places, each between two days, in place of its own."""
    one = next(iter(nmg().locals.values()))
    places = [replace(one, id=f"l{at}", at=code, start=a, end=b) for at, (code, a, b) in enumerate(held)]
    return replace(nmg(), locals={place.id: place for place in places})


def governing(numbers: PlanNumbers, cases: list[tuple[int, str]]) -> list[Plan]:
    """The plan of each case by its number in a database."""
    base = duckdb.connect()
    base.execute("CREATE TABLE cases (n INT, on_ DATE, at_ VARCHAR)")
    base.executemany("INSERT INTO cases VALUES (?, ?, ?)", [(n, day_text(on), at) for n, (on, at) in enumerate(cases)])
    found = base.execute(f"SELECT {numbers.sql('on_', 'at_', DuckDB())} FROM cases ORDER BY n").fetchall()
    return [numbers.plan(number) for (number,) in found]


def named(plan: Plan) -> tuple[object, ...]:
    return plan.guide and plan.guide.year, [place.id for place in plan.places]


@st.composite
def places(draw: st.DrawFn) -> list[tuple[str, int, int]]:
    held = draw(st.lists(st.tuples(st.sampled_from(CODES), DAYS, DAYS), max_size=8))
    return [(code, min(a, b), max(a, b)) for code, a, b in held]


@settings(max_examples=40, deadline=None)
@given(
    places(),
    st.sampled_from([None, 2022, 2023]),
    st.lists(st.tuples(DAYS, st.sampled_from(CODES)), min_size=1, max_size=30),
)
def test_the_plan_of_a_number_is_the_plan_of_the_case(held, guide, cases):
    programme = with_places(held)
    plans = Plans(programme)
    found = governing(PlanNumbers(programme, guide), cases)
    assert [named(plan) for plan in found] == [named(plans.plan(on, guide, at)) for on, at in cases]


@settings(max_examples=20, deadline=None)
@given(places(), places(), DAYS, DAYS, st.lists(st.tuples(DAYS, st.sampled_from(CODES)), min_size=1, max_size=30))
def test_a_reform_with_rules_of_other_places_has_its_own_numbers(held, other, one, end, cases):
    programme, changed = with_places(held), with_places(other)
    start, end = min(one, end), max(one, end)
    found = governing(PlanNumbers(programme, None, Amended(changed, start, end)), cases)
    expected = [Plans(changed if start <= on <= end else programme).plan(on, None, at) for on, at in cases]
    assert [named(plan) for plan in found] == [named(plan) for plan in expected]
    assert [plan.programme is changed for plan in found] == [start <= on <= end for on, _ in cases]


def test_numbers_of_the_largest_programme_with_a_reform_fit_31_bits():
    """Four kinds of files share the most that a folder may hold; their product is largest when they are equal."""
    each = MOST_FILES // 4 + 1
    assert 2 * (each + 1) ** 4 < 2**31
    programme = with_places([(code, FIRST, LAST) for code in CODES])
    assert PlanNumbers(programme).first_amended == prod((len(programme.guides) + 1, 1 + 1, 3 + 1, 4 + 1))


def test_a_thousand_rules_of_places_in_one_table():
    years = [(parse_date(f"{year}-01-01"), parse_date(f"{year}-12-31")) for year in range(1950, 2087)]
    programme = with_places([(code, a, b) for (a, b), code in product(years, CODES)])
    assert len(programme.locals) > 1_000
    cases = [(parse_date("2012-12-31"), "150102"), (parse_date("1950-01-01"), "150302")]
    numbers = PlanNumbers(programme, None, Amended(programme, 1, FIRST))
    assert [[place.at for place in plan.places] for plan in governing(numbers, cases)] == [
        ["150000", "150100", "150102"], ["150000", "150300", "150302"],
    ]  # fmt: skip
