"""A missing date that picks dated values: the estimate stays inside the values that are known."""

from __future__ import annotations

from typing import Any

from jarlig.engines.exact import Climber
from jarlig.engines.interval import Estimate, Estimator
from jarlig.ladder import build
from jarlig.ladder.kinds import DATE, YES_NO, Kind, Number, exactly, money
from jarlig.ladder.nodes import Banded, Case, Fact, Literal, Node, Open
from jarlig.ladder.numbers import parse_date
from jarlig.ladder.steps import Ladder, Step, Words

FIRST, CHANGE, LAST = (parse_date(day) for day in ("2018-01-01", "2022-10-01", "2026-12-31"))
RATE = Number((), 2, 0, 10**8)
WHEN, BASE, FLAG = Fact("when", DATE), Fact("base", money(high=10**6)), Fact("flag", YES_NO)
KINDS: dict[str, Kind] = {"when": DATE, "base": money(high=10**6), "flag": YES_NO}
NOBODY = Open("share", RATE, "parameter")
WORDS = Words("", "")


def ratio(percent: int) -> Literal:
    return Literal(percent, exactly(percent, 2))


def dated(*percents: int | None) -> Banded:
    """Values from ``FIRST``, from ``CHANGE``, and after ``LAST``; None has no value."""
    values = [NOBODY, *(NOBODY if percent is None else ratio(percent) for percent in percents)]
    return Banded(WHEN, ((FIRST, False), (CHANGE, False), (LAST, True)), tuple(values), RATE)


def estimate(rate: Node, *gates: Node, **known: Any) -> Estimate:
    steps = [Step(f"gate_{at}", "gate", gate, WORDS, ()) for at, gate in enumerate(gates)]
    formula = build.multiply(BASE, rate)
    steps += [Step("formula", "formula", formula, WORDS, ()), Step("award", "award", build.rounded(formula), WORDS, ())]
    names = tuple(step.name for step in steps if step.role == "gate")
    ladder = Ladder("x", "inform", tuple(steps), names, "formula", "award")
    return Estimator(ladder, KINDS).estimate({"on": LAST, "base": 100_000, **known}, {}, {})


def test_a_date_outside_every_known_value_does_not_widen_the_range() -> None:
    found = estimate(dated(75, 100, None))
    assert (found.low, found.high) == (75_000, 100_000)
    assert [item.key for item in found.missing] == ["when"]


def test_one_value_for_all_known_days_gives_one_figure_and_a_fact_of_no_worth() -> None:
    found = estimate(dated(8, 8, None))
    assert (found.low, found.high) == (8_000, 8_000)
    assert [(item.key, item.worth) for item in found.missing] == [("when", 0)]


def test_a_completion_is_shown_on_a_day_that_has_a_value() -> None:
    found = estimate(dated(75, 100, None))
    for by, end in ((found.low_by, 75_000), (found.high_by, 100_000)):
        assert by is not None and FIRST <= by["when"] <= LAST, end


def test_two_parameters_reach_as_far_as_either_is_known() -> None:
    rate = Case(((FLAG, dated(75, None, None)),), dated(None, 40, None), RATE)
    found = estimate(rate, flag=None)
    assert found.low <= 40_000 and found.high is not None and found.high >= 75_000
    assert estimate(dated(None, 40, None)).low == 40_000


def test_a_day_without_a_value_can_still_be_refused_by_a_gate_that_asks_the_date() -> None:
    gate = build.compare("<=", WHEN, Literal(LAST, DATE))
    refused = {"when": LAST + 1, "base": 100_000}
    steps = (Step("g", "gate", gate, WORDS, ()), Step("a", "award", BASE, WORDS, ()))
    ladder = Ladder("x", "inform", steps, ("g",), "a", "a")
    assert Climber(ladder).climb(refused).refused == ("g",)
    assert estimate(dated(75, 100, None)).low == 75_000
    assert estimate(dated(75, 100, None), gate).low == 0


def test_a_date_that_is_known_is_left_alone() -> None:
    found = estimate(dated(75, 100, None), when=CHANGE, base=None)
    assert found.low == 0 and [item.key for item in found.missing] == ["base"]


def test_a_complete_table_holds_no_date_back() -> None:
    table = Banded(WHEN, ((CHANGE, False),), (ratio(10), ratio(20)), RATE)
    assert (estimate(table).low, estimate(table).high) == (10_000, 20_000)
