"""Where things are, and what the tests ask of processes: who descends from whom, who lives, how to wait for it."""

from __future__ import annotations

import base64
import contextlib
import os
import time
from collections.abc import Callable
from pathlib import Path

from jarlig.service.launch import database_checks
from jarlig.service.launch.binaries import FLOOR
from jarlig.service.launch.cluster import Cluster
from jarlig.service.launch.finding import MEND, Finding

ROOT = Path(__file__).resolve().parents[3]
OLDEST = Path(f"/usr/lib/postgresql/{FLOOR}/bin")


def descendants(pid: int) -> list[int]:
    """Every process below one, nearest first."""
    parents: dict[int, int] = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdecimal():
            try:
                parents[int(entry.name)] = int((entry / "stat").read_text().rpartition(")")[2].split()[1])
            except (FileNotFoundError, ProcessLookupError):
                continue
    found = [pid]
    for one in found:
        found += [child for child, parent in parents.items() if parent == one]
    return found[1:]


def told_of(pid: int, file: str) -> str:
    """A file about a process, ``cmdline`` or ``environ``; empty when it has gone meanwhile."""
    try:
        return Path(f"/proc/{pid}/{file}").read_text(errors="replace")
    except (FileNotFoundError, ProcessLookupError):
        return ""


def lives(pid: int) -> bool:
    """Whether a process is there and is no corpse waiting to be buried."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except (FileNotFoundError, ProcessLookupError):
        return False


def eventually(holds: Callable[[], bool], seconds: float = 10) -> bool:
    """Whether something comes true within that time."""
    deadline = time.monotonic() + seconds
    while not holds():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.02)
    return True


def kill(pids: list[int]) -> None:
    """Ends processes as a loss of power would, the first in the list first; one that died with its parent is dead."""
    for pid in pids:
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, 9)


def told(address: str) -> dict[str, str]:
    """What processes of a service on that database are told."""
    return {
        **{name: value for name, value in os.environ.items() if not name.startswith("JARLIG_")},
        "PYTHONPATH": str(ROOT / "src"),
        "DJANGO_SETTINGS_MODULE": "jarlig.service.config.settings",
        "JARLIG_DATABASE_URL": address,
        "JARLIG_SECRET_KEY": "0123456789" * 5,
        "JARLIG_DATA_KEY": base64.b64encode(bytes(32)).decode(),
    }


def bad(findings: list[Finding]) -> dict[str, Finding]:
    """What must be mended, by its key."""
    return {finding.key: finding for finding in findings if finding.state == MEND}


def looked_at(cluster: Cluster, name: str = "served", owner: str | None = None) -> dict[str, Finding]:
    """The findings on a database by their keys."""
    above, below = cluster.addresses(name)
    findings = database_checks.database(told(below), above if owner is None else owner)
    return {finding.key: finding for finding in findings}
