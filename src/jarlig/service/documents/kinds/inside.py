"""What must stand in no file of any kind: programs, archives and office papers within, and pages that act."""

from __future__ import annotations

from typing import IO

from django.utils.translation import gettext as _

from jarlig.service.ground.errors import Invalid

#: How programs, archives and old office papers begin.
FOREIGN = (b"PK\x03\x04", b"MZ", b"\x7fELF", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b"Rar!", b"7z\xbc\xaf\x27\x1c",
           b"\x1f\x8b\x08", b"#!/")  # fmt: skip
#: End of a ZIP archive: a file of another kind that has one at its end is two files.
ZIP_END = b"PK\x05\x06"
ACTIVE = (b"<script", b"<html", b"<svg", b"<iframe", b"<?php", b"javascript:")
_TAIL = 66_000


def active() -> Invalid:
    """The sentence for what acts when it is opened."""
    return Invalid(_("The file contains something that acts when it is opened (a macro, a script or a program)."),
                   field="file", remedy=_("Print it to PDF, or save it without macros."))  # fmt: skip


def two_in_one() -> Invalid:
    """The sentence for a file in which another one hides."""
    return Invalid(_("Another file is hidden in this one."), field="file",
                   remedy=_("Save it again in the program it was made with."))  # fmt: skip


def broken() -> Invalid:
    """The sentence for what cannot be read to its end."""
    return Invalid(_("The file is damaged or not complete."), field="file",
                   remedy=_("Open it on your computer; if that works, save it again and choose that one."))  # fmt: skip


def too_much() -> Invalid:
    """The sentence for what unfolds into more than can be looked at."""
    return Invalid(_("The file unfolds into more than can be checked."), field="file",
                   remedy=_("Leave out empty sheets, formats without content and attachments."))  # fmt: skip


def no_archive_at_the_end(source: IO[bytes], size: int) -> None:
    """Raises when a ZIP archive hangs on a file of another kind."""
    source.seek(max(0, size - _TAIL))
    if ZIP_END in source.read(_TAIL):
        raise two_in_one()
