"""The properties of an offer: what each says, in which order they build on each other, and when they say nothing."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.engines.proof.standing import (
    CASES,
    GUIDE,
    LOCAL,
    MEASURES,
    SCORED,
    fact,
    found_in,
    of,
    proof_of,
    proved_with,
    stands,
    with_formula,
)
from tests.tiny import tiny

from jarlig.engines.answer import Desk
from jarlig.engines.check import check
from jarlig.engines.proof.judge import NEVER, NOT_TOLD, SOMETIMES, Judge
from jarlig.engines.proof.offer import prove
from jarlig.engines.proof.proof import UNMADE, UNSHARED
from jarlig.engines.proof.reach import NOBODY, PAYING, can_pay
from jarlig.engines.proof.world import World
from jarlig.ladder import nodes as n
from jarlig.ladder.kinds import Choice, money


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
