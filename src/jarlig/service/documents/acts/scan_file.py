"""What the scanner says of a file (病毒扫描结果), put down by the worker and by nobody else."""

from __future__ import annotations

from jarlig.service.audit.record import record
from jarlig.service.documents import scanner, store
from jarlig.service.documents.models import StoredFile
from jarlig.service.documents.scanner import Verdict
from jarlig.service.ground.clock import now
from jarlig.service.ground.context import on_behalf_of


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

    Called by the worker. A scanner that does not answer leaves the rest waiting for the next time.
    """
    answered = 0
    for file in StoredFile.objects.filter(state="pending").order_by("uploaded_at")[:most]:
        with store.bytes_of(file.sha256) as source:
            verdict = scanner.scan(source)
        if verdict is None:
            break
        settle(file, verdict)
        answered += 1
    return answered
