"""Bank routing codes with their check digit, and the form of company accounts."""

import pytest
from hypothesis import given, strategies as st

from jarlig.reference.banks import check_bank_routing, check_company_account, routing_check_digit
from jarlig.reference.errors import BadCode

PUBLISHED = "313651027012"
firsts = st.text("0123456789", min_size=11, max_size=11)


def luhn_check_digit(first: str) -> str:
    doubled = [int(d) * (2 if place % 2 == 0 else 1) for place, d in enumerate(reversed(first))]
    return str(-sum(d // 10 + d % 10 for d in doubled) % 10)


def test_a_published_code_passes_and_is_read_in_parts() -> None:
    found = check_bank_routing(PUBLISHED)
    assert (found.bank, found.city, found.branch, found.code) == ("313", "6510", "2701", PUBLISHED)


def test_the_published_code_is_worked_out_step_by_step() -> None:
    product = 10
    for digit in PUBLISHED[:11]:
        product = ((product + int(digit)) % 10 or 10) * 2 % 11
    assert (11 - product) % 10 == 2
    assert routing_check_digit(PUBLISHED[:11]) == "2"


def test_wrong_recipe_luhn_gives_another_digit_for_the_published_code() -> None:
    assert luhn_check_digit("7992739871") == "3"  # the textbook example of that recipe
    assert luhn_check_digit(PUBLISHED[:11]) != PUBLISHED[11]


def test_a_wrong_check_digit_names_position_12_and_what_was_expected() -> None:
    with pytest.raises(BadCode) as caught:
        check_bank_routing("313651027013")
    assert (caught.value.position, caught.value.expected.en) == (12, "check digit “2”")
    assert caught.value.zh.startswith("联行号第12位应为校验位“2”，实为“3”。")


@pytest.mark.parametrize("typed", [" 313651027012", "3136 5102 7012", "３１３６５１０２７０１２"])
def test_blanks_and_full_width_digits_are_mended(typed: str) -> None:
    assert check_bank_routing(typed).code == PUBLISHED


@pytest.mark.parametrize("typed", ["", "31365102701", "3136510270122", "31365102701X", PUBLISHED + " " * 200])
def test_a_routing_code_has_twelve_digits(typed: str) -> None:
    with pytest.raises(BadCode, match="12 digits expected"):
        check_bank_routing(typed)


@given(firsts, st.integers(0, 11), st.sampled_from("0123456789"))
def test_any_single_wrong_digit_is_caught(first: str, place: int, other: str) -> None:
    code = first + routing_check_digit(first)
    wrong = code[:place] + other + code[place + 1 :]
    if wrong == code:
        assert check_bank_routing(wrong).code == code
    else:
        with pytest.raises(BadCode):
            check_bank_routing(wrong)


@pytest.mark.parametrize("typed", ["12345678", "0" * 32, "0602 0052 0910 0123 456"])
def test_an_account_has_8_to_32_digits_and_keeps_its_zeros(typed: str) -> None:
    assert check_company_account(typed) == typed.replace(" ", "")


@pytest.mark.parametrize("typed", ["1234567", "0" * 33, "1234567A", "6.22E+18", ""])
def test_an_account_of_another_form_is_refused(typed: str) -> None:
    with pytest.raises(BadCode, match="8 to 32 digits expected") as caught:
        check_company_account(typed)
    assert caught.value.zh == "对公账号应为8至32位数字。"
