"""Earlier awards: what counts, what a window holds, how years run."""

from datetime import date

import pytest

from jarlig.ladder.dates import day_text, full_years, month_text, months_after, months_before
from jarlig.ladder.history import NO_RIGHT, EarlierAward, in_window, matches, years_used
from jarlig.ladder.nodes import Window


def day(text: str) -> int:
    return date.fromisoformat(text).toordinal()


def award(**changes) -> EarlierAward:
    fields = {
        "offer": "a",
        "on": day("2023-05-01"),
        "guide_year": 2023,
        "state": "approved",
        "capped": 900,
        "approved": 800,
        "recovered": 0,
        "keys": {"uscc": "X"},
    }
    return EarlierAward(**{**fields, **changes})


@pytest.mark.parametrize(
    ("changes", "counted"),
    [
        ({}, 800),
        ({"state": "pending"}, 900),
        ({"state": "pending", "capped": None}, None),
        ({"state": "void"}, 0),
        ({"recovered": 300}, 500),
        ({"recovered": 900}, 0),
        ({"recovered": None}, None),
        ({"approved": None}, None),
        ({"state": None}, None),
    ],
)
def test_a_pending_award_counts_at_its_cap_and_a_decided_one_net_of_recovery(changes, counted):
    assert award(**changes).counted == counted


@pytest.mark.parametrize(
    ("window", "on", "inside"),
    [
        (Window("ever"), "1999-01-01", True),
        (Window("guide_year"), "2023-02-01", True),
        (Window("calendar_year"), "2022-12-31", False),
        (Window("calendar_year"), "2023-01-01", True),
        (Window("validity", 0, day("2022-06-06"), day("2025-06-05")), "2022-06-05", False),
        (Window("validity", 0, day("2022-06-06"), day("2025-06-05")), "2022-06-06", True),
        (Window("rolling", 12), "2022-06-01", False),
        (Window("rolling", 12), "2022-06-02", True),
    ],
)
def test_each_window_has_exact_edges(window, on, inside):
    assert in_window(award(on=day(on)), window, day("2023-06-01"), 2023) is inside


def test_an_award_applied_for_later_does_not_count_for_an_earlier_case():
    assert in_window(award(on=day("2023-06-02")), Window("ever"), day("2023-06-01"), 2023) is False


def test_an_award_without_a_date_may_or_may_not_lie_in_a_window():
    assert in_window(award(on=None), Window("ever"), day("2023-06-01"), 2023) is None
    assert in_window(award(guide_year=None), Window("guide_year"), day("2023-06-01"), 2023) is None


def test_a_key_that_differs_rules_an_award_out_even_when_another_is_unknown():
    assert matches(award(keys={"uscc": "Y"}), ["a"], {"uscc": "X", "project_code": None}) is False
    assert matches(award(keys={"uscc": "X"}), ["a"], {"uscc": "X", "project_code": "P"}) is None
    assert matches(award(), ["a"], {"uscc": "X"}) is True
    assert matches(award(offer="b"), ["a"], {"uscc": "X"}) is False
    assert matches(award(offer=None), ["a"], {"uscc": "X"}) is None


@pytest.mark.parametrize(
    ("years", "streak", "breaks", "opened", "used"),
    [
        (set(), "no_restart", False, (2022, 2023, 2024), 0),
        ({2023, 2024}, "no_restart", False, (2023, 2024, 2025), 2),
        ({2022, 2023, 2024}, "no_restart", False, (2022, 2023, 2024, 2025), 3),
        ({2022, 2024}, "no_restart", False, (2022, 2023, 2024, 2025), NO_RIGHT),
        ({2022, 2024}, "restart", False, (2022, 2023, 2024, 2025), 1),
        ({2022, 2024}, "no_restart", False, (2022, 2024, 2025), 2),
        ({2022, 2024}, "restart", True, (2022, 2024, 2025), 1),
        ({2022, 2024}, "", False, (), 2),
        ({2025}, "no_restart", False, (2025,), 0),
    ],
)
def test_years_run_until_a_gap_in_an_open_year(years, streak, breaks, opened, used):
    assert years_used(years, 2025, streak, breaks, opened) == used


@pytest.mark.parametrize(
    ("start", "months", "end"),
    [
        ("2024-02-29", 12, "2025-02-28"),
        ("2023-01-31", 1, "2023-02-28"),
        ("2023-01-31", 2, "2023-03-31"),
        ("2023-12-15", 1, "2024-01-15"),
    ],
)
def test_a_step_of_months_keeps_the_day_or_falls_to_the_last_one(start, months, end):
    assert day_text(months_after(day(start), months)) == end


def test_steps_back_mirror_steps_forward():
    assert day_text(months_before(day("2023-03-31"), 1)) == "2023-02-28"
    assert month_text(2023 * 12 + 4) == "2023-05"


@pytest.mark.parametrize(
    ("start", "end", "years"),
    [
        ("2020-02-29", "2021-02-27", 0),
        ("2020-02-29", "2021-02-28", 1),
        ("2020-06-06", "2023-06-05", 2),
        ("2020-06-06", "2023-06-06", 3),
        ("2023-01-01", "2020-01-01", 0),
    ],
)
def test_full_years_turn_on_the_anniversary(start, end, years):
    assert full_years(day(start), day(end)) == years
