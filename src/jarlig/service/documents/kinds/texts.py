"""Texts (文本文件): CSV and XML, read as characters, without declarations that unfold or anything that acts."""

from __future__ import annotations

import codecs
from collections.abc import Callable, Mapping
from typing import IO, Protocol
from xml.parsers import expat

from django.utils.translation import gettext as _

from jarlig.service.documents.kinds.inside import ACTIVE, active, broken, too_much
from jarlig.service.ground.errors import Invalid

_PIECE = 1 << 16
_DEEPEST = 100
#: The most elements and attributes of one file, and the most characters of a text that is handed on.
MOST_ELEMENTS, MOST_TEXT = 4_000_000, 500
#: The longest tag or remark: a longer one is read again from its beginning with every piece.
LONGEST_TAG = 1 << 18


class Readable(Protocol):
    """What gives its bytes piece by piece."""

    def read(self, size: int = ..., /) -> bytes:
        """The next bytes, at most so many; none at the end."""


#: An element by its name without a namespace, and what its tag says of it.
Element = tuple[str, Mapping[str, str]]
Opens = Callable[[str, Mapping[str, str]], None]
#: What is told of each text: the elements that it stands in, the outermost first, and the text.
Told = Callable[[list[Element], str], None]
#: Control characters that belong in no table; tab, line feed and carriage return do.
_PLAIN = bytes(set(range(256)) - (set(range(32)) - {9, 10, 13}))
_LOOKED = 4096
#: Kinds of XML that browsers run or draw, by their namespace and, where they have none, by the name of an element.
_PAGES = ("http://www.w3.org/2000/svg", "http://www.w3.org/1999/xhtml", "http://www.w3.org/1999/XSL/Transform")
_RUN = frozenset({"html", "svg", "script"})


def look_csv(source: IO[bytes], size: int) -> None:
    """Raises for a table that is no text in UTF-8 or GB 18030, or is a page in disguise."""
    for encoding in ("utf-8-sig", "gb18030"):
        source.seek(0)
        begins = _begins(source, encoding)
        if begins is not None:
            break
    else:
        raise _no_text()
    if begins.startswith(("<", "%pdf-")) or any(word.decode() in begins for word in ACTIVE):
        raise active()


def _begins(source: IO[bytes], encoding: str) -> str | None:
    """How a text in this encoding begins, in small letters; None when it is none. It is decoded piece by piece."""
    decoder = codecs.getincrementaldecoder(encoding)()
    begins = ""
    try:
        while piece := source.read(_PIECE):
            if piece.translate(None, _PLAIN) != b"":
                return None
            text = decoder.decode(piece)
            if len(begins) < _LOOKED:
                begins = (begins + text).lstrip()[:_LOOKED]
        decoder.decode(b"", True)
    except UnicodeDecodeError:
        return None
    return begins.lower()


def look_xml(source: IO[bytes], size: int) -> None:
    """Raises for XML that is not well formed, declares a document type, or is a page."""
    read_xml(source)


def read_xml(
    source: Readable, *, most: int = MOST_ELEMENTS, opens: Opens | None = None, told: Told | None = None
) -> int:
    """Reads XML to its end; nothing it declares is ever followed. Gives how many elements and attributes there are.

    Args:
        source: its bytes.
        most: the most elements and attributes.
        opens: called with the name and attributes of each element.
        told: called with each text that is not blank, cut to ``MOST_TEXT``.

    Raises:
        Invalid: see ``look_xml``.
    """
    parser = expat.ParserCreate(namespace_separator=" ")
    parser.buffer_text = True
    depth, count = 0, 0
    within: list[Element] = []
    texts: list[str] = []

    def forbidden(*_words: object) -> None:
        raise active()

    def begins(name: str, attributes: dict[str, str]) -> None:
        nonlocal depth, count
        depth += 1
        count += 1 + len(attributes)
        if depth > _DEEPEST:
            raise broken()
        if count > most:
            raise too_much()
        namespace, _, local = name.rpartition(" ")
        if namespace in _PAGES or name.lower() in _RUN:
            raise active()
        if opens is not None:
            opens(local, attributes)
        if told is not None:
            within.append((local, attributes))
            texts.append("")

    def ends(_name: str) -> None:
        nonlocal depth
        depth -= 1
        if told is not None:
            text = texts.pop().strip()
            if text:
                told(within, text)
            within.pop()

    def reads(text: str) -> None:
        if texts and len(texts[-1]) < MOST_TEXT:
            texts[-1] = (texts[-1] + text)[:MOST_TEXT]

    def instruction(target: str, _data: str) -> None:
        if target.lower() in ("xml-stylesheet", "php", "mso-application"):
            raise active()

    parser.StartDoctypeDeclHandler = forbidden
    parser.EntityDeclHandler = forbidden
    parser.ProcessingInstructionHandler = instruction
    parser.StartElementHandler = begins
    parser.EndElementHandler = ends
    if told is not None:
        parser.CharacterDataHandler = reads
    try:
        fed = 0
        while piece := source.read(_PIECE):
            parser.Parse(piece, False)
            fed += len(piece)
            if fed - max(parser.CurrentByteIndex, 0) > LONGEST_TAG:
                raise too_much()
        parser.Parse(b"", True)
    except (expat.ExpatError, LookupError, ValueError) as error:  # not sound; an encoding that is none, or not its own
        raise broken() from error
    return count


def _no_text() -> Invalid:
    return Invalid(_("The table is not a text in UTF-8 or GB 18030."), field="file",
                   remedy=_("Save it as “CSV UTF-8”, or hand in the XLSX."))  # fmt: skip
