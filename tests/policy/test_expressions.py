"""Expressions: read with exact positions, names resolved, kinds checked, hostile text refused at once."""

import itertools
import time

import pytest
from hypothesis import given, strategies as st

from jarlig.engines.exact.closures import scalar
from jarlig.ladder.kinds import DATE, USD, YES_NO, Choice, Code, Division, Number, Some, integer, money
from jarlig.ladder.nodes import NONE, Fact, Literal, Within
from jarlig.ladder.numbers import parse_date
from jarlig.policy.expressions import Scope, compile_expression, compile_test
from jarlig.policy.messages import Place, PolicyError
from jarlig.policy.syntax import MOST_CHARACTERS, MOST_DEPTH, MOST_TOKENS, parse
from jarlig.policy.text import Scalar

GRADE = Choice(("a", "b", "d"))
KINDS = {
    "grade": GRADE,
    "spent": money(),
    "earned": money(USD),
    "n": integer(0, 100),
    "ok": YES_NO,
    "fine": YES_NO,
    "paid_on": DATE,
    "place": Division("village"),
    "home": Division("county"),
    "industry": Code("industry"),
    "undone": Code("invoice"),
    "listed": Some(GRADE),
    "rate": Number((), 4, 0, 10_000),
}
SCOPE = Scope({name: Fact(name, kind) for name, kind in KINDS.items()}, {}, frozenset({"undone"}))


def source(text: str) -> Scalar:
    return Scalar(text, Place("m.yaml", 3, 10), False, len(text))


def value(text: str, **facts):
    return scalar(compile_expression(source(text), SCOPE))(facts)


def wrong(text: str) -> tuple[str, int]:
    with pytest.raises(PolicyError) as caught:
        compile_expression(source(text), SCOPE)
    (problem,) = caught.value.problems
    assert problem.place.line == 3
    return problem.code, problem.place.column - 10


@pytest.mark.parametrize(
    ("text", "facts", "expected"),
    [
        ("ok and fine or not ok", {"ok": False, "fine": None}, True),
        ("ok or fine and ok", {"ok": True, "fine": None}, True),
        ("not ok and fine", {"ok": True, "fine": None}, False),
        ("ok and fine", {"ok": None, "fine": True}, None),
        ("spent > 0.30", {"spent": 31}, True),
        ("spent >= 5_000_000", {"spent": 500_000_000}, True),
        ("5_000_000 <= spent", {"spent": 499_999_999}, False),
        ("spent + spent * 2 - 1 > 0", {"spent": 33}, False),
        ("spent + spent * 2 - 1 > 0", {"spent": 34}, True),
        ("-spent < 0", {"spent": 1}, True),
        ("n between 2 and 4 and ok", {"n": 4, "ok": True}, True),
        ("n not between 2 and 4", {"n": 4}, False),
        ("n in (1, 3)", {"n": 3}, True),
        ("grade != d", {"grade": "a"}, True),
        ("d = grade", {"grade": "d"}, True),
        ("grade in (a, b)", {"grade": "b"}, True),
        ("grade not in (a, b)", {"grade": None}, None),
        ("grade in listed", {"grade": "a", "listed": frozenset({"a"})}, True),
        ("undone is null", {"undone": NONE}, True),
        ("undone is not null", {"undone": NONE}, False),
        ("undone is null", {"undone": None}, None),
        ("place.league = 150200", {"place": "150221102001"}, True),
        ("home.league = place.league", {"home": "150221", "place": "150202001"}, True),
        ("industry.sector in (51, 52)", {"industry": "5292"}, True),
        ("paid_on between 2022-06-06 and 2022-12-31", {"paid_on": parse_date("2022-12-31")}, True),
        ("paid_on.year = 2022", {"paid_on": parse_date("2023-01-01")}, False),
        ("least(spent, 3) = 3", {"spent": 301}, True),
        ("greatest(n, 2, 5) = 5", {"n": 3}, True),
        ("case when ok then n else 7 end", {"ok": False, "n": 1}, 7),
        ("case when ok then n else 7 end", {"ok": None, "n": 7}, None),
        ("((ok))", {"ok": True}, True),
    ],
)
def test_an_expression_means_what_it_says(text, facts, expected):
    assert value(text, **facts) == expected


@pytest.mark.parametrize(
    ("text", "code", "at"),
    [
        ("spant > 1", "E301", 0),
        ("spent >", "E402", 7),
        ("spent > 1 )", "E402", 10),
        ("spent ; ok", "E402", 6),
        ("n = null", "E403", 2),
        ("n <= n <= 3", "E404", 7),
        ("20% * spent > 0", "E405", 2),
        ("grade = 'a'", "E406", 8),
        ('grade = "a"', "E406", 8),
        ("spent / 2 > 1", "E411", 6),
        ("spent > 1e5", "E407", 8),
        ("spent > 0x1F", "E407", 8),
        ("case when ok then 1 end", "E412", 20),
        ("spent.year = 1", "E414", 6),
        ("ok is null", "E415", 3),
        ("place.league = 15020", "E416", 15),
        ("ok = fine", "E417", 3),
        ("grade < a", "E418", 6),
        ("place = home", "E419", 6),
        ("grade in n", "E420", 6),
        ("spent + earned > 0", "E501", 6),
        ("grade = e", "E204", 8),
        ("round(spent) > 1", "E409", 0),
        ("n > 1_00", "E205", 4),
        ("paid_on > 2022-02-30", "E206", 10),
        ("spent and ok", "E413", 0),
        ("not spent", "E413", 4),
        ("x like y", "E402", 2),
        ("exists(select 1)", "E402", 14),
        ("x::int", "E402", 1),
        ("ok -- and fine", "E402", 6),
    ],
)
def test_what_is_wrong_is_told_at_its_character(text, code, at):
    assert wrong(text) == (code, at)


def test_a_misspelt_name_and_a_misspelt_choice_name_the_nearest():
    for text, near in (("spant > 1", "spent"), ("grade = dd", "d")):
        with pytest.raises(PolicyError) as caught:
            compile_expression(source(text), SCOPE)
        hint = caught.value.problems[0].hint_en
        assert near in hint


def test_a_condition_must_answer_yes_or_no():
    with pytest.raises(PolicyError) as caught:
        compile_test(source("spent + 1"), SCOPE)
    assert caught.value.problems[0].code == "E413"


def test_a_choice_value_is_not_mistaken_for_a_name_elsewhere():
    assert wrong("spent = d") == ("E301", 8)


def test_a_list_of_words_becomes_one_set():
    node = compile_expression(source("grade in (a, b)"), SCOPE)
    assert isinstance(node, Within) and isinstance(node.options, Literal)
    assert node.options.value == frozenset({"a", "b"})


HOSTILE = [
    "(" * 5_000,
    "not " * 3_000,
    "-" * 4_000 + "1",
    "1 + " * 240 + "1",
    "n > 1 or " * 60 + "ok",
    "case when ok then " * 60,
    "a" * 100_000,
    "n in (" + "1," * 3_000 + "1)",
    "place" + ".league" * 300,
    "\x00\x1b[31m",
    "ok\uff0cfine",
    "9" * 900,
    "least(" * 100 + "n" + ")" * 100,
    "",
    "   ",
]


@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
def test_a_hostile_expression_ends_in_a_message_at_once(text):
    started = time.process_time()
    try:
        compile_expression(source(text), SCOPE)
    except PolicyError as error:
        assert error.problems[0].en
    assert time.process_time() - started < 2


WORDS = [
    "ok",
    "n",
    "spent",
    "grade",
    "a",
    "and",
    "or",
    "not",
    "(",
    ")",
    "=",
    "<=",
    "between",
    "in",
    ",",
    "1",
    "0.5",
    "null",
    "is",
    "case",
    "when",
    "then",
    "else",
    "end",
    "*",
    "+",
    "-",
    ".",
    "least",
    "2022-01-01",
]


@given(st.lists(st.sampled_from(WORDS), max_size=30))
def test_any_row_of_words_is_read_or_refused_with_a_place(words):
    try:
        compile_expression(source(" ".join(words)), SCOPE)
    except PolicyError as error:
        assert error.problems[0].place.column >= 10


@given(st.text(max_size=60))
def test_any_text_is_read_or_refused(text):
    try:
        parse(source(text))
    except PolicyError as error:
        assert error.problems[0].code[0] == "E"


def test_the_limits_themselves_are_still_legal():
    parse(source("(" * (MOST_DEPTH - 1) + "ok" + ")" * (MOST_DEPTH - 1)))
    parse(source(" or ".join(itertools.repeat("ok", MOST_TOKENS // 2))))
    parse(source("ok" + " " * (MOST_CHARACTERS - 2)))
