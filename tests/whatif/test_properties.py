"""What must hold of every comparison: nothing from nothing, mirrors, sums of cases, and reforms that do not meet."""

from __future__ import annotations

import tempfile
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from hypothesis import given, settings, strategies as st
from tests.tiny import CODE, tiny
from tests.whatif.comparing import ALWAYS, compared, figures, reform_file, table

from jarlig.policy import model
from jarlig.whatif.compared import NOTHING, Comparison, Figures

OFFERS = ("1a", "2")
PLACES = ("150102", "150202", "150402")
#: Every reform here lets a project be supported as often as it asks, so that cases stand alone.
ALONE = "limit: null"
HEAD = "case,on,at,uscc,registered_at,project_code,level,newly_built,recognised_on,score\n"
LINES = "case,seller,invoice_no,reverses,net,category,paid_on\n"


@dataclass(frozen=True)
class Case:
    """A case of both offers: what it spent in yuan, its score (None: not known), its place."""

    cost: int
    score: int | None
    place: str


CASES = st.lists(
    st.builds(
        Case, st.one_of(st.just(0), st.integers(1, 60_000_000)), st.none() | st.integers(0, 100),
        st.sampled_from(PLACES),
    ),
    min_size=1, max_size=12,
)  # fmt: skip
MONEY = st.one_of(st.sampled_from([1, 300_000]), st.integers(1, 300_000))


@cache
def programme() -> model.Programme:
    cap = ("measures/01.yaml", "cap: 300_000", "cap: 9_000_000")
    return tiny(Path(tempfile.mkdtemp()) / "programme", cap)


def ran(cases: Sequence[Case], before: str, after: str, days: tuple[str, str] = ("", "")) -> Comparison:
    """The cases under two reforms, by what each changes beside the limit."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        rows = "".join(
            f"c{at:02},2023-05-{at + 1:02},{one.place},{CODE},{one.place},P{at},regional,true,2023-01-01,"
            f"{'' if one.score is None else one.score}\n"
            for at, one in enumerate(cases)
        )
        lines = "".join(
            f"c{at:02},{CODE},2315{at:016},none,{one.cost},hardware,2022-07-01\n"
            for at, one in enumerate(cases) if one.cost
        )  # fmt: skip
        tables = table(folder, HEAD + rows, investment=LINES + lines)
        sides = [
            reform_file(folder, body, ALWAYS if not day else ALWAYS.replace("1990-01-01", day), f"{side}.yaml")
            for side, body, day in zip("ab", (before, after), days, strict=True)
        ]
        return compared(programme(), *sides, OFFERS, tables, folder)


def reform(rate: int | None = None, middle: int | None = None) -> str:
    """A reform of offer 1a's rate in percent, and of the middle band of offer 2 in yuan; None changes nothing."""
    first = ALONE if rate is None else f"{ALONE}, rate: {rate}%"
    second = "" if middle is None else f", '2': {{amount: {{bands: {{60 to under 80: {middle}}}}}}}"
    return f"offers: {{1a: {{{first}}}{second}}}\n"


RATES = st.integers(18, 60)  # a place's own rate of 17% stands below


def flipped(of: Figures) -> Figures:
    return Figures(of.claims, of.awards[::-1], of.cost[::-1], of.open[::-1])


@settings(max_examples=5, deadline=None)
@given(CASES, RATES, MONEY)
def test_two_reforms_that_say_the_same_differ_by_nothing(cases, rate, middle):
    found = ran(cases, reform(rate, middle), reform(rate, middle))
    assert all(line.same for line in found.offers)
    assert (found.total.difference, found.winners.cases, found.losers.cases) == (0, 0, 0)
    assert {move.before for move in found.moves} == {move.after for move in found.moves}


@settings(max_examples=5, deadline=None)
@given(CASES, RATES, MONEY)
def test_a_reform_on_all_days_is_what_it_is_from_the_first_day_of_a_case(cases, rate, middle):
    """Answered twice, from other plans, and still nothing between them."""
    found = ran(cases, reform(rate, middle), reform(rate, middle), ("", "2023-05-01"))
    assert (found.total.difference, found.winners.cases, found.losers.cases) == (0, 0, 0)


@settings(max_examples=5, deadline=None)
@given(CASES, RATES, MONEY)
def test_sides_that_change_places_turn_every_sign(cases, rate, middle):
    one, other = ran(cases, reform(), reform(rate, middle)), ran(cases, reform(rate, middle), reform())
    assert other.total == flipped(one.total)
    assert figures(other) == {offer: flipped(of) for offer, of in figures(one).items()}
    assert {line.key: line.figures for line in other.places} == {line.key: flipped(line.figures) for line in one.places}
    assert [(x.case, x.change) for x in other.gains] == [(x.case, -x.change) for x in one.losses]
    assert (other.winners.change, other.losers.change) == (-one.losers.change, -one.winners.change)
    assert {(band.side, band.least): band.tally.change for band in other.bands} == {
        (-band.side, band.least): -band.tally.change for band in one.bands
    }


@settings(max_examples=5, deadline=None)
@given(CASES, RATES, MONEY)
def test_the_difference_of_an_offer_and_of_a_place_is_what_its_cases_gain_less_what_they_lose(cases, rate, middle):
    known = [case if case.score is not None else Case(case.cost, 60, case.place) for case in cases]
    found = ran(known, reform(), reform(rate, middle))
    assert sum(line.figures.open[0] + line.figures.open[1] for line in found.offers) == 0
    offers: dict[str, int] = defaultdict(int)
    places: dict[str, int] = defaultdict(int)
    for mover in (*found.gains, *found.losses):
        for one in mover.offers:
            offers[one.offer] += one.amount[1] - one.amount[0]
        places[known[int(mover.case[1:])].place[:4] + "00"] += mover.change
    assert {line.key: line.figures.difference for line in found.offers} == {offer: offers[offer] for offer in OFFERS}
    assert {line.key: line.figures.difference for line in found.places} == {
        line.key: places[line.key] for line in found.places
    }
    assert found.winners.change + found.losers.change == found.total.difference


@settings(max_examples=3, deadline=None)
@given(CASES, RATES, MONEY)
def test_reforms_of_two_offers_add_up(cases, rate, middle):
    first, second = (ran(cases, reform(), one).total for one in (reform(rate), reform(None, middle)))
    both = ran(cases, reform(), reform(rate, middle)).total
    assert both.difference == first.difference + second.difference
    steps = ran(cases, reform(rate), reform(rate, middle)).total
    assert steps.difference == second.difference


@settings(max_examples=3, deadline=None)
@given(CASES, CASES, RATES, MONEY)
def test_cases_of_two_tables_add_up_as_those_of_one(one, other, rate, middle):
    apart = [ran(cases, reform(), reform(rate, middle)).total for cases in (one, other)]
    assert ran([*one, *other], reform(), reform(rate, middle)).total == NOTHING + apart[0] + apart[1]


def test_an_award_of_nothing_is_an_answer_and_no_award():
    found = ran([Case(0, 10, "150102"), Case(0, 70, "150102")], reform(), reform(None, 150_000))
    of = figures(found)["2"]
    assert (of.claims, of.awards, of.cost, of.open) == (2, (1, 1), (10_000_000, 15_000_000), (0, 0))
    assert sum(move.claims for move in found.moves if move.before == "award") >= 2
