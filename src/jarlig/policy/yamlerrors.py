"""The errors of the YAML parsers in our words: what they saw last, turned into what the author did.

The parser in C and the one in Python word some errors differently; both wordings are covered.
"""

from __future__ import annotations

import re

import yaml

from jarlig.policy.messages import Place, PolicyError
from jarlig.policy.source import LONE_SURROGATE, place_of, refused

#: What a parser says (its context, then its problem) and the code it means; the first that fits.
_MEANINGS = tuple(
    (re.compile(pattern), code)
    for pattern, code in (
        (r"quoted scalar.*(escape|hexadecimal|hexdecimal)", "E131"),
        (r"quoted scalar", "E126"),
        (r"scanning an (anchor|alias)", "E120"),
        (r"(scanning|parsing) a tag|undefined tag handle", "E121"),
        (r"parsing a flow (sequence|mapping)", "E127"),
        (r"mapping values are not allowed|found unexpected ':'", "E128"),
        (r"mapping keys are not allowed", "E125"),
        (r"cannot start any token|expected (the )?node content", "E130"),
        (r"block (scalar|sequence|mapping|end|collection)|sequence entries|simple key|expected '?<document st", "E129"),
    )
)
#: Where these began (the opening quote or bracket) is what the author must mend, not where reading stopped.
_AT_THEIR_BEGINNING = frozenset(("E120", "E121", "E126", "E127"))
_WIDE_KEY = re.compile(r"^[ -]*[\w.-]+：", re.MULTILINE)
_ESCAPE = re.compile(r'\\(?:x[^\n"]{0,2}|u([^\n"]{0,4})|U([^\n"]{0,8})|.?)')


def translated(error: yaml.YAMLError, source: str, file: str) -> PolicyError:
    """The problem that a parser's error means, at the place that the author must mend."""
    said = f"{getattr(error, 'context', None)} | {getattr(error, 'problem', None) or error}"
    code = next((code for pattern, code in _MEANINGS if pattern.search(said)), "E133")
    mark = getattr(error, "problem_mark", None)
    if mark is not None and code == "E127" and source[mark.index : mark.index + 1] == "?":
        code = "E136"
    if code in _AT_THEIR_BEGINNING:
        mark = getattr(error, "context_mark", None) or mark
    if mark is None:
        return refused("E133", source, Place(file, 0, 0))
    if code == "E131":
        return bad_escape(source, mark.index, file)
    wide = _wide_colon(source, mark.index) if code in ("E128", "E129") else None
    if wide is not None:
        return at(source, wide, file, "E137")
    if code == "E129" and _closed_before(source, mark.index):
        code = "E135"
    return at(source, mark.index, file, "E133" if code == "E130" and not source[mark.index :].strip() else code)


def at(source: str, index: int, file: str, code: str) -> PolicyError:
    """A problem with the character at which a parser stopped; the last one, when it stopped at the end of the file."""
    if not source[index : index + 200].strip() and not source[index:].strip():
        index = max(0, len(source.rstrip()) - 1)
    return refused(code, source, place_of(source, index, file), source[index : index + 1].strip())


def bad_escape(source: str, index: int, file: str) -> PolicyError:
    """The escape that a parser was reading when it stopped."""
    start = max(0, source.rfind("\\", 0, index + 1))
    match = _ESCAPE.match(source, start)
    return refused("E131", source, place_of(source, start, file), match.group() if match else "")


def half_a_character(source: str, index: int, file: str) -> PolicyError:
    """The first escape from here on that makes half a character; the parser in Python lets it pass."""
    for match in _ESCAPE.finditer(source, index):
        digits = match.group(1) or match.group(2) or ""
        if digits and LONE_SURROGATE.match(chr(int(digits, 16))):
            return bad_escape(source, match.start(), file)
    return refused("E131", source, place_of(source, index, file))


def _wide_colon(source: str, index: int) -> int | None:
    """A full-width colon behind the key of this line or of the one before, which a parser reads as part of a text."""
    start = source.rfind("\n", 0, max(0, source.rfind("\n", 0, index))) + 1
    found = _WIDE_KEY.search(source, start, source.find("\n", index) + 1 or len(source))
    return found.end() - 1 if found else None


def _closed_before(source: str, index: int) -> bool:
    """Whether a quote or bracket was closed just before, on the same line."""
    line = source[source.rfind("\n", 0, index) + 1 : index]
    return line.rstrip().endswith(("'", '"', "]", "}"))
