"""The desk of the tests of applications."""

from __future__ import annotations

from collections.abc import Iterator

import psycopg
import pytest
from django.utils import translation
from tests.service.applications.desk import Desk, days_are_counted, desk
from tests.service.enterprises.town import town

from jarlig.service.launch.cluster import Cluster


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
def routed(at: Desk) -> Desk:
    """The desk where days are counted, so that corrections can be asked for."""
    days_are_counted(at)
    return at


@pytest.fixture
def own_routed(own_at: Desk) -> Desk:
    """The same in a database of the test's own."""
    days_are_counted(own_at)
    return own_at


@pytest.fixture
def owner(server: Cluster, own_db: str) -> Iterator[psycopg.Connection]:
    """The owner of the test's own database, who can move a day that is over."""
    with psycopg.connect(server.addresses(own_db)[0], autocommit=True) as connected:
        yield connected


@pytest.fixture
def place_desk(db: None) -> Desk:
    """An enterprise and a programme for which no window is announced."""
    return desk(town(), window=False)
