"""The bytes of a file made into text that is safe to parse: limits and encoding come before any parser."""

from __future__ import annotations

import re
from dataclasses import dataclass

from jarlig.ladder.steps import Words
from jarlig.policy.messages import Place, PolicyError, problem

_MIB = 1 << 20


@dataclass(frozen=True, slots=True)
class Limits:
    """What a file may be at most; a file beyond a limit is refused before it costs anything.

    ``line_length`` and ``scalar_length`` are counted in characters and hold for YAML only: programs write JSON, and
    on one line. ``nodes`` are lists, mappings, keys and values; for JSON its commas and brackets are counted.
    """

    file_bytes: int = 1 * _MIB
    line_length: int = 4_000
    nesting: int = 16
    scalar_length: int = 4_000
    nodes: int = 100_000


#: A file of a programme, which people write and read.
PROGRAMME_LIMITS = Limits()
#: Facts in YAML, which people write: a worked case, an application.
FACTS_LIMITS = Limits(file_bytes=32 * _MIB, nodes=2_000_000)
#: Facts in JSON, which programs write: a million rows of eight columns fit.
JSON_LIMITS = Limits(file_bytes=512 * _MIB, nodes=20_000_000)

#: Characters that an officer cannot see but a parser, a terminal or a reader of the line would act on: controls, line
#: breaks that editors do not count, overrides of direction (Unicode UAX 9), byte order marks inside the text.
HIDDEN = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069\ufeff\ufffe\uffff]")
_HIDDEN_IN_JSON = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069\ufeff\ufffe\uffff]")
#: Half of a character beyond U+FFFF: an escape can make it, but no UTF-8 can hold it.
LONE_SURROGATE = re.compile("[\ud800-\udfff]")
_DIRECTIVE = re.compile("^%.*", re.MULTILINE)
#: How spreadsheets begin: the newer are ZIP archives, the older compound files.
_ARCHIVES = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")
_LINE = re.compile("[^\n]+")


def refused(code: str, source: str, place: Place, text: str = "", **values: object) -> PolicyError:
    """A problem with the line of the source that it speaks of, ready to raise."""
    return PolicyError((problem(code, place, text, **values).with_line(source),))


def place_of(source: str, index: int, file: str) -> Place:
    """The place of a character of a text."""
    return Place(file, source.count("\n", 0, index) + 1, index - source.rfind("\n", 0, index))


def decode(source: bytes, file: str, limits: Limits) -> str:
    """The text of a YAML file, its lines ending in a line feed only.

    Raises:
        PolicyError: E101 to E105, E109, E132: too large, not UTF-8, hidden characters, tabs, a line too long, nothing
            in it, a directive.
    """
    text = _characters(source, file, limits).replace("\r\n", "\n")
    _no_hidden(text, file, HIDDEN)
    tab = text.find("\t")
    if tab >= 0:
        raise refused("E105", text, place_of(text, tab, file), "\t")
    directive = _DIRECTIVE.search(text)
    if directive:
        raise refused("E132", text, place_of(text, directive.start(), file), directive.group())
    if len(text) > limits.line_length:
        for match in _LINE.finditer(text):
            size = match.end() - match.start()
            if size > limits.line_length:
                place = place_of(text, match.start(), file)
                raise refused("E103", text, place, size=size, most=limits.line_length)
    return text if text.endswith("\n") else text + "\n"


def decode_json(source: bytes, file: str, limits: Limits) -> str:
    """The text of a JSON file, as it stands.

    Raises:
        PolicyError: E101, E102, E104, E108, E109: too large, not UTF-8, hidden characters, too many values, empty.
    """
    text = _characters(source, file, limits)
    if sum(map(text.count, ",[{")) > limits.nodes:
        raise refused("E108", text, Place(file, 0, 0), most=limits.nodes)
    _no_hidden(text, file, _HIDDEN_IN_JSON)
    return text


def _characters(source: bytes, file: str, limits: Limits) -> str:
    whole = Place(file, 0, 0)
    if len(source) > limits.file_bytes:
        raise refused("E101", "", whole, size=len(source), most=limits.file_bytes)
    if source.startswith(_ARCHIVES):
        raise refused("E115", "", whole)
    if source.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise refused("E102", "", whole, found="UTF-16")
    try:
        text = source.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise _not_utf8(source, error.start, file) from error
    if not text.strip():
        raise refused("E109", "", whole)
    return text


def _not_utf8(source: bytes, at: int, file: str) -> PolicyError:
    """The place of the first wrong byte; most such files were saved in the older Chinese encoding."""
    start = source.rfind(b"\n", 0, at) + 1
    line = source[start:].split(b"\n", 1)[0][:4_000]
    column = len(source[start:at].decode("utf-8-sig")) + 1
    byte = f"0x{source[at]:02X}"
    try:
        line.decode("gb18030")
    except UnicodeDecodeError:
        found = Words(f"字节 {byte}", f"byte {byte}")
    else:
        found = Words(f"字节 {byte}，像是 GBK", f"byte {byte}, perhaps GBK")
    return refused("E102", "", Place(file, source.count(b"\n", 0, at) + 1, column), found=found)


def _no_hidden(text: str, file: str, pattern: re.Pattern[str]) -> None:
    match = pattern.search(text)
    if match:
        raise refused("E104", text, place_of(text, match.start(), file), found=f"U+{ord(match.group()):04X}")
