"""Nodes printed as SQL mean what the exact engine computes: random ladders, and every node at the ends of its kinds."""

from __future__ import annotations

import os
import random
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings, strategies as st
from tests.engines.interval.ladders import FACTS, Hole, Random, without
from tests.engines.many.asked import Columns, answered, exactly
from tests.engines.many.running import duckdb, spark

from jarlig.engines.sql.backend import Backend
from jarlig.engines.sql.dialect import DuckDB, Spark
from jarlig.engines.sql.printing import Printer, number, written
from jarlig.engines.sql.sheet import Sheet
from jarlig.ladder import build, nodes as n
from jarlig.ladder.kinds import (
    CNY,
    DATE,
    MONTH,
    PURE,
    YES_NO,
    Choice,
    Code,
    Division,
    Kind,
    Number,
    Some,
    integer,
    money,
)
from jarlig.ladder.numbers import parse_date
from jarlig.ladder.steps import Step, Words

TIMES = int(os.environ.get("JARLIG_RANDOM_TIMES", "1"))
LEVEL = Choice(("low", "mid's", "高"))
WIDE = Number(CNY, 2, -(10**26), 10**26)
FULL = Number(PURE, 4, -(10**38) + 1, 10**38 - 1)
KINDS: dict[str, Kind] = {
    "m": money(signed=True),
    "u": money(),
    "o": money(),
    "w": WIDE,
    "full": FULL,
    "i": integer(),
    "rate": Number(PURE, 6, 0, 10**7),
    "d": DATE,
    "e": DATE,
    "month": MONTH,
    "level": LEVEL,
    "code": Code("project"),
    "industry": Code("industry"),
    "at": Division("village"),
    "p": YES_NO,
    "q": YES_NO,
}
OPTIONAL = {"o", "e", "code", "q"}
F = {name: n.Fact(name, kind, name in OPTIONAL) for name, kind in KINDS.items()}
LITTLE = Number(CNY, 2, 1, 3)
LEAP, COMMON = parse_date("2024-02-29"), parse_date("2023-02-28")


def cny(value: int, scale: int = 2) -> n.Literal:
    return build.literal(value, scale, CNY)


def steps_of(of: n.Node, step: n.Node, how: str, high: int) -> n.Steps:
    return n.Steps(of, step, how, 3, Number(PURE, 0, 0, high))


def grown(now: n.Node, since: n.Node) -> n.Grown:
    edges = ((-100_000, True), (0, False), (200_000, False), (200_000, True), (5_000_000, True))
    values = tuple(cny(value) for value in (1, 2, 3, 4, 5, 6))
    return n.Grown(now, since, edges, 6, values, cny(99), Number(CNY, 2, 1, 99))


def marginal(of: n.Node, rates: tuple[n.Node, ...]) -> n.Marginal:
    kind = build.number_kind(of)
    level, rate = build.one_kind(list(rates))
    assert isinstance(rate, Number)
    return n.Marginal(
        of, (100_00, 5_000_000_00), tuple(level), Number(kind.unit, kind.scale + rate.scale, 0, kind.high * rate.high)
    )


PRODUCT = build.multiply(F["m"], F["rate"])
ABOVE = build.not_below_zero(F["w"])
RATES = (build.literal(1, 1), build.literal(33, 3), F["rate"])
TESTS = (build.compare("<", F["m"], cny(0)), F["p"], build.compare("=", F["level"], n.Literal("mid's", LEVEL)))
HARD = n.Literal("x';--\\", Code("project"))
NODES: dict[str, n.Node] = {
    "rounded product": build.rounded(PRODUCT),
    "rounded square": build.rounded(build.multiply(F["m"], F["m"])),
    "rounded to yuan": build.rounded(F["m"], 0),
    "rounded wide": build.rounded(F["w"], 0),
    "rounded to a digit": build.rounded(F["w"], 1),
    "rounded full": build.rounded(F["full"], 0),
    "rounded full by one": build.rounded(F["full"], 3),
    "rounded cube": build.rounded(build.multiply(build.multiply(F["u"], F["rate"]), build.literal(3_333_333, 7))),
    "rounded sum of widths": build.rounded(build.add(build.at_scale(F["w"], 6), build.at_scale(PRODUCT, 8)), 0),
    "rounded under a cap": build.rounded(build.least(PRODUCT, F["m"])),
    "rounded under a wide cap": build.rounded(build.least(F["w"], PRODUCT)),
    "rounded wide under a cap": build.rounded(build.least(build.multiply(F["w"], F["rate"]), F["u"])),
    "rounded to yuan under a cap": build.rounded(build.least(F["m"], build.literal(5, 0, CNY)), 0),
    "rounded least": build.rounded(build.multiply(build.least(F["w"], cny(10**9)), build.literal(5, 1))),
    "difference": build.subtract(F["w"], F["m"]),
    "rescaled": build.at_scale(F["u"], 9),
    "least": build.least(F["m"], F["o"]),
    "least of widths": build.least(F["w"], F["u"]),
    "greatest": build.greatest(F["m"], cny(-5)),
    "greatest of widths": build.greatest(F["w"], F["m"]),
    "case": n.Case(tuple((test, cny(at)) for at, test in enumerate(TESTS)), F["m"], money(signed=True)),
    "case of none": n.Case(((F["p"], F["o"]),), F["u"], money()),
    "choose": n.Choose(F["level"], (("low", F["m"]), ("mid's", cny(7)), ("高", F["o"])), money(signed=True)),
    "choose of some": n.Choose(F["level"], (("low", cny(1)), ("mid's", cny(7))), Number(CNY, 2, 1, 7)),
    "bands": n.Banded(F["m"], ((-1, True), (0, True), (10**14 - 1, False)), (cny(1), F["o"], cny(3), cny(4)), money()),
    "bands of days": n.Banded(F["e"], ((LEAP, False), (LEAP, True)), (cny(1), cny(2), cny(3)), LITTLE),
    "bands of wide": n.Banded(F["w"], ((10**20, True), (10**25, False)), (cny(1), cny(2), cny(3)), LITTLE),
    "marginal": build.rounded(marginal(F["u"], RATES)),
    "marginal of wide": build.rounded(marginal(ABOVE, RATES)),
    "grown": grown(F["m"], F["u"]),
    "grown from none": grown(F["u"], F["o"]),
    "grown counts": grown(F["i"], build.literal(10, 0)),
    "full steps": steps_of(F["m"], F["u"], "full", 10**14),
    "started steps": steps_of(F["m"], F["u"], "started", 10**14),
    "steps of none": steps_of(F["u"], F["o"], "started", 10**14),
    "full steps of wide": steps_of(F["w"], F["u"], "full", 10**26),
    "started steps of wide": steps_of(F["w"], F["u"], "started", 10**26),
    "few steps of wide": steps_of(F["w"], cny(10**20), "full", 10**6),
    "years": n.YearsSince(F["d"], F["e"], integer(0, 300)),
    "years from a leap day": n.YearsSince(n.Literal(LEAP, DATE), F["d"], integer(0, 300)),
    "years to the end of February": n.YearsSince(F["d"], n.Literal(COMMON, DATE), integer(0, 300)),
    "year": n.Part(F["d"], "year", integer(0, 9999)),
    "month": n.Part(F["e"], "month", MONTH),
    "sector": n.Part(F["industry"], "sector", Code("sector")),
    **{part: n.Part(F["at"], part, Division(part)) for part in ("region", "league", "county", "township", "village")},
    "all": n.All(TESTS),
    "any": n.AnyOf(TESTS),
    "not": n.Not(n.All((F["p"], TESTS[0]))),
    **{f"is {name} none": n.IsNone(F[name]) for name in ("o", "e", "code", "q", "m")},
    **{f"{op} of sums": build.compare(op, F["m"], F["o"]) for op in ("=", "!=", "<", "<=", ">", ">=")},
    **{f"{op} of codes": n.Compare(op, F["code"], HARD) for op in ("=", "!=")},
    **{f"{op} of days": build.compare(op, F["e"], F["d"]) for op in ("=", "!=", "<", ">=")},
    "comparison of widths": build.compare("<", F["w"], F["m"]),
    "comparison of months": n.Compare("<=", F["month"], n.Literal(2023 * 12, MONTH)),
    "within": n.Within(F["level"], n.Literal(frozenset({"mid's", "高"}), Some(LEVEL))),
    "within nothing": n.Within(F["level"], n.Literal(frozenset(), Some(LEVEL))),
    "within codes": n.Within(F["code"], n.Literal(frozenset({"x';--\\", "${p}", "a"}), Some(Choice(())))),
    "unknown": n.Compare("=", F["level"], n.Open("term", LEVEL, "guide")),
}  # fmt: skip
STEPS = [Step(name, "base", node, Words("", "")) for name, node in NODES.items()]
DAYS = (
    "1900-01-01", "1999-12-31", "2020-02-29", "2022-02-28", "2022-03-01", "2023-02-27", "2023-02-28", "2023-03-01",
    "2024-02-28", "2024-02-29", "2024-03-01", "2025-02-28", "2028-02-29", "2100-02-28", "2100-03-01", "2199-12-31",
)  # fmt: skip
SPECIAL: dict[str, tuple[Any, ...]] = {
    "at": ("150000", "150100", "150102", "150102001", "150102001001", "990102"),
    "level": LEVEL.values,
    "code": ("x';--\\", "${p}", "a", "A", "á", "𠮷"),
    "industry": ("5101", "0000"),
    "p": (True, False),
    "q": (True, False),
    "month": (2022 * 12 + 11, 2023 * 12, 2023 * 12 + 1),
}


def test_a_sum_is_rounded_before_its_cap_so_that_it_is_divided_once() -> None:
    """The same column serves the formula amount and the award, also where the capped sum is a step of its own."""
    capped = build.least(PRODUCT, F["m"])
    sheet = Sheet(DuckDB(), "SELECT * FROM cases")
    printer = Printer(sheet, Columns([capped]))
    rounded = sheet.put(printer.print(build.rounded(PRODUCT)))
    printer.steps["capped"], printer.meant["capped"] = sheet.put(printer.print(capped), "=capped"), capped
    award = printer.print(build.rounded(n.StepRef("capped", capped.kind)))
    assert rounded.text in award.text and "=capped" not in award.text
    assert sheet.query(["n"]).count("//") == 1


def values(name: str) -> st.SearchStrategy[Any]:
    """What a fact may be: unknown, none, an end of its kind, a tie, or anything."""
    kind = KINDS[name]
    known = st.sampled_from(SPECIAL.get(name, (None,)))
    if kind == DATE:
        days = [parse_date(text) for text in DAYS]
        known = st.sampled_from(days) | st.integers(days[0], days[-1])
    if isinstance(kind, Number):
        ties = (0, 1, -1, 4, 5, -5, 49, 50, -50, 149, 150, -150, 10_000, 10_000 * 10**6, kind.low, kind.high)
        inside = [tie for tie in ties if kind.low <= tie <= kind.high]
        known = st.sampled_from(inside) | st.integers(kind.low, kind.high) | st.integers(max(kind.low, -500), 500)
    return st.none() | (st.just(n.NONE) | known if name in OPTIONAL else known) | known | known


CASES = st.lists(st.fixed_dictionaries({name: values(name) for name in KINDS}), min_size=1, max_size=60)


def parted(backend: Backend, steps: list[Step], cases: list[dict[str, Any]]) -> list[Any]:
    """Steps and cases on which an engine and the exact one do not agree."""
    pairs = zip(cases, exactly(steps, cases), answered(backend, steps, cases), strict=True)
    return [
        (step.name, right, got, {name: value for name, value in case.items() if name in KINDS})
        for case, mine, theirs in pairs
        for step, right, got in zip(steps, mine, theirs, strict=True)
        if right != got or type(right) is not type(got)
    ]


def drawn(seed: int, count: int) -> list[dict[str, Any]]:
    """The same cases every time, drawn as hypothesis draws them."""
    rng = random.Random(seed)

    def one(name: str) -> Any:
        kind, roll = KINDS[name], rng.random()
        if roll < 0.08:
            return None
        if roll < 0.2 and name in OPTIONAL:
            return n.NONE
        if name in SPECIAL:
            return rng.choice(SPECIAL[name])
        if kind == DATE:
            return rng.choice([parse_date(text) for text in DAYS])
        assert isinstance(kind, Number)
        if roll < 0.4:
            return rng.choice((kind.low, kind.high, max(kind.low, -1), 0))
        value = rng.randrange(10 ** rng.randint(1, len(str(kind.high)))) * rng.choice((1, 1, 5))
        value = value // 100 * 100 + rng.choice((0, 49, 50, 51)) if roll < 0.7 else value
        return max(kind.low, min(kind.high, -value if kind.low < 0 and roll > 0.5 else value))

    return [{name: one(name) for name in KINDS} for _ in range(count)]


@pytest.fixture(scope="module")
def duck(tmp_path_factory: pytest.TempPathFactory) -> Backend:
    return duckdb(tmp_path_factory.mktemp("duck"), [])


@given(cases=CASES)
@settings(max_examples=40 * TIMES)
def test_every_node_in_duckdb_is_what_the_exact_engine_computes(duck: Backend, cases: list[dict[str, Any]]) -> None:
    assert parted(duck, STEPS, cases) == []


def test_every_node_over_many_drawn_cases_is_the_same_in_duckdb(duck: Backend) -> None:
    assert parted(duck, STEPS, drawn(1, 3_000 * TIMES)) == []


def test_every_node_in_spark_is_what_the_exact_engine_computes_in_one_query(tmp_path: Path) -> None:
    backend = spark(tmp_path, [])
    assert parted(backend, STEPS, drawn(1, 1_000)) == []
    backend.close()


@pytest.mark.parametrize("part", range(2))
def test_random_ladders_in_duckdb_climb_as_the_exact_engine_does(duck: Backend, part: int) -> None:
    for seed in range(part * 60 * TIMES, (part + 1) * 60 * TIMES):
        ladder, rng, cases = Random(seed, wide=True).ladder(), random.Random(seed), []
        for at in range(25):
            whole = Random(seed * 100 + at, wide=True).environment()
            cases.append(without(whole, [Hole(name) for name in rng.sample(list(FACTS), rng.randint(0, 5))]))
        assert parted(duck, list(ladder.steps), cases) == [], seed


def test_random_ladders_in_spark_climb_as_the_exact_engine_does(tmp_path: Path) -> None:
    """Several ladders side by side in one query."""
    backend, steps, cases = spark(tmp_path, []), [], []
    for seed in range(8):
        ladder = Random(seed, wide=True).ladder(steps=1, depth=1)
        named = {step.name: f"{step.name} {seed}" for step in ladder.steps}
        for step in ladder.steps:
            node = n.substituted(step.node, {other.name: other.node for other in ladder.steps})
            steps.append(Step(named[step.name], step.role, node, step.label))
    rng = random.Random(5)
    for at in range(150):
        whole = Random(at, wide=True).environment()
        cases.append(without(whole, [Hole(name) for name in rng.sample(list(FACTS), rng.randint(0, 5))]))
    assert parted(backend, steps, cases) == []
    backend.close()


def test_a_sum_is_never_a_double_and_no_number_loses_a_digit(duck: Backend) -> None:
    names = Columns(list(NODES.values()))
    assert {kind for _, kind in names.leaves.items()} == {f"x{at}" for at in range(len(names.leaves))}
    for value in (0, -1, 2**63 - 1, 2**63, -(2**63), 10**38 - 1, -(10**38) + 1):
        assert duck.ask(f"SELECT CAST({number(value, DuckDB())} AS VARCHAR)") == [(str(value),)]


TEXTS = (
    "", "O'Brien", "''", "\\", "\\'", "\\\\", "a\\u0041", "\\n", "line\nbreak", "tab\t", "${p}", "${env:HOME}", ":p",
    "?", "{0}", "%s", "--", "/* */", "/*+ BROADCAST(a) */", "$$", "`", '"', "r'x'", "𠮷野🐎", "cafe\u0301", "ﬁ",
    "\u3000", "\u200b", " a ", "NULL",
)  # fmt: skip


@pytest.mark.parametrize("engine", [duckdb, spark])
def test_a_text_is_nothing_but_that_text(tmp_path: Path, engine: Any) -> None:
    backend = engine(tmp_path, [])
    literal, ident = backend.dialect.literal, backend.dialect.ident
    wanted = ", ".join(f"{literal(text)} AS {ident(f'c{at} {text}')}" for at, text in enumerate(TEXTS))
    assert backend.ask(f"SELECT {wanted}") == [TEXTS]
    same = ", ".join(f"length({literal(text)}) = {len(text)}" for text in TEXTS)
    assert set(backend.ask(f"SELECT {same}")[0]) == {True}
    backend.close()


@pytest.mark.parametrize("dialect", [DuckDB(), Spark()])
def test_values_are_written_so_that_they_are_of_their_kind(dialect: Any) -> None:
    assert written(True, YES_NO, dialect) == "TRUE"
    assert written(LEAP, DATE, dialect) == "DATE '2024-02-29'"
    assert written(0, DATE, dialect) == "NULL"
    assert written(5, KINDS["i"], dialect) == "CAST(5 AS BIGINT)"
    assert dialect.wide in written(2**70, WIDE, dialect)
    assert written(frozenset({"b", "a"}), Some(LEVEL), dialect) == "';a;b;'"
