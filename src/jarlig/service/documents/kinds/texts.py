"""Texts (文本文件): CSV and XML, read as characters, without declarations that unfold or anything that acts."""

from __future__ import annotations

from typing import IO
from xml.parsers import expat

from django.utils.translation import gettext as _

from jarlig.service.documents.kinds.inside import ACTIVE, active, broken
from jarlig.service.ground.errors import Invalid

_PIECE = 1 << 16
_DEEPEST = 100
#: Control characters that belong in no table; tab, line feed and carriage return do.
_CONTROL = bytes(set(range(32)) - {9, 10, 13})
#: Kinds of XML that browsers run or draw.
_PAGES = ("http://www.w3.org/2000/svg", "http://www.w3.org/1999/xhtml", "http://www.w3.org/1999/XSL/Transform")


def look_csv(source: IO[bytes], size: int) -> None:
    """Raises for a table that is no text in UTF-8 or GB 18030, or is a page in disguise."""
    raw = source.read()
    if any(byte in _CONTROL for byte in set(raw)):
        raise _no_text()
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            text = raw.decode(encoding)
            break
        except UnicodeDecodeError:
            continue
    else:
        raise _no_text()
    begins = text.lstrip()[:4096].lower()
    if begins.startswith(("<", "%pdf-")) or any(word.decode() in begins for word in ACTIVE):
        raise active()


def look_xml(source: IO[bytes], size: int) -> None:
    """Raises for XML that is not well formed, declares a document type, or is a page."""
    read_xml(source)


def read_xml(source: IO[bytes]) -> None:
    """Reads XML to its end; nothing it declares is ever followed.

    Raises:
        Invalid: see ``look_xml``.
    """
    parser = expat.ParserCreate(namespace_separator=" ")
    depth = 0

    def forbidden(*_words: object) -> None:
        raise active()

    def begins(name: str, _attributes: dict[str, str]) -> None:
        nonlocal depth
        depth += 1
        if depth > _DEEPEST:
            raise broken()
        if name.rpartition(" ")[0] in _PAGES or name.lower() in ("html", "svg", "script"):
            raise active()

    def ends(_name: str) -> None:
        nonlocal depth
        depth -= 1

    def instruction(target: str, _data: str) -> None:
        if target.lower() in ("xml-stylesheet", "php", "mso-application"):
            raise active()

    parser.StartDoctypeDeclHandler = forbidden
    parser.EntityDeclHandler = forbidden
    parser.ProcessingInstructionHandler = instruction
    parser.StartElementHandler = begins
    parser.EndElementHandler = ends
    try:
        while piece := source.read(_PIECE):
            parser.Parse(piece, False)
        parser.Parse(b"", True)
    except (expat.ExpatError, LookupError, ValueError) as error:  # not sound; an encoding that is none, or not its own
        raise broken() from error


def _no_text() -> Invalid:
    return Invalid(_("The table is not a text in UTF-8 or GB 18030."), field="file",
                   remedy=_("Save it as “CSV UTF-8”, or hand in the XLSX."))  # fmt: skip
