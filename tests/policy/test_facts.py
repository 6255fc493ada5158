"""Facts of a case: typed by one grammar, every fault with its line, nothing unknown turned into something."""

import pytest
from hypothesis import given, strategies as st

from jarlig.ladder.kinds import DATE, MONTH, YES_NO, Choice, Code, Division, Number, Rows, Some, money
from jarlig.ladder.nodes import NONE
from jarlig.ladder.numbers import parse_date
from jarlig.ladder.steps import Words
from jarlig.policy.facts import check_names, read_facts, typed_facts
from jarlig.policy.messages import Place, PolicyError
from jarlig.policy.model import FactDef

FIRM, OTHER = "91350100M000100Y43", "91330100799655058B"
COLUMNS = (
    ("invoice_no", Code("text")),
    ("reverses", Code("text")),
    ("seller", Code("uscc")),
    ("net", money(signed=True)),
    ("category", Choice(("hard", "soft"))),
    ("paid_on", DATE),
)
LINES = Rows(COLUMNS, 5, ("seller", "invoice_no"), "reverses", frozenset({"reverses"}))
KINDS = {
    "spent": money(),
    "grade": Choice(("a", "d")),
    "built": YES_NO,
    "paid_on": DATE,
    "month": MONTH,
    "home": Division("county"),
    "uscc": Code("uscc"),
    "rate": Number((), 4, 0, 10_000),
    "fields": Some(Choice(("x", "y"))),
    "lines": LINES,
}


def definition(name, kind) -> FactDef:
    columns = {column: definition(column, of) for column, of in kind.columns} if isinstance(kind, Rows) else {}
    return FactDef(name, kind, Words(name, name), Place("p.yaml", 1, 1), columns=columns)


DEFS = {name: definition(name, kind) for name, kind in KINDS.items()}


def typed(facts, offer="a"):
    return typed_facts(read_facts(facts), DEFS, offer)


def code_of(facts) -> str:
    with pytest.raises(PolicyError) as caught:
        case = read_facts(facts)
        check_names(case, set(DEFS), {"a", "b"})
        typed_facts(case, DEFS, "a")
    return caught.value.problems[0].code


def line(number, net="100.00", **changes):
    return {"invoice_no": number, "seller": FIRM, "net": net, "category": "hard", "paid_on": "2023-01-01", **changes}


def test_every_kind_has_its_own_value():
    values = typed(
        {
            "spent": "1_000.5",
            "grade": "a",
            "built": True,
            "paid_on": "2023-02-28",
            "month": "2023-02",
            "home": "150221",
            "uscc": FIRM,
            "rate": "0.25",
            "fields": ["x"],
        }
    ).values
    assert values == {
        "spent": 100_050,
        "grade": "a",
        "built": True,
        "paid_on": parse_date("2023-02-28"),
        "month": 2023 * 12 + 1,
        "home": "150221",
        "uscc": FIRM,
        "rate": 2500,
        "fields": frozenset({"x"}),
    }


def test_a_fact_that_is_absent_or_null_is_unknown_and_not_zero():
    assert typed({"spent": None}).values == {}
    assert typed({}).values == {}


@pytest.mark.parametrize(
    "facts",
    [
        {"spent": "1,000"},
        {"spent": "１００"},
        {"spent": "1e5"},
        {"spent": "NaN"},
        {"spent": "0.005"},
        {"spent": "-1"},
        {"spent": ""},
        {"grade": "A"},
        {"grade": "e"},
        {"built": "yes"},
        {"paid_on": "2023-02-30"},
        {"paid_on": "1899-12-31"},
        {"month": "2023-13"},
        {"home": "15022"},
        {"home": "150299"},
        {"home": "150221102"},
        {"uscc": "91350100M000100Y4Z"},
        {"rate": "1.5"},
        {"fields": ["z"]},
    ],
)
def test_a_value_of_the_wrong_form_is_told_never_guessed(facts):
    assert code_of(facts) == "E803"


@pytest.mark.parametrize(
    "facts", [{"spent": ["1"]}, {"fields": "x"}, {"lines": "none"}, {"lines": ["x"]}, {"grade": {"a": "b"}}]
)
def test_a_value_of_the_wrong_shape_is_told(facts):
    assert code_of(facts) == "E802"


def test_two_spellings_of_one_text_are_one_key():
    lines = [line("caf\u00e9"), line(" cafe\u0301 ")]
    assert code_of({"lines": lines}) == "E805"


def test_a_float_from_a_program_is_refused_because_it_is_not_exact():
    with pytest.raises(PolicyError, match="float"):
        read_facts({"spent": 0.1})


def test_a_misspelt_fact_is_refused_with_the_nearest_name():
    with pytest.raises(PolicyError) as caught:
        check_names(read_facts({"spend": "1"}), set(DEFS), {"a"})
    assert "spent" in caught.value.problems[0].hint_en
    assert code_of({"a": {"spend": "1"}}) == "E801"
    assert code_of({"lines": [line("1", nett="1")]}) == "E815"


def test_a_fact_under_the_id_of_an_offer_is_for_that_offer_alone():
    facts = {"spent": "1", "a": {"spent": "2"}, "b": {"spent": "3"}}
    assert typed(facts, "a").values["spent"] == 200
    assert typed(facts, "b").values["spent"] == 300
    assert typed(facts, "c").values["spent"] == 100


def test_a_range_is_kept_apart_from_known_values():
    case = typed({"spent": {"from": "1", "to": "2"}, "lines": {"about": "3_000_000"}})
    assert case.values == {} and case.ranges == {"spent": (100, 200)}
    assert case.totals == {"lines": (300_000_000, 300_000_000)}
    assert code_of({"spent": {"from": "2", "to": "1"}}) == "E808"
    assert code_of({"spent": {"from": "2"}}) == "E802"


def test_rows_may_be_told_by_how_many_of_them_count():
    assert typed({"lines": {"count": "3"}}).counts == {"lines": (3, 3)}
    both = typed({"lines": {"about": "5", "count": {"from": "1", "to": "4"}}})
    assert (both.counts, both.totals) == ({"lines": (1, 4)}, {"lines": (500, 500)})
    assert typed({"lines": {"count": None}}).counts == {}
    assert code_of({"lines": {"count": "-1"}}) == "E803"
    assert code_of({"lines": {"count": ["1"]}}) == "E802"
    assert code_of({"lines": {"count": "1", "sum": "2"}}) == "E802"
    assert code_of({"lines": {"count": {"from": "3", "to": "2"}}}) == "E808"


@pytest.mark.parametrize(
    "facts",
    [
        {"spent": {"from": None, "to": "5"}},
        {"spent": {"from": "5", "to": None}},
        {"spent": {"about": None}},
        {"lines": {"about": None}},
        {"lines": [line("1", **{"for": ["a"]})]},
        {"lines": [line("1", **{"for": {"a": "b"}})]},
        {"a": {"lines": [line("1", **{"for": ["a"]})]}},
        {"spent": {"from": ["1"], "to": "5"}},
    ],
)
def test_an_end_or_an_offer_that_is_not_given_as_text_is_told(facts):
    assert code_of(facts) == "E802"


def test_an_offer_in_a_row_under_an_offer_s_id_must_be_one_too():
    assert code_of({"a": {"lines": [line("1", **{"for": "2a"})]}}) == "E811"


def test_rows_become_columns_and_an_absent_reversal_is_none():
    table = typed({"lines": [line("1"), line("2", reverses=None)]}).values["lines"]
    assert table.columns["invoice_no"] == ["1", "2"]
    assert table.columns["reverses"] == [NONE, None]


def test_rows_of_another_offer_are_left_out():
    table = typed({"lines": [line("1", **{"for": "b"}), line("2", **{"for": "a"}), line("3")]}).values["lines"]
    assert table.columns["invoice_no"] == ["2", "3"]


def test_the_same_evidence_twice_names_both_lines():
    with pytest.raises(PolicyError) as caught:
        typed({"lines": [line("1"), line("2"), line("1")]})
    (problem,) = caught.value.problems
    assert problem.code == "E805" and "line 3 repeats line 1" in problem.en


def test_the_same_number_of_two_sellers_is_not_the_same_evidence():
    assert typed({"lines": [line("1"), line("1", seller=OTHER)]}).values["lines"].size == 2


@pytest.mark.parametrize("asked", ["a", "b"])
def test_evidence_claimed_under_two_offers_is_refused_whichever_is_asked(asked):
    rows = [line("1", **{"for": "a"}), line("2", **{"for": "a"}), line("1", **{"for": "b"})]
    with pytest.raises(PolicyError) as caught:
        typed({"lines": rows}, asked)
    (problem,) = caught.value.problems
    assert problem.code == "E810" and "line 3 claims under b what line 1 claims under a" in problem.en


def test_a_row_for_an_offer_that_there_is_not_is_not_dropped_silently():
    assert code_of({"lines": [line("1", **{"for": "2a"})]}) == "E811"


def test_more_rows_than_the_programme_allows_are_refused():
    assert code_of({"lines": [line(str(at)) for at in range(6)]}) == "E804"


def test_a_reversal_is_netted_into_its_original_and_takes_its_date_and_category():
    rows = [line("1", "500.00"), line("2", "-200.00", reverses="1", category="soft", paid_on=None), line("3", "1.00")]
    table = typed({"lines": rows}).values["lines"]
    assert table.columns["invoice_no"] == ["1", "3"] and table.columns["net"] == [30_000, 100]
    assert table.columns["category"] == ["hard", "hard"] and table.netted == 1


def test_a_row_keeps_the_line_it_was_given_on_when_others_fall_away():
    rows = [line("1"), line("2", **{"for": "b"}), line("3", "-1.00", reverses="1"), line("4")]
    table = typed({"lines": rows}).values["lines"]
    assert table.columns["invoice_no"] == ["1", "4"] and [table.line(index) for index in range(2)] == [1, 4]
    whole = typed({"lines": [line("1"), line("2")]}).values["lines"]
    assert [whole.line(index) for index in range(2)] == [1, 2]


def test_a_reversal_may_stand_before_its_original_and_reverse_a_reversal():
    rows = [line("3", "200.00", reverses="2"), line("2", "-200.00", reverses="1"), line("1", "500.00")]
    assert typed({"lines": rows}).values["lines"].columns["net"] == [50_000]


def test_a_reversal_of_an_unknown_sum_makes_its_original_unknown():
    assert typed({"lines": [line("1"), line("2", None, reverses="1")]}).values["lines"].columns["net"] == [None]


def test_a_row_that_may_be_a_reversal_has_no_date_of_its_own():
    table = typed({"lines": [line("1"), line("2", "-1", reverses=None)]}).values["lines"]
    assert table.columns["paid_on"] == [parse_date("2023-01-01"), None] and table.columns["category"] == ["hard", None]


def test_a_reversal_without_its_original_names_the_line():
    with pytest.raises(PolicyError) as caught:
        typed({"lines": [line("1"), line("2", "-1", reverses="9")]})
    (problem,) = caught.value.problems
    assert problem.code == "E806" and "line 2 reverses “9”" in problem.en


def test_reversals_in_a_circle_are_told():
    assert code_of({"lines": [line("1", reverses="2"), line("2", reverses="1")]}) == "E807"


def test_history_is_sorted_by_day_and_id():
    rows = [
        {"offer": "a", "on": "2023-02-01", "id": "2"},
        {"offer": "a", "on": "2022-01-01"},
        {"offer": "a", "on": "2023-02-01", "id": "1"},
    ]
    history = typed({"history": rows}).values["history"]
    assert [(award.on, award.id) for award in history] == sorted((award.on, award.id) for award in history)
    assert typed({}).values.get("history") is None
    assert typed({"history": []}).values["history"] == []


@pytest.mark.parametrize(
    "row", [{"state": "done"}, {"approved": "-1"}, {"on": "soon"}, {"guide_year": "23"}, "award", {"uscc": ["x"]}]
)
def test_a_bad_row_of_history_is_told(row):
    assert code_of({"history": [row]}) in ("E802", "E803")


scalars = st.none() | st.text(max_size=8) | st.booleans() | st.integers()
trees = st.recursive(
    scalars, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=6), inner, max_size=3)
)


@given(st.dictionaries(st.sampled_from([*KINDS, "history", "decisions", "a", "claim_month"]), trees, max_size=4))
def test_facts_of_any_shape_are_typed_or_refused(facts):
    try:
        case = read_facts(facts)
        check_names(case, set(DEFS), {"a"})
        typed_facts(case, DEFS, "a")
    except PolicyError as error:
        assert error.problems[0].zh and error.problems[0].en


def test_the_place_of_a_fault_in_a_file_is_found():
    with pytest.raises(PolicyError) as caught:
        typed_facts(read_facts(b"built: true\nlines:\n  - {invoice_no: '1'}\n  - {net: x}\n", "f.yaml"), DEFS, "a")
    place = caught.value.problems[0].place
    assert (place.file, place.line) == ("f.yaml", 4)
