"""The worked cases of the first programme: all hold, and what they leave out is found here."""

from __future__ import annotations

import importlib.util
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction
from functools import cache
from pathlib import Path

import pytest
from tests.programmes.nmg import FOLDER, desk, plans, programme

from jarlig.engines.answer import Determination
from jarlig.engines.cases import run_case, run_cases
from jarlig.ladder import nodes as n
from jarlig.ladder.dates import day_text
from jarlig.ladder.kinds import Number, Rows
from jarlig.ladder.numbers import parse_date
from jarlig.ladder.outcome import OUTCOMES
from jarlig.ladder.steps import Ladder
from jarlig.policy.cases import CaseFacts, WorkedCase, case_facts, read_cases
from jarlig.policy.plans import Plan
from jarlig.policy.text import Mapping, Scalar, Sequence, Tree

SCRIPT = Path(__file__).parents[2] / "scripts" / "recompute_cases.py"
#: What is asked with the case and is no fact of the applicant.
ASKED = ("on", "at", "guide_year")


@cache
def cases() -> dict[str, WorkedCase]:
    """Every worked case, by id."""
    return read_cases(programme())


def facts_of(case: WorkedCase) -> CaseFacts:
    """The facts of a case, those it takes over included."""
    return case_facts(case, cases())


@cache
def answers() -> dict[str, Determination]:
    """The answer to every worked case."""
    found = cases().values()
    return {x.case: desk().determine(x.offer, facts_of(x), on=x.on, guide=x.guide, at=x.at) for x in found}


def governed() -> Iterator[tuple[str, Plan, Ladder]]:
    """Every offer that a guide opens, with each guide and each city."""
    for plan in plans():
        for offer in programme().offers:
            ladder = plan.ladder(offer)
            if ladder.state == "open":
                yield offer, plan, ladder


def computable() -> Iterator[tuple[str, Ladder]]:
    """Of those, the ones with no term open."""
    return ((offer, ladder) for offer, _, ladder in governed() if not ladder.open_terms)


def test_every_case_holds() -> None:
    report = run_cases(programme(), desk=desk())
    assert [problem.en for problem in report.problems] == []


def test_there_are_cases_of_every_offer_and_of_every_outcome() -> None:
    assert {case.offer for case in cases().values()} == programme().offers.keys()
    assert Counter(case.expect.outcome for case in cases().values()).keys() == set(OUTCOMES)
    assert len(cases()) >= 170


def test_a_figure_one_fen_off_is_found_in_every_case_that_states_one() -> None:
    stated = [case for case in cases().values() if case.expect.figures]
    for case in stated:
        for name in case.expect.figures:
            wrong = replace(case.expect, **{name: getattr(case.expect, name) + 1})
            assert run_case(desk(), replace(case, expect=wrong), cases()), (case.case, name)
    assert len(stated) > 100


def test_every_figure_comes_out_of_plain_arithmetic_too() -> None:
    spec = importlib.util.spec_from_file_location("recompute_cases", SCRIPT)
    assert spec is not None and spec.loader is not None
    script = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(script)
    assert list(script.check(FOLDER)) == []


def test_no_figure_is_left_without_its_arithmetic_and_no_title_is_used_twice_for_an_offer() -> None:
    for case in cases().values():
        assert case.arithmetic is not None or not case.expect.figures, case.case
    titles = Counter((case.offer, case.title.zh) for case in cases().values())
    assert [title for title, times in titles.items() if times > 1] == []


def test_every_condition_of_every_offer_guide_and_city_is_refused_in_some_case() -> None:
    gates = {(offer, ladder.step(name).key) for offer, _, ladder in governed() for name in ladder.gates}
    refused = {(case.offer, key) for case in cases().values() for key in case.expect.refused or ()}
    assert gates - refused == set()


def test_every_fact_that_a_figure_reads_is_missing_in_some_case() -> None:
    read: set[tuple[str, str]] = set()
    for offer, ladder in computable():
        for node in ladder.nodes():
            if isinstance(node, n.Fact) and node.name not in ASKED:
                read.add((offer, node.name))
            elif isinstance(node, n.Sum):
                read.add((offer, node.rows))
            elif isinstance(node, n.Earlier):
                read.add((offer, "history"))
    missing = {(case.offer, key) for case in cases().values() for key in case.expect.missing or ()}
    assert read - missing == set()


def test_every_column_that_a_sum_reads_is_missing_in_some_case() -> None:
    read = {
        (offer, node.rows, below.name)
        for offer, ladder in computable()
        for node in ladder.nodes()
        if isinstance(node, n.Sum)
        for part in (*node.where, node.value)
        for below in n.walk(part)
        if isinstance(below, n.Column)
    }
    missing = {
        (case.offer, key.split(".")[0], key.split(".")[2])
        for case in cases().values()
        for key in case.expect.missing or ()
        if key.count(".") == 2
    }
    assert read - missing == set()


def test_a_range_states_its_ends_and_what_is_missing() -> None:
    for case in cases().values():
        if case.expect.outcome == "range":
            assert None not in (case.expect.low, case.expect.high, case.expect.missing), case.case
        assert case.expect.outcome != "undetermined" or case.expect.missing, case.case


def literal_sums(node: n.Node) -> set[Fraction]:
    """The sums of money, in yuan, that stand in a figure."""
    return {
        Fraction(below.value, 10**below.kind.scale)
        for below in n.walk(node)
        if isinstance(below, n.Literal) and isinstance(below.value, int) and isinstance(below.kind, Number)
        if below.kind.unit and below.value
    }


def varies(ladder: Ladder, step: str) -> bool:
    """Whether the value of a step hangs on the facts; a lump sum (定额) does not."""
    below = list(n.walk(ladder.step(step).node))
    return any(isinstance(x, n.Fact | n.Sum) or (isinstance(x, n.StepRef) and varies(ladder, x.name)) for x in below)


def traced(answer: Determination, role: str) -> list[Fraction]:
    """The values of the steps of a role, in yuan."""
    steps = {step.name: step for step in answer.ladder.steps if step.role == role}
    found = []
    for step in answer.trace:
        if step.name in steps and isinstance(step.value, int):
            kind = steps[step.name].node.kind
            assert isinstance(kind, Number)
            found.append(Fraction(step.value, 10**kind.scale))
    return found


def test_every_cap_and_limit_is_tried_below_at_and_above() -> None:
    """A limit is met by the formula amount beside what earlier awards have left of it. A lump sum meets no cap."""
    ceilings = {
        (offer, step.role, figure)
        for offer, ladder in computable()
        if varies(ladder, ladder.formula)
        for step in ladder.steps
        if step.role in ("cap", "limit")
        for figure in literal_sums(step.node)
    }
    tried = set()
    for name, case in cases().items():
        answer = answers()[name]
        if case.expect.outcome != "award" or answer.formula_amount is None:
            continue
        formula = Fraction(answer.formula_amount, 100)
        for role, bounds in (("cap", traced(answer, "cap")), ("limit", traced(answer, "remaining"))):
            for ceiling, bound in zip(traced(answer, role), bounds, strict=True):
                side = "below" if formula < bound else "at" if formula == bound else "above"
                tried.add((case.offer, role, ceiling, side))
    wanted = {(*ceiling, side) for ceiling in ceilings for side in ("below", "at", "above")}
    assert wanted - tried == set()


def test_every_tier_is_reached_in_some_case() -> None:
    tiers = {
        (offer, figure)
        for offer, ladder in computable()
        for node in ladder.nodes()
        if isinstance(node, n.Banded | n.Grown)
        for value in (*node.values, *([node.from_zero] if isinstance(node, n.Grown) else []))
        for figure in literal_sums(value) or {Fraction(0)}
    }
    paid = {
        (x.offer, Fraction(x.expect.formula_amount, 100))
        for x in cases().values()
        if x.expect.formula_amount is not None
    }
    assert tiers - paid == set()


def test_the_days_around_validity_are_tried() -> None:
    first, last = programme().valid
    tried = {(case.on, case.expect.outcome) for case in cases().values() if case.guide is None}
    assert {(first - 1, "lapsed"), (first, "closed"), (last, "awaiting_guide"), (last + 1, "lapsed")} <= tried


@pytest.mark.parametrize("offer", programme().offers)
def test_every_offer_lapses_outside_validity_whatever_the_facts(offer: str) -> None:
    first, last = programme().valid
    for case in (x for x in cases().values() if x.offer == offer):
        facts = facts_of(case)
        found = [desk().determine(offer, facts, on=on, at=case.at).outcome for on in (first - 1, first, last, last + 1)]
        assert [outcome == "lapsed" for outcome in found] == [True, False, False, True], case.case


@pytest.mark.parametrize("year", [2022, 2023, 2024])
def test_the_days_around_every_window_are_tried(year: int) -> None:
    guide = programme().guides[year]
    common = set(guide.opens or ()) - guide.windows.keys()
    windows = [(common, guide.start, guide.end), *(({x}, *window) for x, window in guide.windows.items())]
    for offers, first, last in windows:
        tried = {
            (on, answers()[x].outcome == "closed")
            for x, case in cases().items()
            if case.offer in offers
            for on in [case.on]
        }
        assert {(first - 1, True), (first, False), (last, False), (last + 1, True)} <= tried, (year, offers)


def test_the_days_around_every_cost_period_are_tried() -> None:
    for year, guide in programme().guides.items():
        for offer, fills in guide.fill.items():
            if "costs_from" not in fills:
                continue
            first, last = (
                parse_date(term.text) for term in (fills["costs_from"], fills["costs_to"]) if isinstance(term, Scalar)
            )
            paid = {
                parse_date(str(row["paid_on"]))
                for case in cases().values()
                if case.offer == offer and answers()[case.case].question.guide == year
                for rows in facts_of(case).plain.values()
                if isinstance(rows, list)
                for row in rows
                if row.get("paid_on")
            }
            assert {first - 1, first, last, last + 1} <= paid, (year, offer)


def test_a_half_fen_and_both_sides_of_it_are_tried() -> None:
    parts = {sum_ * 100 % 1 for x in answers().values() if x.outcome == "award" for sum_ in traced(x, "formula")}
    assert Fraction(1, 2) in parts
    assert any(0 < part < Fraction(1, 2) for part in parts) and any(part > Fraction(1, 2) for part in parts)


def test_every_list_of_cost_is_tried_with_a_reversal() -> None:
    reversing = {
        (case.offer, name)
        for case in cases().values()
        for name, rows in facts_of(case).plain.items()
        if isinstance(rows, list) and name != "history" and any(row.get("reverses") for row in rows)
    }
    summed = {(offer, x.rows) for offer, ladder in computable() for x in ladder.nodes() if isinstance(x, n.Sum)}
    facts = {offer: next(plans()).fact_defs(offer) for offer, _ in summed}
    kinds = {(offer, rows): facts[offer][rows].kind for offer, rows in summed}
    assert {key for key, kind in kinds.items() if isinstance(kind, Rows) and kind.reverses} <= reversing


def test_both_sides_of_every_change_of_a_rate_are_tried() -> None:
    changes = {value.start for parameter in programme().parameters.values() for value in parameter.values[1:]}
    tried = {str(facts_of(case).plain.get("tax_period_end")) for case in cases().values()}
    assert {day_text(day) for start in changes for day in (start - 1, start)} <= tried


def words_of(rows: list[Tree], key: str) -> set[str]:
    """What stands under a key of rows."""
    values = [row.entries[key] for row in rows if isinstance(row, Mapping) and key in row.entries]
    return {value.text for value in values if isinstance(value, Scalar)}


def test_awards_of_every_state_and_awards_recovered_stand_in_histories() -> None:
    rows = [row for case in cases().values() if isinstance(case.history, Sequence) for row in case.history.items]
    assert {"pending", "approved", "paid", "void", "null"} <= words_of(rows, "state")
    assert {"500_000", "null"} <= words_of(rows, "recovered")
