"""The report: strict HTML that asks for nothing, says every figure, escapes what tables say, in both languages."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest
from hypothesis import given, strategies as st
from python_calamine import CalamineWorkbook
from tests.policy.provoking import provokes
from tests.whatif.comparing import HOSTILE

from jarlig.ladder.steps import Words
from jarlig.policy.messages import PolicyError
from jarlig.whatif.compared import CODES, Comparison, Tally
from jarlig.whatif.data import as_json, tables, write
from jarlig.whatif.page import charts, render
from jarlig.whatif.page.sayings import SAYINGS
from jarlig.words.catalogue import say as say_of_words

VOID = {"meta", "rect", "path", "circle", "line"}


class Strict(HTMLParser):
    """Refuses an element that is not closed, an attribute that stands twice, an id that stands twice."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.open: list[str] = []
        self.ids: list[str] = []
        self.links: list[str] = []
        self.attributes: list[tuple[str, str, str | None]] = []
        self.text: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        names = [name for name, _ in attrs]
        assert len(names) == len(set(names)), (tag, attrs)
        self.attributes += [(tag, name, value) for name, value in attrs]
        self.ids += [value or "" for name, value in attrs if name == "id"]
        self.links += [value or "" for name, value in attrs if name in ("href", "src", "action", "xlink:href")]
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.attributes += [(tag, name, value) for name, value in attrs]

    def handle_endtag(self, tag: str) -> None:
        assert self.open and self.open[-1] == tag, (tag, self.open[-3:], self.getpos())
        self.open.pop()

    def handle_data(self, data: str) -> None:
        if "style" not in self.open:
            self.text.append(data)


def parsed(page: str) -> Strict:
    reader = Strict()
    reader.feed(page)
    reader.close()
    assert not reader.open
    return reader


# strict, alone, safe


def test_the_page_is_strict_html(found: Comparison, lang: str) -> None:
    page = render(found, lang)
    reader = parsed(page)
    assert page.startswith("<!DOCTYPE html>\n") and f'<html lang="{ {"zh": "zh-Hans", "en": "en"}[lang] }">' in page
    assert len(reader.ids) == len(set(reader.ids))
    assert all(link.removeprefix("#") in reader.ids for link in reader.links)
    labelled = [value or "" for _, name, value in reader.attributes if name == "aria-labelledby"]
    assert labelled and set(labelled) <= set(reader.ids)


def test_the_page_asks_for_nothing_and_runs_nothing(found: Comparison, lang: str) -> None:
    page = render(found, lang)
    reader = parsed(page)
    assert all(link.startswith("#") for link in reader.links)
    assert "<script" not in page and "@import" not in page and "url(" not in page and "http" not in page
    assert not [name for _, name, _ in reader.attributes if name.startswith("on") or name == "style"]


def test_hostile_text_of_a_table_is_text_on_the_page(found: Comparison, lang: str) -> None:
    page = render(found, lang)
    assert "<script>" not in page and "&lt;script&gt;" in page
    shown = " ".join(parsed(page).text)
    assert shown.count(HOSTILE) >= 2  # as a case and as a label


def test_hostile_words_of_a_programme_and_of_a_reform_are_text(found: Comparison, lang: str) -> None:
    words = Words(HOSTILE, HOSTILE)
    one, other = found.sides
    change = (words, words, words, words, words)
    hostile = replace(
        found, title=words, samples=(words,), sides=(replace(one, name=words, asked=HOSTILE, notes=(words,)),
                                                     replace(other, changes=(change,))),
        pools=tuple(replace(line, pool=HOSTILE, offers=(HOSTILE,)) for line in found.pools),
        manifest={**found.manifest, "inputs": {f"rows {HOSTILE}": {"file": HOSTILE, "sha256": HOSTILE}}},
    )  # fmt: skip
    page = render(hostile, lang)
    parsed(page)
    assert "<script" not in page


def test_every_table_has_a_caption_and_heads_with_a_scope(found: Comparison, lang: str) -> None:
    page = render(found, lang)
    assert page.count("<table") == page.count("<caption") == page.count("</table>")
    heads = re.findall(r"<th [^>]*>", page)
    assert heads and all("scope=" in head for head in heads)


def test_every_cell_of_a_folding_table_says_what_it_is(found: Comparison, lang: str) -> None:
    for body in re.findall(r'<table class="fold.*?</table>', render(found, lang), re.DOTALL):
        cells = re.findall(r"<td ([^>]*)>", body)
        assert all("data-label=" in cell or "none" in cell or 'class="picture"' in cell for cell in cells)


# what it says


def texts(found: Comparison, lang: str) -> str:
    return " ".join(" ".join(parsed(render(found, lang)).text).split())


def test_the_page_says_both_costs_and_the_difference(found: Comparison, lang: str) -> None:
    shown = texts(found, lang)
    for fen in found.total.cost:
        assert f"{Decimal(fen) / 100:,.2f}" in shown
    sign = "+" if found.total.difference > 0 else "−"
    assert f"{sign}{Decimal(abs(found.total.difference)) / 100:,.2f}" in shown


def test_what_is_illustrative_is_marked_at_the_top(found: Comparison, lang: str) -> None:
    page = render(found, lang)
    assert found.samples and 'class="demo"' in page
    assert all(title[lang] in page for title in found.samples)
    assert 'class="demo"' not in render(replace(found, samples=()), lang)


def test_the_changes_of_the_reform_stand_with_their_citations(found: Comparison, lang: str) -> None:
    shown = texts(found, lang)
    for want in {"zh": ("补助比例", "20%", "18%", "〔第1.1条〕"), "en": ("Rate", "20%", "18%", "[clause 1.1]")}[lang]:
        assert want in shown


def test_a_pool_shows_its_exact_factor_and_its_percentage(found: Comparison, lang: str) -> None:
    shares = found.pools[0].shares[0]
    assert shares is not None
    short = replace(shares, size=700_000_000, requested=1_100_000_000, factor=Fraction(7, 11), approved=700_000_000)
    shown = texts(replace(found, pools=(replace(found.pools[0], shares=(short, None)),)), lang)
    assert "7/11 ≈ 63.6364%" in shown and "157.1%" in shown and "7,000,000.00" in shown
    assert SAYINGS["pool.absent"][lang] in shown


def test_offers_of_a_pool_that_are_not_compared_are_told(found: Comparison, lang: str) -> None:
    pools = (replace(found.pools[0], offers=("1a", "9x"), not_compared=("9x",)),)
    assert SAYINGS["pool.not_compared"][lang].format(offers="9x") in texts(replace(found, pools=pools), lang)


def test_claims_not_known_are_told_and_the_headline_says_so(found: Comparison, lang: str) -> None:
    assert any(found.total.open)
    shown = texts(found, lang).replace("\u00a0", " ")
    assert {"zh": "金额未定的申报不计入费用", "en": "Claims whose amount is not known are in no sum"}[lang] in shown


@pytest.mark.parametrize(
    ("cost", "zh"),
    [
        ((100, 150), "多 0.50 元（+50.0%）"),
        ((200, 150), "少 0.50 元（−25.0%）"),
        ((0, 150), "多 1.50 元。"),
        ((7, 7), "费用相同"),
    ],
)
def test_the_headline_says_more_less_or_the_same(found: Comparison, cost: tuple[int, int], zh: str) -> None:
    assert zh in render(replace(found, total=replace(found.total, cost=cost)), "zh")


def test_a_comparison_without_any_change_or_pool_says_so(found: Comparison, lang: str) -> None:
    none = replace(
        found, pools=(), gains=(), losses=(), groups={}, winners=Tally(), losers=Tally(),
        bands=tuple(replace(band, tally=Tally()) for band in found.bands),
        sides=(found.sides[0], replace(found.sides[1], changes=())),
    )  # fmt: skip
    shown = texts(none, lang)
    for key in ("pools.none", "movers.none", "rules.none"):
        assert SAYINGS[key][lang] in shown


def test_no_chinese_stands_in_the_english_words_and_every_place_is_filled() -> None:
    for key, words in SAYINGS.items():
        assert set(re.findall(r"\{(\w+)\}", words.zh)) == set(re.findall(r"\{(\w+)\}", words.en)), key
        assert not re.search(r"[\u3400-\u9fff]", words.en), key


def test_outcomes_are_called_as_everywhere() -> None:
    for name in CODES:
        words = SAYINGS[f"outcome.{name}"]
        assert (words.zh, words.en) == tuple(say_of_words(f"outcome.{name}", lang) for lang in ("zh", "en"))


# charts


@given(st.integers(0, 10**15), st.integers(0, 10**15))
def test_a_bar_is_as_long_as_its_part_and_never_longer_than_the_scale(value: int, most: int) -> None:
    made = charts.length(value, most)
    assert 0 <= made <= charts.WIDTH
    assert (made == 0) == (value == 0 or most == 0)
    if 0 < value <= most:
        assert made == max(4, (value * 2_000 + most) // (2 * most))


@given(st.integers(0, 10**12), st.integers(0, 10**12))
def test_bars_of_a_pool_stay_within_their_picture(requested: int, size: int) -> None:
    drawn = str(charts.budget(requested, size, max(requested, size), "b"))
    for x, width in re.findall(r'x="(\d+)" y="\d+" width="(\d+)"', drawn):
        assert int(x) + int(width) <= charts.WIDTH
    assert ('class="over"' in drawn) == (requested > size)


@given(st.integers(0, 10**6), st.integers(0, 10**6))
def test_losses_go_to_the_left_and_gains_to_the_right(left: int, right: int) -> None:
    drawn = str(charts.diverging(left, right, max(left, right)))
    found = re.findall(r'class="(\w+)" x="(\d+)" y="3" width="(\d+)"', drawn)
    bars = {kind: (int(x), int(width)) for kind, x, width in found}
    assert ("lose" in bars) == (left > 0) and ("gain" in bars) == (right > 0)
    assert all(x + width == 500 for kind, (x, width) in bars.items() if kind == "lose")
    assert all(x == 500 and width <= 500 for kind, (x, width) in bars.items() if kind == "gain")


# as data


def test_data_as_json_says_every_figure_exactly(found: Comparison, tmp_path: Path) -> None:
    write(found, tmp_path / "data.json")
    told = json.loads((tmp_path / "data.json").read_text("utf-8"))
    assert told == json.loads(json.dumps(as_json(found)))
    (total,) = told["tables"]["total"]
    assert Decimal(total["cost_a"]) + Decimal(total["difference"]) == Decimal(total["cost_b"])
    assert Decimal(total["cost_a"]) == Decimal(found.total.cost[0]) / 100
    assert [line["key"] for line in told["tables"]["offers"]] == [line.key for line in found.offers]
    assert HOSTILE in {line["key"] for line in told["tables"]["groups"]}


def test_data_as_a_workbook_has_a_sheet_for_each_table_and_no_formula(found: Comparison, tmp_path: Path) -> None:
    write(found, tmp_path / "data.xlsx")
    book = CalamineWorkbook.from_path(str(tmp_path / "data.xlsx"))
    made = tables(found)
    assert book.sheet_names == [one.name for one in made]
    for one in made:
        sheet = book.get_sheet_by_name(one.name).to_python()
        assert tuple(sheet[0]) == one.columns and len(sheet) == len(one.rows) + 1
    (cost,) = [line[3] for line in book.get_sheet_by_name("total").to_python()[1:]]
    assert cost == f"{Decimal(found.total.cost[0]) / 100:.2f}"


def test_data_as_parquet_is_one_table_with_exact_sums(found: Comparison, tmp_path: Path) -> None:
    write(found, tmp_path / "data.parquet")
    rows: list[dict[str, Any]] = pq.read_table(tmp_path / "data.parquet").to_pylist()
    assert [line["table"] for line in rows] == [one.name for one in tables(found) for _ in one.rows]
    (total,) = [line for line in rows if line["table"] == "total"]
    assert total["cost_b"] == Decimal(found.total.cost[1]) / 100
    assert sum(line["claims"] for line in rows if line["table"] == "outcomes") == found.total.claims


@provokes("E875")
def test_data_of_another_kind_is_refused_before_anything_is_written(found: Comparison, tmp_path: Path) -> None:
    with pytest.raises(PolicyError) as caught:
        write(found, tmp_path / "data.docx")
    assert [one.code for one in caught.value.problems] == ["E875"] and not list(tmp_path.iterdir())


def test_data_that_cannot_be_written_leaves_nothing_behind(found: Comparison, tmp_path: Path) -> None:
    (tmp_path / "data.json").mkdir()
    with pytest.raises(OSError):
        write(found, tmp_path / "data.json")
    assert [path.name for path in tmp_path.iterdir()] == ["data.json"]
