"""Whole columns of made-up values are, value by value, what the plain functions of the project say."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, strategies as st

from jarlig.ladder.kinds import PURE, Number, integer, money
from jarlig.ladder.numbers import format_scaled
from jarlig.reference.invoices import check_invoice
from jarlig.reference.uscc import check_uscc, uscc_is_valid
from jarlig.whatif import synth_arrays as arrays

SERIALS = st.lists(st.integers(0, 31**8 - 1), min_size=1, max_size=30, unique=True)
FEN = st.lists(st.integers(-(10**14) + 1, 10**14 - 1), min_size=1, max_size=30)
HOLES = st.lists(st.booleans(), min_size=30, max_size=30)


def known(holes: list[bool], count: int) -> np.ndarray:
    return np.array(holes[:count])


@given(serials=SERIALS)
def test_codes_have_both_check_characters_and_each_serial_its_own(serials: list[int]) -> None:
    found = arrays.texts(arrays.codes(np.array(serials))).to_pylist()
    assert all(check_uscc(code).division == arrays.AREA for code in found)
    assert len(set(found)) == len(serials)


@given(serials=SERIALS)
def test_a_miswritten_code_fails_by_its_last_character_alone(serials: list[int]) -> None:
    right = arrays.codes(np.array(serials))
    wrong = arrays.texts(arrays.miswritten(right, np.arange(len(serials)) % 2 == 0)).to_pylist()
    assert [uscc_is_valid(code) for code in wrong] == [at % 2 == 1 for at in range(len(serials))]
    assert [code[:17] for code in wrong] == [code[:17] for code in arrays.texts(right).to_pylist()]


@given(values=FEN, holes=HOLES)
def test_money_keeps_its_fen_whatever_its_sign_and_unknown_stays_unknown(values: list[int], holes: list[bool]) -> None:
    marks = known(holes, len(values))
    found = arrays.numbers(np.array(values), money(signed=True), marks).to_pylist()
    wanted = [Decimal(format_scaled(value, 2)) if mark else None for value, mark in zip(values, marks, strict=True)]
    assert found == wanted


@given(values=st.lists(st.integers(0, 10**15), min_size=1, max_size=20), scale=st.integers(0, 9))
def test_numbers_of_any_scale_read_as_they_were_meant(values: list[int], scale: int) -> None:
    column = arrays.numbers(np.array(values), Number(PURE, scale, 0, 10**15))
    assert arrays.as_text(column).to_pylist() == [format_scaled(value, scale) for value in values]


def test_whole_numbers_are_integers_and_not_decimals() -> None:
    assert arrays.numbers(np.array([1, 2]), integer()).type == pa.int64()
    assert arrays.numbers(np.array([1]), money()).type == pa.decimal128(18, 2)


@given(ordinals=st.lists(st.integers(693_596, 803_000), min_size=1, max_size=20), holes=HOLES)
def test_days_are_the_days_of_their_ordinals(ordinals: list[int], holes: list[bool]) -> None:
    marks = known(holes, len(ordinals))
    found = arrays.days(np.array(ordinals), marks).to_pylist()
    assert found == [date.fromordinal(at) if mark else None for at, mark in zip(ordinals, marks, strict=True)]


@given(serials=st.lists(st.integers(0, 10**15 - 1), min_size=1, max_size=20, unique=True), year=st.integers(2021, 2030))
def test_invoice_numbers_are_well_formed_of_no_region_and_each_its_own(serials: list[int], year: int) -> None:
    found = arrays.texts(arrays.invoices(np.array(serials), np.full(len(serials), year))).to_pylist()
    read = [check_invoice(number) for number in found]
    assert {(one.year, one.region) for one in read} == {(year, "99")}
    assert len({one.key for one in read}) == len(serials)


@given(serials=st.lists(st.integers(0, 2**63 - 1), min_size=1, max_size=20, unique=True), seed=st.integers(0, 99))
def test_digests_have_the_form_of_sha_256_and_never_repeat(serials: list[int], seed: int) -> None:
    found = arrays.texts(arrays.digests(np.array(serials), np.random.default_rng(seed))).to_pylist()
    assert all(len(one) == 64 and one.startswith("0" * 8) and set(one) <= set("0123456789abcdef") for one in found)
    assert len({one[8:24] for one in found}) == len(serials)


@given(serials=st.lists(st.integers(0, 10**8 - 1), min_size=1, max_size=20))
def test_numbered_names_keep_their_zeros_and_their_chinese(serials: list[int]) -> None:
    found = arrays.named("示例", np.array(serials), 8, "（虚构）").to_pylist()
    assert found == [f"示例{serial:08d}（虚构）" for serial in serials]


def test_texts_with_holes_are_null_there() -> None:
    chars = arrays.codes(np.arange(9))
    marks = np.array([True, False] * 4 + [True])
    found = arrays.texts(chars, marks).to_pylist()
    assert [one is None for one in found] == [not mark for mark in marks]


def test_words_of_a_list_are_stored_once_and_read_as_texts() -> None:
    column = arrays.labels(np.array([1, 0, 1]), ["a", "乙"], np.array([True, True, False]))
    assert column.dictionary.to_pylist() == ["a", "乙"]
    assert arrays.as_text(column).to_pylist() == ["乙", "a", None]


@pytest.mark.parametrize(("values", "texts"), [([True, False], ["true", "false"])])
def test_yes_and_no_read_as_the_grammar_of_facts_writes_them(values: list[bool], texts: list[str]) -> None:
    assert arrays.as_text(arrays.flags(np.array(values))).to_pylist() == texts
    assert arrays.as_text(arrays.flags(np.array(values), np.array([True, False]))).to_pylist() == [texts[0], None]
