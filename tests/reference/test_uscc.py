"""Unified social credit codes: the published examples, both check characters, and the wrong recipes refuted."""

import pickle
import re
import timeit

import pytest
from hypothesis import given, strategies as st

from jarlig.reference.errors import BadCode
from jarlig.reference.uscc import (
    ALPHABET,
    AUTHORITIES,
    ORGANISATION_TYPES,
    Uscc,
    check_uscc,
    organisation_check_character,
    uscc_check_character,
    uscc_is_valid,
)

STANDARD_EXAMPLE = "91350100M000100Y43"
ISSUED = ("91330100799655058B", "9144030071526726XG", "91110000802100433B")
MADE_UP = "91150102MA0JRL1G6D"

letters = st.sampled_from(ALPHABET)
digits = st.sampled_from("0123456789")


@st.composite
def codes(draw: st.DrawFn) -> str:
    """Well-formed codes of any authority, type and division."""
    head = draw(letters) + draw(letters) + "".join(draw(digits) for _ in range(6))
    body = "".join(draw(letters) for _ in range(8))
    first = head + body + organisation_check_character(body)
    return first + uscc_check_character(first)


def fault(text: str) -> BadCode:
    with pytest.raises(BadCode) as caught:
        check_uscc(text)
    return caught.value


@pytest.mark.parametrize("code", [STANDARD_EXAMPLE, *ISSUED, MADE_UP])
def test_published_codes_pass_both_checks(code: str) -> None:
    assert uscc_is_valid(code)
    assert check_uscc(code).code == code


def test_the_standards_example_is_worked_out_step_by_step() -> None:
    weights = [1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28]
    total = sum(ALPHABET.index(c) * w for c, w in zip(STANDARD_EXAMPLE[:17], weights, strict=True))
    assert (total, total % 31, 31 - total % 31) == (1640, 28, 3)
    assert uscc_check_character(STANDARD_EXAMPLE[:17]) == "3"
    assert organisation_check_character("M000100Y") == "4"


def test_parts_are_read_from_their_positions() -> None:
    code = check_uscc(MADE_UP)
    assert code.authority == ("市场监督管理（工商）", "market regulation")
    assert code.organisation_type == ("企业", "enterprise")
    assert code.division == "150102"
    assert code.organisation_code == "MA0JRL1G6"


def village_collective() -> str:
    first = "N2152525MF123456"
    first += organisation_check_character(first[8:])
    return first + uscc_check_character(first)


def test_a_gacha_collective_is_accepted_and_named() -> None:
    code = check_uscc(village_collective())
    assert code.authority == ("农业", "agriculture")
    assert code.organisation_type is not None
    assert "嘎查" in code.organisation_type.zh
    assert "gacha" in code.organisation_type.en


def test_an_authority_of_a_later_amendment_has_no_name_but_passes() -> None:
    first = "E1150102MA0JRL1G6"
    code = check_uscc(first + uscc_check_character(first))
    assert code.authority is None
    assert code.organisation_type is None


def test_nine_in_second_place_is_other_under_any_known_authority() -> None:
    assert Uscc("59" + MADE_UP[2:]).organisation_type == ("其他", "other")
    assert Uscc("E9" + MADE_UP[2:]).organisation_type is None


def test_every_type_belongs_to_a_listed_authority() -> None:
    assert {key[0] for key in ORGANISATION_TYPES} == set(AUTHORITIES)


def test_a_wrong_last_character_names_position_18_and_what_was_expected() -> None:
    found = fault("91350100M000100Y44")
    assert (found.position, found.expected.en) == (18, "check character “3”")
    assert str(found) == (
        "unified social credit code, position 18: check character “3” expected, not “4”. "
        "Positions 9 to 17 agree; compare 1 to 8 and 18 with the licence."
    )
    assert found.zh.startswith("统一社会信用代码第18位应为校验码“3”，实为“4”。")


def test_a_slip_in_the_organisation_code_names_position_17() -> None:
    found = fault("91350100M000200Y43")
    assert found.position == 17
    assert "9 to 17" in found.hint.en


def test_a_slip_before_the_organisation_code_names_position_18() -> None:
    assert fault("91350200M000100Y43").position == 18


@pytest.mark.parametrize(("text", "position"), [("9135O100M000100Y43", 5), ("91350100M0001O0Y43", 14)])
def test_the_letter_o_for_a_zero_is_seen_and_the_right_code_offered(text: str, position: int) -> None:
    found = fault(text)
    assert found.position == position
    assert STANDARD_EXAMPLE in found.hint.en
    assert STANDARD_EXAMPLE in found.hint.zh


def test_no_guess_is_offered_when_the_guess_would_fail_too() -> None:
    assert fault("91350100M000100Y4Z").hint.en == ""


@pytest.mark.parametrize(
    "text", [" 91350100M000100Y43", "91350100m000100y43", "９1350100M000100Y43", "91350100 M000100Y43"]
)
def test_a_code_to_be_tidied_is_refused_with_the_way_to_write_it(text: str) -> None:
    assert not uscc_is_valid(text)
    assert STANDARD_EXAMPLE in fault(text).hint.zh


@pytest.mark.parametrize("text", ["", "91350100M000100Y4", "150102600123456", "9" * 5000])
def test_a_wrong_length_is_told(text: str) -> None:
    assert f"not {len(text)}" in str(fault(text))


def test_position_17_takes_only_a_digit_or_x() -> None:
    assert fault("91350100M000100YA3").expected.en == "a digit or X"


def test_an_error_survives_the_way_between_processes() -> None:
    found = fault("91350100M000100Y44")
    again = pickle.loads(pickle.dumps(found))
    assert (str(again), again.zh, again.position) == (str(found), found.zh, 18)


@given(codes())
def test_every_code_made_by_the_standard_passes(code: str) -> None:
    assert uscc_is_valid(code)
    assert check_uscc(code).code == code


@given(st.one_of(codes(), st.text(max_size=20), st.text(ALPHABET, min_size=18, max_size=18)))
def test_the_fast_check_and_the_explaining_check_always_agree(text: str) -> None:
    if uscc_is_valid(text):
        assert check_uscc(text).code == text
    else:
        assert fault(text).code == text


@given(codes(), st.integers(0, 17), letters)
def test_any_single_wrong_character_is_caught(code: str, place: int, other: str) -> None:
    wrong = code[:place] + other + code[place + 1 :]
    assert uscc_is_valid(wrong) == (wrong == code)


@given(codes(), st.integers(0, 15))
def test_any_two_neighbours_swapped_are_caught(code: str, place: int) -> None:
    swapped = code[:place] + code[place + 1] + code[place] + code[place + 2 :]
    assert uscc_is_valid(swapped) == (swapped == code)


def test_wrong_recipe_letters_by_their_ascii_place_fail_after_h() -> None:
    def wrong(first: str) -> str:
        values = [int(c) if c.isdigit() else ord(c) - 55 for c in first]
        return ALPHABET[-sum(v * pow(3, place, 31) for place, v in enumerate(values)) % 31]

    assert wrong("91110000802100433") == "B"  # digits only: the recipe seems to work
    assert wrong(STANDARD_EXAMPLE[:17]) != "3"
    assert wrong(MADE_UP[:17]) != "D"


def test_wrong_recipe_the_remainder_itself_fails_the_standards_example() -> None:
    total = sum(ALPHABET.index(c) * pow(3, place, 31) for place, c in enumerate(STANDARD_EXAMPLE[:17]))
    assert ALPHABET[total % 31] != "3"
    assert ALPHABET[(31 - total % 31) % 31] == "3"


def test_wrong_recipe_modulo_11_fails_every_issued_code() -> None:
    def wrong(first: str) -> str:
        total = sum(ALPHABET.index(c) * pow(3, place, 31) for place, c in enumerate(first))
        return ALPHABET[(11 - total % 11) % 11]

    assert [wrong(code[:17]) == code[17] for code in (*ISSUED, STANDARD_EXAMPLE)].count(True) < 4


def test_wrong_example_ending_in_4z_is_no_code() -> None:
    assert not uscc_is_valid("91350100M000100Y4Z")


def test_wrong_recipe_only_91_loses_the_gacha_collectives() -> None:
    assert re.match("^91", village_collective()) is None
    assert uscc_is_valid(village_collective())


def test_wrong_recipe_any_letter_lets_misread_codes_through() -> None:
    misread = "9135O100M000100Y43"
    assert re.fullmatch("[0-9A-Z]{18}", misread)
    assert not uscc_is_valid(misread)


def test_wrong_recipe_7_is_religious_affairs_and_no_enterprise() -> None:
    assert AUTHORITIES["7"].en == "religious affairs"


def test_a_code_is_judged_within_a_few_microseconds() -> None:
    # Ten times the 3 microseconds aimed at, so that a busy machine does not fail the test.
    assert min(timeit.repeat(lambda: uscc_is_valid(MADE_UP), number=2000, repeat=5)) / 2000 < 30e-6
