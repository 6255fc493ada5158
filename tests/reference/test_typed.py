"""What is typed is made plain without changing what it says."""

import pytest
from hypothesis import given, strategies as st

from jarlig.reference.typed import plain


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("", ""),
        (" 12 34\t5\n", "12345"),
        ("１２３", "123"),
        ("12\u30003", "123"),
        ("ＡＢc", "ABc"),
        ("12\u00a03", "123"),
    ],
)
def test_blanks_go_and_full_width_becomes_plain(typed: str, meant: str) -> None:
    assert plain(typed) == meant


def test_a_text_too_long_for_any_code_is_nothing_and_never_a_part_of_itself() -> None:
    assert plain("1" * 100) == "1" * 100
    assert plain("123456789012" + " " * 100) == ""


@given(st.text("0123456789ABCX", max_size=40))
def test_what_is_plain_already_stays(text: str) -> None:
    assert plain(text) == text
