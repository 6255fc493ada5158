"""Two clicks to any seat."""

from __future__ import annotations

import re

from django.test import Client
from tests.service.people import installation

from jarlig.service.bodies.models import Account
from jarlig.service.ground.context import Who, acting

BAND = ("2023", "演示")


def reader(language: str = "zh-hans") -> Client:
    client = Client(SERVER_NAME="127.0.0.1", raise_request_exception=False)
    client.cookies["django_language"] = language
    return client


def test_one_click_more_and_the_reader_sits_there(demonstration: str) -> None:
    installation()
    client = reader()
    page = client.get("/demo/").content.decode()
    seats = re.findall(r'name="seat" value="([0-9a-f-]{36})">([^<]+)<', page)
    assert [words for _, words in seats] == ["那仁 · 管理岗"]
    assert client.post("/demo/", {"seat": seats[0][0]}).status_code == 302
    seat_page = client.get("/account/seat/").content.decode()
    assert "那仁" in seat_page


def test_picking_somebody_else_leaves_nothing_of_the_first(demonstration: str) -> None:
    made = installation()
    client = reader()
    client.post("/demo/", {"seat": str(made.seats["root"].id)})
    first = client.cookies["sessionid"].value
    client.post("/demo/", {"seat": str(made.seats["root"].id)})
    assert client.cookies["sessionid"].value != first


def test_nobody_is_picked_who_does_not_sit(demonstration: str) -> None:
    made = installation()
    assert reader().post("/demo/", {"seat": "x"}).status_code == 404
    with acting(Who(role="jarlig_gate")):
        Account.objects.update(is_active=False)
    assert reader().post("/demo/", {"seat": str(made.seats["root"].id)}).status_code == 404
    assert "还没有" in reader().get("/demo/").content.decode()


def test_a_pick_needs_the_token_of_the_page(demonstration: str) -> None:
    made = installation()
    client = Client(enforce_csrf_checks=True, SERVER_NAME="127.0.0.1")
    assert client.post("/demo/", {"seat": str(made.seats["root"].id)}).status_code == 403


def test_an_empty_demonstration_says_so(demonstration: str) -> None:
    assert "There is nobody yet" in reader("en").get("/demo/").content.decode()
