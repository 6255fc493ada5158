"""Tables that meet: widths, breaks, totals, colour."""

from __future__ import annotations

from hypothesis import given, strategies as st

from jarlig.cli.tables import drawn
from jarlig.words.layout import width

TEXT = st.text(alphabet="甲乙丙丁（）“”，。abc de12", min_size=1, max_size=40).map(str.strip).filter(bool)


def table(rows: list[list[str]], columns: int = 80, totals: int = 0, colour: bool = False) -> list[str]:
    head = ["编号", "标题", "金额"]
    return drawn(head, rows, right=[2], totals=totals, whole=[0], columns=columns, colour=colour).split("\n")


def test_figures_end_in_one_column_beside_chinese_and_english() -> None:
    lines = table([["1", "新建平台", "1.00"], ["2", "new platform", "1,000.00"], ["3", "", ""]])
    assert width(lines[2]) == width(lines[3]) == width(lines[1])


@given(st.lists(st.tuples(TEXT, TEXT), min_size=1, max_size=5))
def test_no_line_is_wider_than_the_terminal_and_no_character_is_lost(pairs: list[tuple[str, str]]) -> None:
    lines = table([["1", title, "5.00"] for title, _ in pairs], columns=50)
    assert all(width(line) <= 50 for line in lines)
    kept = "".join("".join(lines[2:]).split())
    assert "".join(f"1{title}5.00" for title, _ in pairs).replace(" ", "").replace("5.00", "") in kept.replace(
        "5.00", ""
    )


def test_no_closing_mark_begins_a_line_and_no_opening_mark_ends_one() -> None:
    text = "一二三四五六七八九（虚构），一二三四五六七八九“甲乙丙”。"
    for columns in range(24, 60):
        lines = [line.strip() for line in table([["1", text, "5.00"]], columns)[2:]]
        pieces = [line.removeprefix("1").removesuffix("5.00").strip() for line in lines]
        assert not [piece for piece in pieces if piece[:1] in "）”，。" and piece]
        assert not [piece for piece in pieces if piece[-1:] in "（“" and piece]


def test_a_line_break_in_a_text_is_kept() -> None:
    lines = table([["1", "a\nb", "5.00"]])
    assert [line.split() for line in lines[2:]] == [["1", "a", "5.00"], ["b"]]


def test_totals_are_set_apart_by_a_line() -> None:
    lines = table([["1", "a", "1.00"], ["2", "b", "2.00"], ["", "total", "3.00"]], totals=1)
    assert lines[-2].strip() in ("", "─" * len(lines[-2].strip()))
    assert lines[-1].split() == ["total", "3.00"]


def test_markup_in_a_text_is_only_text() -> None:
    assert "[bold]x[/bold] :smile:" in "\n".join(table([["1", "[bold]x[/bold] :smile:", "5.00"]]))


def test_colour_is_written_only_when_wanted() -> None:
    assert "\x1b[" in "\n".join(table([["1", "a", "1.00"]], colour=True))
    assert "\x1b[" not in "\n".join(table([["1", "a", "1.00"]]))


@given(st.integers(0, 10**15), st.integers(10, 60))
def test_a_figure_is_never_cut_however_narrow_the_terminal(fen: int, columns: int) -> None:
    figure = f"{fen:,}.00"
    page = "\n".join(table([["24个汉字的编号", "标题", figure]], columns))
    assert figure in page
    assert "24个汉字的编号" in page
