"""Bytes that no row names (无主文件): what an upload left whose transaction was undone, removed a day later.

An upload claims its hash in the database until its transaction ends. The bytes of a claimed hash are never removed,
however old they are: they may be just those that a new upload has found in their place.
"""

from __future__ import annotations

import logging
import os
import tempfile
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

from django.conf import settings
from django.db import connection
from django.utils.translation import gettext as _

from jarlig.service.documents import store
from jarlig.service.documents.models import StoredFile
from jarlig.service.ground.errors import WrongState

_log = logging.getLogger("jarlig.documents")
#: Bytes are left alone so long.
AGE = timedelta(days=1)
#: More than so many, and more than are known, are not what undone uploads leave: the database is another's, or older.
TOO_MANY = 100
_AT_ONCE = 1_000


def claim(sha256: str) -> None:
    """Keeps the bytes of a hash from being removed until this transaction ends; others may claim them as well."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock_shared(%s)", [_key(sha256)])


def clear_away() -> int:
    """Removes what is older than a day and named by no row; how many files that were. Called by the worker.

    Raises:
        WrongState: when so much would go that the folder and the database cannot belong together; nothing is removed.
    """
    waiting = store.incoming()
    waiting.mkdir(parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile(dir=waiting) as new:  # the clock of the disk, which dates its files
        before = os.fstat(new.fileno()).st_mtime - AGE.total_seconds()
    removed = 0
    for path in waiting.iterdir():  # whoever still writes there has made it newer than that
        if _is_older(path, before):
            path.unlink(missing_ok=True)
            removed += 1
    found = {path.name: path for path in _stored() if _is_older(path, before)}
    known = _known(list(found))
    lost = [path for name, path in sorted(found.items()) if name not in known]
    if len(lost) > max(TOO_MANY, len(known)):
        _log.critical("%d of %d stored files have no row: nothing is removed", len(lost), len(found))
        raise WrongState(
            _("%(lost)s of %(all)s stored files are named by no row; nothing was removed.")
            % {"lost": len(lost), "all": len(found)},
            remedy=_("See whether the folder of files and the database belong together."),
        )
    removed += sum(_remove(path, before) for path in lost)
    if removed:
        _log.info("%d files that no row names were removed", removed)
    return removed


def _remove(path: Path, before: float) -> bool:
    """Looks once more while nobody can claim the hash: a row may have been written since, or an upload be under way."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s)", [_key(path.name)])
        if not cursor.fetchone()[0]:
            return False
        try:
            if StoredFile.objects.filter(sha256=path.name).exists() or not _is_older(path, before):
                return False
            path.unlink(missing_ok=True)
            return True
        finally:
            cursor.execute("SELECT pg_advisory_unlock(%s)", [_key(path.name)])


def _stored() -> Iterator[Path]:
    for path in (Path(settings.FILES) / "stored").glob("[0-9a-f][0-9a-f]/[0-9a-f][0-9a-f]/*"):
        if path.is_file() and not path.is_symlink() and len(path.name) == 64:
            yield path


def _is_older(path: Path, before: float) -> bool:
    try:
        return path.stat(follow_symlinks=False).st_mtime < before
    except FileNotFoundError:
        return False


def _known(hashes: list[str]) -> set[str]:
    found: set[str] = set()
    for start in range(0, len(hashes), _AT_ONCE):
        rows = StoredFile.objects.filter(sha256__in=hashes[start : start + _AT_ONCE])
        found.update(rows.values_list("sha256", flat=True))
    return found


def _key(sha256: str) -> int:
    return int.from_bytes(bytes.fromhex(sha256[:16]), "big", signed=True)
