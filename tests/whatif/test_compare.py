"""What a comparison counts, over random tables: every figure equal to one added up here, case by case."""

from __future__ import annotations

import tempfile
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pytest
from hypothesis import given, settings, strategies as st
from tests.tiny import tiny
from tests.whatif.comparing import ALWAYS, HEAD, compared, reform_file, row, table

from jarlig.engines.sql.running import Files, duckdb
from jarlig.ladder.steps import Words
from jarlig.policy import model
from jarlig.policy.messages import PolicyError
from jarlig.whatif.compare import MOST_LABELS, MOST_MOVERS, NO_LABEL, lines
from jarlig.whatif.compared import EDGES, NOTHING, Comparison, Figures, summed
from jarlig.whatif.simulate import side_of, simulate

PLACES = ("150102", "150202", "150203", "150402", None)
LABELS = ("大", "小", "a;b", "'; DROP TABLE cases --", None)


@dataclass(frozen=True)
class Case:
    """One made-up case of the offer that pays by score."""

    score: int | None
    place: str | None
    label: str | None

    def amount(self, middle: int) -> int | None:
        """What it gets, in fen, where the middle band pays so many yuan; None while its score is not known."""
        if self.score is None:
            return None
        return 0 if self.score < 60 else middle * 100 if self.score < 80 else 30_000_000

    def outcome(self) -> str:
        """Its outcome: nobody outside the region is eligible, and a place that is not known leaves that open."""
        return "undetermined" if self.score is None or self.place is None else "award"


CASES = st.lists(
    st.builds(Case, st.none() | st.integers(0, 100), st.sampled_from(PLACES), st.sampled_from(LABELS)),
    min_size=1, max_size=40,
)  # fmt: skip


@cache
def programme() -> model.Programme:
    return tiny(Path(tempfile.mkdtemp()) / "programme")


def written(cases: Sequence[Case]) -> str:
    rows = []
    for at, case in enumerate(cases):
        score, place, label = ("" if value is None else str(value) for value in (case.score, case.place, case.label))
        rows.append(f'c{at},2023-05-01,{place},,{place},,,,,{score},"{label}"\n')
    return HEAD + "".join(rows)


def ran(cases: Sequence[Case], middle: int, offers: Sequence[str] = ("2",)) -> Comparison:
    """The cases under the rules and under a reform of the middle band."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        reform = reform_file(folder, f"offers: {{'2': {{amount: {{bands: {{60 to under 80: {middle}}}}}}}}}\n")
        return compared(programme(), "rules", reform, offers, table(folder, written(cases)), folder)


def figures(case: Case, middle: int) -> Figures:
    if case.outcome() != "award":
        return Figures(1, (0, 0), (0, 0), (1, 1))
    one, other = case.amount(100_000) or 0, case.amount(middle) or 0
    return Figures(1, (int(one > 0), int(other > 0)), (one, other), (0, 0))


@settings(max_examples=20)
@given(CASES, st.integers(1, 300_000))
def test_every_figure_is_the_sum_over_its_cases(cases: list[Case], middle: int) -> None:
    found = ran(cases, middle)
    each = [figures(case, middle) for case in cases]
    assert (found.cases, found.left_out, found.total) == (len(cases), 0, summed(each))
    places: dict[str | None, Figures] = defaultdict(lambda: NOTHING)
    labels: dict[str | None, Figures] = defaultdict(lambda: NOTHING)
    for case, one in zip(cases, each, strict=True):
        places[case.place and case.place[:4] + "00"] += one
        labels[case.label] += one
    assert {line.key or None: line.figures for line in found.places} == places
    assert {line.key or None: line.figures for line in found.groups["size"]} == labels
    assert sum(line.cases for line in found.places) == len(cases)


@settings(max_examples=20)
@given(CASES, st.integers(1, 300_000))
def test_movers_and_bands_are_those_of_the_cases(cases: list[Case], middle: int) -> None:
    found = ran(cases, middle)
    changes = {f"c{at}": one.difference for at, one in enumerate(figures(case, middle) for case in cases)}
    for side, tally, movers in ((1, found.winners, found.gains), (-1, found.losers, found.losses)):
        mine = {case: fen for case, fen in changes.items() if fen * side > 0}
        assert (tally.cases, tally.change) == (len(mine), sum(mine.values()))
        ordered = sorted(mine.items(), key=lambda one: (-abs(one[1]), one[0]))[:MOST_MOVERS]
        assert [(one.case, one.change) for one in movers] == ordered
        for band in (band for band in found.bands if band.side == side):
            inside = [
                fen for fen in mine.values()
                if band.least * 100 <= abs(fen) and (band.most is None or abs(fen) < band.most * 100)
            ]  # fmt: skip
            assert (band.tally.cases, band.tally.change) == (len(inside), sum(inside))
    assert found.even.cases == sum(not fen for fen in changes.values())


@settings(max_examples=10)
@given(CASES, st.integers(1, 300_000))
def test_an_offer_with_the_same_rules_stands_on_both_sides_alike(cases: list[Case], middle: int) -> None:
    found = ran(cases, middle, ("1a", "2"))
    other, mine = found.offers
    assert other.key == "1a" and other.same and other.figures.difference == 0
    assert other.figures.open[0] == other.figures.open[1] and other.figures.awards[0] == other.figures.awards[1]
    assert mine.figures == summed(figures(case, middle) for case in cases)
    assert found.unsure["claims"] == (0 if mine.same else mine.figures.open[0])


@pytest.mark.parametrize("offers", [("1a", "2"), ("2", "1a")])
def test_offers_stand_in_the_order_in_which_they_are_asked(offers: tuple[str, ...]) -> None:
    cases = [Case(70, "150102", "a"), Case(90, "150102", "a")]
    found = ran(cases, 150_000, offers)
    assert tuple(line.key for line in found.offers) == offers
    assert {line.key: line.figures.difference for line in found.offers} == {"1a": 0, "2": 5_000_000}
    assert [one.offer for mover in found.gains for one in mover.offers] == ["2"]


@pytest.mark.parametrize("edge", EDGES)
def test_a_change_at_an_edge_belongs_to_the_larger_size(edge: int) -> None:
    top = 100_000 + edge
    folder = Path(tempfile.mkdtemp())
    raised = f"amount: {{bands: {{60 to under 80: {top}, from 80: {max(top, 300_000)}}}}}"
    reform = reform_file(folder, f"offers: {{'2': {{{raised}, cap: 9_000_000}}}}\n")
    tables = table(folder, written([Case(70, "150102", "a")]))
    found = compared(programme(), "rules", reform, ["2"], tables, folder)
    (band,) = [band for band in found.bands if band.tally.cases]
    assert (band.side, band.least, band.tally.change) == (1, edge, edge * 100)


def test_as_many_threads_as_there_are_give_the_same_comparison() -> None:
    cases = [Case(at % 101, PLACES[at % 5], LABELS[at % 4]) for at in range(3_000)]
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        reform = reform_file(folder, "offers: {'2': {amount: {bands: {60 to under 80: 123_456}}}}\n")
        tables = table(folder, written(cases))
        one, many = (
            compared(programme(), "rules", reform, ["1a", "2"], tables, folder, engine=duckdb(600, threads))
            for threads in (1, 4)
        )
    assert one == many and one.total.difference != 0


def test_whole_numbers_as_ids_are_told_as_they_are() -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        reform = reform_file(folder, "offers: {'2': {amount: {bands: {60 to under 80: 150_000}}}}\n")
        rows = "".join(row(str(at), "2023-05-01") for at in (10, 9, 100))
        found = compared(programme(), "rules", reform, ["2"], table(folder, HEAD + rows), folder)
    assert [one.case for one in found.gains] == ["10", "100", "9"]


def test_one_reform_on_both_sides_is_no_difference() -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        reform = reform_file(folder, "offers: {'2': {amount: {bands: {60 to under 80: 150_000}}}}\n")
        found = compared(programme(), reform, reform, ["2"], table(folder, HEAD + row("a", "2023-05-01")), folder)
    assert found.total.cost == (15_000_000, 15_000_000) and found.offers[0].same
    assert found.sides[0] == found.sides[1]


def test_two_reforms_of_different_days_hold_each_on_its_own() -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        raised = "offers: {'2': {amount: {bands: {60 to under 80: 150_000}}}}\n"
        early = reform_file(folder, raised, ALWAYS.replace("2150-12-31", "2023-05-31"), "early.yaml")
        late = reform_file(folder, raised, ALWAYS.replace("1990-01-01", "2023-06-01"), "late.yaml")
        rows = row("may", "2023-05-31") + row("june", "2023-06-01")
        found = compared(programme(), early, late, ["2"], table(folder, HEAD + rows), folder)
    assert found.total.difference == 0 and not found.offers[0].same
    assert [(one.case, one.change) for one in (*found.gains, *found.losses)] == [
        ("june", 5_000_000), ("may", -5_000_000),
    ]  # fmt: skip


def test_nothing_is_left_behind_when_a_comparison_fails(tmp_path: Path) -> None:
    (tmp_path / "cases.csv").write_text("case,on,scroe\na,2023-05-01,70\n", "utf-8")
    files = Files(tmp_path / "cases.csv", tmp_path / "report.html")
    sides = side_of("rules", programme()), side_of("2023", programme())
    with pytest.raises(PolicyError) as caught:
        simulate(programme(), sides, ["2"], files)
    assert [one.code for one in caught.value.problems] == ["E825"]
    assert [path.name for path in tmp_path.iterdir()] == ["cases.csv"]


# lines


def entry(label: str | None, cost: int, cases: int = 1) -> tuple[str | None, int, Figures]:
    return label, cases, Figures(cases, (1, 1), (cost, cost + 1), (0, 0))


def test_lines_stand_by_their_cost_and_what_has_no_label_last() -> None:
    made = lines([entry(None, 99), entry("b", 5), entry("a", 5), entry("c", 7)], {"c": Words("丙", "third")}, NO_LABEL)
    assert [line.key for line in made] == ["c", "a", "b", ""]
    assert made[0].title.zh == "丙" and made[-1].title == NO_LABEL


@given(st.integers(0, 3 * MOST_LABELS))
def test_lines_never_lose_a_case_or_a_fen(count: int) -> None:
    found = [entry(f"l{at}", at, at + 1) for at in range(count)]
    made = lines(found, {}, NO_LABEL)
    assert len(made) == min(count, MOST_LABELS + 1)
    assert summed(line.figures for line in made) == summed(one for *_, one in found)
    assert sum(line.cases for line in made) == sum(cases for _, cases, _ in found)
