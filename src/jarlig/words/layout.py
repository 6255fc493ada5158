"""Text for a terminal: lines that fit, columns that meet, with Chinese characters two columns wide."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

#: Marks that may not begin a line (closing marks), and those that may not end one (opening marks).
_NOT_FIRST = "，。；：、）》〕」』”’！？,.;:)]%"
_NOT_LAST = "（《〔「『“‘([\u2212"
#: A date and a sum of money are read at once: no line ends inside them.
_UNITS = "年月日元"
#: A piece that is never broken: a run of letters, digits and their signs, or one other character.
_PIECE = re.compile(r"[ \t]+|[\u0021-\u024f\u2212\u2026]+|.", re.DOTALL)


def width(text: str) -> int:
    """Columns that a text takes on a terminal."""
    return sum(2 if unicodedata.east_asian_width(c) in "WF" else 0 if unicodedata.combining(c) else 1 for c in text)


def pad(text: str, columns: int) -> str:
    """The text with spaces after it, up to so many columns."""
    return text + " " * max(0, columns - width(text))


def right(text: str, columns: int) -> str:
    """The text with spaces before it, so that figures end in one column."""
    return " " * max(0, columns - width(text)) + text


def wrap(text: str, columns: int, indent: str = "", hanging: str | None = None) -> list[str]:
    """The text in lines of at most so many columns; only a piece longer than a line stands over.

    Args:
        text: one paragraph.
        columns: the width of a line, its indent included.
        indent: what the first line begins with.
        hanging: what every other line begins with; the same when not given.
    """
    following = indent if hanging is None else hanging
    lines: list[str] = []
    line, used = indent, width(indent)
    empty = True
    for piece in _pieces(text):
        space = width(piece.rstrip())
        if not empty and used + space > columns:
            lines.append(line.rstrip())
            line, used, empty = following, width(following), True
        if empty:
            piece = piece.lstrip()
        line += piece
        used += width(piece)
        empty = empty and not piece
    return [*lines, line.rstrip()]


def _pieces(text: str) -> Iterator[str]:
    """What a line may be broken between: marks stay with the word that they belong to."""
    held = ""
    for match in _PIECE.finditer(text):
        piece = match.group()
        joins = not held or piece[0] in _NOT_FIRST or piece.isspace() or held.rstrip()[-1:] in _NOT_LAST
        joins = joins or (held[-1].isdecimal() and piece[0] in _UNITS) or (held[-1] in _UNITS and piece[0].isdecimal())
        if joins:
            held += piece
        else:
            yield held
            held = piece
    if held:
        yield held


def beside(left: list[str], figure: str, columns: int) -> list[str]:
    """Lines with a figure at the right edge of the last one; the figure gets its own line when it does not fit."""
    if not figure:
        return left
    *before, last = left
    if width(last) + 2 + width(figure) > columns:
        return [*left, right(figure, columns)]
    return [*before, pad(last, columns - width(figure)) + figure]
