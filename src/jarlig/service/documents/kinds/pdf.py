"""PDF files (PDF 文件): whole, not locked, and without anything that acts, also in what is compressed."""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterator
from typing import IO

from django.utils.translation import gettext as _

from jarlig.service.documents.kinds.inside import active, broken, no_archive_at_the_end, too_much
from jarlig.service.ground.errors import Invalid

#: Names under which something acts, hides or is fetched.
ACTS = re.compile(
    rb"/(?:JavaScript|JS|Launch|AA|EmbeddedFiles?|RichMedia|XFA|SubmitForm|ImportData|GoToE|Rendition|Movie|Sound|3D)"
    rb"(?![A-Za-z0-9_])"
)
_ESCAPED = re.compile(rb"#([0-9A-Fa-f]{2})")
_OBJECTS = re.compile(rb"/Type\s*/ObjStm")
_FILTER = re.compile(rb"/(\w+Decode|Crypt)\b")
#: The most bytes that the compressed objects of one file may unfold into, streams of one file, and escapes of names.
MOST, MOST_STREAMS, MOST_ESCAPES = 64 * 1024 * 1024, 100_000, 500_000
_PIECE, _LONGEST_NAME = 1 << 20, 400


def look(source: IO[bytes], size: int) -> None:
    """Raises for a PDF that is cut off, locked, or acts."""
    no_archive_at_the_end(source, size)
    source.seek(0)
    raw = source.read()
    if b"%%EOF" not in raw[-2048:]:
        raise broken()
    outside, streams = _parts(raw)
    if outside.count(b"#") > MOST_ESCAPES:
        raise too_much()
    plain = _names(outside)
    if re.search(rb"/Encrypt(?![A-Za-z0-9_])", plain):
        raise Invalid(_("The PDF is locked with a password or against copying."), field="file",
                      remedy=_("Print it to a new PDF without a password."))  # fmt: skip
    if ACTS.search(plain):
        raise active()
    left = MOST
    for begins in streams:
        before = b""
        for unfolded in _unfold(raw, begins):
            left -= len(unfolded)
            if left <= 0 or unfolded.count(b"#") > MOST_ESCAPES:
                raise too_much()
            if ACTS.search(_names(before + unfolded)):
                raise active()
            before = unfolded[-_LONGEST_NAME:]


def _parts(raw: bytes) -> tuple[bytes, list[int]]:
    """What stands outside of streams, and where streams of objects begin; pictures and fonts are never objects."""
    outside: list[bytes] = []
    objects: list[int] = []
    at = 0
    while (begins := raw.find(b"stream", at)) >= 0:
        before = raw[at:begins]
        outside.append(before)
        if len(outside) > MOST_STREAMS:
            raise too_much()
        ends = raw.find(b"endstream", begins + 6)
        if ends < 0:
            outside.append(raw[begins:])
            return b"".join(outside), objects
        told = _names(before[-4096:])
        if _OBJECTS.search(told):
            if set(_FILTER.findall(told[told.rfind(b" obj") + 1 :])) - {b"FlateDecode"}:
                raise broken()  # written in a way that no program writes objects: what they say could not be seen
            objects.append(begins + 6)
        at = ends + 9
    outside.append(raw[at:])
    return b"".join(outside), objects


def _unfold(raw: bytes, begins: int) -> Iterator[bytes]:
    """What a compressed stream unfolds into, piece by piece; one that is not compressed as it stands."""
    while raw[begins : begins + 1] in (b"\r", b"\n"):
        begins += 1
    packed = raw[begins : raw.find(b"endstream", begins)]
    unfolding = zlib.decompressobj()
    try:
        left = packed
        while piece := unfolding.decompress(left, _PIECE):
            yield piece
            left = unfolding.unconsumed_tail
    except zlib.error:
        yield packed  # not compressed, or by another method


def _names(text: bytes) -> bytes:
    """Names as they are meant: ``/J#61vaScript`` is ``/JavaScript``."""
    return _ESCAPED.sub(lambda found: bytes([int(found[1], 16)]), text) if b"#" in text else text
