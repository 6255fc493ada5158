"""The dated tax table: exact values with their basis, no date guessed, no period doubled; and the excluded sectors."""

from datetime import date, timedelta
from decimal import Decimal
from itertools import groupby, pairwise
from pathlib import Path

import pytest
from hypothesis import given, strategies as st

from jarlig.reference.errors import BadCode, BadTable, UnknownParameter
from jarlig.reference.tax import COLUMNS, CONDITIONS, PARAMETERS, TaxTable, excluded_from_rd, parameter, tax_table

ROW = "rd_extra_deduction,general,0.75,2018-01-01,2022-09-30,law,G,甲,A"
NEXT = "rd_extra_deduction,general,1,2022-10-01,2022-12-31,law,G,乙,B"


def read(folder: Path, *lines: str) -> TaxTable:
    path = folder / "tax.csv"
    path.write_text("\n".join([",".join(COLUMNS), *lines]), encoding="utf-8")
    return TaxTable.read(path)


@pytest.mark.parametrize(
    ("name", "condition", "on", "value"),
    [
        ("income_tax_rate", "general", date(2022, 6, 6), "0.25"),
        ("income_tax_rate", "high_tech", date(2022, 6, 6), "0.15"),
        ("income_tax_rate", "west_encouraged", date(2030, 12, 31), "0.15"),
        ("rd_extra_deduction", "general", date(2022, 9, 30), "0.75"),
        ("rd_extra_deduction", "general", date(2022, 10, 1), "1"),
        ("rd_extra_deduction", "general", date(2022, 12, 31), "1"),
        ("rd_extra_deduction", "general", date(2023, 1, 1), "1"),
        ("rd_extra_deduction", "manufacturing", date(2020, 12, 31), "0.75"),
        ("rd_extra_deduction", "manufacturing", date(2021, 1, 1), "1"),
        ("rd_extra_deduction", "tech_sme", date(2021, 12, 31), "0.75"),
        ("rd_extra_deduction", "tech_sme", date(2022, 1, 1), "1"),
        ("rd_extra_deduction", "chips_and_machine_tools", date(2023, 1, 1), "1.2"),
        ("rd_extra_deduction", "chips_and_machine_tools", date(2027, 12, 31), "1.2"),
        ("employee_education", "general", date(2017, 12, 31), "0.025"),
        ("employee_education", "general", date(2018, 1, 1), "0.08"),
        ("employee_education", "high_tech", date(2014, 12, 31), "0.025"),
        ("employee_education", "high_tech", date(2015, 1, 1), "0.08"),
    ],
)
def test_a_parameter_has_the_value_of_its_day_and_condition(name: str, condition: str, on: date, value: str) -> None:
    found = parameter(name, on, condition)
    assert type(found.value) is Decimal
    assert str(found.value) == value
    assert (found.name, found.condition) == (name, condition)
    assert found.start <= on <= found.end


def test_the_fourth_quarter_of_2022_stands_on_its_own_announcement() -> None:
    found = parameter("rd_extra_deduction", date(2022, 11, 1))
    assert "2022年第28号" in found.basis.zh
    assert "2022 No. 28" in found.basis.en
    assert (found.mark, found.start, found.end) == ("S", date(2022, 10, 1), date(2022, 12, 31))


def test_each_row_says_its_basis_and_whether_a_source_was_read() -> None:
    for item in tax_table().parameters:
        assert all(item.basis)
        assert item.mark in {"S", "G"}


def test_each_parameter_and_condition_is_used() -> None:
    assert {item.name for item in tax_table().parameters} == set(PARAMETERS)
    assert {item.condition for item in tax_table().parameters} == set(CONDITIONS)


def test_shipped_periods_follow_each_other_without_gap_or_overlap() -> None:
    rows = sorted(tax_table().parameters, key=lambda item: (item.name, item.condition, item.start))
    for _, group in groupby(rows, key=lambda item: (item.name, item.condition)):
        run = list(group)
        for before, after in pairwise(run):
            assert after.start == before.end + timedelta(days=1)
            assert before.end_is_law


@given(st.sampled_from(tax_table().parameters), st.dates(date(2000, 1, 1), date(2040, 1, 1)))
def test_each_day_has_exactly_one_row_or_is_an_error(item: object, on: date) -> None:
    assert isinstance(item, type(tax_table().parameters[0]))
    name, condition = item.name, item.condition
    rows = [row for row in tax_table().parameters if (row.name, row.condition) == (name, condition)]
    fitting = [row for row in rows if row.start <= on <= row.end]
    if fitting:
        assert fitting == [parameter(name, on, condition)]
    else:
        with pytest.raises(UnknownParameter):
            parameter(name, on, condition)


def test_a_day_before_the_first_period_is_an_error_with_the_known_days() -> None:
    with pytest.raises(UnknownParameter) as caught:
        parameter("rd_extra_deduction", date(2022, 6, 6), "chips_and_machine_tools")
    assert "known from 2023-01-01 to 2027-12-31, not on 2022-06-06" in str(caught.value)
    assert "2023-01-01 至 2027-12-31" in caught.value.zh


def test_a_rule_without_a_last_day_is_not_carried_into_the_future() -> None:
    with pytest.raises(UnknownParameter, match="names no last day; bring the table up to date") as caught:
        parameter("employee_education", date(2027, 1, 1))
    assert "须先更新本表" in caught.value.zh


def test_a_rule_whose_last_day_is_law_just_ends() -> None:
    with pytest.raises(UnknownParameter) as caught:
        parameter("rd_extra_deduction", date(2028, 1, 1), "chips_and_machine_tools")
    assert "up to date" not in str(caught.value)


def test_an_unknown_condition_or_parameter_is_answered_with_the_known_ones() -> None:
    with pytest.raises(UnknownParameter, match="there are general, high_tech, west_encouraged"):
        parameter("income_tax_rate", date(2022, 6, 6), "small")
    with pytest.raises(UnknownParameter, match="no tax parameter “vat”; there are income_tax_rate"):
        parameter("vat", date(2022, 6, 6))


def test_a_newer_table_can_be_read_from_a_file(tmp_path: Path) -> None:
    table = read(tmp_path, ROW, NEXT)
    assert table.parameter("rd_extra_deduction", date(2022, 10, 1)).basis == ("乙", "B")


@pytest.mark.parametrize(
    ("lines", "said"),
    [
        ([ROW, NEXT.replace("2022-10-01", "2022-09-30")], "line 3: must begin on 2022-10-01"),
        ([ROW, NEXT.replace("2022-10-01", "2022-10-02")], "line 3: must begin on 2022-10-01"),
        ([ROW.replace("law", "table"), NEXT], "line 3: the period before has no last day by law"),
        ([ROW.replace("2022-09-30", "2017-09-30")], "line 2: from comes after to"),
        ([ROW.replace("0.75", "75%")], "line 2: "),
        ([ROW.replace("0.75", "")], "line 2: "),
        ([ROW.replace(",A", ",")], "line 2: the basis is needed"),
        ([ROW.replace(",G,", ",I,")], "mark cannot be “I”; one of S, G"),
        ([ROW.replace("general", "everybody")], "condition cannot be “everybody”"),
    ],
)
def test_periods_that_overlap_gap_or_lack_something_are_refused(tmp_path: Path, lines: list[str], said: str) -> None:
    with pytest.raises(BadTable, match=said):
        read(tmp_path, *lines)


@pytest.mark.parametrize(
    ("code", "sector"),
    [
        ("1620", "烟草制造业"),
        ("5193", "批发和零售业"),
        ("5292", "批发和零售业"),
        ("6110", "住宿和餐饮业"),
        ("6210", "住宿和餐饮业"),
        ("7010", "房地产业"),
        ("7111", "租赁和商务服务业"),
        ("7281", "租赁和商务服务业"),
        ("9011", "娱乐业"),
        ("52", "批发和零售业"),
    ],
)
def test_an_excluded_sector_is_named(code: str, sector: str) -> None:
    found = excluded_from_rd(code)
    assert found is not None
    assert found.zh == sector


@pytest.mark.parametrize("code", ["6431", "6432", "6434", "6450", "6020", "5920", "0111", "9700", "73"])
def test_platforms_data_express_and_research_are_not_excluded(code: str) -> None:
    assert excluded_from_rd(code) is None


def test_wrong_recipe_the_number_of_2011_would_exclude_sports_and_let_entertainment_in() -> None:
    assert excluded_from_rd("8930") is None
    assert excluded_from_rd("90") == ("娱乐业", "entertainment")


def test_nine_divisions_of_six_sectors_are_excluded() -> None:
    found = {f"{number:02}": excluded_from_rd(f"{number:02}") for number in range(1, 98)}
    excluded = [number for number, sector in found.items() if sector]
    assert excluded == ["16", "51", "52", "61", "62", "70", "71", "72", "90"]
    assert len({sector for sector in found.values() if sector}) == 6


@pytest.mark.parametrize("code", ["", "5", "00", "98", "9999", "F52", "52921", "５２９２", "52.9"])
def test_what_is_no_industry_code_is_refused_and_not_called_free(code: str) -> None:
    with pytest.raises(BadCode, match="2 to 4 digits"):
        excluded_from_rd(code)
