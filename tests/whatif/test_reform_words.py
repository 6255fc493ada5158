"""Changes in words: names instead of keys, figures as people write them, nothing left in the spelling of a file."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.tiny import tiny
from tests.whatif.comparing import ALWAYS

from jarlig.library import load
from jarlig.policy import model
from jarlig.policy.messages import Place
from jarlig.policy.text import Scalar
from jarlig.whatif.reform import Change, read_reform, reformed
from jarlig.whatif.reform_words import KEYS, NOTHING, REMOVED, VALUES, Told, tell, told


@pytest.fixture
def programme(tmp_path: Path) -> model.Programme:
    return tiny(tmp_path)


def one(programme: model.Programme, body: str) -> Told:
    """The only change of a reform."""
    (found,) = told(reformed(programme, read_reform((ALWAYS + body).encode(), "r.yaml")), programme)
    return found


@pytest.mark.parametrize(
    ("body", "zh", "en"),
    [
        ("offers: {1a: {rate: 22.5%}}", ("补助比例", "20%", "22.5%"), ("rate", "20%", "22.5%")),
        (
            "offers: {1a: {cap: {industry: 3_500_000.50}}}",
            ("上限 › 行业级", "3,000,000", "3,500,000.50"), ("cap › industry", "3,000,000", "3,500,000.50"),
        ),
        ("offers: {1a: {limit: null}}", None, None),
        ("offers: {'2': {cap: null}}", ("上限", "300,000", "删去"), ("cap", "300,000", "removed")),
        (
            "guides: {'2023': {fill: {1a: {eligible: [hardware, other]}}}}",
            ("填定 › 1a 新建平台补助 › 费用范围", "硬件", "硬件、其他"),
            ("fills in › 1a new platform › eligible", "hardware", "hardware, other"),
        ),
        (
            "guides: {'2023': {pools: {platform: {share: first_come}}}}",
            ("资金池 › platform › 分配方式", "按比例核减", "先到先得"),
            ("pools › platform › how it is shared", "pro rata", "first come, first served"),
        ),
        (
            "guides: {'2023': {gates: null}}",
            ("申报条件", "条件 在区内注册；引用 3；认定时点 决定时", "删去"), ("gates", None, "removed"),
        ),
        (
            "guides: {'2023': {windows: {'2': {from: 2023-05-01, to: 2023-06-30}}}}",
            ("单项申报期", "未规定", "2 应用推广奖励 起 2023-05-01；止 2023-06-30"), ("windows", "not set", None),
        ),
        (
            "offers: {1a: {title: {zh: 甲, en: new}}}", None, None,
        ),
        ("offers: {'2': {amount: 200_000}}", ("金额", None, "200,000"), ("amount", None, "200,000")),
        ("local: {'1502': {sample: false}}", None, ("sample", "yes", "no")),
    ],
)  # fmt: skip
def test_a_change_is_told_in_words(
    programme: model.Programme, body: str, zh: tuple[str | None, ...] | None, en: tuple[str | None, ...] | None
) -> None:
    changes = told(reformed(programme, read_reform((ALWAYS + body).encode(), "r.yaml")), programme)
    change = changes[0]
    for lang, want in (("zh", zh), ("en", en)):
        shown = (change.what[lang], change.before[lang], change.after[lang])
        assert all(text and "_" not in text for text in shown)
        for text, expected in zip(shown, want or (None, None, None), strict=True):
            assert expected is None or text == expected


@pytest.mark.parametrize(
    ("body", "entry", "cite"),
    [
        ("offers: {1a: {rate: 25%}}", "1a new platform", "clause 1.1"),
        ("offers: {'2': {cap: 1}}", "2 promotion", "clause 2"),
        ("guides: {'2023': {closes: ['2']}}", "guide (sample)", "guide 2023"),
        ("local: {'1502': {closes: ['2']}}", "local rules (sample)", "local rules 1502"),
    ],
)
def test_a_change_stands_on_its_clause_or_document(
    programme: model.Programme, body: str, entry: str, cite: str
) -> None:
    change = one(programme, body)
    assert (change.entry.en, change.cite.en) == (entry, cite)


def test_an_empty_list_is_told_as_empty(programme: model.Programme) -> None:
    assert one(programme, "guides: {'2023': {closes: []}}").after.en == "empty"


def test_a_negative_figure_has_the_true_minus(programme: model.Programme) -> None:
    change = one(programme, "guides: {'2023': {routes: {x: -1_500}}}")
    assert change.after.en == "x −1,500" and change.before == NOTHING


def test_words_are_in_both_languages() -> None:
    for words in (*KEYS.values(), *VALUES.values(), NOTHING, REMOVED):
        assert words.zh and words.en and words.en.isascii() and not words.zh.isascii()


@pytest.mark.parametrize(
    ("key", "zh", "en"),
    [
        ("under 60", "不足60", "under 60"),
        ("up to 1_000", "1,000以下", "up to 1,000"),
        ("from 50%", "50%以上", "from 50%"),
        ("over 0", "超过0", "over 0"),
        ("60 to under 75", "60以上、不足75", "60 to under 75"),
        ("over 10 to 20_000", "超过10、20,000以下", "over 10 to 20,000"),
        ("60 to 80", "60以上、80以下", "60 to 80"),
    ],
)
def test_bands_are_said_in_chinese_as_an_office_writes_them(key: str, zh: str, en: str) -> None:
    programme = load("nmg-ecommerce-2022").model
    path = ("fill", "2c", "amount", "bands", key)
    figure = Scalar("1_500", Place("r.yaml", 1, 1), False, 0)
    one = tell(programme, Change("guide", "2023", path, None, figure))
    assert one.what.zh.endswith(f"分档 › {zh}") and one.what.en.endswith(f"bands › {en}")
    assert one.after.zh == "1,500"
