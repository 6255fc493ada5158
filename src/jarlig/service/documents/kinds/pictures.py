"""Pictures (图片): as many dots as a page needs, whole, and with nothing hanging on them."""

from __future__ import annotations

import struct
import zlib
from typing import IO

from django.utils.translation import gettext as _

from jarlig.service.documents.kinds.inside import ACTIVE, FOREIGN, broken, no_archive_at_the_end, two_in_one
from jarlig.service.ground.errors import Invalid

MOST_DOTS = 120_000_000  # a page of A3 at 600 dots an inch has 70 million
LONGEST_SIDE = 20_000
#: Markers of a JPEG that carry the size of the picture.
_FRAMES = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}


def look_png(source: IO[bytes], size: int) -> None:
    """Raises for a PNG that is damaged, too many dots, or goes on after its end."""
    no_archive_at_the_end(source, size)
    source.seek(8)
    first = True
    while True:
        head = source.read(8)
        if len(head) < 8:
            raise broken()
        length, kind = struct.unpack("!I4s", head)
        if length > size:
            raise broken()
        data = source.read(length)
        check = source.read(4)
        if len(data) != length or check != struct.pack("!I", zlib.crc32(kind + data)):
            raise broken()
        if first:
            if kind != b"IHDR" or length != 13:
                raise broken()
            _few_dots(*struct.unpack("!II", data[:8]))
            first = False
        if kind == b"IEND":
            break
    if source.read(1):
        raise two_in_one()


def look_jpg(source: IO[bytes], size: int) -> None:
    """Raises for a JPEG without a picture, with too many dots, or with a file of another kind after its end."""
    no_archive_at_the_end(source, size)
    source.seek(0)
    raw = source.read()
    at, dots = 2, False
    while at + 4 <= len(raw):
        if raw[at] != 0xFF:
            raise broken()
        marker = raw[at + 1]
        if marker == 0xFF:
            at += 1
            continue
        if marker == 0xDA:
            break
        length = int.from_bytes(raw[at + 2 : at + 4], "big")
        if length < 2 or at + 2 + length > len(raw):
            raise broken()
        if marker in _FRAMES:
            if length < 8:
                raise broken()
            high, wide = struct.unpack("!HH", raw[at + 5 : at + 9])
            _few_dots(wide, high)
            dots = True
        at += 2 + length
    ends = raw.find(b"\xff\xd9", at)
    if not dots or ends < 0:
        raise broken()
    after = raw[raw.rfind(b"\xff\xd9") + 2 :].lstrip(b"\0\r\n ")
    lower = after[:4096].lower()
    if after.startswith(FOREIGN) or b"%pdf-" in lower or any(word in lower for word in ACTIVE):
        raise two_in_one()


def _few_dots(wide: int, high: int) -> None:
    if wide == 0 or high == 0:
        raise broken()
    if wide > LONGEST_SIDE or high > LONGEST_SIDE or wide * high > MOST_DOTS:
        raise Invalid(_("The picture has more dots than can be shown (%(wide)s × %(high)s).")
                      % {"wide": wide, "high": high}, field="file",
                      remedy=_("Scan it with 300 dots an inch."))  # fmt: skip
