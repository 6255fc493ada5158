"""Keys that were paid before: each is read, or the run stops; and each table given is of use, or refused."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from tests.engines.many.tables import Bench, case, line, number, table
from tests.tiny import CODE, tiny

from jarlig.engines.sql.running import Files, Options, check, duckdb, run
from jarlig.policy.messages import PolicyError, Problem

EVER = ("measures/01.yaml", "reverses: reverses}", "reverses: reverses, key_once: ever}")
PAID = {"seller": CODE, "invoice_no": number(1)}


@pytest.fixture
def bench(tmp_path: Path) -> Bench:
    return Bench(tmp_path / "tables", tiny(tmp_path / "programme", EVER))


def asked(bench: Bench, *paid: dict[str, str | None]) -> Files:
    files = bench.files([case("A")], [line("A", 1, "100")], [])
    return replace(files, paid={"investment": table(bench.folder / "paid.csv", paid, ["seller", "invoice_no"])})


@pytest.mark.parametrize(
    ("column", "value", "words"),
    [
        ("seller", CODE[:-1] + "?", "18"), ("invoice_no", "2.31510000000000E+19", "2.31510000000000E+19"),
        ("invoice_no", "#REF!", "#REF!"), ("seller", None, "empty cell"), ("invoice_no", "", "empty cell"),
    ],
)  # fmt: skip
def test_a_key_that_cannot_be_read_stops_the_run_with_its_line_and_reason(bench, column, value, words):
    files = asked(bench, PAID, {**PAID, column: value})
    with pytest.raises(PolicyError) as caught:
        run(bench.programme, ("1a",), files, Options(), duckdb(500, 1))
    (problem,) = caught.value.problems
    assert (problem.code, problem.place.line, Path(problem.place.file).name) == ("E818", 3, "paid.csv")
    assert f"“{column}”" in problem.en
    assert words in problem.en
    assert not files.out.exists()


def refused(bench: Bench, *offers: str, rows: tuple[str, ...] = (), paid: tuple[str, ...] = ()) -> Problem:
    files = Files(bench.folder, bench.folder / "out.csv", dict.fromkeys(rows, bench.folder), None, None,
                  dict.fromkeys(paid, bench.folder))  # fmt: skip
    with pytest.raises(PolicyError) as caught:
        check(bench.programme, offers, files, Options())
    (problem,) = caught.value.problems
    return problem


@pytest.mark.parametrize(
    ("offer", "rows", "paid", "why", "remedy"),
    [
        ("1a", (), "investment", "rows of this list are not given", "Add --rows investment=FILE"),
        ("1a", (), "1a.investment", "rows of this list are not given", "Add --rows 1a.investment=FILE"),
        ("1a", ("investment",), "1a.investment", "given as investment", "Write --paid investment=FILE"),
        ("2", ("investment",), "investment", "serves only once", "Leave this --paid out"),
    ],
)  # fmt: skip
def test_keys_that_nothing_is_looked_up_in_are_refused(bench, offer, rows, paid, why, remedy):
    problem = refused(bench, offer, rows=rows, paid=(paid,))
    assert problem.code == "E819"
    assert why in problem.en
    assert remedy in problem.hint_en


def test_keys_for_a_list_whose_documents_serve_again_are_refused(tmp_path):
    bench = Bench(tmp_path / "tables", tiny(tmp_path / "programme"))
    problem = refused(bench, "1a", rows=("investment",), paid=("investment",))
    assert (problem.code, "key_once: ever" in problem.zh) == ("E819", True)


@pytest.mark.parametrize("rows", ["investment", "1a.investment"])
def test_keys_of_a_list_serve_it_for_one_offer_too(bench, rows):
    files = asked(bench, PAID)
    files = replace(files, rows={rows: files.rows["investment"]})
    assert run(bench.programme, ("1a",), files, Options(), duckdb(500, 1)).repeated == 1


@pytest.mark.parametrize(
    ("option", "name", "near"),
    [
        ("rows", "2.investment", "investment"), ("rows", "1a.investmnt", "1a.investment"),
        ("rows", "1a.x", "1a.investment"), ("rows", "9z.investment", "investment"), ("paid", "investmnt", "investment"),
    ],
)  # fmt: skip
def test_a_list_that_this_very_offer_has_not_is_refused_with_the_nearest(bench, option, name, near):
    problem = refused(bench, "1a", "2", **{option: (name,)})
    assert problem.code == "E836"
    assert f"Did you mean “{near}”?" in problem.hint_en
    assert f"write --{option} NAME=FILE" in problem.hint_en
    assert problem.place.file == f"--{option}"
