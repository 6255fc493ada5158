"""Status words (状态词): tone, glyph and word, always three; a claim may wear another tone for another reader."""

from __future__ import annotations

from dataclasses import dataclass

from jarlig.service.web.figures import chinese


@dataclass(frozen=True, slots=True)
class Tone:
    """What a status says before it is read: key in the style sheet, glyph, and meaning in both languages."""

    key: str
    glyph: str
    zh: str
    en: str


@dataclass(frozen=True, slots=True)
class Word:
    """One status: its key in code, its tone, and the word in both languages."""

    key: str
    tone: str
    zh: str
    en: str

    @property
    def text(self) -> str:
        """The word in the reader's language."""
        return self.zh if chinese() else self.en


TONES = (
    Tone("quiet", "○", "空圈：没有在动", "Ring: nothing moves"),
    Tone("moving", "◐", "半圈：正在走", "Half ring: somebody is at it"),
    Tone("act", "▸", "箭头：轮到您", "Arrow: your turn"),
    Tone("official", "■", "朱方：公务行为", "Vermilion square: an official act"),
    Tone("good", "✓", "勾：有好结果", "Tick: a favourable end"),
    Tone("against", "✕", "叉：结果不利", "Cross: an adverse end"),
    Tone("unknown", "?", "虚框：不知道，不是零", "Dashed: not known, which is not zero"),
    Tone("hold", "‖", "斜纹：停住", "Hatched: stopped by a rule"),
    Tone("info", "i", "i：告知", "i: tells, asks nothing"),
)

_TABLE = """
quiet    not_started        未开始        Not started
quiet    draft              草稿          Draft
quiet    not_open           本年未开      Not open this year
quiet    lapsed             已失效        Lapsed
quiet    withdrawn          已撤回        Withdrawn
quiet    closed             已办结        Closed
quiet    unassigned         待分办        To be assigned
quiet    to_accept          待受理        To be accepted
moving   in_progress        填写中        In progress
moving   submitted          已提交        Submitted
moving   banner_check       初审          Banner check
moving   review             复审          Review
moving   joint_review       联审          Joint review
moving   range              区间          Range
moving   under_way          进行中        Under way
act      correction_asked   请您补正      Correction asked
act      to_be_judged       待判断        To be judged
act      problem            有问题        There is a problem
act      missing            待补          Missing
act      due_soon           将到期        Due soon
act      behind             落后          Behind
act      running_low        将不足        Running low
official on_notice          公示中        On public notice
official served             已送达        Served
official list_frozen        名单已冻结    List frozen
official deadline           申报截止      Deadline
good     completed          已完成        Completed
good     determined         可以确定      Determined
good     approved           已批准        Approved
good     paid               已支付        Paid
good     reached            已达到        Reached
good     counted            计入          Counted
good     in_order           正常          In order
good     judged             已判断        Judged
against  not_accepted       不予受理      Not accepted
against  not_recommended    未推荐        Not recommended
against  not_selected       未入选        Not selected
against  refused            不予支持      Refused
against  not_eligible       不符合        Not eligible
against  recovered          已追回        Recovered
against  not_counted        不计入        Not counted
unknown  undetermined       还不能确定    Undetermined
unknown  awaiting_guide     待指南        Awaiting the guide
unknown  person_decides     须人工裁定    A person must decide
hold     cannot_start       暂不能开始    Cannot start yet
hold     paused             已暂停        Paused
hold     frozen             冻结          Frozen
hold     deficit_hold       赤字暂停      Deficit hold
info     transfer           转移支付      Transfer
info     tax_information    税收测算      Tax information
info     reversed           红字冲销      Reversed
info     target             目标          Target
"""
WORDS: dict[str, Word] = {}
for _line in _TABLE.strip().splitlines():
    _tone, _key, _zh, _en = _line.split(None, 3)
    WORDS[_key] = Word(_key, _tone, _zh, _en)


def word(key: str) -> Word:
    """The status of this key.

    Raises:
        KeyError: when there is none; a page never shows a status nobody defined.
    """
    return WORDS[key]


def of_tone(tone: str) -> tuple[Word, ...]:
    """The words that wear this tone, in their order."""
    return tuple(one for one in WORDS.values() if one.tone == tone)
