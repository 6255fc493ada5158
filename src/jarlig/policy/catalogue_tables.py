"""Messages about tables of many cases: E820 to E839. Each entry: sentence zh, en, hint zh, en, and severity."""

from __future__ import annotations

from typing import Literal

Entry = tuple[str, str, str, str, Literal["error", "warning"]]

TABLES: dict[str, Entry] = {}
