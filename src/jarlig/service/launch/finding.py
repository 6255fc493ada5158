"""What the doctor found (体检结果): whether it is well, why it matters, and how to mend it, in both languages."""

from __future__ import annotations

from dataclasses import dataclass

#: Well; could be better; must be mended; for information.
OK, WARN, MEND, INFO = "ok", "warn", "mend", "info"

Both = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at."""

    key: str
    state: str
    #: What was found, in Chinese and in English.
    what: Both
    #: Why it matters and how to mend it; empty when it is well.
    how: Both = ("", "")


def found(key: str, well: bool, good: Both, bad: Both, how: Both, otherwise: str = MEND) -> Finding:
    """A finding with the words that fit."""
    return Finding(key, OK, good) if well else Finding(key, otherwise, bad, how)
