"""A ladder climbed with and without its trace gives the same answer."""

from hypothesis import given, strategies as st

from jarlig.engines.exact import Climber, Exact, RowsTrace
from jarlig.ladder import build
from jarlig.ladder.kinds import CNY, YES_NO, Number, exactly, money
from jarlig.ladder.nodes import Column, Fact, Literal, StepRef, Sum, substituted
from jarlig.ladder.steps import Doubt, Ladder, Step, Words
from jarlig.ladder.tables import Table

TITLE = Words("步", "step")
NET = money(signed=True)


def step(name, node, role="base") -> Step:
    return Step(name, role, node, TITLE)


BASE = Sum("lines", (Column("keep", YES_NO),), Column("net", NET), Number(CNY, 2, -(10**9), 10**9))
KEPT = build.not_below_zero(StepRef("base", BASE.kind))
FORMULA = build.multiply(StepRef("kept", KEPT.kind), Literal(20, exactly(20, 2)))
CAPPED = build.least(StepRef("formula", FORMULA.kind), build.literal(300, 2, CNY))
LADDER = Ladder(
    offer="x",
    nature="award",
    steps=(
        step("gate_1", Fact("ok", YES_NO), "gate"),
        step("base", BASE),
        step("kept", KEPT),
        step("formula", FORMULA),
        step("capped", CAPPED),
        step("award", build.rounded(StepRef("capped", CAPPED.kind))),
    ),
    gates=("gate_1",),
    formula="formula",
    award="award",
    doubts=(Doubt("many", build.compare(">", StepRef("kept", KEPT.kind), build.literal(5_000, 2, CNY)), TITLE),),
)
lines = st.lists(st.tuples(st.sampled_from([True, False, None]), st.none() | st.integers(-900, 3_000)), max_size=5)


def env(ok, rows) -> dict:
    table = None if rows is None else Table({"keep": [k for k, _ in rows], "net": [v for _, v in rows]}, len(rows))
    return {"ok": ok, "lines": table}


@given(st.sampled_from([True, False, None]), st.none() | lines)
def test_the_short_climb_and_the_traced_one_agree(ok, rows):
    climber = Climber(LADDER)
    traced, steps = climber.trace(env(ok, rows))
    assert climber.climb(env(ok, rows)) == traced
    assert [s.name for s in steps] == [s.name for s in LADDER.steps]


def test_a_half_fen_goes_up_and_the_cap_holds():
    climber = Climber(LADDER)
    assert climber.climb(env(True, [(True, 13)])) == Exact((), False, 3, 3)
    assert climber.climb(env(True, [(True, 12)])) == Exact((), False, 2, 2)
    assert climber.climb(env(True, [(True, 4_000)])) == Exact((), False, 800, 300)


def test_a_negative_base_counts_as_nothing_and_a_doubt_is_told():
    climber = Climber(LADDER)
    assert climber.climb(env(True, [(True, -5)])).award == 0
    assert climber.climb(env(True, [(True, 5_001)])).doubts == ("many",)


def test_a_false_gate_stands_whatever_is_unknown_and_the_trace_still_shows_the_rest():
    answer, steps = Climber(LADDER).trace(env(False, [(True, 100)]))
    assert answer == Exact(("gate_1",), False, None, None)
    assert {s.name: s.value for s in steps}["award"] == 20


def test_the_trace_counts_rows():
    _, steps = Climber(LADDER).trace(env(True, [(True, 1), (False, 2), (None, 3), (True, 4)]))
    assert {s.name: s.rows for s in steps}["base"] == RowsTrace("lines", 4, 2, 1, 1)


def test_a_step_put_into_its_reader_leaves_no_reference():
    nodes = {s.name: s.node for s in LADDER.steps}
    whole = substituted(nodes["award"], nodes)
    assert "StepRef" not in repr(whole)
