"""Which messages have a test that provokes them.

A test marks itself with ``@provokes("E101")``; a code that merely stands in the source of a test counts too, so that
tables of wrong files need no second list.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from jarlig.policy.messages import CATALOGUE

Test = TypeVar("Test", bound=Callable[..., object])

_CODE = re.compile(r"\bE\d{3}\b")
_MARK = re.compile(r"^@provokes\(.*\)$", re.MULTILINE)
_TESTS = Path(__file__).parent.parent


def provokes(*codes: str) -> Callable[[Test], Test]:
    """Says that a test makes a file wrong so that these messages come; a code that does not exist fails at once."""
    unknown = [code for code in codes if code not in CATALOGUE]
    if unknown:
        raise KeyError(f"not in the catalogue: {', '.join(unknown)}")

    def mark(test: Test) -> Test:
        return test

    return mark


def codes_in_tests() -> set[str]:
    """Every code that stands in the source of some test file; in the tests of messages themselves, only marks count."""
    found: set[str] = set()
    for file in sorted(_TESTS.rglob("test_*.py")):
        text = file.read_text("utf-8")
        if file.name == "test_messages.py":
            text = "".join(_MARK.findall(text))
        found.update(_CODE.findall(text))
    return found
