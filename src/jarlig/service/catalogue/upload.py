"""Unpacking an uploaded folder (解包): a ZIP of text files, measured while it is read; nothing is written anywhere.

Sizes in a ZIP's directory are claims of its maker, so what counts is what comes out. Every refusal is a sentence.
"""

from __future__ import annotations

import io
import stat
import unicodedata
import zipfile
from collections.abc import Iterator
from pathlib import PurePosixPath

from django.utils.translation import gettext as _

from jarlig.policy.reading import MOST_FILES
from jarlig.policy.source import PROGRAMME_LIMITS
from jarlig.service.ground.errors import Invalid, Refused
from jarlig.service.ground.zips import UNREADABLE

_MIB = 1 << 20
#: Bytes of the ZIP, of one file and of all files of a folder; entries, parts and characters of a name.
MOST_PACKED, MOST_FILE, MOST_ALL = 4 * _MIB, PROGRAMME_LIMITS.file_bytes, 16 * _MIB
MOST_ENTRIES, MOST_PARTS, MOST_NAME = 2 * MOST_FILES, 4, 200
#: What a programme folder may hold: the rules, the text of the notice, and notes.
KINDS = (".yaml", ".txt", ".md")
_PLAIN = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
_CHUNK = 64 * 1024


def unpack(packed: bytes) -> dict[str, bytes]:
    """The files of a programme folder by their names inside it; a folder around everything is taken off.

    Raises:
        Invalid: when it is no ZIP, or holds what a programme folder does not.
    """
    if len(packed) > MOST_PACKED:
        raise _refused(_("The file has %(size)s bytes; at most %(most)s are taken.")
                       % {"size": len(packed), "most": MOST_PACKED})  # fmt: skip
    try:
        with zipfile.ZipFile(io.BytesIO(packed)) as archive:
            files = _files(archive)
    except UNREADABLE as error:
        raise _refused(_("This is not a ZIP file that can be read."), _("Pack the folder again as a ZIP.")) from error
    return _without_outer(files)


def _files(archive: zipfile.ZipFile) -> dict[str, bytes]:
    entries = archive.infolist()
    if len(entries) > MOST_ENTRIES:
        raise _refused(_("The ZIP holds %(count)s entries; at most %(most)s are taken.")
                       % {"count": len(entries), "most": MOST_ENTRIES})  # fmt: skip
    files: dict[str, bytes] = {}
    seen: dict[str, str] = {}
    left = MOST_ALL
    for entry in entries:
        name = _name(entry)
        if name is None:
            continue
        alike = unicodedata.normalize("NFC", name).casefold()
        if alike in seen:
            raise _refused(_("Two files have the same name: %(name)s.") % {"name": _shown(name)})
        data = b"".join(_inflated(archive, entry, name, left))
        left -= len(data)
        files[name], seen[alike] = data, name
    if len(files) > MOST_FILES:
        raise _refused(_("The folder holds %(count)s files; at most %(most)s are taken.")
                       % {"count": len(files), "most": MOST_FILES})  # fmt: skip
    if not files:
        raise _refused(_("The ZIP holds no files."))
    return files


def _name(entry: zipfile.ZipInfo) -> str | None:
    """The name of a file; None for a folder and for what file managers add; refused where it leads elsewhere."""
    name = entry.orig_filename
    if not entry.flag_bits & 0x800 and not name.isascii():  # an older packer wrote bytes of the Chinese code page
        try:
            name = name.encode("cp437").decode("gb18030")
        except UnicodeError:
            raise _refused(_("A name in the ZIP cannot be read: %(name)s.") % {"name": _shown(name)}) from None
    shown = {"name": _shown(name)}
    if len(name) > MOST_NAME or not name.isprintable():
        raise _refused(_("A name in the ZIP is too long or holds hidden characters: %(name)s.") % shown)
    parts = name.rstrip("/").split("/")
    if "\\" in name or ":" in name or name.startswith("/") or any(part in ("", ".", "..") for part in parts):
        raise _refused(_("A name in the ZIP leads out of the folder: %(name)s.") % shown)
    kind = entry.external_attr >> 16
    if kind and stat.S_IFMT(kind) not in (0, stat.S_IFREG, stat.S_IFDIR):
        raise _refused(_("%(name)s is a link or a device, not a file.") % shown, _("Put the file itself in its place."))
    if entry.is_dir() or "__MACOSX" in parts or parts[-1] in (".DS_Store", "Thumbs.db", "desktop.ini"):
        return None
    if len(parts) > MOST_PARTS:
        raise _refused(_("%(name)s lies too deep.") % shown)
    if entry.flag_bits & 0x1:
        raise _refused(_("The ZIP is locked with a password."))
    if entry.compress_type not in _PLAIN:
        raise _refused(
            _("%(name)s is packed in a way that is not taken.") % shown, _("Pack the folder again as a ZIP.")
        )
    if PurePosixPath(name).suffix not in KINDS:
        raise _refused(_("%(name)s is of no kind that belongs in a programme folder.") % shown,
                       _("It holds %(kinds)s.") % {"kinds": " ".join(KINDS)})  # fmt: skip
    return name


def _inflated(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, name: str, left: int) -> Iterator[bytes]:
    size = 0
    with archive.open(entry) as stream:
        while chunk := stream.read(_CHUNK):
            size += len(chunk)
            if size > MOST_FILE:
                raise _refused(_("%(name)s has more than %(most)s bytes.") % {"name": _shown(name), "most": MOST_FILE})
            if size > left:
                raise _refused(_("The files have more than %(most)s bytes in all.") % {"most": MOST_ALL})
            yield chunk


def _without_outer(files: dict[str, bytes]) -> dict[str, bytes]:
    first = {name.split("/", 1)[0] for name in files}
    if len(first) == 1 and all("/" in name for name in files):
        files = {name.split("/", 1)[1]: data for name, data in files.items()}
    if "programme.yaml" not in files:
        raise _refused(_("There is no programme.yaml in the folder."),
                       _("Pack the folder in which programme.yaml lies."))  # fmt: skip
    return files


def _shown(name: str) -> str:
    return "".join(c if c.isprintable() else "?" for c in name[:80])


def _refused(reason: str, remedy: str = "") -> Refused:
    return Invalid(reason, field="folder", remedy=remedy)
