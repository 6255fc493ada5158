"""The data of the demonstration: by acts alone, once, and enough to look at."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.db import connection

from jarlig.service.bodies.models import Area, Body
from jarlig.service.demo.cast import cast
from jarlig.service.demo.clock import BEGINS
from jarlig.service.demo.seed import STEPS, seed
from jarlig.service.ground.context import Who, acting
from jarlig.service.launch.cluster import Cluster
from jarlig.service.launch.preparing import mark_demonstration

#: Tables of the rooms in which a row is no act of its own.
NO_ACTS = {"bodies_session": "a session is opened and ended by the sign-in"}


@pytest.fixture(scope="module")
def seeded(server: Cluster) -> Iterator[str]:
    """A marked database with everything that the seed makes."""
    name = "seeded"
    server.make_database(name, template="template_jarlig")
    mark_demonstration(server.addresses(name)[0])
    from django.conf import settings

    before, holding = connection.settings_dict["NAME"], settings.TESTS_HOLD_A_TRANSACTION
    connection.close()
    connection.settings_dict["NAME"], settings.TESTS_HOLD_A_TRANSACTION = name, False
    assert all(count > 0 for _, count in seed())
    yield name
    connection.close()
    connection.settings_dict["NAME"], settings.TESTS_HOLD_A_TRANSACTION = before, holding
    server.drop_database(name)


def test_the_region_has_its_leagues_banners_and_offices(seeded: str) -> None:
    with acting(Who()):
        levels = [Area.objects.filter(level=level).count() for level in ("region", "league", "county")]
        assert levels == [1, 12, 103]
        assert Body.objects.count() == len(cast()["bodies"]) + 1


def test_seeding_again_makes_nothing(seeded: str) -> None:
    assert [(name, count) for name, count in seed() if count] == []
    assert len(STEPS) >= 3


def test_every_row_is_named_by_an_act(seeded: str, server: Cluster) -> None:
    with server.superuser(seeded) as root:
        said = "".join(row[0] for row in root.execute("SELECT convert_from(data, 'UTF8') FROM audit_act").fetchall())
        keys = root.execute(
            "SELECT c.relname, a.attname FROM pg_class c JOIN pg_index i ON i.indrelid = c.oid AND i.indisprimary"
            " JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = i.indkey[0]"
            " WHERE c.relname ~ '^(bodies|catalogue|enterprises)_' AND c.relkind = 'r'"
        ).fetchall()
        looked_at = 0
        for table, column in keys:
            if table in NO_ACTS:
                continue
            for (key,) in root.execute(f'SELECT "{column}"::text FROM "{table}"').fetchall():
                assert key in said, f"{table} {key} was made by no act"
                looked_at += 1
        assert looked_at > 140


def test_everything_happened_by_the_clock_of_the_demonstration(seeded: str, server: Cluster) -> None:
    with server.superuser(seeded) as root:
        first, last = root.execute("SELECT min(at), max(at) FROM audit_act").fetchone() or (None, None)
    assert first is not None and BEGINS <= first <= last < BEGINS + timedelta(hours=1)
