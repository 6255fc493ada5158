"""Sums over rows: which of them stand in one column, and that arrays add up as the engine's groups do."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings, strategies as st
from tests.engines.many.running import duckdb

from jarlig.engines.sql import duck
from jarlig.engines.sql.backend import Backend
from jarlig.engines.sql.climbing import Base
from jarlig.engines.sql.dialect import DuckDB
from jarlig.engines.sql.kept import Lines
from jarlig.engines.sql.sheet import Value
from jarlig.engines.sql.totals import Total, columns_of, totals_query
from jarlig.ladder import nodes as n
from jarlig.ladder.kinds import CNY, Choice, Number, money

YUAN = Number(CNY, 2, -(10**12), 10**12)
KIND = Choice(("plant", "staff"))
NET, WHAT = n.Column("net", YUAN), n.Column("what", KIND)
PLANT = n.Compare("=", WHAT, n.Literal("plant", KIND))
COLUMNS = {"net": Value("net", plain=True), "what": Value("what", plain=True)}


def total(offer: str, plans: list[int], value: n.Node = NET, where: tuple[n.Node, ...] = (), kind: Any = None) -> Total:
    node = n.Sum("lines", where, value, kind or money(10**14))
    return Total(offer, node, Base(offer, DuckDB(), 2023, None, "", {}), plans)


def test_sums_that_no_plan_asks_for_together_are_one_column():
    first, other, late, whose = (
        total("a", [1]), total("a", [1], where=(PLANT,)), total("a", [2, 3], where=(PLANT,)), total("b", [4])
    )  # fmt: skip
    columns = columns_of([first, other, late, whose], "t")
    assert [(one.name, one.totals) for one in columns] == [
        ("t0", [first, late]), ("t1", [other]), ("t2", [whose]),
    ]  # fmt: skip


def test_a_sum_of_more_than_63_bits_has_a_column_of_its_own():
    wide = total("a", [2], kind=Number(CNY, 2, 0, 10**30))
    columns = columns_of([total("a", [1]), wide], "t")
    assert [one.wide for one in columns] == [False, True]


ROWS = st.lists(
    st.tuples(st.integers(0, 3), st.integers(1, 3), st.none() | st.integers(-(10**12), 10**12),
              st.sampled_from([None, "plant", "staff"])),
    max_size=30,
)  # fmt: skip


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Backend:
    return duckdb(tmp_path_factory.mktemp("sums"), [])


@pytest.mark.parametrize("many", [1, duck.MANY], ids=["arrays", "groups"])
@given(rows=ROWS)
@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_each_case_has_the_sum_that_its_own_plan_asks_for(
    engine: Backend, monkeypatch: pytest.MonkeyPatch, many: int, rows: list[tuple[int, int, int | None, str | None]]
) -> None:
    """Plan 1 asks for all rows, plan 2 for those of plant, plan 3 for none; a case has one plan."""
    monkeypatch.setattr(duck, "MANY", many)
    plans = dict.fromkeys(range(4), 0) | {case: plan for case, plan, _, _ in rows}
    engine.put("cases", [("n", "BIGINT")], [[case] for case in plans])
    types = [("n", "BIGINT"), ("plan", "INTEGER"), ("net", "BIGINT"), ("what", "VARCHAR")]
    engine.put("lines", types, [(case, plans[case], net, what) for case, _, net, what in rows])
    columns = columns_of([total("a", [1]), total("a", [2], where=(PLANT,))], "t")
    assert len(columns) == 1
    lines = Lines("lines", COLUMNS, ("plan",), has_for=False)
    engine.add_up("sums", totals_query(engine.dialect, lines, columns, "plan", [1, 2, 3]), [("t0", False)])
    got = {row[0]: row[1:] for row in engine.ask("SELECT n, t0, t0u FROM sums")}
    engine.drop("sums")
    for case, plan in plans.items():
        mine = [(net, what) for whose, _, net, what in rows if whose == case]
        counted = [
            net if plan == 1 or what == "plant" else None if what is None else 0
            for net, what in mine if plan in (1, 2) and not (plan == 2 and what == "staff")
        ]  # fmt: skip
        unknown = None in counted
        value, flagged = got.get(case, (0, False))
        assert flagged == unknown
        assert unknown or value == sum(counted)


def test_rows_that_add_nothing_known_leave_a_sum_of_nil_and_unknown(engine: Backend) -> None:
    engine.put("vague", [("n", "BIGINT"), ("t0", "BIGINT")], [[7, None], [7, None]])
    engine.keep("cases", "SELECT DISTINCT n FROM vague")
    engine.add_up("sums", "SELECT n, t0 FROM vague", [("t0", False)])
    assert engine.ask("SELECT n, t0, t0u FROM sums") == [(7, 0, True)]
    engine.drop("sums")


def test_what_arrays_hold_is_gone_with_the_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(duck, "MANY", 1)
    backend = duckdb(tmp_path, [])
    backend.put("cases", [("n", "BIGINT")], [[0], [1]])
    for net in (5, 9):  # the same name again is the new sums
        backend.add_up("sums", f"SELECT 1 AS n, CAST({net} AS BIGINT) AS t0", [("t0", False)])
    assert backend.ask("SELECT * FROM sums ORDER BY n") == [(0, 0, False), (1, 9, False)]
    backend.close()
    assert not list(tmp_path.glob("*.parquet"))
