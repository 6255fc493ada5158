"""A made-up population as it is meant to be used: run as a table, each answer is the exact engine's for that case."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from tests.whatif.test_synth import NMG, SAMPLE, YEARS, Tables, made, programme

from jarlig.cli import app
from jarlig.policy.messages import PolicyError
from jarlig.tabular import read_table
from jarlig.whatif.synth_fit import rules_of

ENTERPRISES = 60


def ran(name: str, folder: Path, ending: str, out: Path) -> dict[tuple[str, str], dict[str, Any]]:
    """The rows of the table of answers, by case and offer."""
    lists = [listed.column for listed in rules_of(programme(name).desk, YEARS[name]).lists]
    rows = [word for column in lists for word in ("--rows", f"{column}={folder / f'{column}.{ending}'}")]
    cases, history = folder / f"cases.{ending}", folder / f"history.{ending}"
    arguments = ["run", name, "--cases", cases, *rows, "--history", history, "--out", out, "--lang", "en"]
    assert app.run([str(argument) for argument in arguments]) == 0
    return {(str(row["case"]), row["offer"]): row for row in read_table(out).to_pylist()}


@pytest.mark.parametrize("ending", ["parquet", "csv"])
@pytest.mark.parametrize("name", [NMG, SAMPLE])
def test_every_answer_of_a_run_is_the_exact_engines_to_the_fen(name: str, ending: str, tmp_path: Path) -> None:
    found = made(tmp_path / "in", name, enterprises=ENTERPRISES, everyone=True, format=ending)
    answers = ran(name, tmp_path / "in", ending, tmp_path / "out.parquet")
    tables = Tables(name, tmp_path / "in", ending)
    paid, left_out = 0, set()
    for case in tables.cases:
        try:
            asked = {offer: tables.ask(case, offer) for offer in found.applicants}
        except PolicyError:  # a row that cannot be used leaves its case out of the whole run
            left_out.add(case)
            continue
        for offer, answer in asked.items():
            told = answers[case, offer]
            outcome = "undetermined" if answer.outcome == "range" else answer.outcome
            assert (told["outcome"], told["amount"]) == (outcome, answer.yuan), (case, offer)
            assert told["formula_amount"] == answer.formula_yuan, (case, offer)
            paid += bool(answer.amount)
    assert paid > ENTERPRISES
    assert left_out == set(tables.cases) - {case for case, _ in answers} != set()


def test_what_is_refused_is_what_was_put_in_to_be_refused(tmp_path: Path) -> None:
    made(tmp_path / "in", enterprises=1_000, everyone=True)
    ran(NMG, tmp_path / "in", "parquet", tmp_path / "out.parquet")
    rejects = read_table(tmp_path / "out.rejects.csv").to_pylist()
    wanted = {
        str(row["case"])
        for row in read_table(tmp_path / "in" / "defects.parquet").to_pylist()
        if row["expect"].startswith("E")
    }
    assert {row["case"] for row in rejects} == wanted


def test_requests_of_a_believable_year_are_of_the_size_of_its_pools(tmp_path: Path) -> None:
    made(tmp_path / "in", enterprises=15_000)
    answers = ran(NMG, tmp_path / "in", "parquet", tmp_path / "out.parquet")
    pools = programme(NMG).model.guides[2023].pools
    asked = {
        name: sum(
            (row["amount"] or Decimal(0) for (_, offer), row in answers.items() if offer in pool.offers), Decimal(0)
        )
        for name, pool in pools.items()
    }
    assert 10_000_000 < asked["industrial"] < 120_000_000
    assert 1_000_000 < asked["marketing"] < 30_000_000
    assert 3_000_000 < asked["warehouses"] < 60_000_000
