"""Invoice numbers: the three forms, one key however typed, and digits that stay text."""

import pytest
from hypothesis import given, strategies as st

from jarlig.reference.errors import BadCode
from jarlig.reference.invoices import DIGITAL, FORMS, OLDER, TOLL, check_invoice, check_invoice_parts

DIGITAL_NUMBER = "24152000000012345678"
OLDER_KEY = "015002300111-00012345"
TOLL_KEY = "15029922-0000012345"


def digits(count: int) -> st.SearchStrategy[str]:
    return st.text("0123456789", min_size=count, max_size=count)


keys = st.one_of(
    st.builds(lambda year, rest: f"{year}{rest}", st.integers(21, 99), digits(18)),
    st.builds(lambda first, code, number: f"{first}{code}-{number}", st.sampled_from("01"), digits(11), digits(8)),
    st.builds(lambda code, number: f"{code}-{number}", digits(10), digits(8)),
    st.builds(lambda code, number: f"{code}-{number}", digits(8), digits(10)),
)


def fault(text: str) -> BadCode:
    with pytest.raises(BadCode) as caught:
        check_invoice(text)
    return caught.value


def test_a_fully_digital_number_tells_year_and_region() -> None:
    found = check_invoice(DIGITAL_NUMBER)
    assert (found.form, found.year, found.region, found.key) == (DIGITAL, 2024, "15", DIGITAL_NUMBER)


def test_an_older_code_of_twelve_tells_year_and_region() -> None:
    found = check_invoice(OLDER_KEY)
    assert (found.form, found.code, found.number) == (OLDER, "015002300111", "00012345")
    assert (found.year, found.region) == (2023, "15")


def test_an_older_code_of_ten_tells_year_and_region() -> None:
    found = check_invoice("1500224130 01234567")
    assert (found.form, found.year, found.region) == (OLDER, 2022, "15")


def test_a_toll_bill_tells_year_and_region() -> None:
    found = check_invoice(TOLL_KEY)
    assert (found.form, found.year, found.region) == (TOLL, 2022, "15")


def test_a_general_invoice_of_the_regions_own_tax_bureau_is_accepted() -> None:
    assert check_invoice("115001860101 00345678").region == "15"


@pytest.mark.parametrize(
    "typed",
    [
        OLDER_KEY,
        "015002300111 00012345",
        "  015002300111  00012345\n",
        "０１５００２３００１１１　０００１２３４５",
        "015002300111/00012345",
        "015002300111，00012345",
        "015002300111—00012345",
    ],
)
def test_one_invoice_has_one_key_however_typed(typed: str) -> None:
    assert check_invoice(typed).key == OLDER_KEY


@pytest.mark.parametrize(
    "typed", ["2415 2000 0000 1234 5678", "241520000000 12345678", "２４１５２００００００012345678", DIGITAL_NUMBER]
)
def test_a_fully_digital_number_in_groups_is_the_same_invoice(typed: str) -> None:
    assert check_invoice(typed).key == DIGITAL_NUMBER


def test_two_cells_give_the_same_key_as_one_text() -> None:
    assert check_invoice_parts(" 015002300111", "0001 2345").key == OLDER_KEY
    assert check_invoice_parts("15029922", "0000012345").key == TOLL_KEY


def test_leading_zeros_stay_because_numbers_stay_text() -> None:
    kept = check_invoice(OLDER_KEY)
    as_numbers = f"{int(kept.code)}-{int(kept.number)}"
    assert as_numbers == "15002300111-12345"
    assert (kept.code[0], kept.number[:3]) == ("0", "000")
    assert "leading 0" not in fault(as_numbers).hint.en  # 16 digits: too many are gone to say which
    assert "leading 0" in fault("15002300111-00012345").hint.en


@pytest.mark.parametrize("typed", ["2.4152E+19", "24152000000012345678.0", "2.4152e19"])
def test_a_number_that_a_spreadsheet_spoilt_is_told_so(typed: str) -> None:
    assert "spreadsheet" in fault(typed).hint.en


def test_an_older_invoice_and_a_toll_bill_of_the_same_digits_are_two() -> None:
    older, toll = check_invoice("1502992200-00012345"), check_invoice("15029922-0000012345")
    assert older.key.replace("-", "") == toll.key.replace("-", "")
    assert older.key != toll.key


def test_eighteen_digits_in_one_are_refused_for_nobody_can_tell_the_forms_apart() -> None:
    assert "blank or hyphen" in fault("150299220000012345").hint.en


def test_a_glued_older_invoice_is_not_taken_for_a_fully_digital_one() -> None:
    found = fault(OLDER_KEY.replace("-", ""))
    assert found.position == 1
    assert OLDER_KEY in found.hint.en
    assert OLDER_KEY in found.hint.zh


@pytest.mark.parametrize(
    "typed", ["", "   ", "12345678", "24152000000012345678A", "发票", "2" * 21, "1" * 500, "٣" * 20]
)
def test_a_text_of_another_form_is_refused_with_every_form_expected(typed: str) -> None:
    found = fault(typed)
    assert all(form.zh in found.zh and form.en in str(found) for form in FORMS.values())


def test_the_year_of_a_fully_digital_number_is_not_before_the_form_began() -> None:
    assert check_invoice("21152000000012345678").year == 2021
    assert fault("20152000000012345678").expected.en == "a year from 21 on"


@pytest.mark.parametrize(
    ("code", "number"), [("015002300111", "12345"), ("15029922", "12345678"), ("x" * 12, "1" * 8), ("", "")]
)
def test_cells_of_other_lengths_are_refused(code: str, number: str) -> None:
    with pytest.raises(BadCode, match="code of 10 or 12 digits"):
        check_invoice_parts(code, number)


def test_a_code_of_twelve_that_cannot_be_one_names_its_first_digit() -> None:
    with pytest.raises(BadCode, match="invoice code, position 1: 0 or 1"):
        check_invoice_parts("315002300111", "00012345")


@given(keys)
def test_a_key_read_again_is_the_same_key(key: str) -> None:
    assert check_invoice(key).key == key


@given(keys)
def test_both_ways_of_entering_an_invoice_agree(key: str) -> None:
    found = check_invoice(key)
    if found.code:
        assert check_invoice_parts(found.code, found.number) == found


@given(st.text(max_size=40))
def test_any_text_is_read_or_refused_in_two_languages(text: str) -> None:
    try:
        assert check_invoice(text).form in FORMS
    except BadCode as error:
        assert error.zh and str(error)
