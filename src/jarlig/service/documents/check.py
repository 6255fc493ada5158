"""What is taken and what is not (文件检查): kind by content and by ending, size, name, and nothing that acts.

A file is read here and never opened with a program of its kind. What passes is well formed as far as this goes; whether
it carries a virus is the scanner's to say.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable
from typing import IO

from django.utils.translation import gettext as _

from jarlig.service.documents.kinds import archives, pdf, pictures, texts
from jarlig.service.ground.errors import Invalid

#: The most bytes of one file.
MOST = 25 * 1024 * 1024
LONGEST_NAME = 200
#: What each kind may end in, and who looks inside.
KINDS: dict[str, tuple[tuple[str, ...], Callable[[IO[bytes], int], None]]] = {
    "pdf": (("pdf",), pdf.look),
    "jpg": (("jpg", "jpeg"), pictures.look_jpg),
    "png": (("png",), pictures.look_png),
    "xlsx": (("xlsx",), archives.look_xlsx),
    "ofd": (("ofd",), archives.look_ofd),
    "xml": (("xml",), texts.look_xml),
    "csv": (("csv",), texts.look_csv),
}
#: Characters that turn the direction of a text, so that a name ends otherwise than it reads.
_TURNING = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


def check(source: IO[bytes], size: int, name: str) -> tuple[str, str]:
    """The kind of a file by its content, and its name as it is kept.

    Raises:
        Invalid: with what is wrong and how to mend it, for anything that is not taken.
    """
    tidy = checked_name(name)
    if size == 0:
        raise refused(_("The file is empty."), _("Choose it again; it may not have been saved yet."))
    if size > MOST:
        raise refused(_("The file is larger than 25 MB."), _("Scan it with fewer dots an inch, or split it."))
    ending = tidy.rpartition(".")[2].lower() if "." in tidy else ""
    taken = [kind for kind, (endings, _look) in KINDS.items() if ending in endings]
    if not taken:
        raise refused(_("Files of this kind are not taken."), _("Taken are PDF, JPG, PNG, XLSX, CSV, OFD and XML."))
    kind = taken[0]
    source.seek(0)
    begins = _by_content(source.read(16))
    expected = {"xlsx": "zip", "ofd": "zip", "csv": "", "xml": ""}.get(kind, kind)
    if begins != expected:
        raise refused(
            _("The name ends in “%(ending)s” but the content is something else.") % {"ending": ending},
            _("Save it again in the program it was made with; changing the ending is not enough."),
        )
    source.seek(0)
    KINDS[kind][1](source, size)
    source.seek(0)
    return kind, tidy


def checked_name(name: str) -> str:
    """The name of a file as it is kept: composed characters, no control characters, no folders.

    Raises:
        Invalid: for a name that reads otherwise than it is, or is no name.
    """
    tidy = unicodedata.normalize("NFC", name).strip()
    if not tidy or tidy.strip(". ") == "":
        raise refused(_("The file has no name."), "")
    if len(tidy) > LONGEST_NAME:
        raise refused(_("The name of the file is longer than 200 characters."), _("Give it a shorter one."))
    if any(character in _TURNING or unicodedata.category(character) in ("Cc", "Cs", "Zl", "Zp") for character in tidy):
        raise refused(_("The name of the file has characters that cannot be seen."), _("Type it anew."))
    if "/" in tidy or "\\" in tidy:
        raise refused(_("The name of the file has a slash in it."), _("Take it out."))
    return tidy


def refused(reason: str, remedy: str) -> Invalid:
    """A file that is not taken."""
    return Invalid(reason, field="file", remedy=remedy)


def _by_content(first: bytes) -> str:
    for begins, kind in (
        (b"%PDF-", "pdf"), (b"\xff\xd8\xff", "jpg"), (b"\x89PNG\r\n\x1a\n", "png"), (b"PK\x03\x04", "zip"),
        (b"PK", "other"), (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "other"), (b"MZ", "other"), (b"\x7fELF", "other"),
        (b"GIF8", "other"), (b"RIFF", "other"), (b"Rar!", "other"), (b"7z\xbc\xaf", "other"), (b"\x1f\x8b", "other"),
        (b"#!", "other"), (b"{\\rtf", "other"),
    ):  # fmt: skip
        if first.startswith(begins):
            return kind
    return ""
