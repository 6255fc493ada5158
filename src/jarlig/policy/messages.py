"""What is told to an author whose file is wrong: where, what, and how to mend it, in both languages.

Every sentence stands in the catalogue under its code (see ``catalogue``); code elsewhere names a code and its values.
"""

from __future__ import annotations

import difflib
import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from jarlig.ladder.steps import Words
from jarlig.policy.catalogue import CATALOGUE, Template
from jarlig.policy.phrases import PHRASED, in_chinese

__all__ = ["CATALOGUE", "Place", "PolicyError", "Problem", "Template", "nearest", "problem", "visible"]

#: A value longer than this is shortened in a sentence; a line longer than that is shown around its column only.
MOST_SHOWN = 200
MOST_SOURCE = 100

#: Names longer, or lists longer, are not compared: the cost of the comparison is a product of both.
_LONGEST_NAME = 80
_MOST_CANDIDATES = 2_000

_OPTIONAL = re.compile(r"\[\?(.*?)\?\]", re.DOTALL)
_NAMED = re.compile(r"\{(\w+)\}")

#: What is left of a number behind its comma.
_CUT = re.compile(r"[0-9]{3}(\.[0-9]+)?\Z")
_CHINESE_QUOTES = "“”‘’「『"

Lang = Literal["zh", "en"]


@dataclass(frozen=True, slots=True)
class Place:
    """A character of a file, counted from 1; line 0 is the whole file, column 0 the whole row of a table."""

    file: str
    line: int
    column: int

    def __str__(self) -> str:
        return ":".join([self.file, *(str(at) for at in (self.line, self.column) if at)])


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong at one place, said in both languages."""

    code: str
    place: Place
    text: str
    zh: str
    en: str
    hint_zh: str
    hint_en: str
    source_line: str = ""
    severity: Literal["error", "warning"] = "error"

    def render(self, lang: Lang = "en", colour: bool = False) -> str:
        """The problem as a compiler would print it: place, code, sentence, the line with a caret, the hint."""
        paint = _coloured if colour else _plain
        level = {"error": "错误", "warning": "警告"}[self.severity] if lang == "zh" else self.severity
        sentence, hint = (self.zh, self.hint_zh) if lang == "zh" else (self.en, self.hint_en)
        shade = "31" if self.severity == "error" else "33"
        colon = "：" if lang == "zh" else ": "
        where = visible(str(self.place))
        lines = [f"{paint(where, '1')}: {paint(f'{level}[{self.code}]', f'1;{shade}')}{colon}{sentence}"]
        if self.source_line and self.place.line:
            shown, caret = _underlined(self.source_line, self.place.column, self.text)
            lines += [f"   | {shown}", f"   | {paint(caret, shade)}"]
        if hint:
            lines.append(f"   = {paint('提示' if lang == 'zh' else 'hint', '36')}{colon}{hint}")
        return "\n".join(lines)

    def with_line(self, source: str) -> Problem:
        """The same problem with its line of this file, unless it has one."""
        return self.with_line_of(source.split("\n", max(self.place.line, 0)))

    def with_line_of(self, lines: Sequence[str]) -> Problem:
        """The same problem with its line of a file already cut into lines."""
        if self.source_line or not 0 < self.place.line <= len(lines):
            return self
        return replace(self, source_line=lines[self.place.line - 1].rstrip("\r"))


class PolicyError(Exception):
    """Files that cannot be used as they stand, with every problem found."""

    def __init__(self, problems: tuple[Problem, ...]) -> None:
        super().__init__(problems)
        self.problems = problems

    def __str__(self) -> str:
        return self.render()

    def render(self, lang: Lang = "en", colour: bool = False) -> str:
        """All problems, one after the other."""
        return "\n".join(problem.render(lang, colour) for problem in self.problems)

    def with_sources(self, files: Mapping[str, bytes]) -> PolicyError:
        """The same error, each problem with the line of the file that it speaks of."""
        names = {p.place.file for p in self.problems} & files.keys()
        lines = {name: files[name].decode("utf-8-sig", "replace").split("\n") for name in names}
        return PolicyError(tuple(p.with_line_of(lines.get(p.place.file, ())) for p in self.problems))


def problem(code: str, place: Place, text: str = "", **values: object) -> Problem:
    """The problem of a code at a place.

    Args:
        code: a key of the catalogue.
        place: where it is.
        text: the piece of the file that is wrong; ``{text}`` in a sentence.
        values: for the other placeholders; a ``Words`` gives each language its own.

    Raises:
        KeyError: no such code, or a value that its sentences need is missing.
    """
    template = CATALOGUE[code]
    phrases = {k: Words(in_chinese(v), v) for k, v in values.items() if k in PHRASED and isinstance(v, str)}
    filled = {"text": text, **values, **phrases}
    extra = _slip(code, text)
    zh, en = ({k: _said(v, lang) for k, v in filled.items()} for lang in ("zh", "en"))
    return Problem(
        code,
        place,
        text,
        _filled(template.zh, zh),
        _filled(template.en, en),
        _filled(template.hint_zh, zh) + extra.zh,
        (_filled(template.hint_en, en) + " " + extra.en).strip(),
        severity=template.severity,
    )


def _slip(code: str, text: str) -> Words:
    """What a wrong piece betrays by its look: a number cut at a comma, Chinese quotes around a value."""
    if code in ("E201", "E204", "E801", "E815") and _CUT.match(text):
        return Words("数字中不用逗号，请写 6_800_000。", "Write a number without commas, as in 6_800_000.")
    if code == "E803" and text[:1] in _CHINESE_QUOTES and text:
        return Words("请用半角引号，或不加引号。", "Use plain quotes, or none.")
    return Words("", "")


def nearest(name: str, valid: Iterable[str]) -> str | None:
    """The valid name that was probably meant, or None; very long names and lists are not compared."""
    if not name or len(name) > _LONGEST_NAME:
        return None
    known: dict[str, str] = {}
    for count, word in enumerate(valid):
        if count >= _MOST_CANDIDATES:
            return None
        if len(word) <= _LONGEST_NAME:
            known.setdefault(word.casefold(), word)
    found = difflib.get_close_matches(name.casefold(), known, n=1, cutoff=0.6)
    return known[found[0]] if found else None


def visible(text: str, most: int = MOST_SHOWN) -> str:
    r"""The text on one line, safe to print: no control or direction characters, shortened with ``…``.

    A file may hold characters that recolour a terminal or turn a line around; they are shown as ``\x1b``.
    """
    if len(text) > most:
        text = text[: most - 1] + "…"
    if str.isprintable(text):
        return text
    return "".join(c if str.isprintable(c) or c == "\u3000" else c.encode("unicode_escape").decode() for c in text)


def _said(value: object, lang: Lang) -> str:
    if isinstance(value, Words):
        value = value.zh if lang == "zh" else value.en
    return visible(str(value))


def _filled(template: str, values: Mapping[str, str]) -> str:
    """Placeholders filled; a part in ``[? ?]`` is left out when one of its values is empty."""

    def part(match: re.Match[str]) -> str:
        inner = match.group(1)
        return inner if all(values[name] for name in _NAMED.findall(inner)) else ""

    return _NAMED.sub(lambda match: values[match.group(1)], _OPTIONAL.sub(part, template)).strip()


def _underlined(line: str, column: int, text: str) -> tuple[str, str]:
    """The part of the line around the column, and the caret line below it, aligned for wide characters too."""
    at = min(column - 1, len(line))
    end = at + len(text) if text and line.startswith(text, at) else at + 1
    start = max(0, at - MOST_SOURCE // 2)
    before = ("…" if start else "") + visible(line[start:at])
    under = visible(line[at:end])
    after = visible(line[end:], max(1, MOST_SOURCE - (end - start)))
    return before + under + after, " " * _width(before) + "^" * max(1, _width(under))


def _width(text: str) -> int:
    """Columns on a terminal: two for a Chinese character, none for a combining mark."""
    return sum(2 if unicodedata.east_asian_width(c) in "WF" else 0 if unicodedata.combining(c) else 1 for c in text)


def _coloured(text: str, shade: str) -> str:
    return f"\x1b[{shade}m{text}\x1b[0m"


def _plain(text: str, shade: str) -> str:
    return text
