"""The desk of the tests of applications."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.utils import translation
from tests.service.applications.desk import Desk, desk
from tests.service.enterprises.town import town


@pytest.fixture(autouse=True)
def in_english() -> Iterator[None]:
    """Sentences are compared in English."""
    with translation.override("en"):
        yield


@pytest.fixture
def at(db: None) -> Desk:
    """An enterprise, a programme and a window, undone after the test."""
    return desk(town())


@pytest.fixture
def own_at(own_db: str) -> Desk:
    """The same in a database of the test's own."""
    return desk(town())


@pytest.fixture
def place_desk(db: None) -> Desk:
    """An enterprise and a programme for which no window is announced."""
    return desk(town(), window=False)
