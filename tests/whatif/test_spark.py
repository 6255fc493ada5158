"""A comparison on Spark is the one on DuckDB: every figure, mover, band and pool of a reform that changes a ladder."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from tests.engines.many.running import duckdb, needs_java, spark
from tests.tiny import tiny
from tests.whatif.comparing import HEAD, compared, reform_file, row, table

from jarlig.whatif.compared import Comparison

#: Spark compiles for many seconds; one offer is enough to ask it every question of a comparison.
REFORM = """\
offers: {'2': {amount: {bands: {under 60: 1, 60 to under 80: 250_000, from 80: 200_000}}}}
guides: {'2023': {pools: {platform: {offers: ['2'], amount: 400_000, share: first_come}}}}
"""


def test_a_comparison_on_spark_is_the_one_on_duckdb(tmp_path: Path) -> None:
    needs_java()
    programme = tiny(tmp_path / "programme")
    scores = {"a": 70, "b": 90, "'; DROP TABLE cases --": 79, "d": 10, "open": ""}
    rows = "".join(
        row(name, f"2023-05-{at:02}", size="小" if at % 2 else "").replace(",70,", f",{score},")
        for at, (name, score) in enumerate(scores.items(), 1)
    )
    tables, reform = table(tmp_path, HEAD + rows), reform_file(tmp_path, REFORM)
    found: list[Comparison] = []
    for engine in (duckdb, spark):
        made = compared(programme, "rules", reform, ["2"], tables, tmp_path, engine=engine)
        assert made.manifest["engine"] == engine.__name__
        found.append(replace(made, manifest={**made.manifest, "engine": ""}))
    one = found[0]
    assert [mover.case for mover in one.gains] == ["'; DROP TABLE cases --", "a", "d"]
    assert [mover.case for mover in one.losses] == ["b"] and one.total.open == (1, 1)
    assert any(shares and shares.approved == 40_000_000 for line in one.pools for shares in line.shares)
    assert found[0] == found[1]
