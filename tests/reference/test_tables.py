"""Tables are read exactly: every cell where it stands, nothing mended, every fault with its file and line."""

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from jarlig.reference.divisions import COLUMNS as DIVISION_COLUMNS, Divisions
from jarlig.reference.errors import BadTable
from jarlig.reference.tables import Row, packaged_table, read_table

COLUMNS = ("name", "value")


def read(text: str) -> list[Row]:
    return read_table(text.splitlines(keepends=True), COLUMNS, "some.csv")


def fault(text: str) -> BadTable:
    with pytest.raises(BadTable) as caught:
        read(text)
    return caught.value


def test_cells_are_text_trimmed_and_in_order() -> None:
    rows = read("name,value\n a , 01 \nb,2\n")
    assert [(row["name"], row["value"]) for row in rows] == [("a", "01"), ("b", "2")]


def test_a_line_keeps_its_place_in_the_file_past_comments_and_blank_lines() -> None:
    rows = read("# source\n\nname,value\n# a remark\n\na,1\n")
    assert [(row.line, row.source) for row in rows] == [(6, "some.csv")]


def test_a_cell_may_hold_a_comma_when_quoted() -> None:
    assert read('name,value\n"Law, art. 4",1\n')[0]["name"] == "Law, art. 4"


@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_either_newline_will_do(newline: str) -> None:
    assert read(newline.join(["name,value", "a,1", ""]))[0]["value"] == "1"


def test_a_header_alone_is_an_empty_table() -> None:
    assert read("name,value\n") == []


@pytest.mark.parametrize("text", ["", "# only a source\n", "value,name\n", "name\n", "name,value,more\n", "a,1\n"])
def test_another_header_is_refused_with_the_right_one(text: str) -> None:
    found = fault(text)
    assert str(found) == "some.csv: the header must be name,value"
    assert found.zh == "some.csv 的表头应为 name,value"


@pytest.mark.parametrize(("line", "count"), [("a", 1), ("a,1,2", 3)])
def test_a_line_of_another_length_is_refused_with_its_number(line: str, count: int) -> None:
    found = fault(f"# source\nname,value\n{line}\n")
    assert str(found) == f"some.csv, line 3: 2 cells expected, not {count}"
    assert found.zh == f"some.csv 第3行：应有2列，实有{count}列"


def test_an_open_quotation_mark_is_no_csv() -> None:
    assert "some.csv is not valid CSV" in str(fault('name,value\n"a,1\n'))


def test_a_number_is_exact_and_keeps_its_decimals() -> None:
    row = read("name,value\na,0.30\n")[0]
    assert (row.number("value"), str(row.number("value"))) == (Decimal("0.3"), "0.30")


@pytest.mark.parametrize("cell", ["", "20%", "1e3", "0,5", "nan"])
def test_what_is_no_number_is_refused_with_its_line(cell: str) -> None:
    with pytest.raises(BadTable, match=r"some.csv, line 2: ") as caught:
        read(f'name,value\na,"{cell}"\n')[0].number("value")
    assert caught.value.zh.startswith("some.csv 第2行：")


def test_a_day_is_read_and_no_other_day_is_made_of_it() -> None:
    assert read("name,value\na,2024-02-29\n")[0].day("value") == date(2024, 2, 29)
    with pytest.raises(BadTable, match="line 2: "):
        read("name,value\na,2023-02-29\n")[0].day("value")


def test_a_choice_outside_the_list_is_answered_with_the_list() -> None:
    row = read("name,value\na,red\n")[0]
    assert row.choice("value", ("red", "green")) == "red"
    with pytest.raises(BadTable, match="value cannot be “red”; one of green, blue"):
        row.choice("value", ("green", "blue"))


def test_a_shipped_table_is_found_without_a_path() -> None:
    assert packaged_table("divisions.csv", DIVISION_COLUMNS)[0]["zh"] == "内蒙古自治区"


def test_a_file_saved_by_a_spreadsheet_with_a_byte_order_mark_is_read(tmp_path: Path) -> None:
    path = tmp_path / "saved.csv"
    path.write_text("code,zh,en,kind,parent,fiscal_parent\r\n640000,宁夏,Ningxia,autonomous_region,,\r\n", "utf-8-sig")
    assert Divisions.read(path).region.en == "Ningxia"
