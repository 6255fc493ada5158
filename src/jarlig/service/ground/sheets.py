"""Workbooks that somebody sent (收到的表格): rows of texts, measured first and read in a process apart.

A file of one kilobyte can ask its reader for more memory than the machine has; then the reader falls, and who asked is
told. Every room reads workbooks through this one, and words a refusal itself where it can say more.
"""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
import zipfile
from dataclasses import dataclass
from pathlib import Path

from django.utils.translation import gettext as _

from jarlig.service.ground.errors import Invalid
from jarlig.service.ground.zips import UNREADABLE

_MIB = 1 << 20
#: Seconds by the clock on the wall; a request may leave its transaction idle no longer (``launch.grants``).
PATIENCE = 12.0
MODULE = "jarlig.service.ground.sheet_child"
_ROOT = Path(__file__).resolve().parents[3]


@dataclass(frozen=True, slots=True)
class Limits:
    """How large a workbook may be: bytes packed and unpacked, parts, rows, columns, characters of a cell and in all.

    Characters of a cell beyond the limit are left out; anything else beyond its limit is refused.
    """

    packed: int = 8 * _MIB
    unpacked: int = 96 * _MIB
    parts: int = 200
    rows: int = 50_000
    columns: int = 50
    cell: int = 1_000
    text: int = 32 * _MIB


class TooLarge(Invalid):
    """The workbook is larger than it may be, or asks for more memory or time than it is given."""


def read_rows(data: bytes, most: Limits = Limits(), *, field: str = "file") -> list[list[str]]:
    """The rows of the first sheet, every cell the text that a person sees; days are written 2026-01-31.

    Args:
        data: the bytes of an XLSX file, whoever made it.
        most: how large it may be.
        field: the field of the form, for refusals.

    Raises:
        TooLarge: when it is larger than that, or its reading takes too much.
        Invalid: when it is no workbook that can be read.
    """
    _measure(data, most, field)
    said = _read_apart(data, most)
    if isinstance(said, list):
        return said
    if said == "shape":
        raise TooLarge(_("The sheet has more than %(rows)s rows or %(columns)s columns.")
                       % {"rows": most.rows, "columns": most.columns}, field=field)  # fmt: skip
    if said == "large":
        raise TooLarge(
            _("The sheet takes more memory or time than it is given."), field=field,
            remedy=_("Delete what stands far right of or below the table, and save it anew."),
        )  # fmt: skip
    raise _unreadable(field)


def _measure(data: bytes, most: Limits, field: str) -> None:
    """Unpacks everything once, piece by piece: what the archive says of its sizes need not be true."""
    if len(data) > most.packed:
        raise TooLarge(_("The file has %(size)s bytes; at most %(most)s are taken.")
                       % {"size": len(data), "most": most.packed}, field=field)  # fmt: skip
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            entries, size = archive.infolist(), 0
            if len(entries) > most.parts:
                raise _unreadable(field)
            for entry in entries:
                if entry.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):  # the two that XLSX knows
                    raise _unreadable(field)
                with archive.open(entry) as stream:
                    while chunk := stream.read(_MIB):
                        size += len(chunk)
                        if size > most.unpacked:
                            raise TooLarge(_("The files have more than %(most)s bytes in all.")
                                           % {"most": most.unpacked}, field=field)  # fmt: skip
    except UNREADABLE as error:
        raise _unreadable(field) from error


def _read_apart(data: bytes, most: Limits) -> object:
    """The rows, or why there are none: "shape", "large" or "unreadable"."""
    program = [sys.executable, "-s", "-P", "-m", MODULE, *map(str, (most.rows, most.columns, most.cell, most.text))]
    environment = {"PYTHONPATH": str(_ROOT), "PATH": os.defpath, "LANG": "C.UTF-8", "PYTHONDONTWRITEBYTECODE": "1"}
    try:
        done = subprocess.run(
            program, input=data, capture_output=True, timeout=PATIENCE, cwd="/", env=environment, check=False
        )  # fmt: skip
    except subprocess.TimeoutExpired:
        return "large"
    if done.returncode < 0:  # the memory was refused (SIGABRT), or the time was over (SIGXCPU, SIGKILL)
        return "large"
    return json.loads(done.stdout) if done.returncode == 0 else "unreadable"


def _unreadable(field: str) -> Invalid:
    return Invalid(_("This is not an XLSX file that can be read."), field=field)
