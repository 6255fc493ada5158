"""Files that are archives (压缩容器): XLSX and OFD, walked entry by entry, counting what comes out.

What the headers say of sizes is not believed: every entry is inflated and counted, up to a limit, and thrown away.
"""

from __future__ import annotations

import re
import stat
import zipfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import IO

from jarlig.service.documents.kinds.inside import FOREIGN, active, broken, too_much, two_in_one
from jarlig.service.documents.kinds.texts import MOST_ELEMENTS, Opens, read_xml
from jarlig.service.ground.errors import Invalid
from jarlig.service.ground.zips import UNREADABLE

MOST_INFLATED = 100 * 1024 * 1024
MOST_ENTRIES = 1000
MOST_RATIO = 100
#: Below this nothing is a bomb, whatever its ratio.
_SMALL = 1 << 20
_PIECE = 1 << 16
_LOCAL_HEADER = 30
_ENCRYPTED = 0x1
_UTF8 = 0x800
#: What looks at the elements of a part, by its name.
Part = Callable[[str], Opens | None]
#: Parts of a spreadsheet that act, carry other papers, or fetch from elsewhere by a program.
_ACTS = re.compile(
    r"(^|/)(vbaproject[^/]*|vbadata\.xml|macrosheets|dialogsheets|activex|customui[^/]*|embeddings|ctrlprops)(/|$)|"
    r"\.(bin|exe|dll|js|vbs|vba|hta|bat|cmd|ps1|lnk|html?|svg|swf|jar|zip|rar|7z|docm|xlsm|xlam|doc|xls)$"
)
#: Where a spreadsheet reaches by a program, by a share or into the computer it lies on.
_REACHES = re.compile(r"(javascript|vbscript|data|file|smb|ms-[a-z]+|mhtml|search-ms):|\\\\|//")
#: Settings of the printer are the one binary part of a harmless spreadsheet.
_HARMLESS = re.compile(r"^xl/printersettings/[^/]+\.bin$|^xl/calcchain\.bin$")


def look_xlsx(source: IO[bytes], size: int) -> None:
    """Raises for a spreadsheet that is a bomb, has macros, embedded papers or links that start programs."""
    seen = _walk(source, size, _spreadsheet_part)
    if "[Content_Types].xml" not in seen or "xl/workbook.xml" not in seen:
        raise broken()


def look_ofd(source: IO[bytes], size: int) -> None:
    """Raises for an OFD that is a bomb or carries something that acts."""
    if "OFD.xml" not in _walk(source, size, _ofd_part):
        raise broken()


def _spreadsheet_part(name: str) -> Opens | None:
    lower = name.lower()
    if lower == "[content_types].xml":
        return _types
    if lower.startswith("xl/externallinks/"):
        return _links
    return _targets if lower.endswith(".rels") else None


def _types(_element: str, attributes: Mapping[str, str]) -> None:
    if any("macroenabled" in value.lower() or "vbaproject" in value.lower() for value in attributes.values()):
        raise active()


def _links(element: str, attributes: Mapping[str, str]) -> None:
    if element.lower().startswith("dde"):
        raise active()
    _targets(element, attributes)


def _targets(_element: str, attributes: Mapping[str, str]) -> None:
    if _REACHES.match(attributes.get("Target", "").strip().lower()):
        raise active()


def _ofd_part(_name: str) -> Opens | None:
    return _acts


def _acts(element: str, attributes: Mapping[str, str]) -> None:
    lower = element.lower()
    if lower in ("movie", "sound") or (lower == "action" and "script" in " ".join(attributes.values()).lower()):
        raise active()


def _walk(source: IO[bytes], size: int, part: Part) -> set[str]:
    with opened(source) as archive:
        entries = archive.infolist()
        if len(entries) > MOST_ENTRIES:
            raise too_much()
        if archive.comment:
            raise two_in_one()
        _do_not_overlap(entries, source)
        seen: set[str] = set()
        unfolds = _Unfolds(size)
        elements = MOST_ELEMENTS
        for entry in entries:
            _may_be_read(entry, seen)
            with archive.open(entry) as inside:
                unfolds.begins(inside)
                if entry.filename.lower().endswith((".xml", ".rels", ".vml")):
                    elements -= read_xml(unfolds, most=elements, opens=part(entry.filename))
                else:
                    while unfolds.read(_PIECE):
                        pass
            if unfolds.of_this != entry.file_size:
                raise broken()
            seen.add(entry.filename)
    return seen


class _Unfolds:
    """What comes out of an archive of so many bytes, counted over all its entries; none of it is kept."""

    def __init__(self, size: int) -> None:
        self.size, self.of_all, self.of_this = size, 0, 0

    def begins(self, inside: IO[bytes]) -> None:
        """The next entry."""
        self.inside, self.of_this = inside, 0

    def read(self, size: int = _PIECE, /) -> bytes:
        """The next bytes of an entry.

        Raises:
            Invalid: for too much of all of them, or a file of another kind at the beginning of this one.
        """
        piece = self.inside.read(size)
        if self.of_this == 0 and piece.startswith(FOREIGN):
            raise two_in_one()
        self.of_this += len(piece)
        self.of_all += len(piece)
        if self.of_all > MOST_INFLATED or (self.of_all > _SMALL and self.of_all > MOST_RATIO * self.size):
            raise too_much()
        return piece


def _may_be_read(entry: zipfile.ZipInfo, seen: set[str]) -> None:
    name = entry.filename
    parts = name.split("/")
    if name.startswith("/") or "\\" in name or ".." in parts or "\0" in entry.orig_filename or ":" in name:
        raise two_in_one()
    if name in seen or stat.S_ISLNK(entry.external_attr >> 16):
        raise two_in_one()
    if entry.flag_bits & _ENCRYPTED or entry.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        raise broken()
    lower = name.lower()
    if _ACTS.search(lower) and not _HARMLESS.match(lower):
        raise active()


def _do_not_overlap(entries: list[zipfile.ZipInfo], source: IO[bytes]) -> None:
    """Entries that lie over each other unfold the same bytes many times."""
    at = 0
    for entry in sorted(entries, key=lambda one: one.header_offset):
        if entry.header_offset < at:
            raise too_much()
        # A name that is not marked as UTF-8 has been read byte by byte: in it each character is one byte of the file.
        name = entry.orig_filename.encode("utf-8" if entry.flag_bits & _UTF8 else "cp437", "replace")
        at = entry.header_offset + _LOCAL_HEADER + len(name) + entry.compress_size
    source.seek(0)


@contextmanager
def opened(source: IO[bytes]) -> Iterator[zipfile.ZipFile]:
    """An archive to read from; what its bytes do to its reader becomes a refusal."""
    try:
        with zipfile.ZipFile(source) as archive:
            yield archive
    except Invalid:
        raise
    except UNREADABLE as error:
        raise broken() from error
