"""A guide lies within the notice and a place within the guide, figure by figure; what does not is told."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from tests.engines.proof.standing import (
    CASES,
    LOCAL,
    PARTS,
    Edit,
    of,
    proof_of,
    stands,
    with_formula,
)
from tests.tiny import tiny

from jarlig.engines.answer import Desk
from jarlig.engines.proof.judge import Judge
from jarlig.engines.proof.offer import compare
from jarlig.engines.proof.proof import Proof
from jarlig.engines.proof.standing import Standing
from jarlig.engines.proof.within import differing, within
from jarlig.ladder import build, nodes as n
from jarlig.ladder.kinds import CNY, Choice, Number, Some, money
from jarlig.ladder.steps import Ladder, Words


def test_a_guide_lies_within_the_notice_and_a_place_within_the_guide(tmp_path: Path) -> None:
    desk_programme = tiny(tmp_path, drop=(CASES,))
    said = set()
    for stand, above in stands(desk_programme):
        found = compare(Desk(desk_programme), stand, above, 5)
        said.update(of(found, "within"))
    assert said == {
        ("proved", "figures, terms and conditions lie within the notice"),
        ("proved", "figures, terms and conditions lie within the guide"),
    }


def compared(folder: Path, change: object, *edits: Edit, offer: str = "1a") -> list[tuple[str, str]]:
    """How an offer lies within its own ladder after a change to that one."""
    proof = proof_of(folder, edits, offer)
    above = change(proof.ladder)  # type: ignore[operator]
    within(proof, above, Words("公文", "notice"))
    return [(one.status, one.code) for one in proof.found if one.subject == "within"]


def altered(ladder: Ladder, name: str, node: n.Node) -> Ladder:
    steps = tuple(replace(step, node=node) if step.name == name else step for step in ladder.steps)
    return replace(ladder, steps=steps)


def test_a_figure_above_that_of_the_document_above_is_refused(tmp_path: Path) -> None:
    rate = build.literal(19, 2)
    assert compared(tmp_path, lambda ladder: altered(ladder, "rate", rate)) == [("refuted", "E957")]
    assert compared(tmp_path, lambda ladder: altered(ladder, "rate", build.literal(21, 2))) == [("proved", "")]


def test_a_term_filled_outside_its_bounds_is_refused(tmp_path: Path) -> None:
    for high, want in ((15, ("refuted", "E957")), (20, ("proved", ""))):
        term = n.Open("rate", Number((), 2, 0, high), "guide")
        assert compared(tmp_path, lambda ladder, term=term: altered(ladder, "rate", term)) == [want]


def test_a_gate_that_lets_more_in_than_the_document_above_is_refused(tmp_path: Path) -> None:
    def stricter(ladder: Ladder) -> Ladder:
        step = next(step for step in ladder.steps if step.key == "when.1")
        return altered(ladder, step.name, n.All((step.node, n.Not(step.node))))

    def wider(ladder: Ladder) -> Ladder:
        step = next(step for step in ladder.steps if step.key == "when.1")
        return altered(ladder, step.name, n.AnyOf((step.node, n.Not(step.node))))

    assert compared(tmp_path, stricter) == [("refuted", "E957")]
    assert compared(tmp_path, wider) == [("proved", "")]


def test_a_filter_that_counts_rows_which_the_document_above_leaves_out_is_refused(tmp_path: Path) -> None:
    def only(words: frozenset[str]) -> object:
        def change(ladder: Ladder) -> Ladder:
            base = ladder.step("base").node
            assert isinstance(base, n.Sum)
            choice = Choice(("hardware", "other"))
            test = n.Within(n.Column("category", choice), n.Literal(words, Some(choice)))
            return altered(ladder, "base", replace(base, where=(base.where[0], test)))

        return change

    assert compared(tmp_path, only(frozenset(("other",)))) == [("refuted", "E957")]
    assert compared(tmp_path, only(frozenset(("hardware", "other")))) == [("proved", "")]


def test_the_rate_of_each_place_lies_within_the_bound_of_the_notice(tmp_path: Path) -> None:
    terms = "  terms: {village: {open: unit_rate, by: kind, at_most: 0.3, decimals: 4, filled_by: local}}\n"
    rows = "  for_each: {row: parts, each: village}\n"
    facts, formula = with_formula(PARTS.replace("rows: {most: 100}", "rows: {most: 100, key: kind}"), terms + rows)
    fill = (LOCAL, "lower:\n", "fill:\n  \"2\": {village: {a: 0.2, b: 0.3}}\nlower:\n")
    programme = tiny(tmp_path, facts, formula, fill, drop=(CASES,))
    stand, above = next(one for one in stands(programme) if one[0].offer.offer == "2" and one[0].places)
    assert ("proved", "figures, terms and conditions lie within the guide") in of(
        compare(Desk(programme), stand, above, 5), "within"
    )
    lower = _with_bound(above, 25)
    proof = Proof(Standing(Desk(programme), stand), Judge(5))
    within(proof, lower, Words("公文", "notice"))
    assert [(one.status, one.code) for one in proof.found] == [("refuted", "E957")]


def _with_bound(ladder: Ladder, high: int) -> Ladder:
    def lowered(node: n.Node) -> n.Node:
        if isinstance(node, n.Open) and isinstance(node.kind, Number):
            return replace(node, kind=replace(node.kind, high=high * 10 ** (node.kind.scale - 2)))
        if isinstance(node, n.Sum):
            return replace(node, value=lowered(node.value))
        return node

    return replace(ladder, steps=tuple(replace(step, node=lowered(step.node)) for step in ladder.steps))


def test_two_nodes_differ_where_they_differ() -> None:
    fee, term = n.Literal(5, money()), n.Open("cap", money(), "guide")
    one, other = n.Least(n.Fact("a", money()), term, money()), n.Least(n.Fact("a", money()), fee, money())
    assert list(differing(one, other)) == [(term, fee)]
    assert list(differing(other, other)) == []
    assert list(differing(n.Rescale(term, 2, Number(CNY, 4, 0, 1)), fee)) == [(term, fee)]
