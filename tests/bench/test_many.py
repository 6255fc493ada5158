"""The benches of many cases compare with what is right: they find every fault, and right is the exact engine."""

from __future__ import annotations

import csv
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import duckdb
import five_peers
import made
import many_five
import many_runs
import measuring
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
import pytest

from jarlig.engines.answer import Desk, Question, environment
from jarlig.ladder.dates import day_text
from jarlig.policy.facts import read_facts, typed_facts
from jarlig.policy.reading import read_programme

CASES = 2_000


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Cases of the five rules, typed as a run types them."""
    made_in = tmp_path_factory.mktemp("five")
    made.five(made_in, CASES)
    many_five.intake(made_in)
    return made_in


def test_the_reference_of_the_five_rules_is_the_engine_for_one_case(folder: Path) -> None:
    desk = Desk(read_programme(measuring.HERE / "five-rules"))
    on = many_five.ON.toordinal()
    plan = desk.plans.plan(on)
    cells = five_peers.cells(folder)
    right = five_peers.reference(cells)
    rows = pq.read_table(folder / "five.parquet").to_pylist()
    history = {row["uscc"]: row for row in pq.read_table(folder / "history.parquet").to_pylist()}
    for at in range(0, CASES, 5):
        facts: dict[str, Any] = {
            name: value if isinstance(value, bool) else str(value)
            for name, value in rows[at].items() if value is not None and name != "case"
        }  # fmt: skip
        past = history.get(facts["uscc"])
        facts["history"] = [{name: str(value) for name, value in past.items()}] if past else []
        for which, offer in enumerate(five_peers.OFFERS):
            case = read_facts(facts)
            typed = typed_facts(case, plan.fact_defs(offer), offer, None, plan.programme)
            said = desk.climber(plan.ladder(offer)).climb(environment(typed, Question(offer, on, 2023, "")))
            if said.refused:
                expected = (five_peers.NOT_ELIGIBLE, -1, -1)
            elif said.unknown:
                expected = (five_peers.UNDETERMINED, -1, -1)
            else:
                expected = (five_peers.AWARD, said.formula, said.award)
            assert tuple(int(part[at]) for part in right[which]) == expected, (day_text(on), offer, facts)


def test_the_plain_form_of_the_reference_agrees_with_it_on_every_case(folder: Path) -> None:
    cells = five_peers.cells(folder)
    right = five_peers.reference(cells)
    for at in range(CASES):
        assert five_peers.plain(cells, at) == [tuple(int(part[at]) for part in rule) for rule in right]


@pytest.mark.parametrize("engine", ["jarlig", "by hand, fen", "by hand, decimal", "by hand, fen kept as fen"])
def test_every_sql_gives_the_reference(folder: Path, engine: str) -> None:
    found = many_five.duck(folder, engine, True)
    assert (found["wrong"], found["wrong_totals"]) == (0, 0)


def test_ours_and_the_sql_by_hand_have_the_same_types(folder: Path) -> None:
    types = [many_five.duck(folder, engine, True)["types"] for engine in ("jarlig", "by hand, fen", "by hand, decimal")]
    assert types[0] == types[1] == types[2]


def test_the_wide_form_by_hand_has_the_same_awards(folder: Path) -> None:
    base = duckdb.connect()
    base.execute(f"CREATE TABLE typed AS SELECT * FROM '{folder / 'typed.parquet'}'")
    wide = base.execute(many_five.by_hand("fen", "DECIMAL(18,2)", wide=True)).fetchnumpy()
    for offer, (_, _, award) in zip(five_peers.OFFERS, five_peers.reference(five_peers.cells(folder)), strict=True):
        column = wide[f"award_{offer}"]
        got = np.where(np.ma.getmaskarray(column), -1, np.round(np.ma.getdata(column) * 100).astype(np.int64))
        assert (got == award[wide["n"]]).all()


def test_the_sql_for_known_cells_gives_the_reference_with_empty_cells_as_zero(folder: Path) -> None:
    found = many_five.known(folder, many_five.NOTHING_UNKNOWN, True)
    assert (found["wrong"], found["wrong_totals"]) == (0, 0)


@pytest.mark.parametrize("damage", [
    "UPDATE answer SET amount = amount + 0.01 WHERE n = (SELECT min(n) FROM answer WHERE amount > 0) AND which = 2",
    "UPDATE answer SET outcome = 'undetermined' WHERE which = 0 AND n = 3",
    "DELETE FROM answer WHERE which = 4 AND n = 7",
    "UPDATE answer SET formula_amount = NULL WHERE which = 1 AND formula_amount IS NOT NULL",
])  # fmt: skip
def test_a_wrong_answer_is_counted(folder: Path, damage: str) -> None:
    base = duckdb.connect()
    base.execute(f"CREATE TABLE typed AS SELECT * FROM '{folder / 'typed.parquet'}'")
    base.execute(f"CREATE TABLE answer AS {many_five.by_hand('fen', 'DECIMAL(18,2)')}")
    right = five_peers.reference(five_peers.cells(folder))
    assert many_five.checked(base, right, 100)["wrong"] == 0
    base.execute(damage)
    assert many_five.checked(base, right, 100)["wrong"] > 0


@pytest.fixture
def population(tmp_path: Path) -> Path:
    """A small population with its answer still there."""
    made.population(tmp_path, 900)
    return tmp_path


def kept(monkeypatch: pytest.MonkeyPatch) -> None:
    """Leave the answer of a run where it is."""
    unlink = Path.unlink
    monkeypatch.setattr(Path, "unlink", lambda self, **more: None if self.stem == "answer" else unlink(self, **more))


def test_a_population_is_answered_as_the_engine_for_one_case_says(
    population: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        kept(patch)
        found = many_runs.population(population, True)
    assert (found["wrong_sums"], found["wrong_answers"], found["put_aside"]) == (0, 0, 0)
    assert found["sums_checked"] > 500
    assert found["answers_checked"] == 300 * found["offers"]
    assert {"award", "not_eligible", "undetermined", "closed", "needs_decision"} <= set(found["outcomes"])
    assert sum(found["outcomes"].values()) == found["answers"] == 900 * found["offers"]
    altered(population / "answer.parquet", lambda amounts: pc.add(amounts, pa.scalar(1)))
    sums, wrong = many_runs.summed_again(population)
    assert sums == wrong == found["sums_checked"]


def altered(path: Path, change: Callable[[Any], Any]) -> None:
    """The same table with other formula amounts."""
    table, money = pq.read_table(path), pa.decimal128(18, 2)
    changed = change(table["formula_amount"].cast(money)).cast(money)
    pq.write_table(table.set_column(table.column_names.index("formula_amount"), "formula_amount", changed), path)


def test_parcels_are_priced_and_every_planted_one_is_told(tmp_path: Path) -> None:
    made.parcels(tmp_path, 30_000, 4_000)
    found = many_runs.parcels(tmp_path, True)
    assert (found["wrong_sums"], found["missed"], found["false"]) == (0, 0, 0)
    assert found["told"] == found["planted"] == 2 * made.PLANTED
    assert many_runs.priced_by_hand(tmp_path, True)["wrong_sums"] == 0


def test_a_parcel_told_wrongly_or_not_at_all_is_counted(tmp_path: Path) -> None:
    rows = 30_000
    made.parcels(tmp_path, rows, 4_000)
    told = tmp_path / "told.csv"
    planted = many_runs.planted(tmp_path)
    right = [(line, many_runs.key(line - 1 - rows // 2), "7") for line in planted["within"]]
    right += [(line, many_runs.key(line - 1), "") for line in planted["against"]]

    def counted(lines: list[tuple[int, str, str]]) -> tuple[int, int]:
        with told.open("w", newline="") as stream:
            csv.writer(stream).writerows([("line", "key", "other"), *lines])
        result = many_runs.told_again(told, tmp_path, rows)
        return result["missed"], result["false"]

    assert counted(right) == (0, 0)
    assert counted(right[1:]) == (1, 0)
    assert counted([*right, (5_000, many_runs.key(4_999), "")]) == (0, 1)
    assert counted([(right[0][0], right[1][1], "7"), *right[1:]]) == (1, 1)


def test_medians_are_taken_of_seconds_and_the_most_of_memory() -> None:
    runs = [
        {"seconds": 3.0, "peak_mb": 10, "wrong": 0, "steps": {"a": 1.0}},
        {"seconds": 1.0, "peak_mb": 30, "steps": {"a": 5.0}},
        {"seconds": 2.0, "peak_mb": 20, "steps": {"a": 3.0}},
    ]
    assert measuring.merged(runs) == {"seconds": 2.0, "peak_mb": 30, "wrong": 0, "steps": {"a": 3.0}}


def test_only_an_engine_that_may_fail_is_left_out(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    script = tmp_path / "engine.py"
    script.write_text(
        "import json, sys\ntask = json.loads(sys.argv[2])\n"
        "sys.exit(3) if task['engine'] == 'breaks' else print(json.dumps({'engine': task['engine'], 'seconds': 1.0}))\n"
    )
    tasks = [{"engine": "runs"}, {"engine": "breaks", "may_fail": True}]
    assert measuring.by_turns(str(script), tasks, 2) == [{"engine": "runs", "seconds": 1.0}]
    assert capsys.readouterr().err.count("breaks: exit code 3") == 2
    with pytest.raises(subprocess.CalledProcessError):
        measuring.by_turns(str(script), [{"engine": "breaks"}], 1)


def test_the_machine_is_told_without_any_path() -> None:
    told = measuring.machine()
    assert told["cores"] >= 1
    assert told["versions"]["duckdb"] == duckdb.__version__
    assert "/" not in str({name: value for name, value in told.items() if name != "processor"})
