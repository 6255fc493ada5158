"""Estimates of a small programme: gates, caps, rows, totals, judged values and the questions to ask next."""

import os
import random
import time
from itertools import product
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings, strategies as st

from jarlig.engines.exact import Climber
from jarlig.engines.interval import Estimate, Estimator
from jarlig.ladder.history import EarlierAward
from jarlig.ladder.numbers import parse_date
from jarlig.ladder.tables import Table
from jarlig.policy.plans import Plans
from jarlig.policy.reading import read_programme

ON = parse_date("2023-06-01")
PAID = parse_date("2022-07-01")
PROGRAMME = read_programme(Path(__file__).parent / "programme")
PLAN = Plans(PROGRAMME).plan(ON)
KINDS = {offer: {name: fact.kind for name, fact in PLAN.fact_defs(offer).items()} for offer in PROGRAMME.offers}
ESTIMATORS = {offer: Estimator(PLAN.ladder(offer), KINDS[offer]) for offer in PROGRAMME.offers}
CLIMBERS = {offer: Climber(PLAN.ladder(offer)) for offer in PROGRAMME.offers}
COMMON = {"on": ON, "guide_year": 2023, "at": "150100"}
GATES = {"uscc": "U1", "registered_at": "150102", "tax_credit": "a"}
KNOWN = {**COMMON, **GATES, "history": [], "project_code": "P1", "level": "regional", "newly_built": True,
         "recognised_on": ON - 90, "sales_before": 100_00, "sales_after": 130_00, "spend": 1_000_00}  # fmt: skip
YUAN = 100


def invoices(nets: list[int | None], **columns: list[Any]) -> Table:
    """Invoices of these sums, hardware paid in time unless said otherwise."""
    size = len(nets)
    plain: dict[str, list[Any]] = {
        "invoice_no": [str(i) for i in range(size)],
        "reverses": [""] * size,
        "seller": ["S"] * size,
        "net": list(nets),
        "category": ["hardware"] * size,
        "paid_on": [PAID] * size,
    }
    return Table({**plain, **columns}, size)


def estimate(offer: str = "platform", **facts: Any) -> Estimate:
    ranges, totals = facts.pop("ranges", {}), facts.pop("totals", {})
    env = {**KNOWN, "investment": invoices([1_000 * YUAN] * 50), **facts}
    return ESTIMATORS[offer].estimate(env, ranges, totals)


def worth(found: Estimate) -> dict[Any, int | None]:
    return {one.key: one.worth for one in found.missing}


def exact(offer: str, env: dict[str, Any]) -> int | None:
    answer = CLIMBERS[offer].climb(dict(env))
    return 0 if answer.refused else answer.award


def test_unknown_category_on_one_of_fifty_lines_is_worth_its_share() -> None:
    categories = ["hardware"] * 50
    categories[17] = None
    found = estimate(investment=invoices([1_000 * YUAN] * 50, category=categories))
    assert (found.low, found.high) == (9_800 * YUAN, 10_000 * YUAN)
    assert worth(found) == {("investment", 17, "category"): 200 * YUAN}
    assert found.low_by == {("investment", 17, "category"): "other"}
    assert found.high_by == {("investment", 17, "category"): "hardware"}


def test_a_row_known_to_be_left_out_is_left_out_whatever_else_is_unknown() -> None:
    found = estimate(investment=invoices([None, 5_00], category=["other", "hardware"]))
    assert (found.low, found.high) == (1_00, 1_00)
    assert worth(found) == {("investment", 0, "net"): 0}


def test_an_unknown_line_may_take_away_when_it_is_a_reversal() -> None:
    found = estimate(investment=invoices([1_000_00, -300_00], category=["hardware", None]))
    assert (found.low, found.high) == (140_00, 200_00)


def test_an_unknown_net_is_bounded_by_its_column_and_the_cap() -> None:
    found = estimate(investment=invoices([1_000_00, None]))
    assert (found.low, found.high) == (0, 5_000_000 * YUAN)


def test_unknown_payment_date_is_tried_on_both_sides_of_both_edges() -> None:
    found = estimate(investment=invoices([1_000_00], paid_on=[None]))
    assert (found.low, found.high) == (0, 200_00)
    assert found.high_by is not None and found.low_by is not None


def test_an_open_gate_makes_the_low_end_nothing_and_leaves_the_high_end() -> None:
    found = estimate(newly_built=None)
    assert (found.low, found.high) == (0, 10_000 * YUAN)
    assert worth(found) == {"newly_built": 10_000 * YUAN}
    assert found.low_by == {"newly_built": False} and found.high_by == {"newly_built": True}


def test_a_case_refused_in_every_completion_has_nothing_to_expect() -> None:
    found = estimate(newly_built=False, level=None, tax_credit=None)
    assert (found.low, found.high) == (0, 0)
    assert set(worth(found).values()) == {0}


def test_a_gate_that_every_value_in_the_range_passes_is_no_doubt() -> None:
    found = estimate(recognised_on=None, ranges={"recognised_on": (ON - 30, ON - 10)})
    assert found.low == found.high == 10_000 * YUAN
    assert worth(found) == {"recognised_on": 0}


def test_nothing_unknown_gives_the_exact_award() -> None:
    found = estimate()
    assert (found.low, found.high, found.missing) == (10_000 * YUAN, 10_000 * YUAN, ())


def test_an_unknown_cap_level_only_matters_once_the_cap_binds() -> None:
    small, large = estimate(level=None), estimate(level=None, investment=invoices([30_000_000 * YUAN]))
    assert (small.low, small.high, worth(small)) == (10_000 * YUAN, 10_000 * YUAN, {"level": 0})
    assert (large.low, large.high) == (4_000_000 * YUAN, 5_000_000 * YUAN)
    assert worth(large) == {"level": 1_000_000 * YUAN}


def test_rows_not_given_range_from_nothing_to_the_cap() -> None:
    found = estimate(investment=None)
    assert (found.low, found.high) == (0, 5_000_000 * YUAN)
    assert found.low_by is not None and found.high_by is not None
    assert exact("platform", {**KNOWN, **found.low_by}) == found.low
    assert exact("platform", {**KNOWN, **found.high_by}) == found.high


def test_a_total_told_in_place_of_rows_is_taken_as_that_range() -> None:
    found = estimate(investment=None, totals={"investment": (3_000_000 * YUAN, 3_000_000 * YUAN)})
    assert (found.low, found.high) == (600_000 * YUAN, 600_000 * YUAN)
    assert [one.key for one in found.missing] == ["investment"]
    about = estimate(investment=None, totals={"investment": (2_000_000 * YUAN, 40_000_000 * YUAN)})
    assert (about.low, about.high) == (400_000 * YUAN, 5_000_000 * YUAN)


def test_money_without_a_bound_of_its_own_gives_no_highest_award() -> None:
    found = estimate("circle", spend=None, **{"!rate": 2_000})
    assert (found.low, found.high, found.high_by) == (0, None, None)
    assert worth(found)["spend"] is None


def test_facts_without_bound_are_asked_first() -> None:
    found = estimate("circle", spend=None, tax_credit=None)
    assert [one.worth for one in found.missing] == [None, None, None]
    held = estimate("circle", tax_credit=None)
    assert [one.key for one in held.missing] == ["tax_credit", "!rate"]


def test_a_judged_value_ranges_within_its_bounds() -> None:
    found = estimate("circle")
    assert (found.low, found.high) == (100_00, 300_00)
    assert worth(found) == {"!rate": 200_00}


def test_a_number_known_as_a_range_narrows_the_award() -> None:
    found = estimate("circle", spend=None, ranges={"spend": (500_00, 600_00)})
    assert (found.low, found.high) == (50_00, 180_00)
    assert set(worth(found)) == {"spend", "!rate"}


def test_growth_from_unknown_sales_reaches_every_band() -> None:
    found = estimate("sales", sales_before=None, sales_after=None)
    assert (found.low, found.high) == (0, 800_000 * YUAN)
    assert found.low_by is not None and found.high_by is not None
    middle = estimate("sales", sales_before=None, ranges={"sales_before": (95_00, 105_00)})
    assert (middle.low, middle.high) == (300_000 * YUAN, 300_000 * YUAN)


def test_a_missing_history_leaves_from_nothing_to_the_whole_limit() -> None:
    found = estimate("sales", sales_after=200_00, history=None)
    assert (found.low, found.high) == (0, 800_000 * YUAN)
    assert worth(found) == {"history": 800_000 * YUAN}
    assert found.high_by == {"history": []}


def test_one_earlier_award_of_an_unknown_sum_takes_up_to_its_approval() -> None:
    award = EarlierAward("sales", ON - 60, 2022, "pending", capped=None, keys={"uscc": "U1"})
    found = estimate("sales", sales_after=200_00, history=[award])
    assert (found.low, found.high) == (0, 800_000 * YUAN)
    assert set(worth(found)) == {("history", 0, "capped")}
    decided = EarlierAward(
        "sales", ON - 60, 2022, "approved", approved=900_000 * YUAN, recovered=None, keys={"uscc": "U1"}
    )
    found = estimate("sales", sales_after=200_00, history=[decided])
    assert (found.low, found.high) == (100_000 * YUAN, 800_000 * YUAN)


def test_an_award_that_may_be_of_another_project_leaves_the_gate_open() -> None:
    award = EarlierAward("platform", ON - 60, 2022, "paid", approved=1, keys={"uscc": "U1", "project_code": None})
    found = estimate(history=[award])
    assert (found.low, found.high) == (0, 10_000 * YUAN)
    assert worth(found) == {("history", 0, "project_code"): 10_000 * YUAN}
    assert found.low_by == {("history", 0, "project_code"): "P1"}


def test_an_unknown_project_code_is_tried_against_the_history() -> None:
    award = EarlierAward("platform", ON - 60, 2022, "paid", approved=1, keys={"uscc": "U1", "project_code": "P9"})
    found = estimate(history=[award], project_code=None)
    assert (found.low, found.high) == (0, 10_000 * YUAN)
    assert found.low_by == {"project_code": "P9"}
    assert estimate(history=[], project_code=None).low == 10_000 * YUAN


def test_a_void_award_uses_nothing_up_however_little_is_known_of_it() -> None:
    found = estimate(history=[EarlierAward(None, None, None, "void")])
    assert (found.low, found.high, found.missing) == (10_000 * YUAN, 10_000 * YUAN, ())


def test_with_nothing_known_every_question_is_listed_and_both_ends_are_shown() -> None:
    found = ESTIMATORS["platform"].estimate(COMMON, {}, {})
    assert (found.low, found.high) == (0, 5_000_000 * YUAN)
    assert set(worth(found)) == {
        "uscc", "registered_at", "tax_credit", "history", "project_code", "level", "newly_built", "recognised_on",
        "investment",
    }  # fmt: skip
    assert found.low_by is not None and found.high_by is not None
    assert exact("platform", {**COMMON, **found.high_by}) == found.high
    assert found.missing[-1].key == "level"


OPTIONS: dict[str, tuple[Any, ...]] = {
    "newly_built": (False, True),
    "tax_credit": ("a", "b", "d"),
    "level": ("regional", "industry"),
    **{f"{index}": ("hardware", "software", "other") for index in range(3)},
}


@settings(max_examples=int(os.environ.get("JARLIG_RANDOM_TIMES", "1")) * 150, deadline=None)
@given(
    st.sets(st.sampled_from(sorted(OPTIONS))),
    st.lists(st.integers(-20_000_000_00, 30_000_000_00), min_size=3, max_size=3),
)
def test_programme_ranges_equal_brute_force_on_six_choices(unknown: set[str], nets: list[int]) -> None:
    names = sorted(unknown)

    def case(values: dict[str, Any]) -> dict[str, Any]:
        cells = [values.get(str(index), "software") for index in range(3)]
        facts = {name: value for name, value in values.items() if not name.isdigit()}
        return {**KNOWN, **facts, "investment": invoices(list(nets), category=cells)}

    found = ESTIMATORS["platform"].estimate(case(dict.fromkeys(names)), {}, {})
    ways = product(*(OPTIONS[name] for name in names))
    awards = [exact("platform", case(dict(zip(names, way, strict=True)))) or 0 for way in ways]
    assert (found.low, found.high) == (min(awards), max(awards))


def large(size: int) -> Table:
    """Many invoices with small sums, so that no cap is reached."""
    rng = random.Random(size)
    categories = [rng.choice(("hardware", "software", "other")) for _ in range(size)]
    return invoices([rng.randint(1, 300) for _ in range(size)], category=categories)


@pytest.mark.parametrize("size", [100_000, *([1_000_000] if "JARLIG_RANDOM_TIMES" in os.environ else [])])
def test_a_large_table_with_one_unknown_cell_is_estimated_at_once(size: int) -> None:
    table = large(size)
    table.columns["category"][17] = None
    started = time.perf_counter()
    found = estimate(investment=table)
    assert time.perf_counter() - started < 5 * size / 100_000
    assert found.high is not None and found.high - found.low == round(table.columns["net"][17] / 5)
    assert found.low_by is not None and found.high_by is not None


def test_of_thousands_of_unknown_cells_the_largest_are_ranked_and_the_rest_bounded() -> None:
    table = large(20_000)
    for index in range(0, 20_000, 10):
        table.columns["category"][index] = None
    found = estimate(investment=table)
    assert len(found.missing) == 2_000
    ranked = [one.worth or 0 for one in found.missing]
    assert ranked == sorted(ranked, reverse=True) and ranked[0] == 60
    for one in found.missing:
        assert not isinstance(one.key, str) and one.worth is not None
        assert one.worth >= table.columns["net"][one.key[1]] // 5


def test_a_range_for_an_unsettled_fact_is_shared_by_all_rows_that_hang_on_it() -> None:
    found = estimate(investment=invoices([1_000_00, 2_000_00], category=[None, None]), level=None)
    assert (found.low, found.high) == (0, 600_00)
