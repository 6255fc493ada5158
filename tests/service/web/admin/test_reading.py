"""Every page of the administration: who sees it, what stands on it, and with how few questions."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import get_resolver, reverse
from tests.service.bodies.staff import area, newcomer
from tests.service.people import Installation

from jarlig.service.audit.order import put_in_order
from jarlig.service.bodies import log
from jarlig.service.bodies.acts.add_area import add_area
from jarlig.service.bodies.acts.appoint import appoint
from jarlig.service.bodies.acts.make_body import make_body
from jarlig.service.bodies.acts.write_text import write_text
from jarlig.service.bodies.log import Wanted, search_acts
from jarlig.service.bodies.permission import RULES
from jarlig.service.ground.context import Who, acting
from jarlig.service.ground.sheets import read_rows

Officer = Callable[..., Client]
LISTS = ("overview", "areas", "area-trees", "bodies", "people", "calendars", "texts", "acts")
FORMS = ("area-import", "body-new", "appoint", "calendar-import")
TOP = ("jobs", "storage")
HOSTILE = "<script>alert('x')</script>{{7*7}}"


def at(name: str, *parts: object) -> str:
    return reverse(f"admin-{name}", args=parts)


def test_every_screen_names_its_act_and_the_act_has_a_rule() -> None:
    import jarlig.service.web.admin.urls as admin

    for pattern in admin.urlpatterns:
        assert pattern.callback.rule in RULES, pattern.name
    assert get_resolver().reverse_dict


def test_an_administrator_sees_every_page_in_both_languages(officer: Officer) -> None:
    for language, word in (("en", "Administration"), ("zh-hans", "系统管理")):
        client = officer("root", language)
        for name in (*LISTS, *FORMS, *TOP, "my-seat"):
            response = client.get(at(name))
            assert response.status_code == 200, name
            assert word in response.content.decode(), name


def test_an_auditor_reads_and_changes_nothing(officer: Officer, made: Installation) -> None:
    client = officer("auditor")
    for name in (*LISTS, *TOP):
        assert client.get(at(name)).status_code == 200, name
    for name in FORMS:
        assert client.get(at(name)).status_code == 403, name
        assert client.post(at(name), {}).status_code == 403, name
    seat = made.seats["reviewer"]
    for name, key in (
        ("leave", seat.person_id), ("seat-end", seat.pk), ("deputy-new", seat.pk), ("body-change", seat.body_id),
        ("body-close", seat.body_id), ("area-change", seat.area_id), ("area-add", seat.area_id),
    ):  # fmt: skip
        assert client.post(at(name, key), {}).status_code == 403, name


@pytest.mark.parametrize("name", ["reviewer", "receiver"])
def test_another_role_sees_its_own_seat_and_nothing_more(officer: Officer, name: str) -> None:
    client = officer(name)
    for page in (*LISTS, *FORMS, *TOP):
        assert client.get(at(page)).status_code == 403, page
    assert client.get(at("my-seat")).status_code == 200


def test_who_is_not_signed_in_is_led_to_the_sign_in(made: Installation) -> None:
    client = Client()
    for name in (*LISTS, *FORMS, *TOP):
        assert client.get(at(name)).status_code == 302, name
        assert client.post(at(name), {}).status_code == 403, name


def test_a_banner_sees_its_own_people_bodies_and_seats(officer: Officer, made: Installation) -> None:
    client = officer("saihan")
    people = client.get(at("people")).content.decode()
    assert "苏日娜" in people and "那仁" not in people.replace("那仁</span>", "")
    other, own = made.seats["xincheng"], made.seats["reviewer"]
    assert client.get(at("person", own.person_id)).status_code == 200
    for name, key in (
        ("person", other.person_id),
        ("seat", other.pk),
        ("leave", other.person_id),
        ("seat-end", other.pk),
    ):
        assert client.get(at(name, key)).status_code == 404, name
    for name in ("body-change", "body-close"):
        assert client.get(at(name, other.body_id)).status_code == 403, name
        assert client.post(at(name, other.body_id), {"name_zh": "x"}).status_code == 403, name
    assert client.get(at("area-add", other.area_id)).status_code == 403
    for name in TOP:
        assert client.get(at(name)).status_code == 403, name


def test_what_is_not_there_is_told_as_missing(officer: Officer) -> None:
    client = officer("root")
    nobody = "00000000-0000-4000-8000-000000000000"
    for name in ("area", "body", "person", "seat", "calendar", "act", "area-change", "leave", "calendar-in-force"):
        assert client.get(at(name, nobody)).status_code == 404, name
    assert client.get(at("text", "no.such")).status_code == 404
    assert client.get(at("text-write", "letter.invitation", "xx")).status_code == 404


def test_hostile_names_are_shown_and_never_run(officer: Officer, made: Installation) -> None:
    with made.sits("root") as root:
        office = add_area(area("150105"), HOSTILE)
        body = make_body(office, HOSTILE)
        seat = appoint(newcomer(HOSTILE), body, office, "receiver")
        text = write_text("home.introduction", "en", "<script>alert('x')</script>")
        act = search_acts(Wanted(act="make_body")).first()
        assert root and act
    client = officer("root")
    for address in (
        at("areas") + "?q=script", at("area-trees"), at("area", office.pk), at("bodies"), at("body", body.pk),
        at("people"), at("person", seat.person_id), at("seat", seat.pk), at("appoint"), at("acts"), at("act", act.pk),
        at("text", text.key), at("text-write", text.key, "en"), at("people") + f"?q={HOSTILE}&done={HOSTILE}",
    ):  # fmt: skip
        shown = client.get(address).content.decode()
        assert "<script>alert" not in shown, address
        assert "49" not in shown.split("</title>")[0], address


def test_people_stand_in_the_order_of_their_pinyin(officer: Officer) -> None:
    shown = officer("saihan").get(at("people")).content.decode()
    places = [shown.rindex(f">{name}</a>") for name in ("白音", "saihan的管理员", "苏日娜")]
    assert places == sorted(places)


def test_a_list_filters_and_says_when_nothing_is_there(officer: Officer) -> None:
    client = officer("root")
    assert "Manzhouli" in client.get(at("areas") + "?fiscal=yes").content.decode()
    assert "Saihan" not in client.get(at("areas") + "?fiscal=yes").content.decode()
    assert "No people meet" in client.get(at("people") + "?q=nobody-at-all").content.decode()


@pytest.mark.parametrize(("name", "most"), [("people", 22), ("bodies", 18), ("areas", 18), ("acts", 24)])
def test_a_hundred_rows_take_no_more_questions_than_few(
    officer: Officer, made: Installation, name: str, most: int
) -> None:
    client = officer("root")
    address = at(name)
    with CaptureQueriesContext(connection) as few:
        assert client.get(address).status_code == 200
    with made.sits("root") as root:
        for number in range(100):
            body = make_body(root.area, f"机构{number}")
            add_area(area("150105"), f"开发区{number}")
            appoint(newcomer(f"人员{number}"), body, root.area, "receiver")
    with CaptureQueriesContext(connection) as many:
        assert client.get(address).status_code == 200
    assert len(many) <= len(few) + 1
    assert len([one for one in many if not one["sql"].startswith(("SET", "SAVEPOINT", "RELEASE"))]) <= most


def test_acts_are_found_and_exported(officer: Officer, made: Installation) -> None:
    with acting(Who(role="jarlig_worker")):
        put_in_order()
    with made.sits("root") as root:
        make_body(root.area, "=HYPERLINK(1)")
        act = search_acts(Wanted(act="appoint")).first()
        assert act
    client = officer("auditor")
    page = client.get(at("acts") + "?act=appoint&person=那仁&since=2000-01-01&until=2999-01-01").content.decode()
    assert page.count(f'href="{at("acts")}') >= 4
    assert "“yesterday” is no day" in client.get(at("acts") + "?since=yesterday").content.decode()
    shown = client.get(at("act", act.pk)).content.decode()
    assert "In order, bytes and hash agree" in shown and "&#34;act&#34;: &#34;appoint&#34;" in shown
    sheet = client.get(at("acts-xlsx") + "?act=make_body")
    assert sheet["Content-Disposition"] == 'attachment; filename="acts.xlsx"' and sheet.content[:2] == b"PK"
    told = json.loads(client.get(at("acts-json") + "?act=make_body").content)
    assert {one["act"] for one in told} == {"make_body"} and len(told) == 3
    assert client.get("/admin/acts/export.exe").status_code == 404
    assert officer("reviewer").get(at("acts-json")).status_code == 403


@pytest.mark.parametrize("filter_", ["area", "person", "text"])
def test_a_null_byte_in_a_filter_is_no_mistake_of_ours(officer: Officer, made: Installation, filter_: str) -> None:
    client = officer("root")
    for page in (at("acts"), at("acts-xlsx"), at("acts-json")):
        assert client.get(f"{page}?{filter_}=%00").status_code == 200
        assert client.get(f"{page}?{filter_}=a%00b").status_code == 200


def test_a_null_byte_in_an_address_finds_nothing(officer: Officer, made: Installation) -> None:
    client = officer("root")
    for path in ("/admin/texts/a%00b/", "/programmes/a/offers/%00/", "/account/invitation/%00/", "/%00"):
        assert client.get(path).status_code == 404, path
    assert client.get("/programmes/?q=%00&place=%00&%00=1").status_code == 200


@pytest.mark.parametrize(
    ("asked", "words"),
    [("since=abc", "“abc” is no day"), ("until=2026-13-45", "Until: “2026-13-45” is no day"),
     ("act=no_such_act", "there is no “no_such_act”"), ("thing=nothing", "there is no “nothing”")],
)  # fmt: skip
def test_what_cannot_be_looked_for_finds_nothing_and_is_told(
    officer: Officer, made: Installation, asked: str, words: str
) -> None:
    client = officer("root")
    shown = client.get(f"{at('acts')}?{asked}").content.decode()
    assert words in shown and "0 rows" in shown
    for page in (at("acts-xlsx"), at("acts-json")):
        answer = client.get(f"{page}?{asked}")
        assert answer.status_code == 422 and words in answer.content.decode()


def test_an_export_that_is_cut_says_so_before_and_after(officer: Officer, monkeypatch: pytest.MonkeyPatch) -> None:
    client = officer("auditor")
    assert "no older ones" not in client.get(at("acts")).content.decode()
    monkeypatch.setattr(log, "MOST_EXPORTED", 2)
    assert "the newest 2 of these acts" in client.get(at("acts")).content.decode()
    sheet = client.get(at("acts-xlsx"))
    assert sheet["Content-Disposition"] == 'attachment; filename="acts-newest-2.xlsx"'
    rows = read_rows(sheet.content)
    assert len(rows) == 4 and "the newest 2" in rows[-1][3]
    told = client.get(at("acts-json"))
    assert told["Content-Disposition"] == 'attachment; filename="acts-newest-2.json"'
    assert len(json.loads(told.content)) == 2
