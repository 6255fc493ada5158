"""Codes: nobody guesses one, anybody copies one."""

from __future__ import annotations

import pytest
from hypothesis import given, strategies as st

from jarlig.service.estimates import codes


def test_a_code_has_128_bits_in_26_letters_and_no_two_are_alike() -> None:
    made = {codes.new_code() for _ in range(500)}
    assert len(made) == 500 and {len(one) for one in made} == {26}
    assert set("".join(made)) == set(codes.LETTERS)
    assert {one[0] for one in made} <= set("01234567")


def test_a_code_is_read_however_it_was_copied() -> None:
    code = "0123456789ABCDEFGHJKMNPQR1"
    shown = codes.shown(code)
    assert shown == "0123 4567 89AB CDEF GHJK MNPQ R1"
    for typed in (shown, shown.lower(), shown.replace(" ", "-"), shown.replace("0", "O").replace("1", "l"),
                  f"  {shown}\n", shown.replace("A", "Ａ")):  # fmt: skip
        assert codes.read(typed) == code, typed


@pytest.mark.parametrize(
    "typed", ["", "7", "8" * 26, "0" * 25, "0" * 27, "U" * 26, "0" * 101, "\x00" * 26, "' OR 1=1 --", "〇" * 26]
)
def test_what_is_no_code_is_none(typed: str) -> None:
    assert codes.read(typed) == ""


@given(st.text(max_size=200))
def test_whatever_is_typed_is_a_code_or_none(typed: str) -> None:
    found = codes.read(typed)
    assert found == "" or codes.read(codes.shown(found)) == found


def test_the_hash_is_not_the_code() -> None:
    code = codes.new_code()
    assert len(codes.hashed(code)) == 32 and code.encode() not in codes.hashed(code)
