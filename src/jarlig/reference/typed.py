"""What people type and paste, made plain before it is read."""

from __future__ import annotations

import unicodedata

_MOST = 100


def plain(text: str) -> str:
    """The text without any blank and with plain digits and letters (NFKC); empty when it is too long to be a code."""
    return "".join(unicodedata.normalize("NFKC", text).split()) if len(text) <= _MOST else ""
