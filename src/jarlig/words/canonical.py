"""One way to write values as bytes, so that a hash means the same on every machine and in every year."""

from __future__ import annotations

import hashlib
import json
import unicodedata
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from typing import Any

from jarlig.ladder.steps import Ladder


def canonical(value: Any) -> bytes:
    """The one way to write plain values as bytes: keys sorted, no spaces, NFC, UTF-8."""
    text = json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False)
    return unicodedata.normalize("NFC", text).encode("utf-8", "surrogatepass")


def canonical_facts(plain: Any) -> Any:
    """Facts as plain values in their canonical form: names sorted, every text in NFC, the order of rows kept."""
    if isinstance(plain, Mapping):
        items = sorted((unicodedata.normalize("NFC", str(name)), value) for name, value in plain.items())
        return {name: canonical_facts(value) for name, value in items}
    if isinstance(plain, list | tuple):
        return [canonical_facts(value) for value in plain]
    return unicodedata.normalize("NFC", plain) if isinstance(plain, str) else plain


def digest(data: bytes) -> str:
    """SHA-256 as 64 hexadecimal digits."""
    return hashlib.sha256(data).hexdigest()


def ladder_hash(ladder: Ladder) -> str:
    """A hash of what a ladder computes: its steps, gates and doubts as nodes, its validity, window and payments."""
    steps = [[step.name, step.role, _plain(step.node)] for step in ladder.steps]
    doubts = [[doubt.name, _plain(doubt.node)] for doubt in ladder.doubts]
    shares = [[share, scale] for _, share, scale in ladder.pay]
    return digest(
        canonical([ladder.offer, ladder.nature, steps, ladder.gates, ladder.formula, ladder.award, doubts, ladder.valid,
                   ladder.window, ladder.state, shares])
    )  # fmt: skip


def _plain(value: Any) -> Any:
    """A node as lists of plain values; sets sorted, each class under its name."""
    if is_dataclass(value) and not isinstance(value, type):
        return [type(value).__name__, *[_plain(getattr(value, field.name)) for field in fields(value)]]
    if isinstance(value, tuple | list):
        return [_plain(item) for item in value]
    if isinstance(value, frozenset | set):
        return ["set", *sorted(value)]
    return value
