"""Messages about sharing a pool: E840 to E859. Each entry: sentence zh, en, hint zh, en, and severity."""

from __future__ import annotations

from typing import Literal

Entry = tuple[str, str, str, str, Literal["error", "warning"]]

ALLOCATION: dict[str, Entry] = {}
