"""Files made in the test: harmless ones of every kind, and hostile ones with the trick of each in its name."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from collections.abc import Callable

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
Made = bytes | Callable[[], bytes]
IN_OBJECTS = objects(b"<< /S /JavaScript >>")
MACRO_TYPE = b"<T><O ContentType='application/vnd.ms-excel.sheet.macroEnabled.main+xml'/></T>"
DDE = b"<externalLink><ddeLink/></externalLink>"
HOSTILE: dict[str, tuple[str, Made]] = {
    "javascript in a pdf": ("a.pdf", pdf(b"<< /OpenAction << /S /JavaScript /JS (app.alert(1)) >> >>")),
    "javascript with a name in hex": ("a.pdf", pdf(b"<< /S /J#61vaScript /J#53 (x) >>")),
    "javascript in compressed objects": ("a.pdf", pdf(objects(b"<< /S /JavaScript >>"))),
    "javascript in objects named in hex": ("a.pdf", pdf(IN_OBJECTS.replace(b"ObjStm", b"Obj#53tm"))),
    "a pdf that starts a program": ("a.pdf", pdf(b"<< /S /Launch /F (cmd.exe) >>")),
    "a pdf that acts on opening": ("a.pdf", pdf(b"<< /AA << /O 3 0 R >> >>")),
    "a pdf with files within": ("a.pdf", pdf(b"<< /Names << /EmbeddedFiles 2 0 R >> >>")),
    "a pdf with a form of its own": ("a.pdf", pdf(b"<< /AcroForm << /XFA 2 0 R >> >>")),
    "a pdf with rich media": ("a.pdf", pdf(b"<< /Subtype /RichMedia >>")),
    "a pdf that sends a form": ("a.pdf", pdf(b"<< /S /SubmitForm /F (http://x) >>")),
    "a locked pdf": ("a.pdf", pdf(b"trailer << /Encrypt 5 0 R >>")),
    "a pdf cut off": ("a.pdf", b"%PDF-1.7\n1 0 obj"),
    "a pdf that is an archive too": ("a.pdf", pdf(after=zipped({"x": b"y"}))),
    "a pdf bomb": ("a.pdf", lambda: pdf(objects(b" " * (80 << 20)))),
    "a picture called pdf": ("a.pdf", png()),
    "a page called pdf": ("a.pdf", b"<html><script>alert(1)</script>"),
    "a program called jpg": ("a.jpg", ELF),
    "a page called jpg": ("a.jpg", b"<svg onload=alert(1)>"),
    "a jpg without a picture": ("a.jpg", b"\xff\xd8\xff\xe0\x00\x04JF\xff\xd9"),
    "a jpg cut off": ("a.jpg", jpg()[:20]),
    "a jpg that is an archive too": ("a.jpg", jpg(after=zipped({"x.class": b"y"}))),
    "a jpg with a page after it": ("a.jpg", jpg(after=b"<html><script>alert(1)</script>")),
    "a jpg with a program after it": ("a.jpg", jpg(after=ELF)),
    "a jpg with a pdf after it": ("a.jpg", jpg(after=pdf())),
    "a flood of dots in a jpg": ("a.jpg", jpg(65_000, 65_000)),
    "a flood of dots in a png": ("a.png", png(60_000, 60_000)),
    "a png with no width": ("a.png", png(0, 4)),
    "a png cut off": ("a.png", png()[:-20]),
    "a png with a wrong sum": ("a.png", png().replace(b"IDAT", b"IDAX")),
    "a png that goes on": ("a.png", png(after=b"<?php system($_GET[0]);")),
    "a png that is an archive too": ("a.png", png(after=zipped({"x": b"y"}))),
    "a bomb of one part": ("a.xlsx", lambda: xlsx({"xl/sheet.xml": b"<a>" + b" " * (200 << 20) + b"</a>"})),
    "a bomb by its ratio": ("a.xlsx", lambda: xlsx({"xl/media/a.emf": b"\1" * (30 << 20)})),
    "too many parts": ("a.xlsx", lambda: xlsx({f"xl/{n}.xml": b"<a/>" for n in range(1100)})),
    "sizes said too small": ("a.xlsx", lambda: lying(10)),
    "sizes said too large": ("a.xlsx", lambda: lying(4_000_000_000)),
    "parts over each other": ("a.xlsx", overlapping),
    "a part twice": ("a.xlsx", twice),
    "an archive in an archive": ("a.xlsx", xlsx({"xl/media/a.emf": zipped({"x": b"y"})})),
    "a macro": ("a.xlsx", xlsx({"xl/vbaProject.bin": b"x"})),
    "a macro by its type": ("a.xlsx", zipped({
        "[Content_Types].xml": MACRO_TYPE,
        "xl/workbook.xml": WORKBOOK})),
    "a sheet of old macros": ("a.xlsx", xlsx({"xl/macrosheets/sheet1.xml": b"<a/>"})),
    "a control that acts": ("a.xlsx", xlsx({"xl/activeX/activeX1.xml": b"<a/>"})),
    "an embedded paper": ("a.xlsx", xlsx({"xl/embeddings/oleObject1.bin": OLE})),
    "an old paper as a picture": ("a.xlsx", xlsx({"xl/media/image1.png": OLE})),
    "a program in a spreadsheet": ("a.xlsx", xlsx({"xl/media/run.exe": b"MZ"})),
    "a link that starts a program": ("a.xlsx", xlsx({"xl/externalLinks/externalLink1.xml": DDE})),
    "a link to a file elsewhere": ("a.xlsx", xlsx({"xl/_rels/workbook.xml.rels": b'<R><r Target="file:/c:/x"/></R>'})),
    "a spreadsheet that laughs": ("a.xlsx", xlsx({"xl/styles.xml": LAUGHS})),
    "a path upwards": ("a.xlsx", xlsx({"../../etc/cron.d/x": b"x"})),
    "a path from the root": ("a.xlsx", xlsx({"/etc/passwd": b"x"})),
    "a link to a path": ("a.xlsx", linked),
    "a locked spreadsheet": ("a.xlsx", locked),
    "a spreadsheet with a remark behind": ("a.xlsx", xlsx(comment=b"<script>")),
    "an archive that is no spreadsheet": ("a.xlsx", zipped({"x.txt": b"y"})),
    "a spreadsheet by another method": ("a.xlsx", zipped({"xl/workbook.xml": WORKBOOK}, zipfile.ZIP_LZMA)),
    "half a spreadsheet": ("a.xlsx", xlsx()[:200]),
    "an old spreadsheet": ("a.xlsx", OLE),
    "an archive that is no ofd": ("a.ofd", zipped({"x.xml": b"<a/>"})),
    "an ofd with a page": ("a.ofd", ofd({"Doc_0/a.html": b"<html>"})),
    "an ofd that moves": ("a.ofd", ofd({"Doc_0/Page.xml": b"<P><Movie ResourceID='1'/></P>"})),
    "a billion laughs": ("a.xml", LAUGHS),
    "xml that fetches": ("a.xml", b'<!DOCTYPE x SYSTEM "file:/etc/passwd"><x/>'),
    "xml that is a drawing": ("a.xml", b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>'),
    "xml that is a page": ("a.xml", b'<html xmlns="http://www.w3.org/1999/xhtml"><script/></html>'),
    "xml with a style that runs": ("a.xml", b'<?xml-stylesheet href="x.xsl"?><x/>'),
    "xml that is not closed": ("a.xml", b"<a><b></a>"),
    "xml very deep": ("a.xml", b"<a>" * 5000 + b"</a>" * 5000),
    "a page called csv": ("a.csv", b" \n<html><script>alert(1)</script>"),
    "a table with a zero": ("a.csv", b"a,b\0,c"),
    "bytes called csv": ("a.csv", bytes(range(128, 256)) * 3),
    "a drawing": ("a.svg", b"<svg/>"),
    "a document with macros": ("a.docm", zipped({"word/document.xml": b"<a/>"})),
    "a program": ("a.exe", b"MZ"),
    "a page": ("a.html", b"<html>"),
    "two endings": ("a.pdf.exe", pdf()),
    "no ending": ("授权委托书", pdf()),
    "nothing": ("a.pdf", b""),
    "a name that turns": ("gnp.\u202efdp.pdf", pdf()),
    "a name with a line": ("a\nb.pdf", pdf()),
    "a name with a zero": ("a.pdf\0.pdf", pdf()),
    "a name with folders": ("../../a.pdf", pdf()),
    "a name with other folders": ("c:\\a.pdf", pdf()),
    "a very long name": ("长" * 200 + ".pdf", pdf()),
    "a name of dots": ("..", pdf()),
}  # fmt: skip
