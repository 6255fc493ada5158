"""More cost never pays less: what is proved and what is refuted, formula by formula, and the pair that shows it."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.engines.proof.standing import PARTS, Edit, fact, found_in, of, proof_of, with_formula

from jarlig.engines.proof.moves import moves
from jarlig.engines.proof.proof import Found
from jarlig.ladder.numbers import parse_scaled

FACTS = {
    "spent": fact("spent"),
    "own": fact("own"),
    "up": fact("up", "ratio: {}"),
    "jobs": fact("jobs", "integer: {unit: point, most: 1_000}"),
    "signed": fact("signed", "money: signed"),
    "small": fact("small", "yes_no: {}"),
    "parts": PARTS,
}
RATE, OF = "  rate: 10%\n", "  of: spent\n"


def programme(formula: str) -> tuple[Edit, Edit]:
    """Offer 2 with the facts that a formula reads."""
    return with_formula("".join(text for name, text in FACTS.items() if name in formula), formula)


RISES = [
    (RATE + OF, ["spent"]),
    ("  amount: spent\n", ["spent"]),
    ("  amount: least(spent, own)\n", ["spent", "own"]),
    ("  amount: greatest(spent, own * 0.5)\n", ["spent", "own"]),
    ("  amount: spent * up\n", ["spent", "up"]),
    ("  amount: spent * up * up\n  cap: 1_000\n", ["spent", "up"]),
    (RATE + OF + "  cap: {share: 33.33%, of: own}\n", ["spent", "own"]),
    ("  rate: {marginal: {up to 1_000: 10%, over 1_000 to 5_000: 5%, over 5_000: 1%}}\n" + OF, ["spent"]),
    ("  rate: {marginal: {up to 1_000: 0%, over 1_000: 5%}}\n" + OF, ["spent"]),
    ('  amount: {of: jobs, bands: {"under 10": 0, "10 to under 20": 5, "from 20": 5}}\n', ["jobs"]),
    ("  each: 7.5\n  count: jobs\n", ["jobs"]),
    ("  each: 200\n  every: {step: 9, of: spent, count: full}\n", ["spent"]),
    ("  each: 200\n  every: {step: 9, of: spent, count: started}\n  cap: 5_000\n", ["spent"]),
    ("  each: 120\n  every: {step: 1_000, of: spent, count: exact}\n", ["spent"]),
    ("  rate: 10%\n  of: signed\n", ["signed"]),
    ("  rate: 10%\n  of: case when small then spent else own end\n", ["spent", "own"]),
    ("  amount:\n    default: 200\n    unless: [{when: small or spent >= 10_000, then: 300}]\n", ["spent"]),
    ("  amount: case when spent >= 500 then 200 else 100 end\n", ["spent"]),
    ("  amount: case when jobs < 5 then 0 else 100 end\n", ["jobs"]),
    ("  rate: 10%\n  of: {sum: cost, over: parts}\n", ["parts", "parts: cost"]),
    (
        "  rate: 10%\n  of: {sum: cost + other, over: parts, where: [good]}\n",
        ["parts", "parts: cost", "parts: other cost"],
    ),
    ("  rate: 10%\n  of: {sum: cost, over: parts, where: [cost >= 100]}\n", ["parts", "parts: cost"]),
    ("  each: 5\n  count: {rows: parts, where: [kind = a, cost >= 10]}\n", ["parts", "parts: cost"]),
    ("  for_each: {row: parts, rate: {by: kind, a: 30%, b: 20%}, of: cost, cap: 50}\n", ["parts", "parts: cost"]),
    ("  for_each: {row: parts, rate: 10%, of: cost, cap: 50, floor: 5}\n", ["parts", "parts: cost"]),
]
FALLS = [
    ('  amount: {of: jobs, bands: {"under 10": 50, "from 10": 40}}\n', "jobs", "9", "10"),
    ('  rate: {of: spent, bands: {"up to 1_000": 10%, "over 1_000": 9%}}\n' + OF, "spent", "1,000.00", "1,000.01"),
    ("  amount: case when jobs <= 7 then 200 else 100 end\n", "jobs", "7", "8"),
    ("  amount:\n    default: 200\n    unless: [{when: jobs > 30, then: 100}]\n", "jobs", "30", "31"),
    (RATE + OF + "  cap: case when spent < 5_000 then 400 else 300 end\n", "spent", "4,999.99", "5,000.00"),
    ("  rate: 10%\n  of: {sum: cost, over: parts, where: [cost < 100]}\n", "parts: cost", "99.99", "100.00"),
    ("  for_each: {row: parts, amount: {of: cost, bands: {under 9: 5, from 9: 3}}}\n", "parts: cost", "8.99", "9.00"),
    ("  each: 3\n  count: {rows: parts, where: [other <= 8]}\n", "parts: other cost", "8.00", "8.01"),
]  # fmt: skip


@pytest.mark.parametrize(("formula", "costs"), RISES)
def test_what_never_falls_is_proved(tmp_path: Path, formula: str, costs: list[str]) -> None:
    found = found_in(tmp_path, programme(formula))
    assert sorted(of(found, "monotone")) == sorted(("proved", f"more {cost} never pays less") for cost in costs)


@pytest.mark.parametrize(("formula", "cost", "less", "more"), FALLS)
def test_what_falls_is_shown_at_the_edge_by_two_cases_that_replay(
    tmp_path: Path, formula: str, cost: str, less: str, more: str
) -> None:
    proof = proof_of(tmp_path, programme(formula))
    moves(proof)
    falls = [one for one in proof.found if one.code == "E945" and one.values["fact"].en == cost]
    (found,) = falls
    assert (found.values["less"], found.values["more"]) == (less, more)
    high, low = (parse_scaled(found.values[name].replace(",", ""), 2) for name in ("high", "low"))
    assert [proof.standing.search.ask(env).amount for env in found.cases] == [high, low]
    assert high > low


def test_cases_in_which_a_condition_fails_are_not_compared(tmp_path: Path) -> None:
    found = found_in(tmp_path, programme(RATE + OF + "  when: [spent <= 1_000]\n"))
    assert of(found, "monotone") == [("proved", "more spent never pays less")]


def test_a_baseline_is_not_asked_whether_more_of_it_pays_less(tmp_path: Path) -> None:
    found = found_in(tmp_path, programme("  amount: spent - own\n"))
    assert sorted(of(found, "monotone")) == [
        ("none", "own is a baseline or deducted"), ("proved", "more spent never pays less"),
    ]  # fmt: skip


def test_a_number_that_is_added_and_taken_away_is_asked(tmp_path: Path) -> None:
    (falls,) = [one for one in found_in(tmp_path, programme("  amount: own * 2 - spent + least(spent, 100)\n"))
                if one.code == "E945"]  # fmt: skip
    assert falls.values["fact"].en == "spent"


def test_a_number_that_may_be_none_rises_only_where_there_is_one(tmp_path: Path) -> None:
    optional = fact("spent", "money: {}, or: none")
    found = found_in(tmp_path, with_formula(optional, "  amount: coalesce(spent, 50)\n"))
    assert of(found, "monotone") == [("proved", "more spent never pays less")]
    found = found_in(tmp_path, with_formula(optional, "  amount: case when spent > 10 then 5 else 9 end\n"))
    assert [one.code for one in found if one.code] == ["E945"]


def test_a_reason_turns_a_fall_into_what_is_meant_and_a_proof_stays_a_proof(tmp_path: Path) -> None:
    formula = RATE + OF + "  cap: case when own < 500 then 400 else 300 end\n  may_fall: {zh: 有意, en: meant}\n"
    found: list[Found] = found_in(tmp_path, programme(formula))
    assert sorted(of(found, "monotone")) == [("none", "meant"), ("proved", "more spent never pays less")]
    assert [one.code for one in found if one.code] == []


def test_no_further_row_is_asked_to_bring_a_negative_cost(tmp_path: Path) -> None:
    signed = PARTS.replace("cost: {money: {}", "cost: {money: signed")
    found = found_in(tmp_path, with_formula(signed, "  rate: 10%\n  of: {sum: cost, over: parts}\n"))
    assert of(found, "monotone") == [
        ("proved", "more parts never pays less"), ("proved", "more parts: cost never pays less"),
    ]  # fmt: skip
