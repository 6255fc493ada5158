"""How an offer comes to its sum, step by step in both languages."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from jarlig.asking.question import NO_WORDS
from jarlig.asking.sayings import words
from jarlig.engines.answer import Determination
from jarlig.ladder.kinds import Kind, Number
from jarlig.ladder.steps import Words
from jarlig.words import fmt
from jarlig.words.case import Case
from jarlig.words.expressions import is_money
from jarlig.words.steps import Told, told_steps


@dataclass(frozen=True)
class SumStep:
    """A step on the way to a sum (计算步骤).

    Attributes:
        name: its id in the rules.
        head: what it is about.
        figure: what it comes to, or between what; empty for a condition.
        says: both in a sentence, with what explains them.
        clause: what it rests on.
        condition: whether it is a condition and no figure.
        holds: the verdict of a condition; None while it is not known.
    """

    name: str
    head: Words
    figure: Words
    says: Words
    clause: Words
    condition: bool
    holds: bool | None


def steps(answer: Determination, ranges: Mapping[str, tuple[int, int]]) -> tuple[SumStep, ...]:
    """The steps of an answer; none where nothing is worked out (lapsed, closed).

    What is not known exactly is told by the two figures between which it lies, as ``ranges`` gives them.
    """
    zh, en = Case(answer, "zh"), Case(answer, "en")

    def told(one: Told, other: Told) -> tuple[Words, Words]:
        if one.is_test:
            return NO_WORDS, Words(one.says, other.says)
        ends, kind = ranges.get(one.step.name), one.step.node.kind
        if ends is None or zh.trace(one.step).value is not None:
            return Words(one.figure, other.figure), Words(one.says, other.says)
        if one.step.name == answer.ladder.award and answer.low is not None and answer.high is not None:
            ends = answer.low, answer.high
        figure = Words(_between(zh, kind, ends), _between(en, kind, ends))
        return figure, words("step", head=Words(one.head, other.head), figure=figure)

    return tuple(
        SumStep(
            name=one.step.name,
            head=Words(one.head, other.head),
            figure=told(one, other)[0],
            says=told(one, other)[1],
            clause=Words(zh.cited(one.cites), en.cited(other.cites)),
            condition=one.is_test,
            holds=one.holds,
        )
        for one, other in zip(told_steps(zh), told_steps(en), strict=True)
    )


def _between(case: Case, kind: Kind, ends: tuple[int, int]) -> str:
    assert isinstance(kind, Number)
    shown = [fmt.plain_money(end, kind.scale) if is_money(kind) else case.speaker.value(end, kind) for end in ends]
    return shown[0] if ends[0] == ends[1] else "–".join(shown)
