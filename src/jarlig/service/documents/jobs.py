"""Jobs of this room: files that the scanner had no answer for are shown to it again."""

from __future__ import annotations

from jarlig.service.documents.acts.scan_file import scan_waiting
from jarlig.service.ground.jobs import job


@job("scan_files", every="*/5 * * * *")
def scan_files() -> None:
    """Asks the scanner about files that wait; without a scanner nothing happens."""
    scan_waiting()
