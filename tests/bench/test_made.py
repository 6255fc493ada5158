"""The data of the benches are what they say: the same for a seed, with so many reversals and planted duplicates."""

from __future__ import annotations

import hashlib
from collections import Counter
from pathlib import Path

import made
import many_runs
import numpy as np
import pyarrow.parquet as pq
import pytest

from jarlig.reference.uscc import uscc_is_valid

ENTERPRISES, PARCELS, PAID = 2_000, 30_000, 4_000


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """All three kinds of data, small."""
    made_in = tmp_path_factory.mktemp("made")
    made.five(made_in, 1_000)
    (made_in / "five history").mkdir()
    (made_in / "history.parquet").rename(made_in / "five history" / "history.parquet")
    made.population(made_in, ENTERPRISES)
    made.parcels(made_in, PARCELS, PAID)
    return made_in


def rows(path: Path) -> list[dict[str, object]]:
    """A table as rows."""
    found: list[dict[str, object]] = pq.read_table(path).to_pylist()
    return found


def test_the_same_seed_gives_the_same_bytes(folder: Path, tmp_path: Path) -> None:
    made.population(tmp_path, ENTERPRISES)
    made.parcels(tmp_path, PARCELS, PAID)
    for path in tmp_path.iterdir():
        mine, theirs = (hashlib.sha256(one.read_bytes()).digest() for one in (path, folder / path.name))
        assert mine == theirs, path.name


def test_money_is_decimal_and_nothing_is_a_floating_point_number(folder: Path) -> None:
    types = {
        str(field.type)
        for path in folder.glob("*.parquet")
        for field in pq.ParquetFile(path).schema_arrow
    }  # fmt: skip
    assert "decimal128(18, 2)" in types
    assert not [one for one in types if "float" in one or "double" in one]


def test_there_are_five_cost_lines_an_enterprise(folder: Path) -> None:
    lines = {name: pq.ParquetFile(folder / f"{name}.parquet").metadata.num_rows for name in made.SPEC["lists"]}
    assert sum(lines.values()) == 5 * ENTERPRISES
    assert lines["investment"] == 3 * ENTERPRISES


@pytest.mark.parametrize("name", list(made.SPEC["lists"]))
def test_a_line_that_takes_back_takes_from_the_line_before_of_its_case(folder: Path, name: str) -> None:
    lines = rows(folder / f"{name}.parquet")
    seller = made.SPEC["lists"][name]["seller"]
    takes = [at for at, line in enumerate(lines) if line["reverses"] != "none"]
    for at in takes:
        line, before = lines[at], lines[at - 1]
        assert line["reverses"] == before["invoice_no"]
        assert before["reverses"] == "none"
        assert (line["case"], line[seller]) == (before["case"], before[seller])
        assert line["net"] < 0 < before["net"] + line["net"]
    assert 0.03 < len(takes) / len(lines) < 0.07


def test_no_invoice_stands_twice_and_every_code_has_its_check_characters(folder: Path) -> None:
    invoices = [row["invoice_no"] for name in made.SPEC["lists"] for row in rows(folder / f"{name}.parquet")]
    assert len(set(invoices)) == len(invoices)
    codes = [str(row["uscc"]) for row in rows(folder / "cases.parquet")]
    assert len(set(codes)) == len(codes)
    for code in codes[::50]:
        assert uscc_is_valid(code)
        assert code[2:8] == "990000"


def test_the_planted_parcels_are_the_only_ones_that_stand_again(folder: Path) -> None:
    parcels = rows(folder / "parcels.parquet")
    paid = {row["waybill_hash"] for row in rows(folder / "paid.parquet")}
    planted = {name: set(lines) for name, lines in many_runs.planted(folder).items()}
    seen: dict[object, object] = {}
    within, against = set(), set()
    for line, row in enumerate(parcels, 1):
        digest = row["waybill_hash"]
        if digest in seen:
            within.add(line)
            assert seen[digest] != row["case"], "a list whose own key stands twice would be left out whole"
        seen.setdefault(digest, row["case"])
        if digest in paid:
            against.add(line)
    assert within == planted["within"]
    assert against == planted["against"]
    assert len(within) == len(against) == min(made.PLANTED, PARCELS // 10)


def test_the_sums_of_parcels_are_those_of_their_bands(folder: Path) -> None:
    cases = rows(folder / "carriers.parquet")
    leagues = made.SPEC["parcels"]["leagues"]
    sums: Counter[object] = Counter()
    for row in rows(folder / "parcels.parquet"):
        case = cases[int(str(row["case"]))]
        if str(row["gacha"])[:4] == str(case["at"])[:4] and row["month"] == case["claim_month"]:
            sums[row["case"]] += leagues[case["at"]]["bands"][row["distance_band"]]
    right = [(sums[case["case"]] + 50) // 100 for case in cases]
    assert np.load(folder / "sums.npy").tolist() == right


def test_digests_are_all_different_and_marked_as_made_up() -> None:
    found = made.digests(np.arange(50_000))
    texts = {row.tobytes().decode("ascii") for row in found}
    assert len(texts) == 50_000
    assert all(len(text) == 64 and text.startswith("00000000") for text in texts)
    assert set("".join(list(texts)[:200])) == set("0123456789abcdef")
