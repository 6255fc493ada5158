"""The town of the tests of enterprises: undone after each, or in a database of the test's own."""

from __future__ import annotations

import pytest
from tests.service.enterprises.town import Town, town


@pytest.fixture
def place(db: None) -> Town:
    """The town, undone after the test."""
    return town()


@pytest.fixture
def own_place(own_db: str) -> Town:
    """The town in a database of the test's own."""
    return town()
