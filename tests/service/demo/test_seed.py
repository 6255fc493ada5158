"""The data of the demonstration: by acts alone, once, and enough to look at."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse
from tests.service.demo.conftest import as_demonstration

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
from jarlig.service.web.permissions import routes

#: Tables whose rows come and go with a row of another, and the column that names it.
PARTS = {"catalogue_guide": "version_id", "catalogue_file": "version_id"}
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


def test_any_seat_is_two_clicks_away_and_every_page_says_what_it_is(seeded: str) -> None:
    """The band stands on every address without a part that varies, and on pages of what went wrong.

    Only the pages of components have made-up frames, which show a band of their own.
    """
    with as_demonstration():
        client = Client(SERVER_NAME="127.0.0.1", raise_request_exception=False)
        shown = client.get("/demo/").content.decode()
        assert shown.count('name="seat"') == sum(len(one["seats"]) for one in cast()["people"]) + 1
        assert shown.count('name="person"') == len(cast()["enterprises"])
        author = re.search(r'name="seat" value="([^"]+)">乌云其木格 · 起草岗<', shown)
        assert author and client.post("/demo/", {"seat": author[1]}).status_code == 302
        names = [one.name for one in routes() if not one.parts and "components" not in one.name]
        pages = ["/nothing/", *map(reverse, names)]
        without = []
        for page in pages:
            response = client.get(page)
            if response.status_code not in (301, 302, 405) and "2023年秋" not in response.content.decode():
                without.append(f"{page}: {response.status_code}")
        assert without == [] and len(pages) > 20


def test_somebody_of_an_enterprise_is_picked_without_a_seat(seeded: str) -> None:
    with as_demonstration():
        client = Client(SERVER_NAME="127.0.0.1", raise_request_exception=False)
        shown = client.get("/demo/").content.decode()
        person = re.search(r'name="person" value="([^"]+)">孙启明<', shown)
        assert "内蒙古云牧工业互联网有限公司" in shown
        assert person and client.post("/demo/", {"person": person[1]}).status_code == 302
        assert "孙启明" in client.get("/account/").content.decode()


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
            by = PARTS.get(table, column)
            for (key,) in root.execute(f'SELECT "{by}"::text FROM "{table}"').fetchall():
                assert len(key) > 30 and key in said, f"{table} {key} was made by no act"
                looked_at += 1
        assert looked_at > 140


def test_everything_happened_by_the_clock_of_the_demonstration(seeded: str, server: Cluster) -> None:
    with server.superuser(seeded) as root:
        first, last = root.execute("SELECT min(at), max(at) FROM audit_act").fetchone() or (None, None)
    assert first is not None and BEGINS <= first <= last < BEGINS + timedelta(hours=1)
