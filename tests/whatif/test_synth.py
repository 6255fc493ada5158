"""A made-up population is what its manifest says: the same for the same seed, readable, and wrong only on purpose."""

from __future__ import annotations

import hashlib
import json
import os
import re
import subprocess
import sys
from collections import defaultdict
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest
from tests.policy.provoking import provokes

import jarlig
from jarlig.policy.messages import PolicyError
from jarlig.reference.divisions import divisions
from jarlig.reference.uscc import check_uscc
from jarlig.tabular import read_table
from jarlig.whatif import synth
from jarlig.whatif.synth import synthesise
from jarlig.whatif.synth_fit import rules_of
from jarlig.whatif.synth_lines import EXPECTED
from jarlig.whatif.synth_papers import DEFECTS, Made, digest, expected

NMG, SAMPLE = "nmg-ecommerce-2022", "sample-district-2024"
SOURCE = str(Path(jarlig.__file__).parents[1])
YEARS = {NMG: 2023, SAMPLE: 2025}


@cache
def programme(name: str) -> jarlig.Programme:
    return jarlig.load(name)


def made(out: Path, name: str = NMG, **asked: Any) -> Made:
    asked = {"enterprises": 400, "seed": 7, "year": YEARS[name], **asked}
    return synthesise(programme(name), out, **asked)


@pytest.fixture(scope="module")
def load(tmp_path_factory: pytest.TempPathFactory) -> dict[str, tuple[Path, Made]]:
    """A population of each programme in which everybody applies for everything."""
    folder = tmp_path_factory.mktemp("load")
    return {name: (folder / name, made(folder / name, name, enterprises=1500, everyone=True)) for name in YEARS}


class Tables:
    """A population read back: the facts of each case as the exact engine takes them."""

    def __init__(self, name: str, folder: Path, ending: str = "parquet") -> None:
        self.programme = programme(name)
        self.lists: dict[str, dict[str, list[dict[str, Any]]]] = {}
        names = {listed.column for listed in rules_of(self.programme.desk, YEARS[name]).lists} | {"parcels"}
        for path in folder.glob(f"*.{ending}"):
            if path.stem in names:
                self.lists[path.stem] = defaultdict(list)
                for row in read_table(path).to_pylist():
                    self.lists[path.stem][str(row.pop("case"))].append(shown(row))
        self.cases = {str(row["case"]): row for row in read_table(folder / f"cases.{ending}").to_pylist()}
        self.history: dict[Any, list[dict[str, Any]]] = defaultdict(list)
        for row in read_table(folder / f"history.{ending}").to_pylist():
            self.history[row["uscc"]].append(shown(row))

    def facts(self, case: str) -> dict[str, Any]:
        row = self.cases[case]
        plain: dict[str, Any] = {"history": self.history[row["uscc"]]}
        for name, value in row.items():
            offer, dot, fact = name.partition(".")
            if name in ("case", "on", "at") or offer == "group" or value is None:
                continue
            if name in self.lists:
                plain[name] = self.lists[name][case]
            elif dot:
                plain.setdefault(offer, {})[fact] = value
            elif name not in ("parcels",):
                plain[name] = value
        sets = {"certificates", "wanted"}
        return {n: v.split(";") if n in sets and v != ";" else [] if v == ";" else v for n, v in shown(plain).items()}

    def ask(self, case: str, offer: str) -> jarlig.Determination:
        row = self.cases[case]
        return self.programme.determine(offer, self.facts(case), on=str(row["on"]), at=row.get("at"))

    def code_of_refusal(self, case: str, offer: str) -> str:
        with pytest.raises(PolicyError) as error:
            self.ask(case, offer)
        return error.value.problems[0].code


def shown(row: Mapping[str, Any]) -> dict[str, Any]:
    """Cells as a facts file gives them; an empty one is not there."""
    return {
        name: value.isoformat() if isinstance(value, date) else value for name, value in row.items() if name != "case"
    }


# the same again


def test_the_same_seed_gives_the_same_bytes_and_another_seed_others(tmp_path: Path) -> None:
    for name in ("one", "same"):
        made(tmp_path / name, parcels=3000)
    made(tmp_path / "other", parcels=3000, seed=8)
    files = {path.name for path in (tmp_path / "one").iterdir()}
    assert files == {path.name for path in (tmp_path / "same").iterdir()}
    assert {f for f in files if digest(tmp_path / "one" / f) != digest(tmp_path / "same" / f)} == set()
    assert digest(tmp_path / "one" / "cases.parquet") != digest(tmp_path / "other" / "cases.parquet")


def test_batches_are_put_together_without_a_seam(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(synth, "BATCH", 90)
    found = made(tmp_path / "out", everyone=True)
    cases = pq.read_table(tmp_path / "out" / "cases.parquet")
    assert cases["case"].to_pylist() == list(range(1, 401))
    assert len(set(cases["uscc"].to_pylist())) == 400
    assert found.tables["cases.parquet"] == 400
    keys = pq.read_table(tmp_path / "out" / "investment.parquet").to_pylist()
    own = [row["invoice_no"] for row in keys]
    twice = found.defects.get("duplicate_in_case", 0) + found.defects.get("duplicate_across_cases", 0)
    assert len(own) - twice <= len(set(own)) < len(own)


def test_the_manifest_says_what_the_files_are(tmp_path: Path) -> None:
    found = made(tmp_path / "out", parcels=1234)
    told = json.loads((tmp_path / "out" / "manifest.json").read_text("utf-8"))
    assert told["synthetic"] is True
    assert (told["seed"], told["guide"], told["programme"], told["profile"]) == (7, 2023, NMG, "inner-mongolia")
    assert set(told["files"]) == {path.name for path in (tmp_path / "out").glob("*.parquet")}
    for name, file in told["files"].items():
        data = (tmp_path / "out" / name).read_bytes()
        assert file == {"rows": pq.read_table(tmp_path / "out" / name).num_rows, "bytes": len(data),
                        "sha256": hashlib.sha256(data).hexdigest()}  # fmt: skip
    assert told["files"]["parcels.parquet"]["rows"] == 1234
    assert {name: one["cases"] for name, one in told["defects"].items()} == found.defects


# clearly made up


def test_everything_is_marked_as_made_up_and_no_registrar_could_have_issued_a_code(tmp_path: Path) -> None:
    made(tmp_path / "out", clean=True, parcels=500)
    cases = pq.read_table(tmp_path / "out" / "cases.parquet")
    assert cases.schema.metadata[b"synthetic"] == b"true"
    areas = {check_uscc(code).division for code in cases["uscc"].to_pylist()}
    assert areas == {"990000"}
    assert "99" not in {league.code[:2] for league in divisions().leagues}
    lines = pq.read_table(tmp_path / "out" / "spend.parquet")
    assert {check_uscc(code).division for code in lines["seller"].to_pylist()} == {"990000"}
    assert {number[2:4] for number in lines["invoice_no"].to_pylist()} == {"99"}
    assert all(name.startswith("示例") and name.endswith("（虚构）") for name in cases["name"].to_pylist())
    digests = pq.read_table(tmp_path / "out" / "parcels.parquet")["waybill_hash"].to_pylist()
    assert all(re.fullmatch("0{8}[0-9a-f]{56}", one) for one in digests)
    note = (tmp_path / "out" / "README.txt").read_text("utf-8")
    assert "全部由程序虚构" in note
    assert "made up by a program" in note


def test_places_and_sizes_are_spread_as_the_profile_says(tmp_path: Path) -> None:
    made(tmp_path / "out", enterprises=20_000)
    cases = pq.read_table(tmp_path / "out" / "cases.parquet")
    leagues = [code[:4] for code in cases["registered_at"].to_pylist() if code]
    for league, share in (("1501", 0.195), ("1502", 0.14), ("1506", 0.13)):
        assert abs(leagues.count(league) / len(leagues) - share) < 0.015
    sizes = cases["group.size"].to_pylist()
    assert abs(sizes.count("micro") / len(sizes) - 0.8) < 0.02
    assert set(sizes) == {"micro", "small", "medium", "large"}
    assert len(set(cases["group.trade"].to_pylist())) > 8


def test_dozens_apply_unless_everyone_does(tmp_path: Path) -> None:
    few = made(tmp_path / "few", enterprises=100_000)
    assert 10 <= few.applicants["2a"] <= 60
    assert few.applicants["12a"] <= 400
    everyone = made(tmp_path / "everyone", enterprises=500, everyone=True)
    assert set(everyone.applicants.values()) == {500}


# read back by the exact engine


@pytest.mark.parametrize("name", list(YEARS))
def test_cases_are_answered_by_the_exact_engine(name: str, load: dict[str, tuple[Path, Made]]) -> None:
    tables = Tables(name, load[name][0])
    faulty = {str(row["case"]) for row in read_table(load[name][0] / "defects.parquet").to_pylist()}
    healthy = [case for case in tables.cases if case not in faulty][:60]
    answers = [tables.ask(case, offer) for case in healthy for offer in load[name][1].applicants]
    outcomes = {answer.outcome for answer in answers}
    assert {"award", "not_eligible"} <= outcomes
    paid = [answer for answer in answers if answer.outcome == "award" and answer.nature == "award"]
    assert len(paid) > len(answers) / 5
    assert sum(bool(answer.amount) for answer in paid) > len(paid) / 2


@pytest.mark.parametrize("name", list(YEARS))
def test_a_clean_population_is_read_without_a_fault(name: str, tmp_path: Path) -> None:
    found = made(tmp_path / "out", name, enterprises=40, everyone=True, clean=True)
    assert (found.defects, found.reversals) == ({}, 0)
    assert not (tmp_path / "out" / "defects.parquet").exists()
    tables = Tables(name, tmp_path / "out")
    for case in tables.cases:
        for offer in found.applicants:
            tables.ask(case, offer)


@pytest.mark.parametrize("name", list(YEARS))
def test_reversals_are_netted_into_lines_that_are_there(name: str, load: dict[str, tuple[Path, Made]]) -> None:
    folder, found = load[name]
    assert found.reversals > 20
    for listed in rules_of(programme(name).desk, YEARS[name]).lists:
        if not listed.kind.reverses:
            continue
        key = listed.kind.key
        rows = pq.read_table(folder / f"{listed.column}.parquet").to_pylist()
        lines = {(row["case"], *(row[part] for part in key)): row for row in rows}
        faulty = {row["case"] for row in read_table(folder / "defects.parquet").to_pylist()}
        reversing = [row for row in rows if row[listed.kind.reverses] != "none" and row["case"] not in faulty]
        share = len(reversing) / len(rows)
        assert 0.03 < share < 0.1
        for row in reversing:
            of = lines[(row["case"], *(row[part] for part in key[:-1]), row[listed.kind.reverses])]
            assert -of[listed.money] <= row[listed.money] <= 0


# wrong on purpose


@pytest.mark.parametrize("name", list(YEARS))
def test_about_the_profiles_share_of_applicants_has_a_defect_and_each_kind_is_there(
    name: str, load: dict[str, tuple[Path, Made]]
) -> None:
    folder, found = load[name]
    rows = read_table(folder / "defects.parquet").to_pylist()
    assert len({row["case"] for row in rows}) == len(rows) == sum(found.defects.values())
    assert 0.05 * found.enterprises < len(rows) < 0.1 * found.enterprises
    wanted = set(EXPECTED) - {"bad_number"}
    assert set(found.defects) == (wanted if name == NMG else wanted - {"wrong_check_character"}) - (
        set() if name == NMG else {"refused_by_a_condition", "unknown_cell"}
    )
    assert min(found.defects.values()) >= 5


@pytest.mark.parametrize("name", list(YEARS))
def test_each_defect_is_found_by_the_exact_engine_as_the_manifest_expects(
    name: str, load: dict[str, tuple[Path, Made]]
) -> None:
    tables = Tables(name, load[name][0])
    readers = {one.column: one.offers for one in rules_of(programme(name).desk, YEARS[name]).lists}
    seen: dict[str, list[bool]] = defaultdict(list)
    for row in read_table(load[name][0] / "defects.parquet").to_pylist():
        case, defect, offers = str(row["case"]), row["defect"], readers.get(row["list"], ("2b",))
        if row["expect"].startswith("E"):
            seen[defect].append(tables.code_of_refusal(case, offers[0]) == row["expect"])
        elif defect == "refused_by_a_condition":
            seen[defect].append(tables.ask(case, "2b").outcome == "not_eligible")
        elif defect == "unknown_cell":
            seen[defect].append(tables.ask(case, "2b").outcome in ("undetermined", "range"))
        elif defect == "duplicate_across_cases":
            seen[defect].append(shares_a_key(tables, name, row["list"], case))
        else:
            answers = [tables.ask(case, offer) for offer in offers]
            seen[defect] += shown_by(defect, [one for one in answers if one.outcome == "award"])
    assert set(seen) == set(load[name][1].defects)
    assert {defect for defect, found in seen.items() if not found or not all(found)} == set()


def shares_a_key(tables: Tables, name: str, column: str, case: str) -> bool:
    listed = next(one for one in rules_of(programme(name).desk, YEARS[name]).lists if one.column == column)
    keys = {tuple(row[part] for part in listed.kind.key) for row in tables.lists[column][case]}
    others = (row for other, rows in tables.lists[column].items() if other != case for row in rows)
    return any(tuple(row[part] for part in listed.kind.key) in keys for row in others)


def shown_by(defect: str, answers: list[jarlig.Determination]) -> list[bool]:
    """Whether one of the answers of a case shows its defect; nothing when no offer of the list paid it."""
    if not answers:
        return []
    if defect == "cap_breach":
        return [any((one.formula_amount or 0) > (one.amount or 0) for one in answers)]
    assert defect == "cost_outside_window"
    return [any(step.rows is not None and step.rows.left_out for one in answers for step in one.trace)]


def test_a_number_that_is_none_stands_only_in_tables_of_text(tmp_path: Path) -> None:
    found = made(tmp_path / "csv", format="csv", everyone=True, enterprises=700)
    assert found.defects["bad_number"] >= 3
    tables = Tables(NMG, tmp_path / "csv", "csv")
    rows = read_table(tmp_path / "csv" / "defects.csv").to_pylist()
    bad = [row for row in rows if row["defect"] == "bad_number"]
    readers = {one.column: one.offers[0] for one in rules_of(programme(NMG).desk, 2023).lists}
    assert {tables.code_of_refusal(row["case"], readers[row["list"]]) for row in bad} == {"E803"}
    assert "bad_number" not in made(tmp_path / "parquet", everyone=True, enterprises=700).defects


# tables of other kinds


def test_csv_and_xlsx_hold_what_parquet_holds(tmp_path: Path) -> None:
    for kind in synth.FORMATS:
        made(tmp_path / kind, format=kind, clean=True, enterprises=60)
    whole = pq.read_table(tmp_path / "parquet" / "cases.parquet").to_pylist()
    for kind in ("csv", "xlsx"):
        read = read_table(tmp_path / kind / f"cases.{kind}").to_pylist()
        assert read == [{name: text(value) for name, value in row.items()} for row in whole]


def test_each_defect_is_told_in_both_languages_with_what_to_expect() -> None:
    assert set(DEFECTS) == set(EXPECTED)
    for defect in DEFECTS:
        assert DEFECTS[defect].zh != DEFECTS[defect].en
        assert not expected(defect).zh.isascii()
        assert expected(defect).en.isascii()
    assert expected("duplicate_in_case").en == "refused (E805)"


def text(value: Any) -> str | None:
    if isinstance(value, bool):
        return "true" if value else "false"
    return None if value is None else format(value, "f") if isinstance(value, Decimal) else str(value)


def test_columns_have_exact_types(tmp_path: Path) -> None:
    made(tmp_path / "out")
    types = {column.name: str(column.type) for column in pq.read_schema(tmp_path / "out" / "cases.parquet")}
    assert types["case"] == "int64"
    assert types["on"] == "date32[day]"
    assert types["online_sales_after"] == "decimal128(18, 2)"
    assert types["on_abnormal_list"] == "bool"
    assert types["tax_credit"] == "dictionary<values=string, indices=int32, ordered=0>"
    assert "double" not in types.values()


# parcels and the past


def test_parcels_lie_near_their_carrier_and_each_is_there_once(tmp_path: Path) -> None:
    found = made(tmp_path / "out", parcels=20_000)
    rows = pq.read_table(tmp_path / "out" / "parcels.parquet").to_pylist()
    cases = {row["case"]: row for row in pq.read_table(tmp_path / "out" / "cases.parquet").to_pylist()}
    assert len(rows) == len({row["waybill_hash"] for row in rows}) == 20_000
    near = [row["gacha"][:6] == cases[row["case"]]["registered_at"] for row in rows]
    assert 0.95 < sum(near) / len(near) < 1
    month = [row["month"] == cases[row["case"]]["claim_month"] for row in rows]
    assert 0.94 < sum(month) / len(month) < 1
    assert len({row["case"] for row in rows}) <= found.applicants["14"]
    tables = Tables(NMG, tmp_path / "out")
    paid = [answer for case in {str(row["case"]) for row in rows[::500]} if not bad(tmp_path, case)
            for answer in [tables.ask(case, "14")] if answer.outcome == "award"]  # fmt: skip
    assert paid and all(answer.amount for answer in paid)


def bad(folder: Path, case: str) -> bool:
    return int(case) in pq.read_table(folder / "out" / "defects.parquet")["case"].to_pylist()


def test_the_past_lies_in_earlier_guides_and_counts(tmp_path: Path) -> None:
    made(tmp_path / "out", enterprises=20_000, year=2024)
    rows = pq.read_table(tmp_path / "out" / "history.parquet").to_pylist()
    guides = programme(NMG).model.guides
    codes = set(pq.read_table(tmp_path / "out" / "cases.parquet")["uscc"].to_pylist())
    assert 300 < len(rows) < 2500
    assert {row["guide_year"] for row in rows} == {2022, 2023}
    assert {row["state"] for row in rows} == {"pending", "approved", "paid", "void"}
    assert any(row["recovered"] for row in rows)
    assert len({row["id"] for row in rows}) == len(rows)
    for row in rows:
        guide = guides[row["guide_year"]]
        assert guide.start <= row["on"].toordinal() <= guide.end
        assert row["offer"] in (guide.opens or ())
        assert row["approved"] is None or row["approved"] <= row["capped"]
    assert sum(row["uscc"] in codes for row in rows) > 0.99 * len(rows) - 40


def test_the_first_guide_has_no_past(tmp_path: Path) -> None:
    made(tmp_path / "out", year=2022)
    table = pq.read_table(tmp_path / "out" / "history.parquet")
    assert table.num_rows == 0
    assert {"offer", "on", "guide_year", "state", "capped", "approved", "recovered", "id", "uscc"} <= set(
        table.column_names
    )


# what cannot be made


@provokes("E860")
def test_a_folder_that_holds_something_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "kept.txt").write_text("mine")
    refuses("E860", tmp_path)
    refuses("E860", tmp_path / "kept.txt")
    assert (tmp_path / "kept.txt").read_text() == "mine"
    (tmp_path / "empty").mkdir()
    made(tmp_path / "empty", enterprises=3)
    assert (tmp_path / "empty" / "manifest.json").is_file()


@provokes("E861")
@pytest.mark.parametrize(
    "asked", [{"enterprises": 0}, {"enterprises": -5}, {"enterprises": 10**7 + 1}, {"parcels": -1},
              {"parcels": 10**9 + 1}, {"seed": -1}, {"seed": 2**63}, {"enterprises": 10**40}],
)  # fmt: skip
def test_sizes_beyond_what_can_be_made_are_refused(tmp_path: Path, asked: dict[str, int]) -> None:
    refuses("E861", tmp_path / "out", **asked)


@provokes("E812", "E824", "E862", "E864", "E865")
def test_what_a_programme_or_a_sheet_cannot_hold_is_refused_and_nothing_is_left(tmp_path: Path) -> None:
    refuses("E812", tmp_path / "out", year=1999)
    refuses("E824", tmp_path / "out", format="xlsx", enterprises=1_048_576)
    refuses("E862", tmp_path / "out", profile="inner-mongolai")
    refuses("E864", tmp_path / "out", name=SAMPLE, year=2026, parcels=10)
    refuses("E865", tmp_path / "out", enterprises=2, seed=0, parcels=10**9)
    assert list(tmp_path.iterdir()) == []


def refuses(code: str, out: Path, **asked: Any) -> None:
    with pytest.raises(PolicyError) as error:
        made(out, **asked)
    assert error.value.problems[0].code == code


@pytest.mark.parametrize("stop", [KeyboardInterrupt, OSError, MemoryError])
def test_whatever_stops_it_half_way_nothing_is_left(tmp_path: Path, stop: type[BaseException]) -> None:
    def interrupted(what: str) -> None:
        if what == "parcels":
            raise stop

    with pytest.raises(stop):
        made(tmp_path / "out", parcels=1_000_000, tick=interrupted)
    assert list(tmp_path.iterdir()) == []


def test_each_batch_is_told(tmp_path: Path) -> None:
    told: list[str] = []
    made(tmp_path / "out", parcels=600_000, tick=told.append)
    assert told == ["cases", "parcels", "parcels"]
    assert len(told) == synth.steps_of(400, 600_000)


def test_a_folder_that_cannot_be_made_says_so(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        made(tmp_path / "no" / "such" / "folder")


# memory


def test_memory_does_not_grow_with_the_population(tmp_path: Path) -> None:
    script = (
        "import resource, sys, jarlig\nfrom pathlib import Path\nfrom jarlig.whatif.synth import synthesise\n"
        "synthesise(jarlig.load(sys.argv[1]), Path(sys.argv[2]), enterprises=int(sys.argv[3]), seed=1, year=2023,\n"
        "           parcels=int(sys.argv[3]))\n"
        "print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)\n"
    )
    peaks = []
    for count in (100_000, 1_000_000):
        command = [sys.executable, "-c", script, NMG, str(tmp_path / str(count)), str(count)]
        done = subprocess.run(
            command, capture_output=True, text=True, check=True, env={**os.environ, "PYTHONPATH": SOURCE}
        )
        peaks.append(int(done.stdout) // 1024)
    assert pq.ParquetFile(tmp_path / "1000000" / "cases.parquet").metadata.num_rows == 1_000_000
    assert peaks[1] - peaks[0] < 150
