"""What the reference room refuses, each time with a sentence in Chinese and one in English.

The sentences say what is wrong, where, and what was expected; they do not repeat a whole code, which the caller has and
may not be free to print. ``str()`` of an error gives the English sentence.
"""

from __future__ import annotations

from typing import NamedTuple


class Words(NamedTuple):
    """One notion in both languages."""

    zh: str
    en: str


#: Nothing to add.
NO_WORDS = Words("", "")


class ReferenceFault(Exception):
    """Something the country's facts do not bear out.

    Attributes:
        zh: the sentence in Chinese.
        en: the same in English.
    """

    def __init__(self, zh: str, en: str) -> None:
        super().__init__(zh, en)
        self.zh, self.en = zh, en

    def __str__(self) -> str:
        return self.en


class BadCode(ReferenceFault):
    """A code or number that is not what it says it is.

    Attributes:
        code: the text as given.
        what: the kind of code.
        position: where it goes wrong, counted from 1; None when the text as a whole has the wrong form.
        expected: what should stand there.
        hint: how to mend it; may be empty.
    """

    def __init__(self, code: str, what: Words, position: int | None, expected: Words, hint: Words = NO_WORDS) -> None:
        self.code, self.what, self.position, self.expected, self.hint = code, what, position, expected, hint
        if position is None:
            zh, en = f"{what.zh}应为{expected.zh}。", f"{what.en}: {expected.en} expected."
        else:
            found = code[position - 1 : position]
            zh = f"{what.zh}第{position}位应为{expected.zh}，实为“{found}”。"
            en = f"{what.en}, position {position}: {expected.en} expected, not “{found}”."
        super().__init__(zh + hint.zh, f"{en} {hint.en}".rstrip())

    def __reduce__(self) -> tuple[type[BadCode], tuple[str, Words, int | None, Words, Words]]:
        return type(self), (self.code, self.what, self.position, self.expected, self.hint)


class UnknownDivision(ReferenceFault):
    """A division code or name that the table does not hold."""


class UnknownDay(ReferenceFault):
    """A day of a year for which no table of working days has been read."""


class BadCount(ReferenceFault):
    """A number of working days that cannot be counted."""


class UnknownParameter(ReferenceFault):
    """A tax parameter, condition or date for which the table has no value."""


class BadTable(ReferenceFault):
    """A table of reference data that contradicts itself; names the file and line."""
