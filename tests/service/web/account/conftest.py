"""Browsers over a database of the test's own."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from tests.service.browsing import Browser
from tests.service.people import Installation, installation


@pytest.fixture
def browser() -> Callable[..., Browser]:
    """A new browser."""
    return Browser


@pytest.fixture
def made(own_db: str) -> Installation:
    """An installation whose first administrator can sign in."""
    return installation()
