"""Messages about what-if comparisons and made-up populations: E860 to E879. Each entry: sentence zh, en, hint zh, en, and severity."""

from __future__ import annotations

from typing import Literal

Entry = tuple[str, str, str, str, Literal["error", "warning"]]

WHATIF: dict[str, Entry] = {}
