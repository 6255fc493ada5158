"""Rows told by how many count: each adds what a row of any values can, and the exact sum lies inside."""

from __future__ import annotations

from typing import Any

from hypothesis import given, settings, strategies as st

import jarlig
from jarlig.engines.answer import Determination

PROGRAMME = jarlig.load("sample-district-2024")
DAY, EARLIER, AT = "2025-06-01", "2024-06-03", "990101"
FACTS = {"uscc": "X", "registered_at": AT, "struck_off_on": "none", "history": []}


def answer(offer: str, on: str = DAY, **facts: Any) -> Determination:
    return PROGRAMME.determine(offer, {**FACTS, **facts}, on=on, at=AT)


@given(st.lists(st.tuples(st.sampled_from(["core", "outer"]), st.integers(0, 12), st.integers(0, 10**6)), max_size=12))
@settings(max_examples=60, deadline=None)
def test_the_exact_sum_lies_between_so_many_rows_at_their_least_and_their_most(
    shops: list[tuple[str, int, int]],
) -> None:
    rows = [
        {"shop_no": str(at), "zone": zone, "open_months": months, "rent": rent}
        for at, (zone, months, rent) in enumerate(shops)
    ]
    exact = answer("3b", shops=rows).amount
    count = sum(zone == "core" or months >= 6 for zone, months, _ in shops)
    told = answer("3b", shops={"count": count})
    assert exact is not None
    assert told.low is not None
    assert told.high == count * 5_000_000  # 50,000 yuan a shop at most
    assert told.low <= exact <= told.high
    wider = answer("3b", shops={"count": {"from": max(0, count - 1), "to": count + 2}})
    assert wider.low is not None
    assert wider.high is not None
    assert wider.low <= told.low <= told.high <= wider.high


def test_a_total_does_not_stand_in_for_what_a_rule_works_out_row_by_row() -> None:
    nothing, told = answer("2d", EARLIER), answer("2d", EARLIER, purchases={"about": "1_000_000"})
    assert (told.low, told.high) == (nothing.low, nothing.high)
    assert answer("2d", EARLIER, purchases={"count": 2}).high == 16_000_000


def test_a_total_still_stands_in_for_a_sum_of_money() -> None:
    told = answer("4f", tools={"about": "100_000", "count": 3})
    assert told.low == told.high
    assert told.low is not None
