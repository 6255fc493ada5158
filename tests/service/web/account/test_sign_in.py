"""Signing in by password: sessions, cookies, answers, hostile input."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

import pytest
from django.conf import settings
from django.contrib.auth import hashers
from django.db import connection
from django.test.utils import CaptureQueriesContext
from tests.service.browsing import Browser
from tests.service.people import PASSWORD, Installation
from tests.service.web.account.reading import acts, is_in, sessions

from jarlig.service.audit.models import Act
from jarlig.service.bodies.acts.appoint import appoint
from jarlig.service.bodies.acts.change_password import change_password
from jarlig.service.bodies.acts.invite import invite
from jarlig.service.bodies.acts.leave import leave
from jarlig.service.bodies.models import Account, Person, Session
from jarlig.service.bodies.sessions import end_sessions
from jarlig.service.ground.clock import now
from jarlig.service.ground.context import Who, acting

GATE = Who(role="jarlig_gate")
New = Callable[..., Browser]


def test_the_right_password_signs_in(made: Installation, browser: New) -> None:
    one = browser()
    assert one.sign_in("naren").status_code == 302
    assert sessions() == 1
    assert acts()[-1] == "sign_in"


def test_a_login_is_taken_in_whatever_case(made: Installation, browser: New) -> None:
    assert browser().sign_in("NaRen").status_code == 302


def test_a_wrong_password_says_so_and_signs_nobody_in(made: Installation, browser: New) -> None:
    answer = browser().sign_in("naren", "not this one at all")
    assert answer.status_code == 422
    assert "登录名或密码错误" in answer.content.decode()
    assert sessions() == 0 and acts()[-1] == "sign_in_failed"


def test_an_unverified_email_signs_nobody_in(made: Installation, browser: New) -> None:
    assert browser().sign_in("naren@example.org").status_code == 422


def test_the_key_of_the_session_changes_at_the_sign_in(made: Installation, browser: New) -> None:
    one = browser()
    one.get("/account/sign-in/")
    one.cookies["sessionid"] = planted = "planted" + "a" * 25
    one.sign_in("naren")
    assert one.cookies["sessionid"].value != planted
    stranger = browser()
    stranger.cookies["sessionid"] = planted
    assert not is_in(stranger)


def test_a_session_begun_before_the_sign_in_has_another_key_after_it(made: Installation, browser: New) -> None:
    one = browser()
    one.sign_in("naren")
    one.set_up_factor()
    one.send("/account/sign-out/", {}, page="/account/")
    one.sign_in("naren")  # the second factor is asked for: a session without an account stands
    before = one.cookies["sessionid"].value
    one.send("/account/factor/ask/", {"code": one.recovery[0]})
    assert one.cookies["sessionid"].value != before and is_in(one)


def test_signing_out_ends_the_session(made: Installation, browser: New) -> None:
    one = browser().as_officer()
    assert is_in(one)
    copied = one.cookies["sessionid"].value
    one.send("/account/sign-out/", {}, page="/account/")
    assert sessions() == 0 and acts()[-1] == "sign_out"
    one.cookies["sessionid"] = copied
    assert one.get("/account/").headers["Location"] == "/account/sign-in/?next=%2Faccount%2F"


def test_signing_out_by_a_link_does_nothing(made: Installation, browser: New) -> None:
    one = browser().as_officer()
    assert one.get("/account/sign-out/").status_code == 405
    assert is_in(one)


@pytest.mark.parametrize("how", ["account closed", "person left", "sessions ended", "password changed"])
def test_the_next_request_of_a_dead_session_is_nobodys(how: str, made: Installation, browser: New) -> None:
    with made.sits("root") as root:
        person, code = invite("其木格", "qimuge")
        appoint(person, root.body, root.area, "receiver")
    one, password = browser(), "a third long and quiet evening"
    one.send(f"/account/invitation/{code}/", {"password": password, "again": password})
    one.as_officer("qimuge", password)
    assert is_in(one)
    if how == "person left":
        with made.sits("root"):
            leave(person)
    else:
        with acting(GATE):
            account = Account.objects.select_related("person").get(person=person)
            if how == "account closed":
                Account.objects.filter(id=account.id).update(is_active=False)
            elif how == "sessions ended":
                end_sessions(account.person_id)
            else:
                change_password(account, "another long and quiet evening")
    assert not is_in(one)
    if how in ("account closed", "person left"):
        assert browser().sign_in("qimuge", password).status_code == 422


def test_a_password_is_changed_and_every_other_session_ends(made: Installation, browser: New) -> None:
    one = browser().as_officer()
    other = browser()
    other.sign_in("naren")
    other.send("/account/factor/ask/", {"code": one.recovery[0]})
    assert is_in(other)
    key, new = one.cookies["sessionid"].value, "another long and quiet evening"
    said = {"oldpassword": PASSWORD, "password1": new, "password2": new}
    assert one.send("/account/password/", said).headers["Location"] == "/account/"
    assert one.cookies["sessionid"].value != key and is_in(one) and not is_in(other)
    assert "change_password" in acts()
    assert browser().sign_in("naren").status_code == 422
    assert browser().sign_in("naren", new).status_code == 302


def test_a_weak_or_misspelt_new_password_changes_nothing(made: Installation, browser: New) -> None:
    one = browser().as_officer()
    for old, new, again in ((PASSWORD, "short", "short"), (PASSWORD, "x" * 14, "y" * 14), ("no", "z" * 14, "z" * 14)):
        said = {"oldpassword": old, "password1": new, "password2": again}
        assert one.send("/account/password/", said).status_code == 422
    assert browser().sign_in("naren").status_code == 302


def test_who_must_change_their_password_does_nothing_before(made: Installation, browser: New) -> None:
    one = browser().as_officer()
    with acting(GATE):
        Account.objects.update(must_change_password=True)
    assert one.get("/why/").headers["Location"].startswith("/account/password/?next=")
    assert one.get("/account/password/").status_code == 200


def test_cookies_are_out_of_reach_of_scripts_and_other_sites(made: Installation, browser: New) -> None:
    one = browser()
    one.sign_in("naren")
    for name in ("sessionid", "csrftoken"):
        assert one.cookies[name]["httponly"] and one.cookies[name]["samesite"] == "Lax"
        assert bool(one.cookies[name]["secure"]) == settings.HTTPS == settings.SESSION_COOKIE_SECURE
    assert settings.CSRF_COOKIE_SECURE == settings.HTTPS


@pytest.mark.parametrize("evil", ["//evil.example", "https://evil.example/", "/\\evil.example", "javascript:alert(1)"])
def test_nobody_is_led_to_another_site(evil: str, made: Installation, browser: New) -> None:
    one = browser()
    assert one.sign_in("naren", after=evil).headers["Location"] == "/"
    one.set_up_factor()
    seat = str(made.seats["root"].id)
    answer = one.send("/account/seat/", {"seat": seat, "next": evil})
    assert answer.headers["Location"] == "/"


def test_whoever_was_led_to_the_sign_in_comes_back(made: Installation, browser: New) -> None:
    one = browser()
    assert one.get("/why/?act=invite").headers["Location"] == "/account/sign-in/?next=%2Fwhy%2F%3Fact%3Dinvite"
    assert one.sign_in("naren", after="/why/%3Fact=invite").headers["Location"] == "/why/?act=invite"


@pytest.mark.parametrize("path", ["/account/sign-in/", "/account/sign-out/", "/account/seat/", "/account/password/",
                                  "/account/factor/set-up/", "/account/invitation/", "/account/sign-up/"])  # fmt: skip
def test_no_form_is_taken_without_its_token(path: str, made: Installation, browser: New) -> None:
    one = browser().as_officer()
    before = len(acts())
    assert one.post(path, {"login": "naren", "password": PASSWORD}).status_code == 403
    assert len(acts()) == before


@pytest.mark.parametrize(("login", "password"), [
    ("na\0ren", PASSWORD), ("naren", "a\0b"), ("naren", "x" * 1_000_000), ("x" * 1_000_000, PASSWORD),
    ("\ud800", "\ud800"), ("' OR 1=1 --", "' OR 1=1 --"), ("", ""), ("那仁‮", "🙂" * 50),
])  # fmt: skip
def test_hostile_input_is_a_form_with_errors(login: str, password: str, made: Installation, browser: New) -> None:
    one = browser()
    page = one.get("/account/sign-in/").content.decode()
    token = page.split('csrfmiddlewaretoken" value="')[1].split('"')[0]
    said = {"login": login, "password": password, "csrfmiddlewaretoken": token}
    body = urlencode({name: text.encode("utf-8", "surrogatepass") for name, text in said.items()})
    answer = one.post("/account/sign-in/", body, content_type="application/x-www-form-urlencoded")
    assert answer.status_code == 422
    assert sessions() == 0


@pytest.mark.parametrize("key", ["", "x", "é" * 32, "0" * 5000, "'; DROP TABLE bodies_session; --"])
def test_a_made_up_session_is_nobodys(key: str, made: Installation, browser: New) -> None:
    one = browser()
    one.cookies["sessionid"] = key
    assert one.get("/account/").status_code == 302


def test_known_and_unknown_logins_are_answered_alike(
    made: Installation, browser: New, monkeypatch: pytest.MonkeyPatch
) -> None:
    hashed: list[str] = []
    argon2 = type(hashers.get_hasher("argon2"))
    for name in ("encode", "verify"):
        real = getattr(argon2, name)

        def counted(self: Any, *given: Any, real: Any = real, **more: Any) -> Any:
            hashed.append("one")
            return real(self, *given, **more)

        monkeypatch.setattr(argon2, name, counted)
    told, work = {}, {}
    with acting(GATE):
        person = Person.objects.get()
        for login, closed in (("closed", True), ("invited", False)):
            account = Account(person=person, login=login, is_active=not closed)
            account.set_password(PASSWORD) if closed else account.set_unusable_password()
            account.save(force_insert=True)
    for login in ("naren", "nobody", "closed", "invited", "nobody@example.org"):
        one = browser()
        hashed.clear()
        password = PASSWORD if login == "closed" else "not this one at all"
        answer = one.sign_in(login, password)
        work[login] = len(hashed)
        told[login] = (answer.status_code, answer.content.decode().replace(login, "…").split("<main")[1])
        told[login] = (told[login][0], told[login][1].split('name="csrfmiddlewaretoken"')[0])
    assert len(set(told.values())) == 1
    assert work == dict.fromkeys(work, 1), "one hash, whether there is such an account or not"


def test_who_it_is_costs_few_queries(made: Installation, browser: New) -> None:
    one = browser().as_officer()
    one.get("/why/")
    with CaptureQueriesContext(connection) as asked:
        assert one.get("/account/seat/").status_code == 200
    reads = [one["sql"] for one in asked.captured_queries if "set_config" not in one["sql"]
             and not one["sql"].startswith(("SET LOCAL", "BEGIN", "COMMIT"))]  # fmt: skip
    assert len(reads) <= 6, reads


def test_an_officers_session_ends_after_half_an_hour_without_a_request(made: Installation, browser: New) -> None:
    one = browser().as_officer()
    with acting(GATE):
        row = Session.objects.exclude(account=None).get()
        assert row.expires_at - now() <= timedelta(minutes=30)
        Session.objects.update(expires_at=now() + timedelta(minutes=2))
    assert is_in(one)  # a request moves the end on
    with acting(GATE):
        assert Session.objects.exclude(account=None).get().expires_at - now() > timedelta(minutes=25)
        Session.objects.update(expires_at=now() - timedelta(seconds=1))
    assert not is_in(one)


def test_the_sign_in_without_a_database_is_a_page_that_says_so(made: Installation, browser: New) -> None:
    one = browser(raise_request_exception=False)
    name = connection.settings_dict["NAME"]
    connection.close()
    connection.settings_dict["NAME"] = "there_is_none"
    try:
        answer = one.get("/account/sign-in/")
    finally:
        connection.close()
        connection.settings_dict["NAME"] = name
    assert answer.status_code == 503 and answer.headers["Retry-After"]
    assert "<h1" in answer.content.decode()


def test_the_language_of_a_person_goes_with_them(made: Installation, browser: New) -> None:
    one = browser().as_officer()
    assert "您的账号" in one.get("/account/").content.decode()
    one.post("/language/", {"language": "en", "next": "/account/"})
    other = browser()
    other.sign_in("naren")
    other.send("/account/factor/ask/", {"code": one.recovery[0]})
    assert "Your account" in other.get("/account/").content.decode()
    assert "choose_language" in acts()


def test_the_log_holds_no_login_password_or_address(made: Installation, browser: New) -> None:
    one = browser(REMOTE_ADDR="203.0.113.77")
    one.sign_in("secretlogin", "secret password of mine")
    one.sign_in("naren")
    with acting(Who(role="jarlig_worker")):
        said = b" ".join(bytes(one) for one in Act.objects.values_list("data", flat=True))
    for word in (b"secretlogin", b"secret password", b"203.0.113.77", PASSWORD.encode()):
        assert word not in said
