"""Values of facts as tables spell them: ordinary, at the ends of their kinds, and hostile.

Two ways to draw them: a seeded numpy generator for whole tables, and hypothesis for the one value that breaks a rule.
Codes are well formed and nobody's.
"""

from __future__ import annotations

import hashlib
import unicodedata
from typing import Any

import numpy as np
from hypothesis import strategies as st

from jarlig.engines.witness import text_of
from jarlig.ladder.dates import month_of
from jarlig.ladder.kinds import Choice, Code, Date, Division, Kind, Month, Number, Some, YesNo
from jarlig.ladder.nodes import NONE
from jarlig.policy.values import FIRST_DAY, LAST_DAY
from jarlig.reference.uscc import organisation_check_character, uscc_check_character

#: Texts that a careless engine would take for something else: SQL, numbers, formulas, other texts that look the same.
HOSTILE = (
    "O'Brien",
    "x'; DROP TABLE cases; --",
    '"quoted", and "again"',
    "a;b",
    "semi;",
    "' OR '1'='1",
    "$$ || chr(0)",
    "%_\\%",
    "=1+1",
    "@SUM(A1)",
    "007",
    "7",
    "7.0",
    "1e5",
    "１２３",
    "123",
    "-0",
    "NULL",
    "none",
    "true",
    "NaN",
    "内蒙古；某公司",
    "呼和浩特市（新城区）",
    "蒙古文ᠮᠣᠩᠭᠣᠯ",
    "café",
    "cafe\u0301",
    "ﬁrm",
    "firm",
    "Å",
    "A\u030a",
    "\u1112\u1161\u11ab",
    "한",
    "ß",
    "ss",
    "I",
    "i",
    "ı",
    "𠮷野",
    "🐎",
    "a  b",
    "a b",
    "2023-06-15",
    "x" * 200,
)
#: What stands around a code when somebody has copied it: blanks of every width, never a part of the code.
BLANKS = ("", "", "", " ", "  ", "\u3000", "\t", "\u00a0")
_AREA, _LETTERS = "150000", "0123456789ABCDEFGHJKLMNPQRTUWXY"
_FULL_WIDTH = str.maketrans("0123456789", "０１２３４５６７８９")

Rng = np.random.Generator


def pick(rng: Rng, items: Any) -> Any:
    """One of several, each as likely."""
    return items[int(rng.integers(len(items)))]


def chance(rng: Rng, share: float) -> bool:
    """Whether something of that share happens."""
    return bool(rng.random() < share)


def uscc(serial: int) -> str:
    """A unified social credit code with both check characters right; the serial stands in the organisation code."""
    body = "".join(_LETTERS[serial // 31**place % 31] for place in range(7, -1, -1))
    first = f"91{_AREA}{body}{organisation_check_character(body)}"
    return first + uscc_check_character(first)


def code(form: str, serial: int) -> str:
    """A well-formed code of a form, another one for every serial."""
    if form == "uscc":
        return uscc(serial)
    if form == "invoice":
        if serial % 3 == 0:
            return f"23{serial:018d}"
        return f"0150{serial % 10**8:08d}-{serial:08d}" if serial % 3 == 1 else f"150000{serial % 90:02d}-{serial:010d}"
    if form == "sha256":
        return hashlib.sha256(str(serial).encode()).hexdigest()
    if form == "industry":
        return f"{serial % 97:02d}{serial % 89:02d}"
    if form == "bank":
        return f"{serial:012d}"
    return f"P-{serial}" if serial % 4 else f"项目{serial}'{HOSTILE[serial % len(HOSTILE)][:40]}"


def number(rng: Rng, kind: Number) -> int:
    """A number of a kind: its ends, next to nothing, or any magnitude in between."""
    roll = rng.random()
    if roll < 0.06:
        return kind.low if roll < 0.03 else kind.high
    if roll < 0.16:
        return min(max(int(rng.integers(-1, 2)), kind.low), kind.high)
    top = min(max(kind.high, 1), 10 ** (kind.scale + 9))
    value = int(10 ** (rng.random() * np.log10(top + 1)))
    if kind.low < 0 and chance(rng, 0.1):
        value = -value
    if chance(rng, 0.3):  # round sums are what people state
        value -= value % 10 ** (kind.scale + 2)
    return min(max(value, kind.low), kind.high)


def day(rng: Rng, on: int) -> int:
    """A day near another one, a leap day, or an end of the calendar."""
    roll = rng.random()
    if roll < 0.06:
        return pick(rng, (FIRST_DAY, LAST_DAY, 738945, 738946))  # 29 February 2024 and the day after
    near = on + int(rng.integers(-900, 400) if roll < 0.6 else rng.integers(-1, 2))
    return min(max(near, FIRST_DAY), LAST_DAY)


def value(rng: Rng, kind: Kind, on: int, serial: int, places: tuple[str, ...] = ()) -> Any:
    """Any value of a kind, typed."""
    if isinstance(kind, Number):
        return number(rng, kind)
    if isinstance(kind, YesNo):
        return chance(rng, 0.5)
    if isinstance(kind, Date):
        return day(rng, on)
    if isinstance(kind, Month):
        return month_of(on) + int(rng.integers(-3, 2))
    if isinstance(kind, Choice):
        return pick(rng, kind.values) if kind.values else f"open-{serial % 3}"
    if isinstance(kind, Some):
        return frozenset(item for item in kind.of.values if chance(rng, 0.5))
    if isinstance(kind, Division):
        return pick(rng, places)
    assert isinstance(kind, Code)
    if kind.form in ("text", "project") and chance(rng, 0.6):
        return unicodedata.normalize("NFC", pick(rng, HOSTILE))
    return code(kind.form, serial)


def spelled(rng: Rng, typed: Any, kind: Kind) -> str | None:
    """A typed value as some table spells it: grouped digits, needless decimals, blanks around codes, NFD."""
    if typed is None:
        return None
    if isinstance(typed, frozenset):
        return ";".join(sorted(typed)) or ";"
    text: str = text_of(typed, kind)
    if isinstance(kind, Number) and typed != NONE:
        return _number_text(rng, text, kind)
    if isinstance(kind, Code) and typed != NONE:
        return _code_text(rng, text, kind.form)
    return text


def _number_text(rng: Rng, text: str, kind: Number) -> str:
    roll = rng.random()
    if roll < 0.7:
        return text
    whole, dot, part = text.partition(".")
    if roll < 0.8 and part and not part.strip("0"):
        return whole
    if roll < 0.9:
        return f"{whole}.{part}0" if dot else f"{whole}.00"
    sign, digits = ("-", whole[1:]) if whole.startswith("-") else ("", whole)
    if len(digits) <= 3:
        return f"-{text}" if not sign and not text.strip("0.") else text
    return sign + f"{int(digits):_}" + dot + part


def _code_text(rng: Rng, text: str, form: str) -> str:
    roll = rng.random()
    if roll < 0.75 or form in ("sha256", "industry", "bank"):
        return text
    if form == "uscc":
        return f"{pick(rng, BLANKS)}{text.lower() if chance(rng, 0.5) else text}{pick(rng, BLANKS)}"
    if form == "invoice":
        return text.translate(_FULL_WIDTH) if roll < 0.85 else f" {text.replace('-', ' ')} "
    shown = unicodedata.normalize("NFD", text) if roll < 0.88 else text
    return f"{pick(rng, BLANKS)}{shown}{pick(rng, BLANKS)}" if len(shown) < 190 else text


def seeds() -> st.SearchStrategy[int]:
    """Seeds of made cases, for hypothesis to shrink."""
    return st.integers(0, 2**32 - 1)


def texts(kind: Kind, *, on: int, places: tuple[str, ...], optional: bool = False) -> st.SearchStrategy[str | None]:
    """The text of one cell of a kind: unknown, none where that may be, or a value in any spelling."""

    def one(seed: int, serial: int, gap: int) -> str | None:
        rng = np.random.default_rng(seed)
        if gap == 0:
            return None
        if gap == 1 and optional:
            return "none"
        return spelled(rng, value(rng, kind, on, serial, places), kind)

    return st.builds(one, seeds(), st.integers(1, 10**6), st.integers(0, 19))
