"""The first administrator, invitations, accounts of enterprises."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.core import mail
from django.test import override_settings
from tests.service.browsing import Browser
from tests.service.people import Installation
from tests.service.web.account.reading import acts, is_in

from jarlig.service.bodies import setup_code
from jarlig.service.bodies.acts.appoint import appoint
from jarlig.service.bodies.acts.invite import invite, invite_again
from jarlig.service.bodies.acts.leave import leave
from jarlig.service.bodies.models import Account, OneTimeCode, Seat
from jarlig.service.ground.clock import now
from jarlig.service.ground.context import Who, acting
from jarlig.service.ground.errors import Invalid, NotAllowed

GATE = Who(role="jarlig_gate")
NEW = "a third long and quiet evening"
New = Callable[..., Browser]
SET_UP = {
    "region": "内蒙古自治区", "division": "150000", "body": "自治区工业和信息化厅", "name": "那仁", "login": "naren",
    "email": "", "password": NEW, "again": NEW,
}  # fmt: skip


def test_an_empty_installation_is_set_up_once_by_who_reads_the_code(own_db: str, browser: New) -> None:
    code = setup_code.issue()
    assert code and setup_code.issue() not in (None, code)
    one = browser()
    assert one.get("/account/sign-in/").headers["Location"] == "/setup/"
    wrong = one.send("/setup/", {**SET_UP, "code": "guess"})
    assert wrong.status_code == 422 and "初始化口令不符" in wrong.content.decode()
    weak = one.send("/setup/", {**SET_UP, "code": code, "password": "short", "again": "short"})
    assert weak.status_code == 422
    for division in ("15", "999999", "110000", "150100"):  # none, no region, another's, one within it
        assert one.send("/setup/", {**SET_UP, "code": code, "division": division}).status_code == 422
    assert one.send("/setup/", {**SET_UP, "code": code}).headers["Location"] == "/account/sign-in/"
    assert one.get("/setup/").status_code == 404 and setup_code.issue() is None
    one.sign_in("naren", NEW)
    one.set_up_factor()
    assert is_in(one)
    with acting(GATE):
        assert Seat.objects.get().role == "administrator"
        assert all(code.encode() not in bytes(row.code_hash) for row in OneTimeCode.objects.all())


def test_the_set_up_code_is_guessed_five_times(own_db: str, browser: New) -> None:
    code = setup_code.issue()
    one = browser()
    for number in range(5):
        one.send("/setup/", {**SET_UP, "code": f"guess {number}"})
    assert one.send("/setup/", {**SET_UP, "code": code}).status_code == 422


def test_a_code_of_the_settings_is_taken(own_db: str, browser: New) -> None:
    with override_settings(SETUP_CODE="chosen by the operator"):
        assert setup_code.issue() == setup_code.issue() == "chosen by the operator"
    assert browser().send("/setup/", {**SET_UP, "code": " chosen by the operator "}).status_code == 302


def test_an_invitation_is_shown_once_and_opens_once(made: Installation, browser: New) -> None:
    root = browser().as_officer()
    answer = root.send("/account/invitation/", {"name": "其木格", "login": "qimuge", "email": ""})
    assert answer.headers["Location"] == "/account/invitation/made/"
    shown = root.get("/account/invitation/made/").content.decode()
    link = re.search(r"http://testserver(/account/invitation/[^/<]+/)", shown)
    assert link and link[1] not in root.get("/account/invitation/made/").content.decode()
    one = browser()
    page = one.get(link[1])
    assert "其木格" in page.content.decode() and "qimuge" in page.content.decode()
    assert one.get(link[1]).status_code == 200, "looking uses nothing up"
    assert one.send(link[1], {"password": NEW, "again": NEW + "!"}).status_code == 422
    assert one.send(link[1], {"password": "short", "again": "short"}).status_code == 422
    assert one.send(link[1], {"password": NEW, "again": NEW}).headers["Location"] == "/account/sign-in/"
    assert one.get(link[1]).status_code == 404
    assert not is_in(one)
    one.sign_in("qimuge", NEW)
    assert is_in(one)
    assert acts().count("invite") == 1


def test_an_invitation_that_is_too_old_opens_nothing(made: Installation, browser: New) -> None:
    with made.sits("root"):
        _person, code = invite("其木格", "qimuge")
    with acting(GATE):
        OneTimeCode.objects.update(expires_at=now() - timedelta(seconds=1))
    assert browser().get(f"/account/invitation/{code}/").status_code == 404


def test_a_new_invitation_ends_the_one_before_and_changes_the_password(made: Installation, browser: New) -> None:
    with made.sits("root"):
        person, code = invite("其木格", "qimuge")
    with acting(GATE):
        account = Account.objects.select_related("person").get(person=person)
    with made.sits("root"):
        again = invite_again(account)
    assert browser().get(f"/account/invitation/{code}/").status_code == 404
    assert browser().send(f"/account/invitation/{again}/", {"password": NEW, "again": NEW}).status_code == 302


def test_who_has_left_accepts_nothing(made: Installation, browser: New) -> None:
    with made.sits("root") as root:
        person, code = invite("其木格", "qimuge")
        appoint(person, root.body, root.area, "receiver")
    with made.sits("root"):
        leave(person)
    assert browser().get(f"/account/invitation/{code}/").status_code == 404


def test_nobody_is_invited_under_a_login_that_is_taken(made: Installation) -> None:
    for login in ("NAREN", "naren@example.org", " "):
        with pytest.raises(Invalid) as caught, made.sits("root"):
            invite("其木格", login)
        assert caught.value.field == "login"


def test_only_an_administrator_invites(made: Installation, browser: New) -> None:
    root = made.seats["root"]
    with pytest.raises(NotAllowed), acting(Who(role="jarlig_person", person=root.person_id)):
        invite("其木格", "qimuge")
    one = browser()
    with made.sits("root"):
        _person, code = invite("其木格", "qimuge")
    one.send(f"/account/invitation/{code}/", {"password": NEW, "again": NEW})
    one.sign_in("qimuge", NEW)
    answer = one.get("/account/invitation/")
    page = answer.content.decode()
    assert answer.status_code == 403 and "管理岗" in page and "自治区工业和信息化厅" not in page


def test_a_person_of_an_enterprise_makes_an_account_without_a_seat(made: Installation, browser: New) -> None:
    one = browser()
    said = {"name": "张三", "username": "zhangsan", "email": "zs@example.com", "password1": NEW, "password2": NEW}
    assert one.send("/account/sign-up/", {**said, "username": "naren"}).status_code == 422
    assert one.send("/account/sign-up/", {**said, "password2": "other"}).status_code == 422
    assert one.send("/account/sign-up/", said).status_code == 302
    assert is_in(one)
    with acting(GATE):
        account = Account.objects.select_related("person").get(login="zhangsan")
        assert account.person.name == "张三" and not Seat.objects.filter(person=account.person).exists()
    assert acts().count("sign_up") == 1
    assert one.get("/account/invitation/").status_code == 403


def test_an_email_is_verified_where_mail_can_be_sent(made: Installation, browser: New) -> None:
    one = browser()
    said = {"name": "张三", "username": "zhangsan", "email": "zs@example.com", "password1": NEW, "password2": NEW}
    real = "django.core.mail.backends.locmem.EmailBackend"
    with override_settings(MAIL=True, EMAIL_BACKEND=real, ACCOUNT_EMAIL_VERIFICATION="mandatory"):
        mail.outbox = []
        assert one.send("/account/sign-up/", said).headers["Location"] == "/account/sign-up/sent/"
        assert one.get("/account/sign-up/sent/").status_code == 200 and not is_in(one)
        link = mail.outbox[0].body.split("http://testserver")[1].split()[0]
        assert "zs@example.com" in one.get(link).content.decode()
        assert browser().sign_in("zs@example.com", NEW).status_code == 422
        one.send(link, {})
        assert browser().sign_in("zs@example.com", NEW).status_code == 302
