"""The data of the demonstration: by acts alone, once, and enough to look at."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.db import connection

from jarlig.service.bodies.models import Account, Area, Body, CalendarYear, Seat
from jarlig.service.bodies.roles import ROLES
from jarlig.service.catalogue.models import Version, Window
from jarlig.service.demo.cast import cast
from jarlig.service.demo.clock import BEGINS
from jarlig.service.demo.seed import STEPS, seed
from jarlig.service.demo.sitting import sits
from jarlig.service.enterprises.models import AuthorisationLetter
from jarlig.service.ground.context import Who, acting
from jarlig.service.launch.cluster import Cluster
from jarlig.service.launch.preparing import mark_demonstration

#: Tables of the rooms in which a row is no act of its own.
NO_ACTS = {
    "bodies_session": "a session is opened and ended by the sign-in",
    "bodies_code": "the link of an invitation, kept under its hash",
}


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


def test_every_role_is_played_and_only_the_first_has_a_password(seeded: str) -> None:
    with acting(Who(role="jarlig_gate")):
        assert set(Seat.objects.values_list("role", flat=True)) == set(ROLES)
        assert Account.objects.count() == len(cast()["people"]) + len(cast()["enterprises"]) + 1
        assert [account.login for account in Account.objects.all() if account.has_usable_password()] == ["naren"]


def test_the_calendars_around_are_in_force_by_two_persons(seeded: str) -> None:
    with acting(Who()):
        years = CalendarYear.objects.filter(state="in_force").values_list("year", flat=True)
        assert sorted(years) == cast()["calendars"]["years"]


def test_the_programme_is_in_force_and_its_windows_are_those_of_the_guide(seeded: str) -> None:
    with acting(Who()):
        assert Version.objects.get().state == "in_force"
        assert Window.objects.count() > 3


def test_enterprises_have_somebody_who_speaks_for_them(seeded: str) -> None:
    with sits("mandula", "receiver"):
        assert AuthorisationLetter.objects.filter(state="accepted").count() == 3


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
