"""The closures are only a faster way to say what each node means."""

from fractions import Fraction

import pytest
from hypothesis import given, strategies as st

from jarlig.engines.exact.closures import row_masks, scalar, vector
from jarlig.engines.exact.meaning import all_of, any_of, division_part, meaning
from jarlig.ladder import build, nodes as n
from jarlig.ladder.kinds import CNY, DATE, PURE, YES_NO, Choice, Number, Some, exactly, integer, money
from jarlig.ladder.numbers import half_up
from jarlig.ladder.tables import Table

LEVEL = Choice(("low", "high"))
A, B = n.Fact("a", integer(-50, 50), optional=True), n.Fact("b", integer(-50, 50), optional=True)
P, Q = n.Fact("p", YES_NO), n.Fact("q", YES_NO)
L = n.Fact("level", LEVEL)
maybe = st.none() | st.just(n.NONE) | st.integers(-50, 50)
yes_no = st.sampled_from([True, False, None])


def over(value: int, scale: int = 0) -> n.Literal:
    return n.Literal(value, exactly(value, scale))


SHAPES = [
    build.compare("<=", A, over(3)),
    build.compare(">", A, B),
    n.All((P, Q)),
    n.AnyOf((P, Q)),
    n.Not(P),
    build.add(A, B),
    build.subtract(A, B),
    build.multiply(A, B),
    build.least(A, B),
    build.greatest(A, B),
    n.Rescale(A, 2, Number(PURE, 2, -5000, 5000)),
    n.Rounded(n.Fact("a", Number(PURE, 2, -50, 50), optional=True), integer(-1, 1)),
    n.Case(((P, A), (Q, B)), over(7), integer(-50, 50)),
    n.Choose(L, (("low", A), ("high", over(9))), integer(-50, 50)),
    n.Choose(L, (("low", over(1)), ("high", over(9))), integer(0, 9)),
    n.Banded(A, ((-3, True), (10, False)), (over(1), B, over(3)), integer(-50, 50)),
    n.Within(L, n.Literal(frozenset({"low"}), Some(LEVEL))),
    n.IsNone(L),
    n.Steps(A, B, "full", 4, integer(0, 50)),
    n.Steps(A, B, "started", 4, integer(0, 50)),
    n.Grown(A, B, ((200_000, False), (500_000, True)), 6, (over(1), over(2), over(3)), over(0), integer(0, 3)),
]


@pytest.mark.parametrize("node", SHAPES, ids=lambda node: type(node).__name__)
@given(a=maybe, b=maybe, p=yes_no, q=yes_no, level=st.sampled_from(["low", "high", None]))
def test_a_closure_equals_the_meaning_of_its_node(node, a, b, p, q, level):
    env = {"a": a, "b": b, "p": p, "q": q, "level": level}
    children = [scalar(child)(env) for child in n.children(node)]
    assert scalar(node)(env) == meaning(node)(*children)


def as_column(node: n.Node) -> n.Node:
    """The same node reading columns in place of facts."""
    if isinstance(node, n.Fact):
        return n.Column(node.name, node.kind, node.optional)
    changed = {}
    for name in node.__slots__:
        value = getattr(node, name)
        changed[name] = _columns(value)
    return type(node)(**changed)


def _columns(value):
    if isinstance(value, tuple):
        return tuple(_columns(item) for item in value)
    return as_column(value) if isinstance(value, n.Node) else value


rows = st.lists(st.tuples(maybe, maybe, yes_no, yes_no, st.sampled_from(["low", "high", None])), max_size=6)


@pytest.mark.parametrize("node", SHAPES, ids=lambda node: type(node).__name__)
@given(data=rows)
def test_a_column_of_values_equals_the_values_one_by_one(node, data):
    names = ("a", "b", "p", "q", "level")
    table = Table({name: [row[at] for row in data] for at, name in enumerate(names)}, len(data))
    one = scalar(node)
    expected = [one(dict(zip(names, row, strict=True))) for row in data]
    assert vector(as_column(node))({}, table) == expected


@given(data=rows, bound=maybe)
def test_a_condition_against_a_fact_runs_over_columns_too(data, bound):
    table = Table({"a": [row[0] for row in data]}, len(data))
    node = build.compare(">=", n.Column("a", A.kind, optional=True), B)
    expected = [None if row[0] in (None, n.NONE) or bound in (None, n.NONE) else row[0] >= bound for row in data]
    assert vector(node)({"b": bound}, table) == expected


NET = n.Column("net", money(signed=True))
SUM = n.Sum("lines", (n.Column("keep", YES_NO),), NET, money(signed=True))


def lines(*pairs) -> Table:
    return Table({"keep": [keep for keep, _ in pairs], "net": [net for _, net in pairs]}, len(pairs))


def test_no_row_gives_nothing_and_rows_not_given_are_unknown():
    assert scalar(SUM)({"lines": lines()}) == 0
    assert scalar(SUM)({}) is None


def test_a_row_known_to_be_out_is_dropped_even_when_its_sum_is_unknown():
    assert scalar(SUM)({"lines": lines((True, 5), (False, None))}) == 5


def test_a_row_that_may_count_makes_the_sum_unknown_never_zero():
    assert scalar(SUM)({"lines": lines((True, 5), (None, 7))}) is None
    assert scalar(SUM)({"lines": lines((True, 5), (True, None))}) is None


def test_the_mask_of_a_sum_tells_counted_dropped_and_unknown_rows():
    assert row_masks(SUM)({}, lines((True, 1), (False, 2), (None, 3))) == [True, False, None]
    assert row_masks(n.Sum("lines", (), NET, SUM.kind))({}, lines((False, 1))) == [True]


@given(st.integers(-(10**12), 10**12), st.integers(0, 4))
def test_half_up_goes_away_from_zero_on_a_tie(value, digits):
    unit = 10**digits
    exact = Fraction(value, unit)
    size = (abs(exact) + Fraction(1, 2)).__floor__()
    assert half_up(value, unit) == (size if value >= 0 else -size)


@pytest.mark.parametrize(("value", "rounded"), [(5, 1), (4, 0), (-5, -1), (-4, 0), (15, 2), (-15, -2)])
def test_half_a_unit_is_a_whole_one(value, rounded):
    assert half_up(value, 10) == rounded


def test_false_decides_and_true_decides_whatever_is_unknown():
    assert all_of(None, False) is False and all_of(None, True) is None
    assert any_of(None, True) is True and any_of(None, False) is None


MARGINAL = n.Marginal(
    n.Fact("base", money()), (100, 300), (over(10, 2), over(20, 2), over(30, 2)), Number(CNY, 4, 0, 10**9)
)


@pytest.mark.parametrize(("base", "amount"), [(0, 0), (100, 1000), (101, 1020), (300, 5000), (301, 5030), (None, None)])
def test_each_part_of_a_number_takes_the_rate_of_its_own_band(base, amount):
    assert scalar(MARGINAL)({"base": base}) == amount


@pytest.mark.parametrize(
    ("now", "since", "band"),
    [(119, 100, 1), (120, 100, 2), (150, 100, 2), (151, 100, 3), (5, 0, 0), (0, 0, 1), (-5, -5, 1), (None, 100, None)],
)
def test_growth_is_compared_without_a_division(now, since, band):
    growth = SHAPES[-1]
    assert scalar(growth)({"a": now, "b": since}) == band


@pytest.mark.parametrize(
    ("code", "part", "found"),
    [
        ("150221102", "league", "150200"),
        ("150221", "county", "150221"),
        ("150200", "league", "150200"),
        ("150200", "county", None),
        ("150000", "league", None),
        ("150000", "region", "150000"),
        ("150221102001", "township", "150221102"),
        ("150221", "village", None),
    ],
)
def test_a_division_has_the_parts_above_it_only(code, part, found):
    assert division_part(part)(code) == found


@pytest.mark.parametrize(("start", "end", "years"), [(737_000, 737_364, 0), (737_000, 737_366, 1), (None, 1, None)])
def test_years_between_two_days_are_full_ones(start, end, years):
    node = n.YearsSince(n.Fact("s", DATE), n.Fact("e", DATE), integer(0, 200))
    assert scalar(node)({"s": start, "e": end}) == years
