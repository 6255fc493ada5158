"""Our own components: each says in words what its picture shows, and escapes what it is given."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import html5lib
import pytest
from django.template import engines
from django.utils import translation

from jarlig.service.web import gallery, gallery_sums
from jarlig.service.web.context import Link

HOSTILE = "\"'><img src=x onerror=alert(1)>&"
TEMPLATES = Path(__file__).parents[3] / "src" / "jarlig" / "service" / "web" / "templates"


def call(file: str, macro: str, *args: Any, **named: Any) -> str:
    env = engines["jinja2"].env
    drawn = str(getattr(env.get_template(f"components/{file}.html").module, macro)(*args, **named))
    html5lib.HTMLParser(strict=True).parse(
        f"<!DOCTYPE html><html><head><title>x</title></head><body>{drawn}</body></html>"
    )
    return drawn


def poisoned(value: Any) -> Any:
    """The same data with hostile words in every place for words."""
    if isinstance(value, dict):
        kept = ("kind", "state", "status", "lang", "key")
        return {name: one if name in kept else poisoned(one) for name, one in value.items()}
    if isinstance(value, (list, tuple)):
        return [poisoned(one) for one in value]
    if isinstance(value, Link):
        return Link(HOSTILE, HOSTILE, value.current, value.count, value.late)
    return HOSTILE if type(value) is str and value else value


CASES = [
    *[("ladder", "ladder", (it,)) for it in gallery_sums.ladders()],
    ("answers", "answers", (gallery_sums.answers(),)),
    ("bars", "budget", ("指标", gallery_sums.budget_lines(), "元")),
    ("bars", "targets", ("目标", gallery_sums.targets())),
    ("clock", "days", (gallery.days(),)),
    ("clock", "clock", ("剩 3 个工作日", 7, 10, "late")),
    ("timeline", "timeline", (gallery.steps(),)),
    ("timeline", "path", (gallery.path(),)),
    ("seal", "seal", ("公示",)),
    ("seal", "sealed", ("公示期满", "期满")),
    ("cite", "cite", ("第二条", "/clause/")),
    ("lists", "task_list", (gallery.tasks(),)),
    ("lists", "uploads", (gallery.uploads(),)),
    ("lists", "tabs", ([Link("甲", "/a/", current=True, count=3)], "名称")),
    ("lists", "key_values", ([("甲", "乙")],)),
    ("lists", "head_figures", ([("甲", "1.00", "乙")],)),
    ("case", "pair", ("甲", "乙", gallery.document(), "丙", gallery.facts(), "row")),
    *[("case", "finding", (it,)) for it in gallery.findings()],
    ("case", "rail_decision", ("甲", "乙", [{"text": "同意", "name": "act", "value": "yes", "disabled": True}], [])),
    ("chrome", "demo_band", ("演示",)),
]


@pytest.mark.parametrize(("file", "macro", "args"), CASES)
def test_markup_is_sound_and_hostile_words_stay_words(file: str, macro: str, args: tuple[Any, ...]) -> None:
    call(file, macro, *args)
    assert "<img" not in call(file, macro, *poisoned(args))


def test_every_component_says_at_its_top_what_it_takes() -> None:
    for file in (TEMPLATES / "components").glob("*.html"):
        assert file.read_text("utf-8").startswith("{#-"), file.name


def test_a_ladder_is_a_table_with_heads_and_a_caption() -> None:
    drawn = call("ladder", "ladder", gallery_sums.ladders()[1])
    assert drawn.count('scope="row"') == 5 and "<caption>" in drawn and 'role="table"' in drawn
    assert "3,847,302.494" in drawn and "3,000,000.00" in drawn and "不变" in drawn
    assert re.findall(r'aria-hidden="true">(.)<', drawn) == list("基率顶整奖")


def test_the_badges_of_a_ladder_speak_the_language_of_the_page() -> None:
    with translation.override("en"):
        drawn = call("ladder", "ladder", gallery_sums.ladders()[1])
    assert re.findall(r'aria-hidden="true">(.)<', drawn) == list("Σ×≤≈=")


def test_what_is_not_known_is_said_and_never_zero() -> None:
    drawn = call("ladder", "ladder", gallery_sums.ladders()[4])
    assert "待指南" in drawn and "还不能确定" in drawn and "0.00<" not in drawn.replace("12,400,000.00<", "")


def test_an_open_answer_shows_no_number() -> None:
    answers = call("answers", "answers", gallery_sums.answers())
    for one in answers.split("<li")[1:]:
        assert ("amount" in one or "range" in one or "big" in one) == ('class="jl-range"' in one)
    assert answers.count("怎样才能确定") == 2


def test_a_range_says_its_ends_and_its_cap_in_words() -> None:
    drawn = call("range", "range", 210_000_000, 300_000_000, 300_000_000)
    assert "最少" in drawn and "最多" in drawn and "上限" in drawn and "2,100,000.00" in drawn


def test_the_right_column_of_a_seal_comes_first() -> None:
    drawn = call("seal", "seal", "公示期满")
    assert re.findall(r'<text x="(\d+)"[^>]*>(.)<', drawn) == [("39", "公"), ("39", "示"), ("17", "期"), ("17", "满")]
    assert 'aria-label="公示期满"' in drawn


def test_working_days_are_a_list_whose_text_is_its_table() -> None:
    drawn = call("clock", "days", gallery.days())
    words = re.sub(r"<[^>]+>", " ", drawn).split()
    assert words.count("休") == 8 and words.count("班") == 2 and "截止" in words


def test_the_step_that_is_open_carries_its_clock() -> None:
    drawn = call("timeline", "timeline", gallery.steps())
    assert drawn.index("预计") < drawn.index("暂停") < drawn.index("回执")
    assert 'aria-current="step"' in call("timeline", "path", gallery.path())


def test_a_decision_that_is_not_open_says_why_and_cannot_be_pressed() -> None:
    acts = [{"text": "同意", "name": "act", "value": "yes", "disabled": True}]
    drawn = call("case", "rail_decision", "您的决定", "还有 1 处没有判断", acts, [])
    assert "还有 1 处没有判断" in drawn and " disabled>" in drawn


def test_citations_keep_the_language_of_what_they_cite() -> None:
    assert 'lang="zh-Hans"' in call("cite", "cite", "第二条", "/", "zh-Hans")
