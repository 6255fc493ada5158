"""What the scanner says of a file (病毒扫描结果), put down by the worker and by nobody else."""

from __future__ import annotations

import logging

from jarlig.service.audit.record import record
from jarlig.service.documents import scanner, store
from jarlig.service.documents.models import StoredFile
from jarlig.service.documents.scanner import Verdict
from jarlig.service.ground.clock import now
from jarlig.service.ground.context import on_behalf_of
from jarlig.service.ground.errors import Missing

_log = logging.getLogger("jarlig.scanner")


def settle(file: StoredFile, verdict: Verdict) -> None:
    """Writes down what the scanner said: nothing found, or the file is refused and no longer served."""
    before = {"state": file.state}
    file.state, file.reason = ("refused", verdict.found) if verdict.found else ("clean", "")
    file.scanned_at = now()
    with on_behalf_of(role="jarlig_worker", person=None, seat=None):
        file.save(update_fields=["state", "reason", "scanned_at"])
        record("scan_file", file, before=before, after={"state": file.state, "reason": file.reason})


def scan_waiting(most: int = 100) -> int:
    """Asks the scanner about files it has not looked at, oldest first; how many it answered for.

    Called by the worker. A file whose bytes cannot be read is told in the log and passed over, and is no reason to keep
    the others waiting; it is looked for again the next time, when it may have been restored. A scanner that does not
    answer leaves the rest waiting for the next time.
    """
    answered = 0
    if not scanner.is_set():
        return answered
    for file in StoredFile.objects.filter(state="pending").order_by("uploaded_at", "pk").iterator():
        try:
            source = store.bytes_of(file.sha256)
        except (Missing, OSError) as error:
            _log.error("file %s waits for the scanner, its bytes %s cannot be read: %s", file.pk, file.sha256, error)
            continue
        with source:
            verdict = scanner.scan(source)
        if verdict is None:
            break
        settle(file, verdict)
        answered += 1
        if answered == most:
            break
    return answered
