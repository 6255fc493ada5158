"""What a ladder's reading claims holds for every value: more never pays less, and nothing goes above its cap."""

from hypothesis import given, settings, strategies as st

from jarlig.engines.directions import Directions, merged, stays_within, turned, unsure
from jarlig.engines.exact import Climber
from jarlig.ladder import build, nodes as n
from jarlig.ladder.kinds import CNY, PURE, YES_NO, Number, exactly
from jarlig.ladder.numbers import round_half_up
from jarlig.ladder.steps import Ladder, Step, Words
from jarlig.ladder.tables import Table

WORDS = Words("步骤", "step")
X, Y = (n.Fact(name, Number(PURE, 0, 0, 40)) for name in "xy")
NET = n.Column("net", Number(PURE, 0, 0, 40))


def lit(value: int, scale: int = 0) -> n.Literal:
    return n.Literal(value, exactly(value, scale))


def ladder(award: n.Node, *steps: tuple[str, n.Node]) -> Ladder:
    made = [Step(name, "cap" if name == "cap" else "amount", node, WORDS) for name, node in steps]
    return Ladder("a", "award", (*made, Step("award", "award", award, WORDS)), (), "award", "award")


def value(made: Ladder, **env: object) -> int:
    award = Climber(made).climb(dict(env)).award
    assert award is not None
    return award


def banded(of: n.Node, edge: int, low: n.Node, high: n.Node) -> n.Node:
    values, kind = build.one_kind([low, high])
    return n.Banded(of, ((edge, False),), tuple(values), kind)


def cased(test: n.Node, value: n.Node, otherwise: n.Node) -> n.Node:
    values, kind = build.one_kind([value, otherwise])
    return n.Case(((test, values[0]),), values[1], kind)


def steps(of: n.Node, step: n.Node, how: str) -> n.Node:
    of, step = build.aligned(of, step)
    high = max(0, build.number_kind(of).high)
    return n.Steps(of, step, how, 3, Number(PURE, 0, 0, max(3, high)))


def grown(now: n.Node, since: n.Node, low: n.Node, high: n.Node, zero: n.Node) -> n.Node:
    now, since = build.aligned(now, since)
    values, kind = build.one_kind([low, high, zero])
    return n.Grown(now, since, ((500_000, True),), 6, tuple(values[:2]), values[2], kind)


def marginal(of: n.Node, edge: int, low: n.Node, high: n.Node) -> n.Node:
    of = build.not_below_zero(of)
    rates, rate = build.one_kind([low, high])
    kind = build.number_kind(of)
    ends = [0, kind.high * rate.low, kind.high * rate.high]
    whole = Number(PURE, kind.scale + rate.scale, min(ends), max(ends))
    return n.Marginal(of, (edge * 10**kind.scale,), tuple(rates), whole)


def smaller(nodes: st.SearchStrategy[n.Node]) -> st.SearchStrategy[n.Node]:
    edge, ops = st.integers(0, 40), st.sampled_from(["<", "<=", ">", ">=", "=", "!="])
    test = st.builds(build.compare, ops, nodes, nodes)
    both = st.builds(lambda a, b: n.All((a, b)), test, test) | st.builds(lambda a: n.Not(a), test) | test
    return st.one_of(
        st.builds(build.add, nodes, nodes),
        st.builds(build.subtract, nodes, nodes),
        st.builds(build.multiply, nodes, nodes),
        st.builds(build.least, nodes, nodes),
        st.builds(build.greatest, nodes, nodes),
        st.builds(build.not_below_zero, nodes),
        st.builds(lambda item: build.rounded(item, 0), nodes),
        st.builds(banded, nodes, edge, nodes, nodes),
        st.builds(marginal, nodes, edge, literals, literals),
        st.builds(cased, both, nodes, nodes),
        st.builds(steps, nodes, nodes, st.sampled_from(["full", "started"])),
        st.builds(grown, nodes, nodes, nodes, nodes, nodes),
    )


literals = st.builds(lit, st.integers(-3, 40), st.integers(0, 1))
numbers = st.recursive(st.sampled_from([X, Y]) | literals, smaller, max_leaves=6)
small = st.integers(0, 40)


@settings(max_examples=150)
@given(numbers, small, small, small)
def test_what_is_said_never_to_fall_never_falls(node: n.Node, less: int, more: int, other: int) -> None:
    less, more = sorted((less, more))
    made = ladder(node)
    moves = Directions(made).award()
    if moves.get("x", "+") == "+":
        assert value(made, x=less, y=other) <= value(made, x=more, y=other)


@settings(max_examples=100)
@given(numbers, st.lists(small, min_size=1, max_size=3), small, small)
def test_the_same_holds_for_a_column_and_for_one_row_more(node: n.Node, rows: list[int], more: int, other: int) -> None:
    row = replaced(node)
    kind = build.number_kind(row)
    total = n.Sum("r", (), row, Number(PURE, kind.scale, min(0, kind.low) * 9, max(0, kind.high) * 9))
    made = ladder(total)
    moves = Directions(made).award()
    before = value(made, y=other, r=Table({"net": rows}, len(rows)))
    if moves.get("r.net", "+") == "+":
        higher = [max(rows[0], more), *rows[1:]]
        assert before <= value(made, y=other, r=Table({"net": higher}, len(rows)))
    if moves["r."] == "+" and kind.low >= 0:
        assert before <= value(made, y=other, r=Table({"net": [*rows, more]}, len(rows) + 1))


def replaced(node: n.Node) -> n.Node:
    """The node with the column in place of the first fact."""
    if node == X:
        return NET
    parts = {field: getattr(node, field) for field in type(node).__dataclass_fields__}
    return type(node)(**{field: _inside(part) for field, part in parts.items()})


def _inside(part: object) -> object:
    if isinstance(part, n.Node):
        return replaced(part)
    return tuple(_inside(item) for item in part) if isinstance(part, tuple) else part


@settings(max_examples=100)
@given(numbers, numbers, numbers, small, small)
def test_what_is_said_to_stay_within_its_cap_stays_within_it(
    formula: n.Node, most: n.Node, floor: n.Node, x: int, y: int
) -> None:
    cap = n.StepRef("cap", most.kind)
    capped = build.least(formula, cap)
    made = ladder(build.rounded(build.greatest(capped, floor)), ("cap", most))
    award = made.step("award").node
    if stays_within(made, award, "cap"):
        kind, scale = build.number_kind(most), build.number_kind(award).scale
        highest = Climber(ladder(most)).climb({"x": x, "y": y}).award
        assert highest is not None
        assert value(made, x=x, y=y) <= round_half_up(highest, kind.scale, scale)


def test_a_capped_share_of_a_base_is_proven_both_ways() -> None:
    money = n.Fact("cost", Number(CNY, 2, 0, 10**9))
    share = build.multiply(money, lit(20, 2))
    cap = build.literal(5_000, 0, CNY)
    made = ladder(build.rounded(build.least(share, n.StepRef("cap", cap.kind))), ("cap", cap))
    assert Directions(made).award() == {"cost": "+"}
    assert stays_within(made, made.step("award").node, "cap")


def test_a_floor_above_the_cap_is_not_proven() -> None:
    cap, floor = lit(5), lit(6)
    made = ladder(build.greatest(build.least(X, n.StepRef("cap", cap.kind)), floor), ("cap", cap))
    assert not stays_within(made, made.step("award").node, "cap")


def test_a_baseline_is_told_from_a_cost() -> None:
    assert Directions(ladder(build.subtract(X, Y))).award() == {"x": "+", "y": "b"}
    assert Directions(ladder(build.subtract(X, X))).award() == {"x": "?"}


def test_directions_are_merged_and_turned_without_hiding_a_conflict() -> None:
    assert merged({"x": "+"}, {"x": "b"}) == {"x": "?"}
    assert merged({"x": "+"}, {"y": "b"}) == {"x": "+", "y": "b"}
    assert turned({"x": "+", "y": "b", "z": "?"}) == {"x": "b", "y": "?", "z": "?"}
    assert unsure({"x": "+"}) == {"x": "?"}


def test_a_condition_that_turns_on_with_more_is_proven_and_one_that_turns_off_is_not() -> None:
    on = cased(build.compare(">=", X, lit(10)), lit(5), lit(0))
    off = cased(build.compare("<=", X, lit(10)), lit(5), lit(0))
    assert Directions(ladder(on)).award() == {"x": "+"}
    assert Directions(ladder(off)).award() == {"x": "?"}
    assert n.Not(build.compare("=", X, Y)).kind == YES_NO
