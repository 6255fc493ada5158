"""A demonstration in the process of the tests: a marked database and the settings of ``config/demo.py``."""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest
from django.db import connection
from django.test import override_settings

from jarlig.service.launch.cluster import Cluster
from jarlig.service.launch.preparing import mark_demonstration

#: The room of a demonstration has no tables: what its app adds, a look at each connection, is tried in processes.
NAMES = ("ALLOWED_HOSTS", "DEMONSTRATION", "MIDDLEWARE", "ROOT_URLCONF", "TEMPLATES")


@pytest.fixture
def demonstration(own_db: str, server: Cluster) -> Iterator[str]:
    """A marked database and the settings of a demonstration; gives the database's name."""
    mark_demonstration(server.addresses(own_db)[0])
    with as_demonstration():
        yield own_db
    connection.close()


def as_demonstration() -> override_settings:
    """The settings of a demonstration, for a while."""
    from jarlig.service.config import demo

    return override_settings(**{name: getattr(demo, name) for name in NAMES})


def told(server: Cluster, name: str, **more: str) -> dict[str, str]:
    """The environment of a process of a demonstration on that database."""
    return {**os.environ, "DJANGO_SETTINGS_MODULE": "jarlig.service.config.demo",
            "JARLIG_DATABASE_URL": server.addresses(name)[1], **more}  # fmt: skip
