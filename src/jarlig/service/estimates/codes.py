"""The code of an estimate (测算凭码): 128 random bits in 26 letters that are read aloud without mistakes.

The letters are Crockford's: no I, L, O or U. Whoever copies one of those all the same is understood.
"""

from __future__ import annotations

import hashlib
import secrets
import unicodedata

LETTERS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
LENGTH, _GROUP = 26, 4
#: Longer than any code with blanks and hyphens in it.
MOST_TYPED = 100
_MEANT = str.maketrans("ILO", "110", " \t\r\n-‐‑–—_.")


def new_code() -> str:
    """A code that nobody can guess."""
    bits = int.from_bytes(secrets.token_bytes(16))
    return "".join(LETTERS[bits >> shift & 31] for shift in range(5 * (LENGTH - 1), -1, -5))


def read(typed: str) -> str:
    """The code that was meant; empty when it is none."""
    if len(typed) > MOST_TYPED:
        return ""
    code = unicodedata.normalize("NFKC", typed).upper().translate(_MEANT)
    sound = len(code) == LENGTH and code[0] in LETTERS[:8] and not set(code) - set(LETTERS)
    return code if sound else ""


def shown(code: str) -> str:
    """A code in groups of four, as one writes it down."""
    return " ".join(code[at : at + _GROUP] for at in range(0, len(code), _GROUP))


def hashed(code: str) -> bytes:
    """What is kept of a code: from it nobody finds the code."""
    return hashlib.sha256(code.encode("ascii")).digest()
