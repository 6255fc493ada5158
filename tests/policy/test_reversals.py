"""Reversals of rows: what is cancelled is paid under no offer, and a doubtful link makes what it may touch unknown."""

import time
from pathlib import Path

import pytest
from hypothesis import given, strategies as st
from tests.policy.frame import HEAD, Frame, codes

from jarlig.ladder.kinds import Code, Number, Rows, integer, money
from jarlig.ladder.nodes import NONE
from jarlig.ladder.steps import Words
from jarlig.policy.facts import read_facts, typed_facts
from jarlig.policy.messages import Place, PolicyError
from jarlig.policy.model import FactDef

COLUMNS = (
    ("seller", Code("text")), ("no", Code("text")), ("back", Code("text")), ("net", money(signed=True)),
    ("refund", money()), ("rate", Number((), 4, 0, 10_000)), ("pieces", integer(-1000, 1000)), ("kind", Code("text")),
)  # fmt: skip
KIND = Rows(COLUMNS, 10_000, ("seller", "no"), "back", frozenset({"back", "refund"}))
LINES = FactDef("lines", KIND, Words("", ""), Place("p", 1, 1))
ROWS = """
facts:
  lines:
    rows: {most: 9, key: no, reverses: back}
    title: {zh: 清单, en: lines}
    columns: {no: {code: text}, back: {code: text, or: none}, net: {money: signed}}
rate: 20%
of: {sum: net, over: lines}
"""


def row(no, net="100", **more):
    return {"seller": "S", "no": no, "net": net, "pieces": "0", "rate": "0.1", "kind": "k", **more}


def table(*rows, offer="a"):
    return typed_facts(read_facts({"lines": list(rows)}), {"lines": LINES}, offer).values["lines"]


def refused(*rows, offer="a"):
    with pytest.raises(PolicyError) as caught:
        table(*rows, offer=offer)
    return caught.value.problems[0]


def paid(folder: Path, *rows):
    frame = Frame(folder, ROWS, others=(HEAD.replace("offer: a", "offer: b") + ROWS,))
    return [frame.yuan({"lines": list(rows)}, offer=offer) for offer in ("a", "b")]


# under which offer


def test_an_invoice_cancelled_under_another_offer_is_paid_under_none(tmp_path):
    original, cancelled = {"no": "1", "net": "1000000"}, {"no": "2", "net": "-1000000", "back": "1"}
    assert paid(tmp_path / "1", original, {**cancelled, "for": "b"}) == ["0.00", "0.00"]
    assert paid(tmp_path / "2", original, cancelled) == ["0.00", "0.00"]


def test_a_reversal_follows_its_original_to_the_offer_that_it_is_claimed_under(tmp_path):
    original = {"no": "1", "net": "1000000", "for": "b"}
    assert paid(tmp_path, original, {"no": "2", "net": "-400000", "back": "1"}) == ["0.00", "120000.00"]


@pytest.mark.parametrize("offer", ["a", "b", "c"])
def test_a_reversal_claimed_under_another_offer_than_its_original_is_refused(offer):
    told = refused(row("1", **{"for": "a"}), row("2", "-1", back="1", **{"for": "b"}), offer=offer)
    assert told.code == "E810" and "line 2 claims under b what line 1 claims under a" in told.en


def test_a_reversal_of_a_reversal_follows_the_first_invoice():
    rows = [row("3", "40", back="2"), row("2", "-60", back="1"), row("1", "100", **{"for": "b"})]
    assert table(*rows, offer="a").size == 0
    assert table(*rows, offer="b").columns["net"] == [8_000]


def test_the_lines_of_what_is_left_are_those_of_the_list():
    rows = [row("0", **{"for": "b"}), row("1"), row("2", "-100", back="1"), row("3")]
    assert [table(*rows).line(at) for at in range(2)] == [2, 4]


# how much


@pytest.mark.parametrize(
    ("rows", "line"),
    [
        ([row("1"), row("2", "50", back="1")], "line 2 cannot reverse line 1"),
        ([row("1"), row("2", "-100.01", back="1")], "line 2 cannot reverse line 1"),
        ([row("1"), row("2", "-60", back="1"), row("3", "-60", back="1")], "cannot reverse line 1"),
        ([row("1"), row("2", "-60", back="1"), row("3", "-10", back="2")], "line 3 cannot reverse line 2"),
        ([row("1"), row("2", "-60", back="1"), row("3", "60.01", back="2")], "line 3 cannot reverse line 2"),
        ([row("1", pieces="2"), row("2", "-60", back="1", pieces="3")], "line 2 cannot reverse line 1"),
    ],
)
def test_a_reversal_takes_away_and_no_more_than_there_is(rows, line):
    told = refused(*rows)
    assert told.code == "E814" and line in told.en


def test_every_signed_number_is_netted_and_a_rate_is_not():
    found = table(row("1", pieces="5"), row("2", "-40", pieces="-2", rate="0.3", back="1")).columns
    assert (found["net"], found["pieces"], found["rate"]) == ([6_000], [3], [1_000])


def test_what_an_invoice_states_besides_is_cancelled_with_the_whole_of_it():
    part = table(row("1", refund="30"), row("2", "-40", back="1"))
    whole = table(row("1", refund="30"), row("2", "-100", back="1"))
    assert (part.columns["refund"], whole.columns["refund"]) == ([3_000], [NONE])


def test_a_negative_line_that_reverses_nothing_is_a_line_of_its_own():
    assert table(row("1"), row("2", "-500", back="none")).columns["net"] == [10_000, -50_000]


@given(st.lists(st.integers(1, 50), max_size=6), st.randoms(use_true_random=False))
def test_in_any_order_the_sum_is_that_of_all_lines(parts, random):
    rows = [row("1", "400", pieces="6")]
    rows += [row(f"r{at}", f"-{part}", pieces="-1", back="1") for at, part in enumerate(parts)]
    random.shuffle(rows)
    found = table(*rows)
    assert (found.columns["net"], found.netted) == ([40_000 - 100 * sum(parts)], len(parts))


# links that are not known


def test_what_a_reversal_of_an_unknown_invoice_may_touch_is_unknown():
    found = table(row("1"), row("2"), row("3", "-10", back=None), {**row("4"), "seller": "T"}).columns
    assert found["net"] == [None, None, None, 10_000] and found["pieces"] == [None, None, None, 0]
    assert found["kind"] == ["k", "k", None, "k"]


def test_a_reversal_of_an_unknown_seller_may_touch_every_line():
    rows = [row("1"), {**row("2"), "seller": "T"}, {**row("3", "-10", back="1"), "seller": None}]
    assert table(*rows).columns["net"] == [None, None, None]


def test_a_reversal_may_be_of_a_line_whose_number_is_not_known():
    assert table(row(None), row("2", "-10", back="1")).columns["net"] == [None, None]
    assert refused({**row(None), "seller": "T"}, row("2", "-10", back="1")).code == "E806"


def test_a_line_that_shares_its_seller_with_none_can_reverse_nothing():
    found = table(row("1"), {**row("2", "-5", back=None), "seller": "T"}).columns
    assert found["net"] == [10_000, -500] and found["kind"] == ["k", "k"]


def test_the_reversal_of_a_doubtful_reversal_is_netted_into_that():
    found = table(row("1"), row("2", "-10", back=None), row("3", "10", back="2"))
    assert found.netted == 1 and found.columns["net"] == [None, None]


def test_an_award_over_a_doubtful_reversal_is_no_award(tmp_path):
    rows = [{"no": "1", "net": "1000000"}, {"no": "2", "net": "-1", "back": None}]
    assert paid(tmp_path, *rows)[0] in ("range", "undetermined")


# many


def test_a_chain_of_thousands_of_reversals_is_walked_once():
    rows = [row("0", pieces="0")]
    rows += [row(str(at), "-100" if at % 2 else "100", pieces="0", back=str(at - 1)) for at in range(1, 8_000)]
    started = time.process_time()
    assert table(*rows).columns["net"] == [0]
    assert time.process_time() - started < 1


def test_thousands_of_doubtful_reversals_are_looked_at_once():
    rows = [{**row(str(at), back=None), "seller": None if at % 2 else str(at)} for at in range(6_000)]
    started = time.process_time()
    assert set(table(*rows).columns["net"]) == {None}
    assert time.process_time() - started < 1


def test_a_chain_that_ends_in_a_circle_is_told():
    assert refused(row("1"), row("2", back="3"), row("3", back="4"), row("4", back="3")).code == "E807"


# how a programme states it


@pytest.mark.parametrize("form", ["money: {}", "integer: {}", "quantity: {unit: kg}", "money: {least: 1}"])
def test_what_a_reversal_cannot_take_away_is_refused_in_the_programme(tmp_path, form):
    with pytest.raises(PolicyError) as caught:
        Frame(tmp_path, ROWS.replace("net: {money: signed}", f"net: {{money: signed}}, vat: {{{form}}}"))
    assert codes(caught.value) == ["E505"] and "vat" in caught.value.problems[0].en


@pytest.mark.parametrize(
    "form", ["money: signed", "money: {}, or: none", "ratio: {}", "date: {}", "integer: {least: -9}"]
)
def test_what_is_signed_or_may_be_none_or_is_not_counted_stands_beside_reversals(tmp_path, form):
    Frame(tmp_path, ROWS.replace("net: {money: signed}", f"net: {{money: signed}}, vat: {{{form}}}"))


def test_a_list_with_reversals_needs_a_key(tmp_path):
    with pytest.raises(PolicyError) as caught:
        Frame(tmp_path, ROWS.replace("key: no, ", ""))
    assert codes(caught.value) == ["E202"]
