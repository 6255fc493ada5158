"""Rows for a counterexample: written as a facts file holds them, each with a key of its own, none when none will do."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.engines.proof.standing import PARTS, fact, proof_of, with_formula

from jarlig.engines.proof.proof import Proof
from jarlig.engines.proof.tables import MOST_ROWS
from jarlig.ladder.kinds import Rows
from jarlig.ladder.tables import Table
from jarlig.policy.codes import check_code

COUNT = "  each: 5\n  count: {rows: parts, where: [good]}\n"
#: Only these sums can be paid on a row, so few totals are possible.
LUMPS = '  for_each: {row: parts, amount: {of: cost, bands: {"under 100": 0, "100 to under 200": 7, "from 200": 11}}}\n'


def table(proof: Proof, rows: str, *query: object) -> Table | None:
    """The rows of a case in which something holds; None when none are made."""
    answer = proof.judge.ask(proof.world, proof.encoder.eligible(), *query)
    assert answer.model is not None
    env = proof.standing.env(answer.model)
    return None if env is None else env[rows]


@pytest.mark.parametrize("count", [0, 1, 4, 5, 37, 100])
def test_a_count_is_made_of_so_many_rows(tmp_path: Path, count: int) -> None:
    proof = proof_of(tmp_path, with_formula(PARTS, COUNT))
    made = table(proof, "parts", proof.encoder.step("count").value == count)
    assert made is not None
    assert made.columns["good"].count(True) == count


@pytest.mark.parametrize(("total", "made"), [(7, True), (11, True), (18, True), (29, True), (13, False), (1, False)])
def test_a_total_that_no_few_rows_come_to_makes_no_case(tmp_path: Path, total: int, made: bool) -> None:
    proof = proof_of(tmp_path, with_formula(PARTS, LUMPS))
    award = proof.encoder.award().value
    found = table(proof, "parts", award == total * 100)
    assert (found is not None) is made


def test_every_cell_is_written_and_fits_its_kind(tmp_path: Path) -> None:
    proof = proof_of(tmp_path, (), "1a")
    made = table(proof, "investment", proof.encoder.award().value > 0)
    assert made is not None
    kind = proof.standing.kinds["investment"]
    assert isinstance(kind, Rows)
    assert set(made.columns) == {name for name, _ in kind.columns}
    assert all(value is not None for values in made.columns.values() for value in values)
    assert all(check_code("invoice")(number) == number for number in made.columns["invoice_no"])
    assert set(made.columns["reverses"]) == {""}


def test_rows_alike_have_keys_of_their_own(tmp_path: Path) -> None:
    keyed = PARTS.replace("rows: {most: 100}", "rows: {most: 100, key: number}").replace(
        "        good:", "        number: {code: text, title: {zh: 编号, en: number}}\n        good:"
    )
    proof = proof_of(tmp_path, with_formula(keyed, COUNT))
    made = table(proof, "parts", proof.encoder.step("count").value == 30)
    assert made is not None
    assert len(set(made.columns["number"])) == made.size == 30


def test_a_list_longer_than_anybody_would_read_is_not_written(tmp_path: Path) -> None:
    long = PARTS.replace("most: 100", "most: 1_000_000")
    proof = proof_of(tmp_path, with_formula(long, COUNT))
    assert table(proof, "parts", proof.encoder.step("count").value == MOST_ROWS + 1) is None
    assert table(proof, "parts", proof.encoder.step("count").value == MOST_ROWS) is not None


def test_rows_follow_facts_that_their_filter_reads(tmp_path: Path) -> None:
    facts = PARTS + fact("least_cost")
    formula = "  rate: 10%\n  of: {sum: cost, over: parts, where: [cost >= least_cost]}\n"
    proof = proof_of(tmp_path, with_formula(facts, formula))
    answer = proof.judge.ask(proof.world, proof.encoder.eligible(), proof.encoder.award().value >= 500)
    assert answer.model is not None
    env = proof.standing.env(answer.model)
    assert env is not None
    counted = [cost for cost in env["parts"].columns["cost"] if cost >= env["least_cost"]]
    assert sum(counted) >= 4_995
    assert proof.standing.climb(answer.model, env).award == proof.awards(answer.model, (env,))[0]


def test_few_rows_are_exactly_so_many_and_the_lists_are_empty_beside_them(tmp_path: Path) -> None:
    proof = proof_of(tmp_path, with_formula(PARTS, COUNT))
    few = proof.standing.few_rows(2)
    assert proof.judge.never(few.world, few.encoder.step("count").value > 2)
    assert not proof.judge.never(few.world, few.encoder.step("count").value == 2)
    nothing = proof.encoder.beside(few.world, totals=proof.standing.no_rows())
    assert nothing.step("count").value == 0
