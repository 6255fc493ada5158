"""The properties of an offer: what each says, in which order they build on each other, and when they say nothing."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from tests.engines.proof.standing import (
    CASES,
    GUIDE,
    LOCAL,
    MEASURES,
    PARTS,
    SCORE,
    TOTAL,
    Edit,
    fact,
    found_in,
    of,
    proof_of,
    stand_of,
    stands,
    with_formula,
)
from tests.tiny import tiny

from jarlig.engines.answer import Desk
from jarlig.engines.check import check
from jarlig.engines.proof.judge import NEVER, NOT_TOLD, SOMETIMES, Judge
from jarlig.engines.proof.offer import compare, prove
from jarlig.engines.proof.proof import UNMADE, UNSHARED, Found, Proof
from jarlig.engines.proof.reach import NOBODY, PAYING, can_pay
from jarlig.engines.proof.roles import BASELINE, COST, roles
from jarlig.engines.proof.standing import Standing
from jarlig.engines.proof.within import differing, within
from jarlig.engines.proof.world import World
from jarlig.ladder import build, nodes as n
from jarlig.ladder.kinds import CNY, Choice, Number, Some, money
from jarlig.ladder.steps import Ladder, Step, Words
from jarlig.policy.model import Programme


def test_a_good_offer_is_proved_in_every_respect(tmp_path: Path) -> None:
    found = found_in(tmp_path, ())
    assert {one.status for one in found} == {"proved"}
    assert [one.subject for one in found] == [
        "can_pay", "ceiling", "never_negative", "total", "monotone", "reachable", "within",
    ]  # fmt: skip
    assert of(found, "ceiling") == [("proved", "never above the cap, at most CNY 300,000")]
    assert of(found, "reachable") == [("proved", "each of the 3 figures written can apply")]


def test_contradictory_gates_are_told_and_prove_nothing(tmp_path: Path) -> None:
    found = found_in(tmp_path, ((MEASURES, "  cap: 300_000\n", "  cap: 300_000\n  when: [score < 60, score > 60]\n"),))
    assert [(one.subject, one.status, one.code) for one in found] == [("can_pay", "refuted", "E941")]
    assert found[0].values["gate"].en.startswith("when.2")


def test_an_award_that_is_always_nothing_proves_nothing(tmp_path: Path) -> None:
    found = found_in(tmp_path, ((MEASURES, '"60 to under 80": 100_000, "from 80": 300_000', '"from 60": 0'),))
    assert [(one.subject, one.code) for one in found] == [("can_pay", "E950")]


@pytest.mark.parametrize("offer", ["1a", "2"])
def test_every_proof_stands_beside_a_case_that_is_paid(tmp_path: Path, offer: str) -> None:
    proof = proof_of(tmp_path, (), offer)
    assert can_pay(proof) == PAYING
    found, env = proof.example(lambda e: (e.eligible(), e.award().value > 0), lambda award: award > 0)
    assert found == SOMETIMES
    assert env is not None
    answer = proof.standing.search.ask(env)
    assert answer.outcome == "award" and (answer.amount or 0) > 0


# time


#: No cube is the sum of two cubes (Fermat, Euler): nobody can be paid, which no solver finds out in a moment.
HARD = with_formula(
    "".join(fact(name, "integer: {most: 1_000_000_000}") for name in "abc"),
    "  amount: 100\n  when:\n    - a > 1\n    - b > 1\n    - a * a * a + b * b * b = c * c * c\n",
)


def test_what_is_not_settled_in_time_is_not_proved_and_says_so(tmp_path: Path) -> None:
    found = found_in(tmp_path, HARD, seconds=0.2)
    ((status, says),) = of(found, "can_pay")
    assert status == "not_proved"
    assert says.endswith("not proved: time-out after 0.2 s")
    assert found[0].says.zh.endswith("未能证明：0.2 秒内未得出结论")


def test_no_time_at_all_proves_nothing(tmp_path: Path) -> None:
    found = found_in(tmp_path, (), seconds=0)
    late = [one for one in found if one.status == "not_proved"]
    assert {"ceiling", "monotone", "reachable"} <= {one.subject for one in late}
    assert all("time-out after 0 s" in one.says.en for one in late)


def test_a_report_says_what_was_not_proved_in_time(tmp_path: Path) -> None:
    report = check(tiny(tmp_path, drop=(CASES,)), seconds=0)
    assert report.solver
    assert report.ok
    assert report.count("not_proved") > 10


def test_the_judge_tells_never_sometimes_and_not_in_time() -> None:
    world = World()
    x, y = world.integer("x", 2, 10**9), world.integer("y", 2, 10**9)
    assert Judge().ask(world, x < 2).found == NEVER
    assert Judge().ask(world, x == 5, y == 7).found == SOMETIMES
    z = world.integer("z", 2, 10**9)
    assert Judge(0.1).ask(world, x * x * x + y * y * y == z * z * z).found == NOT_TOLD
    assert Judge().ask(world, False).found == NEVER
    wished = Judge().ask(world, x + y == 20, friendly=(x == 3, y == 4, x < 10))
    assert wished.model is not None
    assert wished.model.eval(x).as_long() == 3


# bounds


def with_ladder(programme: Programme, change: Ladder) -> Desk:
    """A desk whose offer 2 climbs another ladder than its files say: what no file can say, a proof must still see."""
    desk = Desk(programme)
    stand, _ = stand_of(programme)
    plan = desk.plans.plan(stand.first, stand.guide.year, stand.at)
    plan._ladders["2"] = change
    return desk


def proved_with(folder: Path, award: n.Node, *facts: Edit) -> list[Found]:
    programme = tiny(folder, *facts, drop=(CASES,))
    stand, _ = stand_of(programme)
    steps = [step for step in stand.ladder.steps if step.role == "gate"]
    words = Words("", "")
    made = (*steps, Step("formula", "formula", award, words), Step("award", "award", award, words))
    ladder = replace(stand.ladder, steps=made)
    return prove(with_ladder(programme, ladder), replace(stand, ladder=ladder), 5)


SCORED = n.Fact("score", Number((("point", 1),), 0, 0, 100))


def test_an_award_below_zero_is_told_with_its_case(tmp_path: Path) -> None:
    kind = money(signed=True)
    score = n.Multiply(n.Rescale(SCORED, 2, Number((("point", 1),), 2, 0, 10_000)), build.literal(1, 0), kind)
    found = proved_with(tmp_path, n.Subtract(score, n.Literal(5_000, money()), kind))
    (below,) = [one for one in found if one.code == "E953"]
    assert below.values["sum"].startswith("-")
    assert below.cases[0]["score"] < 50
    assert of(found, "never_negative") == [("refuted", "below zero")]


def test_a_choice_without_a_figure_is_a_gap_and_told_with_its_case(tmp_path: Path) -> None:
    level = n.Fact("level", Choice(("regional", "industry")))
    level_fact = (MEASURES, "    score:\n", "    level: {like: 1a.level}\n    score:\n")
    gap = n.Choose(level, (("regional", n.Literal(100, money())),), money())
    found = proved_with(tmp_path, gap, level_fact)
    (told,) = [one for one in found if one.code == "E952"]
    assert told.cases[0]["level"] == "industry"
    assert of(found, "total") == [("refuted", "some facts have no figure")]


def test_a_ceiling_is_the_rounded_one(tmp_path: Path) -> None:
    formula = "  rate: 33.3%\n  of: spent\n  cap: {share: 12.5%, of: own}\n"
    found = found_in(tmp_path, with_formula(fact("spent") + fact("own"), formula))
    assert [status for status, _ in of(found, "ceiling")] == ["proved"]
    formula = "  rate: 33.3%\n  of: spent\n  cap: own * 0.125\n"
    found = found_in(tmp_path, with_formula(fact("spent") + fact("own"), formula))
    assert [status for status, _ in of(found, "ceiling")] == ["proved"]


def test_each_cap_of_a_list_and_of_each_part_is_a_ceiling(tmp_path: Path) -> None:
    formula = (
        "  parts:\n"
        "    - {part: one, title: {zh: 甲, en: one}, rate: 10%, of: spent, cap: [500, 400]}\n"
        "    - {part: two, title: {zh: 乙, en: two}, when: [own > 5], rate: 10%, of: own, cap: 300, floor: 20}\n"
        "  cap: [600, {share: 50%, of: own}]\n"
    )
    found = found_in(tmp_path, with_formula(fact("spent") + fact("own"), formula))
    assert [status for status, _ in of(found, "ceiling")] == ["proved"] * 5
    assert not [one.code for one in found if one.code]


def test_a_part_whose_floor_is_above_its_cap_breaks_the_cap_of_the_part(tmp_path: Path) -> None:
    formula = "  parts:\n    - {part: one, title: {zh: 甲, en: one}, rate: 10%, of: spent, cap: own, floor: 200}\n"
    found = found_in(tmp_path, with_formula(fact("spent") + fact("own"), formula))
    (above,) = [one for one in found if one.code == "E943"]
    assert above.about == "one_cap"


def test_what_a_limit_leaves_is_a_ceiling_whatever_was_paid_before(tmp_path: Path) -> None:
    found = found_in(tmp_path, (), "1a")
    left = ("proved", "never above what the limit in total leaves, at most CNY 6,000,000")
    assert left in of(found, "ceiling")


def test_no_bound_at_all_is_said_and_a_formula_can_be_its_own(tmp_path: Path) -> None:
    found = found_in(tmp_path / "a", with_formula(fact("spent"), "  amount: spent\n"))
    assert of(found, "ceiling") == [("none", "there is no ceiling")]
    found = found_in(tmp_path / "b", with_formula(fact("score", "integer: {most: 7}"), "  amount: 250_000\n"))
    assert of(found, "ceiling") == [("proved", "the formula gives at most CNY 250,000.00")]


# directions


def test_a_number_is_a_cost_unless_it_is_only_ever_taken_away(tmp_path: Path) -> None:
    facts = fact("now") + fact("before") + fact("got") + PARTS
    formula = (
        "  parts:\n"
        "    - part: growth\n      title: {zh: 甲, en: one}\n      amount: {grown: now, since: before, from_zero: 0,"
        ' bands: {"under 20%": 0, "from 20%": 300}}\n'
        "    - {part: rest, title: {zh: 乙, en: two}, amount: now - got}\n"
        "    - {part: rows, title: {zh: 丙, en: three}, rate: 10%, of: {sum: cost - other, over: parts}}\n"
    )
    ladder = stand_of(tiny(tmp_path, *with_formula(facts, formula), drop=(CASES,)))[0].ladder
    assert roles(ladder) == {"now": COST, "before": BASELINE, "got": BASELINE, "parts.": COST, "parts.cost": COST,
                             "parts.other": BASELINE}  # fmt: skip


def test_deductions_do_not_count_against_a_further_row(tmp_path: Path) -> None:
    formula = "  rate: 10%\n  of: {sum: cost - other, over: parts}\n"
    found = found_in(tmp_path, with_formula(PARTS, formula))
    assert sorted(of(found, "monotone")) == [
        ("none", "parts: other cost is a baseline or deducted"),
        ("proved", "more parts never pays less"),
        ("proved", "more parts: cost never pays less"),
    ]


def test_a_fall_that_is_meant_is_no_finding(tmp_path: Path) -> None:
    formula = (
        '  amount: {of: score, bands: {"under 60": 100_000, "from 60": 50_000}}\n'
        "  may_fall: {zh: 扶持后进, en: for those behind}\n"
    )
    found = found_in(tmp_path, ((MEASURES, SCORE, formula),))
    assert of(found, "monotone") == [("none", "for those behind")]


def test_a_cap_that_a_product_of_two_facts_lies_under_needs_no_product(tmp_path: Path) -> None:
    facts = fact("area", "integer: {most: 1_000_000, unit: point}") + fact("rate", "ratio: {}")
    found = found_in(tmp_path, with_formula(facts, "  each: 5\n  count: area * rate\n  cap: 9_000\n"))
    assert ("proved", "more area never pays less") in of(found, "monotone")
    assert ("proved", "more rate never pays less") in of(found, "monotone")


# splitting


def split(folder: Path, formula: str, facts: str = "", *more: Edit) -> list[Found]:
    """Offer 2 as one that a project gets once."""
    facts = facts or fact("spent") + fact("own")
    edits = with_formula("    project_code: {like: 1a.project_code}\n" + facts,
                         formula + "  limit: {awards: 1, per: project}\n")  # fmt: skip
    return found_in(folder, (*edits, *more))


def test_the_gain_from_splitting_is_the_cap_and_no_more(tmp_path: Path) -> None:
    found = split(tmp_path, "  rate: 20%\n  of: spent\n  cap: 5_000_000\n")
    (gain,) = [one for one in found if one.code == "E956"]
    assert gain.values["gain"] == "5,000,000.00"
    assert (gain.values["one"], gain.values["two"]) == ("5,000,000.00", "10,000,000.00")
    assert gain.values["whole"].en == "spent 50,000,000.00"
    assert gain.values["half"].en == "spent 25,000,000.00"
    assert [env["spent"] for env in gain.cases] == [50_000_000_00, 25_000_000_00]


@pytest.mark.parametrize("formula", ["  rate: 20%\n  of: spent\n", "  amount: 4_000_000\n"])
def test_a_share_without_a_cap_and_a_lump_sum_are_not_worth_splitting(tmp_path: Path, formula: str) -> None:
    facts = fact("spent") if "spent" in formula else fact("own", "yes_no: {}")
    assert of(split(tmp_path, formula, facts), "splitting") in ([("proved", "splitting a project gains nothing")], [])


def test_a_whole_band_that_pays_a_lower_rate_is_worth_splitting_at_its_edge(tmp_path: Path) -> None:
    formula = '  rate: {of: spent, bands: {"up to 1_000": 20%, "over 1_000": 15%}}\n  of: spent\n'
    formula += "  may_fall: {zh: 有意, en: meant}\n"
    found = split(tmp_path, formula, fact("spent"))
    (gain,) = [one for one in found if one.code == "E956"]
    assert gain.values["gain"] == "100.01"  # each half is rounded up once more than the whole
    assert gain.values["whole"].en == "spent 1,999.96"


def test_what_is_paid_whatever_the_cost_is_no_gain(tmp_path: Path) -> None:
    formula = (
        "  parts:\n    - {part: one, title: {zh: 甲, en: one}, amount: 300}\n"
        "    - {part: two, title: {zh: 乙, en: two}, rate: 10%, of: spent}\n"
    )
    assert of(split(tmp_path, formula, fact("spent")), "splitting") == [("proved", "splitting a project gains nothing")]


def test_a_limit_on_the_applicant_s_total_leaves_nothing_to_ask(tmp_path: Path) -> None:
    assert of(found_in(tmp_path, (), "1a"), "splitting") == []
    assert [one.code for one in found_in(tmp_path, ((MEASURES, TOTAL, ""),), "1a") if one.code] == ["E956"]


# documents above


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


# places, days, history, open terms


def test_a_place_that_a_list_leaves_out_is_said_to_be_left_out_and_paid_elsewhere(tmp_path: Path) -> None:
    transfer = """\
- offer: "7"
  title: {zh: 转移支付, en: transfer}
  cites: "1.2"
  to: city
  nature: transfer
  pool: {amount: 1_000_000, among: ["150100", "150300"], split: shares, ties: division code}
"""
    edits = ((MEASURES, "", transfer), (GUIDE, 'opens: ["1a", "2"]', 'opens: ["1a", "2", "7"]'),
             (GUIDE, "fill:\n", 'fill:\n  "7": {split: {"150100": 40%, "150300": 60%}}\n'),
             (LOCAL, "lower:\n", "gates: {when: [registered_at.region = 150000], cites: '1'}\nlower:\n"))  # fmt: skip
    programme = tiny(tmp_path, *edits, drop=(CASES,))
    here = [(stand, above) for stand, above in stands(programme) if stand.offer.offer == "7"]
    found = {bool(stand.places): prove(Desk(programme), stand, 5) for stand, _ in here}
    assert of(found[False], "can_pay") == [("proved", "there are facts that earn it")]
    ((status, says),) = [(one.status, one.says.en) for one in found[True]]
    assert status == "proved"
    assert "leaves this place out, so nobody gets it here; elsewhere it can be got" in says


def test_a_history_is_made_where_one_is_needed(tmp_path: Path) -> None:
    after = "  cap: 300_000\n  after: {offers: [1a], per: enterprise}\n"
    code = "    project_code: {like: 1a.project_code}\n    score:\n"
    edits = ((MEASURES, "  cap: 300_000\n", after), (MEASURES, "    score:\n", code))
    proof = proof_of(tmp_path, edits)
    assert can_pay(proof) == PAYING
    _, env = proof.example(lambda e: (e.eligible(), e.award().value > 0), lambda award: award > 0)
    assert env is not None
    assert [award.offer for award in env["history"]] == ["1a"]
    assert proof.standing.search.ask(env).outcome == "award"


@pytest.mark.parametrize(("used", "award"), [(0, 4_000_000), (3_500_000, 2_500_000), (6_000_000, 0)])
def test_what_was_paid_before_is_written_into_the_history(tmp_path: Path, used: int, award: int) -> None:
    proof = proof_of(tmp_path, (), "1a")
    before, base = proof.encoder.step("used_2").value, proof.encoder.step("base").value
    level = proof.encoder.node(n.Fact("level", Choice(("regional", "industry")))).value
    regional = level == proof.world.texts.number("regional")
    answer = proof.judge.ask(proof.world, proof.encoder.eligible(), before == used * 100, base == 10**10, regional)
    assert answer.model is not None
    env = proof.standing.env(answer.model)
    assert env is not None
    assert sum(one.approved or 0 for one in env["history"]) == used * 100
    assert proof.standing.search.ask(env).amount == award * 100


def test_an_open_term_stands_for_whatever_a_guide_will_fill(tmp_path: Path) -> None:
    edits = with_formula(fact("spent"), "  rate: {open: ratio, at_most: 50%}\n  of: spent\n  cap: 1_000\n")
    found = found_in(tmp_path, edits)
    assert of(found, "can_pay") == []
    assert of(found, "ceiling") == [("proved", "never above the cap, at most CNY 1,000")]
    assert of(found, "monotone") == [("proved", "more spent never pays less")]
    assert of(found, "reachable") == []


def test_an_open_term_cannot_hide_that_nobody_is_paid(tmp_path: Path) -> None:
    formula = "  amount: {open: money}\n  when: [spent > 5, spent < 5]\n"
    proof = proof_of(tmp_path, with_formula(fact("spent"), formula))
    assert can_pay(proof) == NOBODY


def test_a_model_that_the_exact_engine_does_not_share_refutes_nothing(tmp_path: Path) -> None:
    proof = proof_of(tmp_path, ())
    verdict = proof.decide(proof.world, (proof.encoder.eligible(),), proof.one_case, lambda model, cases: False)
    assert (verdict.status, verdict.why) == ("not_proved", UNSHARED)
    verdict = proof.decide(proof.world, (proof.encoder.eligible(),), lambda model: None, lambda model, cases: True)
    assert (verdict.status, verdict.why) == ("not_proved", UNMADE)


def test_what_no_proof_is_made_of_is_not_proved_with_the_reason(tmp_path: Path) -> None:
    choice = Choice(("x", "y"))
    flag = n.Compare(">", SCORED, n.Literal(50, SCORED.kind))
    words = n.Case(((flag, n.Literal("x", choice)),), n.Literal("y", choice), choice)
    amount = n.Choose(words, (("x", n.Literal(100, money())), ("y", n.Literal(200, money()))), money())
    found = proved_with(tmp_path, amount)
    assert "proved" not in {one.status for one in found}
    assert "a choice between places, sets or texts" in found[0].says.en


def test_a_fact_is_free_as_far_as_its_kind_allows_and_no_further(tmp_path: Path) -> None:
    proof = proof_of(tmp_path, ())
    score = proof.encoder.node(SCORED)
    assert proof.judge.never(proof.world, score.value > 100)
    assert not proof.judge.never(proof.world, score.value == 100)
