"""What a search must try before it may say that nothing else is possible."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.policy.frame import Frame

from jarlig.engines.check import check
from jarlig.engines.witness import Search
from jarlig.ladder.nodes import NONE
from jarlig.ladder.numbers import parse_date

FACTS = "facts: {ended_on: {date: {}, or: none, title: {zh: 日, en: day}}}\namount: 1\n"


def search(folder: Path, test: str) -> Search:
    frame = Frame(folder, FACTS + f'when:\n  - "{test}"')
    on = parse_date("2024-06-01")
    plan = frame.desk.plans.plan(on)
    return Search(frame.desk, plan, plan.ladder("a"), on, "")


def test_a_fact_that_may_be_none_is_tried_as_none(tmp_path: Path) -> None:
    assert NONE in tuple(search(tmp_path, "ended_on is null").values("ended_on", {}))


@pytest.mark.parametrize(("test", "complete"), [
    ("ended_on is null or ended_on > on", True),
    ("years(ended_on, on) >= 3", False),
    ("ended_on is null or years(ended_on, on) >= 3", False),
])  # fmt: skip
def test_a_fact_is_searched_completely_only_where_every_reader_compares_it(
    tmp_path: Path, test: str, complete: bool
) -> None:
    found = search(tmp_path, test)
    assert found.points.is_complete("ended_on", found.kinds["ended_on"]) is complete


def test_a_condition_on_full_years_is_not_called_impossible(tmp_path: Path) -> None:
    frame = Frame(tmp_path, FACTS + 'when:\n  - "years(ended_on, on) >= 3"')
    assert "E940" not in [told.code for told in check(frame.programme).problems]
