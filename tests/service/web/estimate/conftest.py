"""One copy of the database with both shipped programmes in force for all tests of a file."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from tests.service.estimates import standing

from jarlig.service.launch.cluster import Cluster


@pytest.fixture(scope="module")
def programmes(server: Cluster, request: pytest.FixtureRequest) -> Iterator[str]:
    """The database, by its name; what a test leaves there another test of the file finds."""
    with standing.own(server, request.node.nodeid) as name:
        yield name
