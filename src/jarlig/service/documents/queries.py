"""Which files somebody may see (可见文件): the database answers first, by its row security."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from django.utils.translation import gettext as _

from jarlig.service.documents import scanner
from jarlig.service.documents.models import StoredFile
from jarlig.service.ground.errors import Missing


def file_of(identity: UUID) -> StoredFile:
    """The file of this id.

    Raises:
        Missing: when there is none, or none that whoever asks may see.
    """
    file: StoredFile | None = StoredFile.objects.filter(pk=identity).first()
    if file is None:
        raise Missing(_("There is no such file."))
    return file


def files_of(thing: str, identities: Iterable[object]) -> dict[str, list[StoredFile]]:
    """The files of some things, by the id of each, in one query; newest first."""
    found: dict[str, list[StoredFile]] = {}
    for file in StoredFile.objects.filter(thing=thing, thing_id__in=[str(one) for one in identities]).order_by(
        "-uploaded_at"
    ):
        found.setdefault(file.thing_id, []).append(file)
    return found


def why_withheld(file: StoredFile) -> str:
    """Why a file is not served just now; empty when it is."""
    if file.state == "refused":
        return _("The virus scanner found something in this file; it is not served.")
    if file.state == "pending" and scanner.is_set():
        return _("This file waits for the virus scanner.")
    return ""


def scan_in_words(file: StoredFile) -> str:
    """What is known of viruses in it; "not scanned" where that is so."""
    if file.state == "clean":
        return _("Scanned for viruses: nothing found.")
    if file.state == "refused":
        return _("Refused: the virus scanner found something.")
    if scanner.is_set():
        return _("Waits for the virus scanner.")
    return _("Not scanned for viruses: no scanner is set up.")
