"""Where the bytes lie (文件存储): under their own hash, each once, whole or not at all."""

from __future__ import annotations

import contextlib
import hashlib
import os
import re
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import IO

from django.conf import settings
from django.utils.translation import gettext as _

from jarlig.service.ground.errors import Missing

_HASH = re.compile(r"[0-9a-f]{64}").fullmatch
_PIECE = 1 << 20


def place(sha256: str) -> Path:
    """The file in which bytes of this hash lie, two folders deep.

    Raises:
        ValueError: for what is no hash, so that no text of a person ever becomes a path.
    """
    if not _HASH(sha256):
        raise ValueError("not a hash")
    return Path(settings.FILES) / "stored" / sha256[:2] / sha256[2:4] / sha256


def incoming() -> Path:
    """Where bytes are written before they have their hash."""
    return Path(settings.FILES) / "stored" / "incoming"


def keep(source: IO[bytes], claimed: Callable[[str], object] | None = None) -> tuple[str, int]:
    """Keeps the bytes and says their hash and size; bytes that are here already only become as new as these.

    They are written beside their place, forced to the disk and renamed, so that a power cut leaves all or nothing.

    Args:
        source: the bytes.
        claimed: called with their hash before it is looked whether they are here (``leftover.claim``).
    """
    waiting = incoming()
    waiting.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=waiting)
    digest, size = hashlib.sha256(), 0
    try:
        with os.fdopen(handle, "wb") as target:
            source.seek(0)
            while piece := source.read(_PIECE):
                digest.update(piece)
                size += len(piece)
                target.write(piece)
            target.flush()
            os.fsync(target.fileno())
        final = place(digest.hexdigest())
        if claimed is not None:
            claimed(final.name)
        if final.exists():
            os.utime(final)
        else:
            final.parent.mkdir(parents=True, exist_ok=True)
            Path(name).replace(final)
            for folder in (final.parent, final.parent.parent):
                _to_disk(folder)
    finally:
        with contextlib.suppress(FileNotFoundError):
            Path(name).unlink()
    return digest.hexdigest(), size


def bytes_of(sha256: str) -> IO[bytes]:
    """The bytes, open for reading.

    Raises:
        Missing: when they are not here, which a restore without its files can bring about.
    """
    try:
        return place(sha256).open("rb")
    except FileNotFoundError:
        raise Missing(_("The file is recorded but its bytes are not here."),
                      remedy=_("Tell the administrator that files have to be restored.")) from None  # fmt: skip


def _to_disk(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
