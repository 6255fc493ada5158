"""The folder of the files (文件存储): how much lies there, how much room is left, and what nobody knows."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.utils.translation import gettext_lazy

from jarlig.service.bodies.permission import require, rule
from jarlig.service.documents.models import StoredFile
from jarlig.service.ground.context import on_behalf_of

SEE_STORAGE = rule("see_storage", gettext_lazy("See the storage"), "administrator", "auditor", where="top")

#: Files that one look counts; a larger folder is told as "at least".
MOST = 200_000
#: Below this part of the disk a warning stands on the page.
SCARCE = 0.1

#: For a kind (a folder under that of the files), which of these names some row knows; rooms that keep files add theirs.
KNOWN: dict[str, Callable[[list[str]], set[str]]] = {}
_AT_ONCE = 10_000


@dataclass(frozen=True, slots=True)
class Kind:
    """The files of one kind: number, bytes, and how many no row knows; None where no room says."""

    name: str
    files: int
    size: int
    orphans: int | None


@dataclass(frozen=True, slots=True)
class Storage:
    """The folder, the disk it lies on, and the kinds of files in it."""

    folder: Path
    there: bool
    free: int
    total: int
    kinds: tuple[Kind, ...]
    is_whole: bool = True

    @property
    def is_scarce(self) -> bool:
        """Whether little room is left."""
        return bool(self.total) and self.free < self.total * SCARCE


def storage() -> Storage:
    """The folder as it is now; nothing is changed.

    Raises:
        NotAllowed: when it is not asked from a seat of the region.
    """
    require("see_storage")
    folder = Path(settings.FILES)
    if not folder.is_dir():
        return Storage(folder, False, 0, 0, ())
    disk = shutil.disk_usage(folder)
    kinds, left = [], MOST
    for entry in sorted(os.scandir(folder), key=lambda one: one.name):
        if entry.is_dir(follow_symlinks=False) and left > 0:
            kind = _kind(Path(entry.path), left)
            kinds.append(kind)
            left -= kind.files
    return Storage(folder, True, disk.free, disk.total, tuple(kinds), left > 0)


def _kind(folder: Path, most: int) -> Kind:
    names, files, size = [], 0, 0
    waiting = [folder]
    while waiting and files < most:
        with os.scandir(waiting.pop()) as entries:
            for entry in entries:
                if entry.is_dir(follow_symlinks=False):
                    waiting.append(Path(entry.path))
                elif entry.is_file(follow_symlinks=False):
                    files += 1
                    size += entry.stat(follow_symlinks=False).st_size
                    names.append(entry.name)
    tell = KNOWN.get(folder.name)
    return Kind(folder.name, files, size, None if tell is None else len(set(names) - tell(names)))


def _stored(names: list[str]) -> set[str]:
    """The hashes that a row of a stored file has; asked by the worker, who sees every row."""
    found: set[str] = set()
    with on_behalf_of(role="jarlig_worker"):
        for start in range(0, len(names), _AT_ONCE):
            rows = StoredFile.objects.filter(sha256__in=names[start : start + _AT_ONCE])
            found.update(rows.values_list("sha256", flat=True))
    return found


KNOWN["stored"] = _stored
