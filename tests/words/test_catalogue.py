"""Everything that is said stands in one catalogue, in both languages."""

import re
from pathlib import Path

import pytest

import jarlig.words
from jarlig.ladder.outcome import OUTCOMES
from jarlig.ladder.steps import ROLES, Words
from jarlig.words.catalogue import SAYINGS, say, words
from jarlig.words.explain import _BADGES, MARKS

ROOM = Path(jarlig.words.__file__).parent
NAMES = ("canonical", "case", "cites", "explain", "expressions", "fmt", "layout", "missing", "naming", "outcomes",
         "receipts", "report", "steps")  # fmt: skip
OURS = [ROOM / f"{name}.py" for name in NAMES]
CHINESE = re.compile("[\u3400-\u9fff]")
#: Sayings without a word of their own: a mark, or the order of two parts.
WORDLESS = {"unknown_mark", "verdict", "head.stop", "list_stop", "clause_stop", "sentence.join", "sentence.end",
            "of_part", "band", "passage", "part_test", "gate.actual", "brackets", "cite", "division", "table.nature",
            "sentence.known", "choice_value"}  # fmt: skip


def placeholders(text):
    return set(re.findall(r"\{(\w+)\}", text))


@pytest.mark.parametrize("key", sorted(SAYINGS))
def test_a_saying_has_the_same_values_in_both_languages(key):
    saying = SAYINGS[key]
    zh, en = placeholders(saying.zh), placeholders(saying.en)
    # A Chinese condition can leave out what the English one needs, but a figure stands in both.
    assert zh == en, key


@pytest.mark.parametrize("key", sorted(set(SAYINGS) - WORDLESS))
def test_chinese_is_chinese_and_english_is_english(key):
    saying = SAYINGS[key]
    assert CHINESE.search(saying.zh), key
    assert not CHINESE.search(saying.en) and re.search("[a-z]", saying.en), key


@pytest.mark.parametrize("key", sorted(SAYINGS))
def test_chinese_takes_chinese_marks(key):
    bare = re.sub(r"\{\w+\}", "", SAYINGS[key].zh)
    assert not re.search("[\u3400-\u9fff][,;:!?()]", bare), key
    assert not re.search("[，。；：（）“]", SAYINGS[key].en.replace("“", "")), key


def test_every_saying_is_said_somewhere():
    source = "".join(path.read_text("utf-8") for path in OURS)
    literal = set(re.findall(r'"([a-z_]+(?:\.[a-z_]+)*)"', source))
    begun = tuple(set(re.findall(r'"([a-z_]+(?:\.[a-z_]+)*\.)"', source)))
    ended = tuple(set(re.findall(r'"(\.[a-z_]+)"', source)))
    made = {"part.division", "part.other", "amount.formula", "amount.capped", "amount.approved"}
    idle = [
        key
        for key in SAYINGS
        if key not in literal and not key.startswith((*begun, *made)) and not key.endswith(ended) and "_date" not in key
    ]
    assert idle == []


def test_every_outcome_has_its_exact_name_and_a_mark():
    assert {name: SAYINGS["outcome." + name] for name in OUTCOMES} == {
        "lapsed": Words("已失效", "Lapsed"),
        "closed": Words("未开放", "Not open this year"),
        "not_eligible": Words("不符合", "Not eligible"),
        "awaiting_guide": Words("待指南", "Awaiting the guide"),
        "undetermined": Words("还不能确定", "Undetermined"),
        "range": Words("区间", "Range"),
        "needs_decision": Words("须人工裁定", "A person must decide"),
        "award": Words("可以确定", "Determined"),
    }
    assert set(MARKS) == set(OUTCOMES)


def test_every_role_of_a_figure_has_a_badge():
    figures = set(ROLES) - {"gate", "part_gate", "share_cap", "amount"}
    assert figures <= set(_BADGES["zh"]) and set(_BADGES["zh"]) == set(_BADGES["en"])


@pytest.mark.parametrize("path", OURS, ids=lambda path: path.name)
def test_no_module_holds_a_sentence_of_its_own(path):
    code = re.sub(r'""".*?"""|#[^\n]*', "", path.read_text("utf-8"), flags=re.DOTALL)
    texts = re.findall(r'"([^"\n]*)"', code)
    assert [text for text in texts if re.search("[\u3400-\u9fff]{5}", text)] == []


def test_a_saying_in_both_languages_takes_words_for_its_values():
    assert words("outcome.award") == Words("可以确定", "Determined")
    made = words("receipt.unreadable", detail=Words("甲", "a"))
    assert made.zh.endswith("甲") and made.en.endswith("a")
    with pytest.raises(KeyError):
        say("no_such_saying", "zh")
    with pytest.raises(KeyError):
        say("is_no", "zh")
