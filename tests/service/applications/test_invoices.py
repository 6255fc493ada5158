"""A row beside its invoice: what agrees, what differs and what cannot be told, by kinds alone."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from django.utils import translation
from hypothesis import given, strategies as st
from tests.service.documents.issued import BUYER, NUMBER, SELLER
from tests.service.enterprises.town import uscc
from tests.tiny import tiny

from jarlig.ladder.kinds import CNY, DATE, USD, Code, Kind, Rows, integer, money
from jarlig.ladder.steps import Words
from jarlig.policy.messages import Place
from jarlig.policy.model import FactDef, Programme
from jarlig.service.applications.invoices import Columns, Difference, columns_of, compare, row_key_of
from jarlig.service.documents.invoices import Invoice

HERE = Place("x", 1, 1)
INVOICE = Invoice(number=NUMBER, date=date(2023, 5, 20), seller_uscc=SELLER, buyer_uscc=BUYER, net=100_000, vat=13_000,
                  total=113_000, blue=True)  # fmt: skip
OTHER = "23152000000000000002"


def listed(key: tuple[str, ...] = ("who", "no"), reverses: str = "undoes", **columns: Kind) -> FactDef:
    """A list with these columns; their names say nothing to the program."""
    made = {name: FactDef(name, kind, Words(f"列{name}", f"column {name}"), HERE) for name, kind in columns.items()}
    kind = Rows(tuple(columns.items()), 100, key, reverses if reverses in columns else "")
    return FactDef("list", kind, Words("明细", "list"), HERE, columns=made)


FULL = listed(no=Code("invoice"), undoes=Code("invoice"), when=DATE, who=Code("uscc"), a=money(signed=True),
              b=money(signed=True), paid=DATE)  # fmt: skip
ROW = {"no": NUMBER, "who": SELLER, "when": "2023-05-20", "a": "1000.00", "b": "130.00", "paid": "2023-06-01"}


def told(found: list[Difference]) -> list[tuple[str, str, str]]:
    return [(one.what, one.state, one.column.name if one.column else "") for one in found]


def test_a_row_that_agrees_says_nothing() -> None:
    assert compare(INVOICE, FULL, ROW, BUYER) == []


@pytest.mark.parametrize(("cells", "expected"), [
    ({"no": OTHER}, [("number", "differs", "no")]),
    ({"no": ""}, [("number", "unsure", "no")]),
    ({"who": uscc(7)}, [("seller", "differs", "who")]),
    ({"a": "1000.01"}, [("sum", "differs", "a")]),
    ({"b": "1.00"}, [("sum", "differs", "b")]),
    ({"a": "1130.00"}, [("sum", "unsure", "a")]),  # with tax where the other column has the tax
    ({"a": "1130.00", "b": "1000.00"}, []),
    ({"a": ""}, [("sum", "unsure", "a")]),
    ({"a": "much"}, [("sum", "unsure", "a")]),
    ({"when": "2023-05-21"}, [("date", "unsure", "")]),
    ({"when": "", "paid": ""}, [("date", "unsure", "")]),
    ({"when": "2023-06-01", "paid": "2023-05-20"}, []),
    ({"undoes": OTHER}, [("red", "differs", "")]),
    ({"undoes": "none"}, []),
])  # fmt: skip
def test_each_cell_is_compared_by_what_its_kind_says(
    cells: dict[str, str], expected: list[tuple[str, str, str]]
) -> None:
    assert told(compare(INVOICE, FULL, {**ROW, **cells}, BUYER)) == expected


def test_an_invoice_number_agrees_however_it_was_typed() -> None:
    spaced = "２３１５ 2000-0000 0000 0001"
    assert compare(INVOICE, FULL, {**ROW, "no": spaced}) == []
    old = replace(INVOICE, code="015002300111", number="12345678")
    assert compare(old, FULL, {**ROW, "no": "015002300111 12345678"}) == []


@pytest.mark.parametrize(("said", "expected"), [
    ({"net": None}, [("sum", "unsure", "a")]),
    ({"total": None}, []),
    ({"vat": None, "total": None}, [("sum", "unsure", "b")]),
    ({"number": None}, [("number", "unsure", "no")]),
    ({"seller_uscc": None}, [("seller", "unsure", "who")]),
    ({"date": None}, [("date", "unsure", "")]),
    ({"buyer_uscc": None}, []),
    ({"buyer_uscc": uscc(8)}, [("buyer", "differs", "")]),
    ({"total": 999}, [("adds_up", "differs", "")]),
    ({"blue": False}, [("red", "differs", "")]),
    ({"disputed": frozenset({"net", "date"})}, [("date", "unsure", ""), ("net", "unsure", "")]),
])  # fmt: skip
def test_what_the_invoice_does_not_say_cannot_be_compared(
    said: dict[str, object], expected: list[tuple[str, str, str]]
) -> None:
    assert told(compare(replace(INVOICE, **said), FULL, ROW, BUYER)) == expected  # type: ignore[arg-type]


def test_a_total_that_is_not_said_is_that_of_net_and_tax() -> None:
    short = replace(INVOICE, total=None)
    assert told(compare(short, FULL, {**ROW, "a": "7.00"})) == [("sum", "differs", "a")]


def test_a_red_invoice_belongs_to_a_row_that_reverses_another() -> None:
    red = replace(INVOICE, net=-100_000, vat=-13_000, total=-113_000, blue=False)
    cells = {**ROW, "a": "-1000.00", "b": "-130.00"}
    assert told(compare(red, FULL, cells)) == [("red", "differs", "")]
    assert compare(red, FULL, {**cells, "undoes": OTHER}) == []


# which column is which


def test_columns_are_known_by_kind_and_never_by_name() -> None:
    assert columns_of(FULL) == Columns("no", "who", ("when", "paid"), ("a", "b"), "undoes")
    names = listed(
        invoice_no=Code("text"), net=integer(), seller=Code("text"), vat=money(USD), invoice_date=Code("text")
    )
    assert columns_of(names) is None and compare(INVOICE, names, {"net": "7"}) == []


def test_of_two_codes_the_one_counts_that_tells_rows_apart() -> None:
    assert columns_of(listed(no=Code("invoice"), who=Code("uscc"), buyer=Code("uscc"))) == Columns(
        "no", "who", (), (), ""
    )
    both = listed(key=("no",), no=Code("invoice"), who=Code("uscc"), buyer=Code("uscc"))
    assert columns_of(both) == Columns("no", "", (), (), "")
    assert compare(INVOICE, both, {"no": NUMBER, "who": uscc(7), "buyer": uscc(8)}) == []
    assert columns_of(listed(key=(), no=Code("invoice"), more=Code("invoice"))) is None


def test_only_yuan_to_the_fen_is_money_of_an_invoice() -> None:
    found = columns_of(listed(no=Code("invoice"), a=money(), b=money(USD), c=integer(), d=integer(unit=CNY)))
    assert found is not None and found.sums == ("a",)


def test_what_is_no_list_has_no_columns() -> None:
    assert columns_of(FactDef("x", DATE, Words("日", "day"), HERE)) is None


def test_lists_of_a_programme_are_known_by_its_data(tmp_path: Path) -> None:
    definition = next(one for one in _defs(tiny(tmp_path)) if columns_of(one))
    found = columns_of(definition)
    assert found is not None
    assert (found.number, found.issuer, found.sums, found.days) == ("invoice_no", "seller", ("net",), ("paid_on",))


def _defs(rules: Programme) -> list[FactDef]:
    offers = rules.offers.values()
    return [one for offer in offers for one in offer.facts.values()]


# the row that a document names


def test_a_row_is_named_by_what_tells_it_apart_however_it_was_typed() -> None:
    name = row_key_of(FULL, ROW)
    assert name and name == row_key_of(FULL, {**ROW, "no": "2315 2000 0000 0000 0001", "a": "9"})
    assert name != row_key_of(FULL, {**ROW, "no": OTHER})
    assert len(name) <= 200


def test_a_row_of_which_a_part_of_its_name_is_not_known_has_none() -> None:
    assert row_key_of(FULL, {**ROW, "who": ""}) == ""
    assert row_key_of(FULL, {**ROW, "who": "x"}) == ""
    assert row_key_of(listed(key=(), no=Code("invoice")), {"no": NUMBER}) == ""


# words


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_every_difference_is_a_sentence_in_both_languages(language: str) -> None:
    red = replace(
        INVOICE, blue=False, total=1, buyer_uscc=uscc(8), disputed=frozenset({"net", "code", "seller", "blue"})
    )
    cells = {**ROW, "no": OTHER, "who": "", "when": "2023-05-21", "a": "3.00", "b": "", "undoes": ""}
    every = [*compare(red, FULL, cells, BUYER), *compare(INVOICE, FULL, {**ROW, "undoes": OTHER}),
             *compare(Invoice(number=NUMBER), FULL, ROW)]  # fmt: skip
    with translation.override(language):
        sentences = [str(one) for one in every]
    assert len(sentences) > 12
    for sentence in sentences:
        assert sentence.endswith("." if language == "en" else "。") and "%(" not in sentence
        assert any("一" <= letter <= "鿿" for letter in sentence) == (language != "en")
    assert any("1000.00" in one and "3.00" in one for one in sentences)


def test_a_difference_names_the_column_as_the_programme_does() -> None:
    (one,) = compare(INVOICE, FULL, {**ROW, "no": OTHER})
    assert str(one) == f"column no: the invoice says {NUMBER}, the row says {OTHER}."
    with translation.override("zh-hans"):
        assert "列no" in str(one)


@given(st.fixed_dictionaries({}, optional={name: st.text(max_size=30) for name in (*ROW, "undoes", "for", "x")}))
def test_no_cell_is_a_fault(cells: dict[str, str]) -> None:
    with translation.override("en"):
        assert all(str(one) for one in compare(INVOICE, FULL, cells, BUYER))
