"""The table of cases: whatever a fact is called, and however the columns beside the facts are typed."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from tests.engines.many.tables import LINE, case, table
from tests.tiny import CODE, tiny

from jarlig.engines.answer import Desk
from jarlig.engines.sql.running import Files, Options, duckdb, run
from jarlig.ladder.numbers import parse_date
from jarlig.tabular import read_table
from jarlig.whatif.simulate import side_of, simulate

FACTS: dict[str, Any] = {"uscc": CODE, "registered_at": "150102"}


def renamed(folder: Path, name: str) -> Any:
    """The tiny programme with another name for the fact that its second offer asks for."""
    return tiny(
        folder,
        ("measures/01.yaml", "    score:\n", f"    {name}:\n"),
        ("measures/01.yaml", "of: score", f"of: {name}"),
    )


def scored(folder: Path, name: str, scores: list[int]) -> Path:
    rows = [{"case": f"C{score}", "on": "2023-06-01", **FACTS, name: str(score)} for score in scores]
    return table(folder / "cases.csv", rows)


@pytest.mark.parametrize("name", ["plan", "plan_b", "bad", "line", "n"])
def test_a_fact_may_have_the_name_of_a_column_of_ours(tmp_path, name):
    programme, scores = renamed(tmp_path / "programme", name), [0, 1, 2, 90]
    files = Files(
        scored(tmp_path, name, scores), tmp_path / "out.parquet", {}, table(tmp_path / "h.csv", [], ["offer", "on"])
    )
    run(programme, ("2",), files, Options(), duckdb(500, 1))
    many = {row["case"]: row for row in read_table(files.out).to_pylist()}
    for score in scores:
        facts = {**FACTS, name: score, "history": []}
        told = Desk(programme).determine("2", facts, on=parse_date("2023-06-01"))
        found = many[f"C{score}"]
        assert (found["outcome"], found["amount"], found["guide"]) == (told.outcome, told.yuan, 2023)


@pytest.mark.parametrize("name", ["plan", "plan_b"])
def test_a_fact_picks_no_guide_where_rules_are_compared(tmp_path, name):
    told = []
    for asked in (name, "score"):
        folder = tmp_path / asked
        folder.mkdir()
        programme, cases = renamed(folder / "programme", asked), scored(folder, asked, [1, 90])
        files = Files(cases, folder / "out.html", {}, table(folder / "h.csv", [], ["offer", "on"]))
        sides = side_of("rules", programme), side_of("2023", programme)
        compared = simulate(programme, sides, ("2",), files, None, duckdb(500, 1))
        told.append((compared.total, [(move.before, move.after, move.claims, move.cost) for move in compared.moves]))
    assert told[0] == told[1]
    assert told[0][0].claims == 2


@pytest.mark.parametrize(
    ("flag", "outcome"),
    [
        (pa.array([True]), "undetermined"),
        (pa.array([1], pa.int64()), "undetermined"),
        (pa.nulls(1), "undetermined"),
        (pa.array(["no"]), "undetermined"),
        (pa.array(["given"]), "award"),
    ],
)
def test_only_the_word_given_says_that_a_list_is_known_however_the_column_is_typed(tmp_path, flag, outcome):
    cases = tmp_path / "cases.parquet"
    pq.write_table(pa.table({**{name: [text] for name, text in case("A").items()}, "investment": flag}), cases)
    rows = {"investment": table(tmp_path / "rows.csv", [], ["case", "invoice_no", "net", *LINE])}
    files = Files(cases, tmp_path / "out.parquet", rows, table(tmp_path / "history.csv", [], ["offer", "on"]))
    run(tiny(tmp_path / "programme"), ("1a",), files, Options(), duckdb(500, 1))
    (row,) = read_table(files.out).to_pylist()
    assert (row["outcome"], row["missing"]) == (outcome, None if outcome == "award" else "investment")
