"""The virus scanner (病毒扫描): a port to clamd; where none is set, that is told and nothing passes as scanned."""

from __future__ import annotations

import logging
import socket
import struct
from contextlib import closing
from dataclasses import dataclass
from typing import IO

from django.conf import settings

_log = logging.getLogger("jarlig.scanner")
_PIECE = 1 << 16
_SECONDS = 30


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a scanner said: nothing found, or the name of what it found."""

    found: str = ""


def is_set() -> bool:
    """Whether the installation has a scanner at all."""
    return bool(settings.SCANNER)


def scan(source: IO[bytes]) -> Verdict | None:
    """What the scanner says of the bytes; None, which is not "nothing found", without one or without its answer."""
    if not is_set():
        return None
    try:
        with closing(_connect(settings.SCANNER)) as line:
            line.sendall(b"zINSTREAM\0")
            source.seek(0)
            while piece := source.read(_PIECE):
                line.sendall(struct.pack("!I", len(piece)) + piece)
            line.sendall(struct.pack("!I", 0))
            return _read(_answer(line))
    except (OSError, ValueError) as error:
        _log.error("the scanner does not answer: %s", error)
        return None


def _connect(address: str) -> socket.socket:
    if address.startswith("/"):
        line = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        line.settimeout(_SECONDS)
        try:
            line.connect(address)
        except OSError:
            line.close()
            raise
        return line
    host, _, port = address.rpartition(":")
    return socket.create_connection((host, int(port)), timeout=_SECONDS)


def _answer(line: socket.socket) -> str:
    said = b""
    while not said.endswith(b"\0") and len(said) < _PIECE and (piece := line.recv(4096)):
        said += piece
    return said.rstrip(b"\0").decode("utf-8", "replace").strip()


def _read(said: str) -> Verdict | None:
    _, _, verdict = said.partition(": ")
    if verdict == "OK":
        return Verdict()
    if verdict.endswith(" FOUND"):
        return Verdict(verdict.removesuffix(" FOUND"))
    _log.error("the scanner says: %s", said[:200])
    return None
