"""Messages about proofs: E950 to E969. Each entry: sentence zh, en, hint zh, en, and severity."""

from __future__ import annotations

from typing import Literal

Entry = tuple[str, str, str, str, Literal["error", "warning"]]

PROOFS: dict[str, Entry] = {}
