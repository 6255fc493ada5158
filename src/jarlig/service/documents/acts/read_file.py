"""Opening a file that somebody else handed in (调阅文件): noted, for the auditor."""

from __future__ import annotations

from typing import IO
from uuid import UUID

from jarlig.service.audit.record import record
from jarlig.service.documents import store
from jarlig.service.documents.models import StoredFile
from jarlig.service.documents.queries import file_of, why_withheld
from jarlig.service.ground.context import current
from jarlig.service.ground.errors import WrongState


def read_file(identity: UUID) -> tuple[StoredFile, IO[bytes]]:
    """A file and its bytes, for whoever may see it.

    Raises:
        Missing: when there is none, or none that they may see.
        WrongState: when it is withheld: refused, or not yet scanned where there is a scanner.
    """
    file = file_of(identity)
    withheld = why_withheld(file)
    if withheld:
        raise WrongState(withheld)
    source = store.bytes_of(file.sha256)
    if file.uploaded_by != current().person:
        record("read_file", file, after={"sha256": file.sha256})
    return file, source
