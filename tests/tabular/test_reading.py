"""Tables read: nothing guessed, nothing lost, and every fault told with its place."""

import zipfile
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import xlsxwriter
from hypothesis import given, settings, strategies as st

from jarlig.policy.messages import PolicyError
from jarlig.tabular import columns_of, read_table, staged, write_table
from jarlig.tabular.formats import LINE, needed
from jarlig.tabular.rowlines import RowLines
from jarlig.tabular.sheets import NOT_COMPUTED


def refusal(path: Path) -> tuple[str, int]:
    with pytest.raises(PolicyError) as caught:
        read_table(path)
    (problem,) = caught.value.problems
    return problem.code, problem.place.line


def written(path: Path, content: str | bytes) -> Path:
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def test_cells_of_a_csv_are_texts_and_empty_ones_are_unknown(tmp_path):
    table = read_table(written(tmp_path / "a.csv", 'case,net,note\n001,1e5,\n002,,"a, b"\n'))
    assert table.to_pylist() == [
        {"case": "001", "net": "1e5", "note": None},
        {"case": "002", "net": None, "note": "a, b"},
    ]


def test_a_csv_with_a_byte_order_mark_reads_like_one_without(tmp_path):
    assert columns_of(written(tmp_path / "a.csv", b"\xef\xbb\xbfcase,net\n1,2\n")).keys() == {"case", "net"}


def test_a_csv_of_nothing_but_its_header_is_an_empty_table(tmp_path):
    table = read_table(written(tmp_path / "a.csv", "case,net\n"))
    assert (table.num_rows, table.column_names) == (0, ["case", "net"])


def test_rows_of_another_width_are_put_aside_and_the_others_keep_their_lines(tmp_path):
    path = written(tmp_path / "a.csv", 'case,net\n1,2\n3\n4,"5\n5"\n6,7,8\n9,10\n')
    found = staged(path, tmp_path, "in")
    assert [line for line, _ in found.bad] == [3, 6]
    assert found.bad[0][1].en == "1 cells, the header has 2"
    table = pq.read_table(found.parquet)
    assert table["case"].to_pylist() == ["1", "4", "9"]
    assert table[LINE].to_pylist() == [2, 4, 7]
    assert refusal(path) == ("E830", 3)


def test_a_row_is_told_by_the_line_on_which_it_begins_whatever_stands_before_it(tmp_path):
    text = 'case,note\n\n1,"a\nb\r\nc"\r\n\r\n2,5" pipe\n3\n\n"4","say ""no"""\n\n5,6,7\n8,9'
    found = staged(written(tmp_path / "a.csv", text), tmp_path, "in")
    table = pq.read_table(found.parquet)
    assert dict(zip(table["case"].to_pylist(), table[LINE].to_pylist(), strict=True)) == {
        "1": 3, "2": 7, "4": 10, "8": 13,
    }  # fmt: skip
    assert [line for line, _ in found.bad] == [8, 12]


CELLS = ("", "1", "x y", '"', '""', "a\nb", "a\r\nb", ",", 'a"b', '"a"b"c"', "\r", "\n")


@settings(max_examples=300)
@given(data=st.data())
def test_lines_of_any_rows_are_counted_as_an_editor_counts_them(tmp_path_factory, data):
    text, begun, line = "", [], 1
    for _ in range(data.draw(st.integers(1, 9))):
        empty = data.draw(st.integers(0, 2))
        text, line = text + "\n" * empty, line + empty
        first, second = (_quoted(data, data.draw(st.sampled_from(CELLS))) for _ in range(2))
        begun.append(line)
        row = f"{first},{second}"
        text += row + data.draw(st.sampled_from(["\n", "\r\n"]))
        line += len((row + ".").splitlines())
    path = written(tmp_path_factory.mktemp("t") / "a.csv", "a,b\n" + text)
    found = staged(path, path.parent, "in")
    assert pq.read_table(found.parquet)[LINE].to_pylist() == [at + 1 for at in begun]
    for piece in (1, 7):
        assert RowLines(path, piece).next(100).tolist() == [1, *(at + 1 for at in begun)]


def _quoted(data: st.DataObject, cell: str) -> str:
    """A cell as CSV writes it: in quotes where it must or may be; a quote inside a plain cell is itself."""
    if set(cell) & set("\r\n,") or cell[:1] == '"' or data.draw(st.booleans()):
        return '"' + cell.replace('"', '""') + '"'
    return cell


def test_lines_go_on_counting_over_many_blocks(tmp_path):
    rows = "".join(f"{at},{'x' * 200}\n" for at in range(100_000))
    found = staged(written(tmp_path / "a.csv", "case,note\n" + rows), tmp_path, "in")
    table = pq.read_table(found.parquet)
    assert pq.ParquetFile(found.parquet).num_row_groups > 1
    assert table[LINE].to_pylist() == list(range(2, 100_002))
    assert table["case"].to_pylist() == [str(at) for at in range(100_000)]


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("a.txt", "case\n1\n", "E820"),
        ("a.csv", "case,net\n1,2\n".encode("utf-16"), "E829"),
        ("a.csv", "案例,金额\n1,2\n".encode("gbk"), "E829"),
        ("a.csv", "", "E823"),
        ("a.csv", "case;net\n1;2\n", "E823"),
        ("a.csv", "case\tnet\n1\t2\n", "E823"),
        ("a.csv", "case,,net\n1,2,3\n", "E823"),
        ("a.csv", "case,net,net\n1,2,3\n", "E823"),
        ("a.csv", f"case,{LINE}\n1,2\n", "E823"),
        ("a.csv", "case,group.size,group.Size\n1,2,3\n", "E823"),
        ("a.csv", ",".join(f"c{at}" for at in range(2_001)) + "\n", "E823"),
        ("a.xlsx", "no workbook at all", "E822"),
        ("a.parquet", "PAR1 no parquet", "E822"),
        ("a.arrow", "no arrow", "E822"),
    ],
)
def test_what_is_no_table_is_refused_with_a_sentence(tmp_path, name, content, code):
    assert refusal(written(tmp_path / name, content))[0] == code


def test_gbk_inside_the_rows_is_refused_too(tmp_path):
    path = written(tmp_path / "a.csv", b"case,name\n1," + "内蒙古".encode("gbk") + b"\n")
    assert refusal(path)[0] in ("E822", "E829")


@pytest.mark.parametrize(
    "what",
    [
        pa.float64(), pa.float32(), pa.timestamp("us"), pa.list_(pa.int64()), pa.binary(), pa.uint64(),
        pa.decimal256(50, 2),
    ],
)
def test_columns_that_are_not_exact_are_refused_by_name(tmp_path, what):
    pq.write_table(pa.table({"case": ["1"], "net": pa.array([None], what)}), tmp_path / "a.parquet")
    with pytest.raises(PolicyError) as caught:
        read_table(tmp_path / "a.parquet")
    (problem,) = caught.value.problems
    assert (problem.code, problem.text) == ("E821", "net")
    assert "net" in problem.zh


def test_exact_types_are_kept_as_they_are(tmp_path):
    table = pa.table(
        {
            "case": pa.array([1, 2], pa.int64()), "net": pa.array([Decimal("1.10"), None], pa.decimal128(18, 2)),
            "on": pa.array([date(2023, 1, 2), None]), "new": [True, None],
            "level": pa.array(["a", None]).dictionary_encode(),
        }
    )  # fmt: skip
    for name in ("a.parquet", "a.arrow"):
        write_table(table, tmp_path / name)
        assert read_table(tmp_path / name).to_pylist() == table.to_pylist()
        assert columns_of(tmp_path / name)["level"] == pa.string()


def test_cells_of_a_spreadsheet_read_as_they_were_typed(tmp_path):
    book = xlsxwriter.Workbook(str(tmp_path / "a.xlsx"))
    sheet = book.add_worksheet()
    sheet.write_row(0, 0, ["case", "net", "on", "new", "code"])
    day = book.add_format({"num_format": "yyyy-mm-dd"})
    for at, net in enumerate((12000000, 0.3, 1234567.89, -5), start=1):
        sheet.write(at, 0, at)
        sheet.write(at, 1, net)
        sheet.write_datetime(at, 2, datetime(2023, 6, at), day)  # noqa: DTZ001  a spreadsheet has no time zone
        sheet.write_boolean(at, 3, at % 2 == 0)
        sheet.write_string(at, 4, "00123")
    sheet.write(6, 0, "after a blank line")
    book.close()
    found = staged(tmp_path / "a.xlsx", tmp_path, "in")
    table = pq.read_table(found.parquet)
    assert table["net"].to_pylist() == ["12000000", "0.3", "1234567.89", "-5", None]
    assert table["on"].to_pylist()[:2] == ["2023-06-01", "2023-06-02"]
    assert table["new"].to_pylist() == ["false", "true", "false", "true", None]
    assert table["code"].to_pylist()[0] == "00123"
    assert table[LINE].to_pylist() == [2, 3, 4, 5, 7]


def test_a_number_that_lost_digits_in_a_spreadsheet_shows_it(tmp_path):
    book = xlsxwriter.Workbook(str(tmp_path / "a.xlsx"))
    sheet = book.add_worksheet()
    sheet.write_row(0, 0, ["case", "invoice_no"])
    sheet.write_row(1, 0, ["1", 23151000000000000077])
    book.close()
    assert read_table(tmp_path / "a.xlsx")["invoice_no"].to_pylist() == ["2.3151e+19"]


def test_a_cell_beyond_the_header_of_a_spreadsheet_puts_its_row_aside(tmp_path):
    book = xlsxwriter.Workbook(str(tmp_path / "a.xlsx"))
    sheet = book.add_worksheet()
    sheet.write_row(0, 0, ["case", "net"])
    sheet.write_row(1, 0, ["1", "2", "3"])
    sheet.write_row(2, 0, ["4", "5"])
    book.close()
    found = staged(tmp_path / "a.xlsx", tmp_path, "in")
    assert [line for line, _ in found.bad] == [2]
    assert pq.read_table(found.parquet)["case"].to_pylist() == ["4"]


def test_a_parquet_file_is_staged_as_itself(tmp_path):
    write_table(pa.table({"case": ["1"]}), tmp_path / "a.parquet")
    found = staged(tmp_path / "a.parquet", tmp_path, "in")
    assert (found.parquet, found.lines) == (tmp_path / "a.parquet", "")


EMPTY = pa.table({"case": ["1", "2"], "level": ["", "a"], "note": pa.array(["", None], pa.string()), "net": [1, 2]})


@pytest.mark.parametrize("ending", ["csv", "xlsx", "arrow", "parquet"])
def test_an_empty_text_is_unknown_in_every_kind_of_table(tmp_path, ending):
    table = EMPTY.set_column(1, "level", EMPTY["level"].dictionary_encode())
    for at, made in enumerate((EMPTY, table)):
        path = tmp_path / f"{at}.{ending}"
        write_table(made, path)
        again = read_table(path)
        assert (again["level"].to_pylist(), again["note"].to_pylist()) == ([None, "a"], [None, None])
        found = staged(path, tmp_path, f"in{at}")
        assert found.blank == (frozenset({"level", "note"}) if ending == "parquet" else frozenset())
        if ending != "parquet":
            assert pq.read_table(found.parquet)["level"].to_pylist() == [None, "a"]


def test_a_parquet_file_that_does_not_know_its_least_texts_may_have_empty_ones(tmp_path):
    pq.write_table(EMPTY, tmp_path / "a.parquet", write_statistics=False)
    assert staged(tmp_path / "a.parquet", tmp_path, "in").blank == {"case", "level", "note"}


def test_a_missing_library_names_the_extra_that_brings_it():
    with pytest.raises(PolicyError) as caught:
        needed("no_such_library", "many")
    (problem,) = caught.value.problems
    assert problem.code == "E831"
    assert "jarlig[many]" in problem.hint_en


@settings(max_examples=60)
@given(
    st.lists(
        st.tuples(st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=12), st.integers(-(10**15), 10**15)),
        max_size=8,
    )
)
def test_any_text_and_any_sum_come_back_from_every_kind_of_table(tmp_path_factory, rows):
    folder = tmp_path_factory.mktemp("tables")
    texts = [text or None for text, _ in rows]
    table = pa.table(
        {
            "case": pa.array([str(at) for at in range(len(rows))], pa.string()),
            "text": pa.array(texts, pa.string()),
            "net": pa.array([Decimal(fen).scaleb(-2) for _, fen in rows], pa.decimal128(20, 2)),
        }
    )
    for ending in ("parquet", "arrow", "csv", "xlsx"):
        path = folder / f"a.{ending}"
        write_table(table, path)
        again = read_table(path)
        assert [row or None for row in again["text"].to_pylist()] == texts
        assert [Decimal(net) for net in again["net"].to_pylist()] == table["net"].to_pylist()


def test_a_cell_with_an_error_keeps_its_word_and_is_not_taken_for_an_empty_one(tmp_path):
    _sheet(
        tmp_path / "b.xlsx",
        '<row r="1"><c r="B1" t="inlineStr"><is><t>case</t></is></c>'
        '<c r="C1" t="inlineStr"><is><t>net</t></is></c></row>'
        '<row r="3"><c r="B3" t="e"><f>NA()</f><v>#N/A</v></c><c r="C3"><v>1</v></c></row>'
        '<row r="4"><c r="B4" t="str"><f>""</f><v></v></c><c r="C4"><f>1+1</f><v/></c></row>'
        '<row r="5"><c r="B5"><v>7</v></c><c t=\'e\' r="C5"><v>#DIV/0!</v></c></row>'
        '<row r="6"><c r="B6"><f>1+1</f><v>2</v></c></row>'
        '<row r="9"><c r="C9"><f>SUM(1)</f></c></row>',
    )
    found = staged(tmp_path / "b.xlsx", tmp_path, "in")
    rows = [(row[LINE], row["case"], row["net"]) for row in pq.read_table(found.parquet).to_pylist()]
    assert rows == [
        (3, "#N/A", "1"), (4, None, NOT_COMPUTED), (5, "7", "#DIV/0!"), (6, "2", None), (9, None, NOT_COMPUTED),
    ]  # fmt: skip


def _sheet(path: Path, rows: str) -> None:
    """A workbook of one sheet with these rows, as a program may write it."""
    names = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
    links = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    package = "http://schemas.openxmlformats.org/package/2006/relationships"
    with zipfile.ZipFile(path, "w") as book:
        book.writestr(
            "_rels/.rels",
            f'<Relationships xmlns="{package}"><Relationship Id="a" Type="{links}/officeDocument" '
            'Target="xl/workbook.xml"/></Relationships>',
        )
        book.writestr(
            "xl/workbook.xml",
            f'<workbook {names} xmlns:r="{links}"><sheets><sheet name="a" sheetId="1" r:id="r7"/></sheets></workbook>',
        )
        book.writestr(
            "xl/_rels/workbook.xml.rels",
            f'<Relationships xmlns="{package}"><Relationship Id="r7" Type="{links}/worksheet" '
            'Target="/xl/worksheets/mine.xml"/></Relationships>',
        )
        book.writestr("xl/worksheets/mine.xml", f"<worksheet {names}><sheetData>{rows}</sheetData></worksheet>")
