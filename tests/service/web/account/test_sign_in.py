"""Signing in by password: sessions, cookies, answers."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tests.service.people import Installation

from jarlig.service.bodies.models import Session
from jarlig.service.ground.context import Who, acting


def sessions() -> int:
    with acting(Who(role="jarlig_gate")):
        return int(Session.objects.exclude(account=None).count())


def test_the_right_password_signs_in(made: Installation, browser: Callable[..., Any]) -> None:
    one = browser()
    assert one.sign_in("naren").status_code == 302
    assert sessions() == 1


def test_a_wrong_password_says_so_and_signs_nobody_in(made: Installation, browser: Callable[..., Any]) -> None:
    one = browser()
    answer = one.sign_in("naren", "not this one at all")
    assert answer.status_code == 422
    assert sessions() == 0


def test_the_key_of_the_session_changes_at_the_sign_in(made: Installation, browser: Callable[..., Any]) -> None:
    one = browser()
    one.cookies["sessionid"] = "planted" + "a" * 25
    one.sign_in("naren")
    assert one.cookies["sessionid"].value != "planted" + "a" * 25
    assert browser().get("/account/seat/").status_code == 302
    stranger = browser()
    stranger.cookies["sessionid"] = "planted" + "a" * 25
    assert stranger.get("/account/seat/").status_code == 302


def test_signing_out_ends_the_session(made: Installation, browser: Callable[..., Any]) -> None:
    one = browser()
    one.sign_in("naren")
    assert one.get("/account/seat/").status_code == 200
    one.send("/account/sign-out/", {}, page="/account/seat/")
    assert sessions() == 0
    assert one.get("/account/seat/").headers["Location"] == "/account/sign-in/?next=%2Faccount%2Fseat%2F"
