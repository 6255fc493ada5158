"""The hash of a folder (指纹): one value for names and bytes of all its files, which the database computes alike."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping


def one(data: bytes) -> str:
    """SHA-256 of a file."""
    return hashlib.sha256(data).hexdigest()


def whole(files: Mapping[str, bytes]) -> str:
    """SHA-256 over name and hash of every file, a line each, in the order of the names' code points."""
    return of_hashes({name: one(data) for name, data in files.items()})


def of_hashes(hashes: Mapping[str, str]) -> str:
    """The same from the hashes of the files."""
    return one("".join(f"{name}\n{hashes[name]}\n" for name in sorted(hashes)).encode())
