"""Tables written: whole or not at all, and harmless where a spreadsheet opens them."""

import csv
import re
import zipfile
from decimal import Decimal
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings, strategies as st
from python_calamine import CalamineWorkbook

from jarlig.policy.messages import PolicyError
from jarlig.tabular import TableWriter, converted, read_table, write_table, writing

ENDINGS = ("parquet", "csv", "xlsx", "arrow")
TABLE = pa.table({"case": ["1", "2"], "net": ["3", None]})


@pytest.mark.parametrize("ending", ENDINGS)
def test_an_error_while_writing_leaves_the_old_file_and_no_draft(tmp_path, ending):
    path = tmp_path / f"a.{ending}"
    path.write_bytes(b"the old one")
    with pytest.raises(ZeroDivisionError), TableWriter(path, TABLE.schema) as writer:
        writer.write(TABLE)
        _ = 1 // 0
    assert path.read_bytes() == b"the old one"
    assert [entry.name for entry in tmp_path.iterdir()] == [path.name]


@pytest.mark.parametrize("ending", ENDINGS)
def test_a_whole_table_takes_the_place_of_the_old_one(tmp_path, ending):
    path = tmp_path / f"a.{ending}"
    path.write_bytes(b"the old one")
    write_table(TABLE, path)
    assert read_table(path).to_pylist() == TABLE.to_pylist()
    assert path.stat().st_mode & 0o077 == 0o044


def test_a_folder_that_is_not_there_is_an_error_of_the_system(tmp_path):
    with pytest.raises(FileNotFoundError):
        write_table(TABLE, tmp_path / "nowhere" / "a.csv")


def test_a_csv_says_that_it_is_utf_8_so_that_a_spreadsheet_shows_its_chinese(tmp_path):
    path = tmp_path / "退回.csv"
    write_table(pa.table({"case": ["甲"], "reason": ["没有这一天"]}), path)
    assert path.read_bytes().startswith(b"\xef\xbb\xbf")
    assert read_table(path).to_pylist() == [{"case": "甲", "reason": "没有这一天"}]


@pytest.mark.parametrize("ending", ENDINGS)
def test_a_place_that_cannot_be_written_is_told_by_its_own_name(tmp_path, ending):
    for path in (tmp_path / "none" / f"a.{ending}", tmp_path / f"folder.{ending}"):
        if path.parent == tmp_path:
            path.mkdir()
        with pytest.raises(OSError) as caught:
            write_table(TABLE, path)
        assert caught.value.filename == str(path)
        assert caught.value.strerror
    assert [entry.name for entry in tmp_path.iterdir()] == [f"folder.{ending}"]


def test_an_unknown_ending_is_refused_before_anything_is_made(tmp_path):
    with pytest.raises(PolicyError) as caught:
        write_table(TABLE, tmp_path / "a.ods")
    assert caught.value.problems[0].code == "E820"
    assert list(tmp_path.iterdir()) == []


def test_a_sheet_that_would_be_too_long_is_refused_and_nothing_is_left(tmp_path, monkeypatch):
    monkeypatch.setattr(writing, "MOST_SHEET_ROWS", 2)
    with pytest.raises(PolicyError) as caught:
        write_table(TABLE, tmp_path / "a.xlsx")
    assert caught.value.problems[0].code == "E824"
    assert list(tmp_path.iterdir()) == []


@settings(max_examples=200)
@given(st.lists(st.text(st.sampled_from("'=+-@＝1.x\t\n "), min_size=1, max_size=5), min_size=1, max_size=9))
def test_no_text_of_a_csv_is_a_formula_and_each_comes_back_as_it_was(tmp_path_factory, texts):
    path = tmp_path_factory.mktemp("t") / "a.csv"
    write_table(pa.table({"case": texts}), path)
    with path.open(encoding="utf-8", newline="") as stream:
        cells = [row[0] for row in csv.reader(stream)][1:]
    assert not [cell for cell in cells if cell[0] in "=+-@＝\t\n" and not re.fullmatch(r"-[0-9]+(\.[0-9]+)?", cell)]
    assert read_table(path)["case"].to_pylist() == texts


def test_a_text_that_looks_like_a_formula_stays_a_text_in_a_spreadsheet(tmp_path):
    write_table(pa.table({"case": ["=1+1", "http://x", "@a"]}), tmp_path / "a.xlsx")
    rows = CalamineWorkbook.from_path(str(tmp_path / "a.xlsx")).get_sheet_by_index(0).to_python()
    assert rows == [["case"], ["=1+1"], ["http://x"], ["@a"]]


def test_amounts_are_numbers_in_a_spreadsheet_so_that_a_person_can_add_them_up(tmp_path):
    sums = [Decimal("0.10"), Decimal("9999999999999.99"), Decimal("99999999999999999.99")]
    write_table(pa.table({"amount": pa.array(sums, pa.decimal128(20, 2))}), tmp_path / "a.xlsx")
    rows = CalamineWorkbook.from_path(str(tmp_path / "a.xlsx")).get_sheet_by_index(0).to_python()
    assert rows[1:] == [[0.1], [9999999999999.99], ["99999999999999999.99"]]  # the last has too many digits for one
    assert [Decimal(text) for text in read_table(tmp_path / "a.xlsx")["amount"].to_pylist()] == sums


def test_a_spreadsheet_shows_every_decimal_of_a_number(tmp_path):
    """A rate of 0.3125 shown as 0.31 would be another rate to whoever reads the sheet."""
    table = pa.table({
        "rate": pa.array([Decimal("0.3125")], pa.decimal128(9, 4)),
        "amount": pa.array([Decimal("5.10")], pa.decimal128(9, 2)),
        "count": pa.array([Decimal(7)], pa.decimal128(9, 0)),
    })  # fmt: skip
    write_table(table, tmp_path / "a.xlsx")
    with zipfile.ZipFile(tmp_path / "a.xlsx") as book:
        formats = re.findall('formatCode="([^"]*)"', book.read("xl/styles.xml").decode())
    assert sorted(formats) == ["#,##0", "#,##0.00", "#,##0.0000"]
    rows = CalamineWorkbook.from_path(str(tmp_path / "a.xlsx")).get_sheet_by_index(0).to_python()
    assert rows[1:] == [[0.3125, 5.1, 7]]


@pytest.mark.parametrize("ending", ("csv", "xlsx"))
def test_small_decimals_are_written_without_an_exponent(tmp_path, ending):
    small = [Decimal("0.0000001"), Decimal(0), Decimal("12.5"), None]
    write_table(pa.table({"case": pa.array(small, pa.decimal128(18, 7))}), tmp_path / f"a.{ending}")
    texts = read_table(tmp_path / f"a.{ending}")["case"].to_pylist()
    assert [Decimal(text) for text in texts[:3]] == small[:3]
    assert not any("E" in text for text in texts[:3])


@pytest.mark.parametrize("ending", ENDINGS)
def test_parts_become_one_table_in_their_order(tmp_path, ending):
    parts: list[Path] = []
    for at in range(3):
        parts.append(tmp_path / f"part-{at}.parquet")
        level = pa.array(["a"] * 2).dictionary_encode()
        pq.write_table(pa.table({"case": [f"{at}-1", f"{at}-2"], "level": level}), parts[-1])
    assert converted(parts, tmp_path / f"a.{ending}") == 6
    found = read_table(tmp_path / f"a.{ending}").to_pylist()
    assert found == [{"case": f"{at}-{n}", "level": "a"} for at in range(3) for n in (1, 2)]
