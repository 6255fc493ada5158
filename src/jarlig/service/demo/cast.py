"""Who plays in the demonstration, as ``cast.yaml`` says; no name of a place or an office stands in Python."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

import yaml

_FILE = Path(__file__).with_name("cast.yaml")


@cache
def cast() -> dict[str, Any]:
    """Region, founder, bodies and people."""
    found: dict[str, Any] = yaml.safe_load(_FILE.read_text(encoding="utf-8"))
    return found
