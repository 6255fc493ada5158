"""Files made in the test: harmless ones of every kind, and hostile ones with the trick of each in its name."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib

WORKBOOK = b'<?xml version="1.0"?><workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"/>'
TYPES = b'<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>'
ELF, OLE = b"\x7fELF" + b"\0" * 60, b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 504


def pdf(inside: bytes = b"1 0 obj << /Type /Catalog >> endobj", after: bytes = b"") -> bytes:
    return b"%PDF-1.7\n" + inside + b"\nstartxref\n0\n%%EOF\n" + after


def objects(text: bytes) -> bytes:
    """Objects in a compressed stream, where names are not seen from outside."""
    packed = zlib.compress(text)
    return (
        b"2 0 obj << /Type /ObjStm /Filter /FlateDecode /Length %d >> stream\n" % len(packed) + packed + b"\nendstream"
    )


def png(wide: int = 4, high: int = 4, after: bytes = b"", dots: bytes | None = None) -> bytes:
    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack("!I", len(data)) + kind + data + struct.pack("!I", zlib.crc32(kind + data))

    head = struct.pack("!IIBBBBB", wide, high, 8, 0, 0, 0, 0)
    body = zlib.compress(b"\0" * 20) if dots is None else dots
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", body) + chunk(b"IEND", b"") + after


def jpg(wide: int = 4, high: int = 4, after: bytes = b"") -> bytes:
    frame = b"\xff\xc0" + struct.pack("!HBHHB", 11, 8, high, wide, 1) + b"\x01\x11\x00"
    return b"\xff\xd8\xff\xe0\x00\x04JF" + frame + b"\xff\xda\x00\x02" + b"\x11" * 20 + b"\xff\xd9" + after


def zipped(parts: dict[str, bytes], method: int = zipfile.ZIP_DEFLATED, comment: bytes = b"") -> bytes:
    kept = io.BytesIO()
    with zipfile.ZipFile(kept, "w", method) as archive:
        for name, inside in parts.items():
            archive.writestr(name, inside)
        archive.comment = comment
    return kept.getvalue()


def xlsx(more: dict[str, bytes] | None = None, comment: bytes = b"") -> bytes:
    return zipped({"[Content_Types].xml": TYPES, "xl/workbook.xml": WORKBOOK, **(more or {})}, comment=comment)


def ofd(more: dict[str, bytes] | None = None) -> bytes:
    return zipped({"OFD.xml": b'<ofd:OFD xmlns:ofd="http://www.ofdspec.org/2016"/>', **(more or {})})


def lying(said: int) -> bytes:
    """An archive whose headers give another size than what comes out."""
    raw = bytearray(xlsx({"xl/sheet.xml": b"<a>" + b" " * 50_000 + b"</a>"}))
    true = struct.pack("<I", 50_007)
    assert raw.count(true) == 2
    return bytes(raw.replace(true, struct.pack("<I", said)))


def overlapping() -> bytes:
    """Two entries of the catalogue that point at the same bytes."""
    raw = bytearray(xlsx({"xl/a1.xml": b"<a/>", "xl/a2.xml": b"<a/>"}))
    first, second = raw.rfind(b"PK\x01\x02", 0, raw.rfind(b"PK\x01\x02")), raw.rfind(b"PK\x01\x02")
    raw[second + 42 : second + 46] = raw[first + 42 : first + 46]
    return bytes(raw)


def linked() -> bytes:
    kept = io.BytesIO(xlsx())
    with zipfile.ZipFile(kept, "a") as archive:
        link = zipfile.ZipInfo("xl/link.xml")
        link.external_attr = 0o120777 << 16
        archive.writestr(link, "/etc/passwd")
    return kept.getvalue()


def locked() -> bytes:
    raw = bytearray(xlsx())
    at = raw.find(b"PK\x01\x02")
    raw[at + 8] |= 1
    raw[6] |= 1
    return bytes(raw)


def twice() -> bytes:
    raw = xlsx({"xl/a1.xml": b"<a/>", "xl/a2.xml": b"<b/>"})
    return raw.replace(b"xl/a2.xml", b"xl/a1.xml")


HARMLESS: dict[str, bytes] = {
    "授权委托书.pdf": pdf(),
    "objects.pdf": pdf(objects(b"/Type /Page /Contents 5 0 R")),
    "扫描件.jpg": jpg(),
    "phone.JPEG": jpg(4000, 3000, after=b"\0\0ftypmp42 a moving picture"),
    "licence.png": png(),
    "台账.xlsx": xlsx(
        {"xl/worksheets/sheet1.xml": b"<sheetData/>", "xl/printerSettings/printerSettings1.bin": b"\0\1"}
    ),
    "发票.ofd": ofd({"Doc_0/Document.xml": b"<Document/>", "Doc_0/Signs/Seal.esl": b"\x30\x82"}),
    "invoice.xml": "<?xml version='1.0' encoding='UTF-8'?><发票><号码>24</号码></发票>".encode(),
    "table.csv": "名称,金额\n某公司,100\n".encode(),
    "gb.csv": "名称,金额\n某公司,100\n".encode("gb18030"),
}

LAUGHS = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;">]><x>&b;</x>'
