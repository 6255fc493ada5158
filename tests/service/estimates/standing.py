"""Both shipped programmes in force, made by acts once and copied for each test."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager

from django.conf import settings
from django.db import connection
from tests.service.bodies.staff import area
from tests.service.catalogue.office import office
from tests.service.conftest import TEMPLATE

from jarlig.policy.shipped import shipped
from jarlig.service.bodies.acts.add_area import add_area
from jarlig.service.catalogue.acts.import_programme import import_at_once
from jarlig.service.catalogue.acts.put_in_force import put_in_force
from jarlig.service.catalogue.models import Version
from jarlig.service.ground.context import Who
from jarlig.service.launch.cluster import Cluster

PUBLIC = Who(role="jarlig_public")
STANDING = "template_estimates"
#: A day on which most of each programme is open, by its key.
DAYS = {"nmg-ecommerce-2022": "2023-10-10", "sample-district-2024": "2024-06-03"}


def make(server: Cluster) -> str:
    """A database with every shipped programme in force; made at the first call of the process."""
    if STANDING not in _made:
        server.make_database(STANDING, template=TEMPLATE)
        with database(STANDING):
            fill()
        _made.add(STANDING)
    return STANDING


_made: set[str] = set()


def fill() -> None:
    """Puts every shipped programme in force."""
    made = office()
    with made.sits("root"):
        add_area(area("150100"), "示例新区", division="990100")  # where the made-up programme is of
    for name in shipped():
        with made.sits("author"), connection.cursor() as cursor:
            cursor.execute("SET LOCAL idle_in_transaction_session_timeout = '10min'")
            version = import_at_once(shipped_as=name)
        with made.sits("publisher"):
            put_in_force(Version.objects.get(pk=version.pk))


@contextmanager
def database(name: str) -> Iterator[str]:
    """Statements go to that database, where commits are commits."""
    before, held = connection.settings_dict["NAME"], settings.TESTS_HOLD_A_TRANSACTION
    connection.close()
    connection.settings_dict["NAME"], settings.TESTS_HOLD_A_TRANSACTION = name, False
    try:
        yield name
    finally:
        connection.close()
        connection.settings_dict["NAME"], settings.TESTS_HOLD_A_TRANSACTION = before, held


@contextmanager
def own(server: Cluster, key: str) -> Iterator[str]:
    """A copy for one test."""
    name = f"estimates_{os.getpid()}_{abs(hash(key)) % 10**9}"
    server.make_database(name, template=make(server))
    try:
        with database(name):
            yield name
    finally:
        server.drop_database(name)
