"""Files that are archives (压缩容器): XLSX and OFD, walked entry by entry, counting what comes out.

What the headers say of sizes is not believed: every entry is inflated and counted, up to a limit, and thrown away.
"""

from __future__ import annotations

import io
import re
import stat
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import IO

from jarlig.service.documents.kinds.inside import FOREIGN, active, broken, too_much, two_in_one
from jarlig.service.documents.kinds.texts import read_xml
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
#: What looks at one part: its name and its bytes.
Part = Callable[[str, bytes], None]
#: Parts of a spreadsheet that act, carry other papers, or fetch from elsewhere by a program.
_ACTS = re.compile(
    r"(^|/)(vbaproject[^/]*|vbadata\.xml|macrosheets|dialogsheets|activex|customui[^/]*|embeddings|ctrlprops)(/|$)|"
    r"\.(bin|exe|dll|js|vbs|vba|hta|bat|cmd|ps1|lnk|html?|svg|swf|jar|zip|rar|7z|docm|xlsm|xlam|doc|xls)$"
)
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


def _spreadsheet_part(name: str, inside: bytes) -> None:
    lower = inside.lower()
    if name == "[Content_Types].xml" and (b"macroenabled" in lower or b"vbaproject" in lower):
        raise active()
    if name.lower().startswith("xl/externallinks/") and b"ddelink" in lower:
        raise active()
    if name.endswith(".rels") and re.search(rb'target\s*=\s*["\'](javascript|file|\\\\|smb|ms-[a-z]+):?', lower):
        raise active()


def _ofd_part(name: str, inside: bytes) -> None:
    if name.endswith(".xml") and re.search(rb"<(\w+:)?(movie|sound|action[^>]*type=[\"']?script)", inside.lower()):
        raise active()


def _walk(source: IO[bytes], size: int, part: Part) -> set[str]:
    with _opened(source) as archive:
        entries = archive.infolist()
        if len(entries) > MOST_ENTRIES:
            raise too_much()
        if archive.comment:
            raise two_in_one()
        _do_not_overlap(entries, source)
        seen: set[str] = set()
        inflated = 0
        for entry in entries:
            _may_be_read(entry, seen)
            inflated = _read(archive, entry, inflated, size, part)
            seen.add(entry.filename)
    return seen


def _read(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, before: int, size: int, part: Part) -> int:
    """Inflates one entry, counted; gives what has been inflated so far."""
    inflated, kept = before, io.BytesIO()
    is_text = entry.filename.lower().endswith((".xml", ".rels"))
    with archive.open(entry) as inside:
        first = True
        while piece := inside.read(_PIECE):
            inflated += len(piece)
            if inflated > MOST_INFLATED or (inflated > _SMALL and inflated > MOST_RATIO * size):
                raise too_much()
            if first and piece.startswith(FOREIGN):
                raise two_in_one()
            first = False
            if is_text:
                kept.write(piece)
    if inflated - before != entry.file_size:
        raise broken()
    if is_text:
        kept.seek(0)
        read_xml(kept)
        part(entry.filename, kept.getvalue())
    return inflated


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
        at = entry.header_offset + _LOCAL_HEADER + len(entry.filename.encode()) + entry.compress_size
    source.seek(0)


@contextmanager
def _opened(source: IO[bytes]) -> Iterator[zipfile.ZipFile]:
    try:
        with zipfile.ZipFile(source) as archive:
            yield archive
    except Invalid:
        raise
    except UNREADABLE as error:
        raise broken() from error
