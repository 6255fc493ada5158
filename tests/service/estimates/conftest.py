"""The tests of this room read what an act says in English, and have programmes to estimate under."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.utils import translation
from tests.service.estimates import standing

from jarlig.service.launch.cluster import Cluster


@pytest.fixture(autouse=True)
def in_english() -> Iterator[None]:
    """Whatever the default language is."""
    with translation.override("en"):
        yield


@pytest.fixture
def programmes(server: Cluster, request: pytest.FixtureRequest) -> Iterator[str]:
    """A database of the test's own with both shipped programmes in force, by its name."""
    with standing.own(server, request.node.nodeid) as name:
        yield name
