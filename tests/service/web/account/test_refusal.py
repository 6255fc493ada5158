"""A refusal is explained to the person refused; seats are changed; the rules are told."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from tests.service.browsing import Browser
from tests.service.people import Installation
from tests.service.web.account.reading import acts

from jarlig.service.bodies.acts.appoint import appoint
from jarlig.service.bodies.acts.invite import invite
from jarlig.service.bodies.acts.make_deputy import make_deputy
from jarlig.service.bodies.middleware import chosen
from jarlig.service.bodies.models import Seat
from jarlig.service.bodies.permission import RULES
from jarlig.service.bodies.seats import seats_of
from jarlig.service.ground.clock import today
from jarlig.service.ground.context import Who, acting

NEW = "a third long and quiet evening"
New = Callable[..., Browser]


@pytest.fixture
def two_seats(made: Installation, browser: New) -> tuple[Browser, dict[str, Seat]]:
    """Somebody who receives claims and administers, from two seats; signed in, with no seat chosen yet."""
    with made.sits("root") as root:
        person, code = invite("其木格", "qimuge")
        seats = {role: appoint(person, root.body, root.area, role) for role in ("administrator", "receiver")}
    one = browser()
    one.send(f"/account/invitation/{code}/", {"password": NEW, "again": NEW})
    one.sign_in("qimuge", NEW)
    one.set_up_factor()
    return one, seats


def test_who_has_several_seats_chooses_one(two_seats: tuple[Browser, dict[str, Seat]], browser: New) -> None:
    one, seats = two_seats
    assert "您当前不在任何岗位上" in one.get("/account/invitation/").content.decode()
    answer = one.send("/account/seat/", {"seat": str(seats["administrator"].id), "next": "/account/invitation/"})
    assert answer.headers["Location"] == "/account/invitation/"
    assert one.get("/account/invitation/").status_code == 200
    other = browser()
    other.sign_in("qimuge", NEW)
    answer = other.send("/account/factor/ask/", {"code": one.recovery[0]})
    assert answer.headers["Location"] == "/account/seat/"


def test_who_sits_on_none_of_several_seats_is_told_where_to_choose(two_seats: tuple[Browser, dict[str, Seat]]) -> None:
    one, seats = two_seats
    for path in ("/", "/programmes/", "/account/"):
        shown = one.get(path).content.decode()
        assert "尚未选择岗位" in shown and f'href="/account/seat/?next={path.replace("/", "%2F")}"' in shown, path
    assert "尚未选择岗位" not in one.get("/account/seat/").content.decode()
    one.send("/account/seat/", {"seat": str(seats["receiver"].id)})
    assert "尚未选择岗位" not in one.get("/programmes/").content.decode()


@pytest.mark.parametrize("how", ["seat", "deputy"])
def test_a_session_keeps_its_seat_when_the_person_gets_another(how: str, made: Installation, browser: New) -> None:
    with made.sits("root") as root:
        first, code = invite("其木格", "qimuge")
        appoint(first, root.body, root.area, "administrator")
        other = appoint(invite("图雅", "tuya")[0], root.body, root.area, "receiver")
    one = browser()
    one.send(f"/account/invitation/{code}/", {"password": NEW, "again": NEW})
    one.sign_in("qimuge", NEW)
    one.set_up_factor()
    assert one.get("/admin/").status_code == 200
    with made.sits("root") as root:
        if how == "seat":
            appoint(first, root.body, root.area, "receiver")
        else:
            make_deputy(other, first, starts_on=today(), ends_on=today(), reason="休假")
    assert one.get("/admin/").status_code == 200


def test_nobody_sits_on_a_seat_that_is_not_theirs(
    two_seats: tuple[Browser, dict[str, Seat]], made: Installation
) -> None:
    one, seats = two_seats
    one.send("/account/seat/", {"seat": str(seats["receiver"].id)})
    for wrong in (str(made.seats["root"].id), "x", "", str(seats["receiver"].id) + "\0"):
        assert one.send("/account/seat/", {"seat": wrong}).status_code == 422, wrong
    assert one.get("/account/invitation/").status_code == 403


def test_a_seat_that_ended_is_sat_on_no_more(two_seats: tuple[Browser, dict[str, Seat]], made: Installation) -> None:
    one, seats = two_seats
    one.send("/account/seat/", {"seat": str(seats["administrator"].id)})
    assert one.get("/account/invitation/").status_code == 200
    with made.sits("root"):
        Seat.objects.filter(id=seats["administrator"].id).update(state="ended", ends_on=today())
    assert one.get("/account/invitation/").status_code == 403


def test_a_refusal_names_the_act_the_reason_the_other_seat_and_the_offices(
    two_seats: tuple[Browser, dict[str, Seat]],
) -> None:
    one, seats = two_seats
    one.send("/account/seat/", {"seat": str(seats["receiver"].id)})
    answer = one.get("/account/invitation/")
    page = answer.content.decode().split("<main")[1]
    assert answer.status_code == 403
    assert "邀请人员" in page, "the act"
    assert "您当前的岗位是：受理岗" in page, "the reason"
    assert "您还担任自治区工业和信息化厅 · 管理岗" in page, "the other seat"
    assert "<li>自治区工业和信息化厅 · 管理岗</li>" in page, "who may"
    assert "那仁" not in page, "offices, not persons"
    changed = one.send(
        "/account/seat/", {"seat": str(seats["administrator"].id), "next": "/account/invitation/"},
        page="/account/invitation/",
    )  # fmt: skip
    assert one.get(changed.headers["Location"]).status_code == 200


def test_every_rule_is_told_with_its_answer(two_seats: tuple[Browser, dict[str, Seat]]) -> None:
    one, seats = two_seats
    one.send("/account/seat/", {"seat": str(seats["receiver"].id)})
    page = one.get("/why/").content.decode()
    assert page.count('<th scope="row"') == len(RULES) and {"appoint", "invite", "choose_language"} <= set(RULES)
    assert "在您的岗位自治区工业和信息化厅 · 管理岗可办理" in page
    assert one.get("/why/?act=invite").content.decode().count('<th scope="row"') == 1
    assert one.get("/why/?act=%00nothing").status_code == 200


def test_the_header_shows_person_and_seats(two_seats: tuple[Browser, dict[str, Seat]]) -> None:
    one, seats = two_seats
    one.send("/account/seat/", {"seat": str(seats["receiver"].id)})
    page = one.get("/why/").content.decode().split("<main")[0]
    assert "其木格" in page and page.count('name="seat"') == 2 and "退出" in page


def test_a_deputy_sits_on_the_seat_of_another_for_some_days(made: Installation) -> None:
    from jarlig.service.bodies.models import Deputy

    with made.sits("root") as root:
        person, _code = invite("其木格", "qimuge")
        Deputy(seat=root, person=person, starts_on=today(), ends_on=today(), reason="公出").save(force_insert=True)
    with acting(Who(role="jarlig_gate")):
        held = seats_of(person.id)
    assert [(seat.id, seat.deputy_for, seat.deputy_until) for seat in held] == [(root.id, "那仁", held[0].deputy_until)]
    assert held[0].deputy_until is not None
    assert chosen(held, "no id") == held[0] and chosen((), None) is None
    assert "invite" in acts()
