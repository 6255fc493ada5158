"""What one case is answered, many cases are answered: every offer of both programmes in DuckDB, some in Spark."""

from __future__ import annotations

import os
from functools import cache
from pathlib import Path

import pytest
from tests.engines.many.generator import exact, made
from tests.engines.many.running import (
    Ran,
    Said,
    duckdb,
    fewer,
    keys,
    parts,
    ran,
    spark,
    written,
)

import jarlig

#: Set to 10 or more for a long search.
TIMES = int(os.environ.get("JARLIG_RANDOM_TIMES", "1"))
NMG, SAMPLE = "nmg-ecommerce-2022", "sample-district-2024"
OFFERS = [(name, offer) for name in (NMG, SAMPLE) for offer in jarlig.load(name).offers]
COUNT = 2_000
#: Offers whose repeated claims Spark takes turn by turn: limits in awards, in years, in sums, and of two offers.
REPEATED = {(NMG, "2a"), (NMG, "10a"), (SAMPLE, "4e")}
#: Offers tried in Spark on every run, where each takes some seconds: rates and caps over rows, bands, limits in awards,
#: in years and of two offers, a place among the first, what is shared by others and what is only told.
SOME = [
    *((NMG, offer) for offer in ("2a", "2c", "12a", "19a")),
    *((SAMPLE, offer) for offer in ("2a", "3b", "4b", "4e", "5b", "5c")),
]
IN_SPARK = sorted(OFFERS if TIMES > 1 else SOME)


@cache
def programme(name: str) -> jarlig.Programme:
    return jarlig.load(name)


def same(right: dict[tuple[str, str], tuple[str, int | None, int | None]], found: Ran) -> None:
    """Every case is answered, none is put aside, and the answers are those of the exact engine."""
    assert found.rejects == []
    assert parts(right, found.said, 3) == []


def told(name: str, offer: str, said: dict[tuple[str, str], Said], engine: str) -> None:
    """A row of the coverage, for whoever reads the log of a failure or runs with -s."""
    outcomes = sorted({outcome for outcome, *_ in said.values()})
    counts = " ".join(f"{one}={sum(outcome == one for outcome, *_ in said.values())}" for one in outcomes)
    print(f"{engine:7} {name:22} {offer:4} {len(said):6} {counts}")  # noqa: T201 - the coverage is to be seen


@pytest.mark.parametrize(("name", "offer"), OFFERS)
def test_duckdb_answers_every_case_as_the_exact_engine_does(tmp_path: Path, name: str, offer: str) -> None:
    desk = programme(name).desk
    for seed in range(1, 1 + TIMES):
        cases = made(desk, offer, COUNT, seed)
        right = dict(zip(keys(cases), cases.coverage["answers"], strict=True))
        folder = tmp_path / str(seed)
        folder.mkdir()
        found = ran(desk.programme, [offer], written(cases, folder), folder / "work")
        same(right, found)
        assert found.answered == COUNT
        told(name, offer, found.said, "duckdb")


@pytest.mark.parametrize(("name", "offer"), IN_SPARK)
def test_spark_answers_as_duckdb_and_the_exact_engine_do(tmp_path: Path, name: str, offer: str) -> None:
    """What is computed, and what is refused and missing as well."""
    desk = programme(name).desk
    cases = fewer(desk, made(desk, offer, COUNT, 20), 4, 3 if (name, offer) in REPEATED else 1)
    right = dict(zip(keys(cases), exact(desk, offer, cases), strict=True))
    files = written(cases, tmp_path)
    one = ran(desk.programme, [offer], files, tmp_path / "duckdb", duckdb)
    other = ran(desk.programme, [offer], files, tmp_path / "spark", spark)
    same(right, other)
    assert parts(one.said, other.said, 5) == []
    assert other.answered == one.answered == len(right)
    told(name, offer, other.said, "spark")
