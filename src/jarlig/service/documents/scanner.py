"""The virus scanner (病毒扫描): a port to clamd; where none is set, that is told and nothing passes as scanned."""

from __future__ import annotations

import logging
import socket
import struct
import time
from contextlib import closing
from dataclasses import dataclass
from typing import IO, Any

from django.conf import settings

_log = logging.getLogger("jarlig.scanner")
_PIECE = 1 << 16
#: Seconds for connecting, sending and answer together: whoever hands in a file holds a transaction open meanwhile,
#: which the database ends when it is idle for too long (``launch.grants``), and the file would be lost with it.
SECONDS = 8.0


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a scanner said: nothing found, or the name of what it found."""

    found: str = ""


def is_set() -> bool:
    """Whether the installation has a scanner at all."""
    return bool(settings.SCANNER)


def scan(source: IO[bytes]) -> Verdict | None:
    """What the scanner says of the bytes; None, which is not "nothing found", without one or without its answer.

    A scanner that takes longer than ``SECONDS`` in all, at whatever step, has not answered.
    """
    if not is_set():
        return None
    until = time.monotonic() + SECONDS
    try:
        with closing(_connect(settings.SCANNER, until)) as line:
            _send(line, b"zINSTREAM\0", until)
            source.seek(0)
            while piece := source.read(_PIECE):
                _send(line, struct.pack("!I", len(piece)) + piece, until)
            _send(line, struct.pack("!I", 0), until)
            return _read(_answer(line, until))
    except (OSError, ValueError) as error:
        _log.error("the scanner does not answer: %s", error)
        return None


def _connect(address: str, until: float) -> socket.socket:
    if address.startswith("/"):
        return _connected(socket.AF_UNIX, address, until)
    host, _, port = address.rpartition(":")
    refused: OSError | None = None
    for family, _kind, _protocol, _name, place in socket.getaddrinfo(host, int(port), type=socket.SOCK_STREAM):
        try:
            return _connected(family, place, until)
        except OSError as error:  # a name of several addresses: perhaps the scanner listens on the next
            refused = error
    raise refused or OSError(f"{address} has no address")


def _connected(family: int, place: Any, until: float) -> socket.socket:
    line = socket.socket(family, socket.SOCK_STREAM)
    try:
        line.settimeout(_left(until))
        line.connect(place)
    except OSError:
        line.close()
        raise
    return line


def _send(line: socket.socket, data: bytes, until: float) -> None:
    line.settimeout(_left(until))
    line.sendall(data)


def _answer(line: socket.socket, until: float) -> str:
    said = b""
    while not said.endswith(b"\0") and len(said) < _PIECE:
        line.settimeout(_left(until))
        piece = line.recv(4096)
        if not piece:
            break
        said += piece
    return said.rstrip(b"\0").decode("utf-8", "replace").strip()


def _left(until: float) -> float:
    left = until - time.monotonic()
    if left <= 0:
        raise TimeoutError(f"no answer within {SECONDS:g} s")
    return left


def _read(said: str) -> Verdict | None:
    _, _, verdict = said.partition(": ")
    if verdict == "OK":
        return Verdict()
    if verdict.endswith(" FOUND"):
        return Verdict(verdict.removesuffix(" FOUND"))
    _log.error("the scanner says: %s", said[:200])
    return None
