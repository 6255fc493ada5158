"""Jobs of this room: files that the scanner had no answer for, and bytes that nobody names."""

from __future__ import annotations

from jarlig.service.documents.acts.scan_file import scan_waiting
from jarlig.service.documents.leftover import clear_away
from jarlig.service.ground.jobs import job


@job("scan_files", every="*/5 * * * *")
def scan_files() -> None:
    """Asks the scanner about files that wait; without a scanner nothing happens."""
    scan_waiting()


@job("clear_away_bytes", every="45 18 * * *")
def clear_away_bytes() -> None:
    """Removes bytes of uploads that came to nothing, a day after."""
    clear_away()
