"""The tests of this room read what an act says in English."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.utils import translation


@pytest.fixture(autouse=True)
def in_english() -> Iterator[None]:
    """Whatever the default language is."""
    with translation.override("en"):
        yield
