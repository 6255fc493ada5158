"""What a guide or a place sets, found by comparing ladders."""

from __future__ import annotations

from tests.words import lamps
from tests.words.test_handbook import page, programme

from jarlig.words.handbook_page.book import Book
from jarlig.words.handbook_page.changes import changes
from jarlig.words.handbook_page.rules import Rule


def lamp_changes(lang: str = "zh") -> list[tuple[str, str, str]]:
    rules = programme(lamps.FOLDER)
    book = Book(rules, lang)
    before, after = Rule(book, book.notice, "renew"), Rule(book, book.years[2023], "renew")
    return [(change.what, change.after, change.before) for change in changes(before, after)]


def test_a_guide_tells_the_terms_it_fills_and_the_figures_it_lowers() -> None:
    assert lamp_changes() == [
        ("费用起日", "2022年6月6日", ""),
        ("费用止日", "2023年9月30日", ""),
        ("可计入的类别", "灯具、线缆", ""),
        ("上限，街道级", "250,000.00元", "300,000.00元"),
    ]


def test_a_plan_changes_nothing_against_itself() -> None:
    book = Book(programme(lamps.FOLDER), "en")
    for name in book.programme.offers:
        assert changes(Rule(book, book.notice, name), Rule(book, book.notice, name)) == []


def test_a_lowered_figure_stands_beside_the_one_of_the_notice() -> None:
    assert "上限，街道级：250,000.00元（通知为300,000.00元）" in page(lamps.FOLDER, "zh").text
    assert "Cap, street: CNY 250,000.00 (the notice: CNY 300,000.00)" in page(lamps.FOLDER, "en").text
