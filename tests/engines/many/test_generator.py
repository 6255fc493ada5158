"""Cases made to compare engines cover each offer: every outcome, every edge from both sides, and every kind of trap."""

from __future__ import annotations

from functools import cache
from typing import Any

import pytest
from hypothesis import given, settings
from tests.engines.many.edges import SIDES, Edges
from tests.engines.many.generator import Made, exact, facts_of, made, made_cases
from tests.engines.many.scenes import Scene, scenes

import jarlig
from jarlig.ladder import nodes as n
from jarlig.ladder.dates import day_text
from jarlig.ladder.kinds import Rows
from jarlig.ladder.numbers import parse_date

NMG, SAMPLE = "nmg-ecommerce-2022", "sample-district-2024"
COUNT, SEED = 500, 20221
OFFERS = [(name, offer) for name in (NMG, SAMPLE) for offer in jarlig.load(name).offers]

#: Outcomes that the rules of an offer seem to allow and that no case can have.
NEVER = {
    (NMG, "6"): {"award", "undetermined"},  # the pool waits for the central transfer in every guide
    (NMG, "19b"): {"needs_decision"},  # its two exceptions exclude each other
}
#: Sides of an edge that no case lies on within a fen; the nearest case there stands in the tables instead.
JUMPS: dict[tuple[str, str], dict[str, set[int]]] = {
    (SAMPLE, "1a"): {"capped:cap=1000000": {-1, 1}},  # 200,000 a step of growth
    (SAMPLE, "2a"): {"capped:cap=600000": {-1, 1}, "capped:cap=450000": {-1, 1}},  # 30,000 for each million of exports
    (SAMPLE, "4a"): {"capped:cap=20000000000": {-1}},  # the rate jumps from 8% to 10% where the cap is reached
}
#: Sides of an edge on which nothing can lie.
NOWHERE: dict[tuple[str, str], dict[str, set[int]]] = {
    (SAMPLE, "5e"): {"gate_6:test": {-1}},  # a sum received is never below nothing
}


@cache
def programme(name: str) -> jarlig.Programme:
    return jarlig.load(name)


@cache
def cases(name: str, offer: str) -> Made:
    return made(programme(name).desk, offer, COUNT, SEED)


@cache
def asked(name: str, offer: str) -> tuple[Scene, ...]:
    return tuple(scenes(programme(name).desk, offer))


def outcomes(name: str, offer: str) -> set[str]:
    """What the ladders of an offer allow, read from what stands in them."""
    open_ = [scene for scene in asked(name, offer) if scene.what not in ("lapsed", "closed")]
    found = {"lapsed", "undetermined", "award"}
    if any(scene.what == "closed" for scene in asked(name, offer)):
        found.add("closed")
    if any(scene.ladder.gates for scene in open_):
        found.add("not_eligible")
    if any(scene.ladder.state == "no_guide" or scene.ladder.open_terms for scene in open_):
        found.add("awaiting_guide")
    if any(scene.ladder.doubts or scene.ladder.judged for scene in open_):
        found.add("needs_decision")
    return found - NEVER.get((name, offer), set())


@pytest.mark.parametrize(("name", "offer"), OFFERS)
def test_a_third_of_the_cases_is_paid_and_every_outcome_is_there(name: str, offer: str) -> None:
    counted = cases(name, offer).coverage["outcomes"]
    assert sum(counted.values()) == COUNT
    assert set(counted) == outcomes(name, offer)
    assert {outcome for outcome, times in counted.items() if times < COUNT // 100} == set()
    assert counted["award"] >= 0.3 * COUNT or "award" in NEVER.get((name, offer), ())


@pytest.mark.parametrize(("name", "offer"), OFFERS)
def test_every_edge_is_met_one_fen_below_on_it_and_one_fen_above(name: str, offer: str) -> None:
    coverage = cases(name, offer).coverage
    jumps = {(key, side) for key, sides in JUMPS.get((name, offer), {}).items() for side in sides}
    nowhere = {(key, side) for key, sides in NOWHERE.get((name, offer), {}).items() for side in sides}
    assert coverage["near"] == jumps
    assert coverage["missed"] == nowhere
    empty = {(key, side) for key, sides in coverage["edges"].items() for side, hits in sides.items() if not hits}
    assert empty <= jumps


@pytest.mark.parametrize(("name", "offer"), OFFERS)
def test_a_cap_a_floor_and_a_band_of_the_ladder_is_among_the_edges(name: str, offer: str) -> None:
    """The edges are counted from the nodes themselves, by a count that shares nothing with the search."""
    met = {key.partition("=")[0].partition("#")[0] for key in cases(name, offer).coverage["edges"]}
    for scene in asked(name, offer):
        if scene.what != "live":
            continue
        for step in scene.ladder.steps:
            for node in n.walk(step.node):
                if isinstance(node, n.Banded | n.Marginal) and _has_input(scene, node.of):
                    assert any(key.startswith(f"{step.name}:band@") for key in met), (offer, step.name)
                if isinstance(node, n.Least) and _has_input(scene, node.left):
                    assert f"{step.name}:cap" in met, (offer, step.name)


def _has_input(scene: Scene, node: n.Node) -> bool:
    """Whether a number that the case states, or a sum over its rows, moves a node."""
    for below in n.walk(node):
        if isinstance(below, n.StepRef) and _has_input(scene, scene.ladder.step(below.name).node):
            return True
        if isinstance(below, n.Fact | n.Column) and isinstance(below.kind, n.Number) and below.name != "guide_year":
            return True
    return False


@pytest.mark.parametrize(("name", "offer"), OFFERS)
def test_reversals_ties_unknown_cells_places_and_window_edges_are_there(name: str, offer: str) -> None:
    tables = cases(name, offer)
    coverage = tables.coverage
    scene = asked(name, offer)[0]
    reversible = any(isinstance(kind, Rows) and kind.reverses and rows in tables.rows
                     for rows, kind in scene.search.kinds.items())  # fmt: skip
    assert (coverage["rows"] > COUNT) == reversible
    assert coverage["reversed"] >= 0.05 * coverage["rows"]
    assert coverage["ties"] >= 3 or not coverage["reads_history"]
    assert coverage["places"] >= 5
    assert coverage["hostile"] >= COUNT // 10
    stated = set(scene.search.kinds) - set(scene.search.fixed) - set(scene.keys)
    facts = [fact for fact in coverage["unknown"] if fact in stated]
    assert {fact for fact in facts if coverage["unknown"][fact] < 0.02} == set()
    ends = {day for scene in asked(name, offer) for day in scene.ladder.window or ()}
    assert {day_text(day) for day in ends} & coverage["days"] or not ends


@pytest.mark.parametrize("name", [NMG, SAMPLE])
def test_each_window_edge_of_each_guide_is_asked_at_by_some_offer(name: str) -> None:
    days = set().union(*(cases(name, offer).coverage["days"] for offer in programme(name).offers))
    for guide in programme(name).model.guides.values():
        for day in (guide.start - 1, guide.start, guide.end, guide.end + 1):
            assert day_text(day) in days


@pytest.mark.parametrize(("name", "offer"), [(NMG, "2a"), (NMG, "14"), (SAMPLE, "3d"), (SAMPLE, "4f")])
def test_the_answers_are_those_of_the_desk_asked_for_one_case_with_the_whole_history(name: str, offer: str) -> None:
    desk = programme(name).desk
    tables = made(desk, offer, 60, 5)
    lines = tables.lines()
    for case in tables.cases:
        alone = Made(offer, [case], tables.rows, tables.history)
        facts = facts_of(desk, offer, case, lines)
        place: Any = case["at"] or ""
        told = desk.determine(offer, facts, on=parse_date(str(case["on"])), at=place, history=tables.history)
        outcome = "undetermined" if told.outcome == "range" else told.outcome
        assert exact(desk, offer, alone) == [(outcome, told.formula_amount, told.amount)]


def test_the_same_seed_makes_the_same_tables_and_another_seed_others() -> None:
    desk = programme(NMG).desk
    one, same, other = (made(desk, "10b", 80, seed) for seed in (1, 1, 2))
    assert (one.cases, one.rows, one.history) == (same.cases, same.rows, same.history)
    assert one.cases != other.cases


def test_an_earlier_case_of_the_table_counts_for_a_later_one_of_its_subject() -> None:
    desk = programme(NMG).desk
    paying = next(scene for scene in asked(NMG, "2b") if scene.what == "live")
    facts = {**paying.search.plain(paying.base or {}), "case": "1", "on": day_text(paying.on), "at": paying.at}
    facts.pop("history", None)
    twice = Made("2b", [facts, {**facts, "case": "2"}], {}, [])
    assert [answer[0] for answer in exact(desk, "2b", twice)] == ["award", "not_eligible"]
    turned = Made("2b", [{**facts, "on": day_text(paying.on + 1)}, {**facts, "case": "2"}], {}, [])
    assert [answer[0] for answer in exact(desk, "2b", turned)] == ["not_eligible", "award"]
    strangers = Made("2b", [{**facts, "uscc": None}, {**facts, "case": "2"}], {}, [])
    assert [answer[0] for answer in exact(desk, "2b", strangers)] == ["award", "award"]


def test_without_a_history_an_award_with_a_limit_is_not_determined() -> None:
    desk = programme(NMG).desk
    tables = cases(NMG, "2b")
    told = exact(desk, "2b", tables, history=False)
    assert "award" not in {outcome for outcome, _, _ in told}
    assert "undetermined" in {outcome for outcome, _, _ in told}


@settings(max_examples=15, deadline=None)
@given(tables=made_cases(jarlig.load(SAMPLE).desk, "1d", most=25))
def test_any_made_table_can_be_read_and_has_an_answer_for_each_case(tables: Made) -> None:
    said = exact(programme(SAMPLE).desk, "1d", tables)
    assert len(said) == len(tables.cases) == len({case["case"] for case in tables.cases})
    for outcome, formula, amount in said:
        assert (outcome == "award") == (amount is not None)
        assert amount is None or (amount >= 0 and formula is not None)


def test_sides_are_told_by_whole_fen_below_on_and_above() -> None:
    assert SIDES == (-1, 0, 1)
    scene = next(scene for scene in asked(SAMPLE, "4d") if scene.what == "live")
    edges = Edges(scene.ladder)
    cap = next(edge for edge in edges.all if edge.name == "capped:cap")
    env = dict(scene.base or {})
    for net, side in ((666666660, set()), (666666664, {-1}), (666666667, {0}), (666666668, {0}), (666666670, {1})):
        assert cap.sides({**env, "costs": net}) == side
