"""The second factor: nobody with a seat comes in without it, by whatever way they come."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from allauth.mfa.models import Authenticator
from django.core import mail
from django.test import override_settings
from tests.service.browsing import Browser, code_of
from tests.service.people import PASSWORD, Installation
from tests.service.web.account.reading import acts, is_in

from jarlig.service.bodies import kept
from jarlig.service.bodies.acts.change_factor import reset_factor
from jarlig.service.bodies.acts.invite import invite
from jarlig.service.bodies.models import Account, Kept, Seat
from jarlig.service.ground.clock import now
from jarlig.service.ground.context import Who, acting
from jarlig.service.ground.errors import NotAllowed

GATE = Who(role="jarlig_gate")
New = Callable[..., Browser]


def test_an_officer_without_a_factor_is_led_to_set_it_up_before_anything_else(made: Installation, browser: New) -> None:
    one = browser()
    one.sign_in("naren")
    for path in ("/account/", "/why/", "/account/seat/", "/account/invitation/", "/account/password/", "/nothing/"):
        assert one.get(path).headers["Location"].startswith("/account/factor/?next="), path
        assert one.post(path).status_code in (302, 403), path
    assert one.get("/account/factor/").headers["Location"] == "/account/factor/set-up/"
    assert one.get("/account/seat/", HTTP_HX_REQUEST="true").headers["HX-Redirect"].startswith("/account/factor/")
    assert one.set_up_factor().headers["Location"] == "/account/factor/recovery/"
    assert is_in(one) and len(one.recovery) == 10
    assert "change_factor" in acts()


def test_a_wrong_first_code_sets_nothing_up(made: Installation, browser: New) -> None:
    one = browser()
    one.sign_in("naren")
    assert one.send("/account/factor/set-up/", {"code": "000000"}).status_code == 422
    with acting(GATE):
        assert not Authenticator.objects.exists()


def test_the_secret_is_encrypted_where_it_is_stored(made: Installation, browser: New) -> None:
    one = browser().as_officer()
    with acting(GATE):
        stored = "".join(str(row.data) for row in Authenticator.objects.all())
    assert one.secret not in stored and all(code not in stored for code in one.recovery)


def test_the_code_is_asked_for_at_the_sign_in_and_taken_once(made: Installation, browser: New) -> None:
    first = browser().as_officer()
    one, other = browser(), browser()
    for each in (one, other):
        assert each.sign_in("naren").headers["Location"] == "/account/factor/ask/"
        assert not is_in(each)
    code = code_of(first.secret, ahead=1)
    assert one.send("/account/factor/ask/", {"code": code}).status_code == 302
    assert is_in(one)
    assert other.send("/account/factor/ask/", {"code": code}).status_code == 422
    assert not is_in(other)


def test_a_recovery_code_opens_once(made: Installation, browser: New) -> None:
    first = browser().as_officer()
    for opens in (True, False):
        one = browser()
        one.sign_in("naren")
        answer = one.send("/account/factor/ask/", {"code": first.recovery[3]})
        assert (answer.status_code == 302) is opens and is_in(one) is opens
    assert acts()[-1] == "sign_in_failed"


def test_recovery_codes_are_shown_once_and_can_be_made_anew(made: Installation, browser: New) -> None:
    one = browser().as_officer()
    again = one.get("/account/factor/recovery/").content.decode()
    assert not any(code[:5] in again for code in one.recovery)
    one.send("/account/factor/recovery/new/", {})
    anew = one.get("/account/factor/recovery/").content.decode()
    assert anew.count("jl-secret") == 10
    other = browser()
    other.sign_in("naren")
    assert other.send("/account/factor/ask/", {"code": one.recovery[0]}).status_code == 422


def test_codes_are_tried_five_times(made: Installation, browser: New) -> None:
    first = browser().as_officer()
    one = browser()
    one.sign_in("naren")
    for _ in range(5):
        assert one.send("/account/factor/ask/", {"code": "000000"}).status_code == 422
    assert one.send("/account/factor/ask/", {"code": first.recovery[0]}).status_code == 422
    assert not is_in(one) and acts()[-1] == "sign_in_locked"
    with acting(GATE):
        Kept.objects.update(expires_at=now() - timedelta(seconds=1))
    assert one.send("/account/factor/ask/", {"code": first.recovery[0]}).status_code == 302


def test_an_officer_cannot_take_the_factor_away(made: Installation, browser: New) -> None:
    one = browser().as_officer()
    assert "take-away" not in one.get("/account/factor/").content.decode()
    assert one.send("/account/factor/take-away/", {}, page="/account/password/").status_code == 422
    with acting(GATE):
        assert Authenticator.objects.filter(type="totp").exists()


def test_the_code_is_asked_for_after_the_password_was_set_anew_by_mail(made: Installation, browser: New) -> None:
    first = browser().as_officer()
    with override_settings(MAIL=True, EMAIL_BACKEND="django.core.mail.backends.locmem.EmailBackend"):
        mail.outbox = []
        one, new = browser(), "another long and quiet evening"
        for address in ("naren@example.org", "nobody@example.org"):
            assert one.send("/account/password/forgotten/", {"email": address}).status_code == 302
        letter = next(letter for letter in mail.outbox if letter.to == ["naren@example.org"])
        link = letter.body.split("http://testserver")[1].split()[0]
        inside = one.get(link).headers["Location"]
        assert one.send(inside, {"password1": new, "password2": new}).status_code == 302
        assert not is_in(one) and not is_in(first)
        assert browser().sign_in("naren").status_code == 422
        assert one.sign_in("naren", new).headers["Location"] == "/account/factor/ask/"
        assert not is_in(one)
        assert browser().get(link).status_code == 200  # says that the link opens nothing any more


def test_without_a_mail_server_there_is_no_such_page(made: Installation, browser: New) -> None:
    assert browser().get("/account/password/forgotten/").status_code == 404


def test_a_session_from_before_the_seat_shows_the_factor_first(made: Installation, browser: New) -> None:
    """Somebody signs in without a seat, sets up the factor elsewhere, and is given a seat."""
    with made.sits("root") as root:
        person, code = invite("其木格", "qimuge")
    one, other, password = browser(), browser(), "a third long and quiet evening"
    one.send(f"/account/invitation/{code}/", {"password": password, "again": password})
    one.sign_in("qimuge", password)
    assert is_in(one)
    other.sign_in("qimuge", password)
    other.set_up_factor()
    with made.sits("root"):
        seat = Seat(person=person, body=root.body, area=root.area, role="receiver", starts_on=now().date())
        seat.save(force_insert=True)
    assert is_in(other)
    assert one.get("/account/").headers["Location"].startswith("/account/factor/?next=")
    assert one.get("/account/factor/").headers["Location"].startswith("/account/factor/again/")
    said = {"code": other.recovery[0]}
    assert one.send("/account/factor/again/?next=/account/", said).headers["Location"] == "/account/"
    assert is_in(one)


def test_an_administrator_takes_a_lost_factor_away_from_others_alone(made: Installation, browser: New) -> None:
    one = browser().as_officer()
    with pytest.raises(NotAllowed), made.sits("root") as seat:
        reset_factor(seat.person, "lost")
    with made.sits("root") as root:
        person, _code = invite("其木格", "qimuge")
        Seat(person=person, body=root.body, area=root.area, role="administrator", starts_on=now().date()).save()
        other = Seat.objects.get(person=person)
    with acting(Who(role="jarlig_person", person=person.id, seat=other.id)):
        reset_factor(root.person, "telephone lost")
    assert not is_in(one) and "reset_factor" in acts()
    one.sign_in("naren")
    assert one.get("/account/factor/").headers["Location"] == "/account/factor/set-up/"
    with pytest.raises(NotAllowed), acting(Who(role="jarlig_person", person=root.person_id)):
        reset_factor(person, "no seat")


def test_what_proves_who_one_is_changes_only_after_a_fresh_proof(made: Installation, browser: New) -> None:
    one = browser().as_officer()
    with override_settings(ACCOUNT_REAUTHENTICATION_TIMEOUT=-1):
        answer = one.get("/account/factor/recovery/new/")
        assert answer.headers["Location"].startswith("/account/again/?next=")
    asked = "/account/again/?next=/account/factor/recovery/new/"
    assert one.send(asked, {"password": "not this one"}).status_code == 422
    assert one.send(asked, {"password": PASSWORD}).headers["Location"] == "/account/factor/recovery/new/"


def test_a_count_of_one_window_is_not_that_of_the_next(own_db: str) -> None:
    with acting(GATE):
        assert [kept.count("x", timedelta(minutes=5)) for _ in range(3)] == [1, 2, 3]
        assert kept.counted("x") == 3 and kept.counted("y") == 0
        assert kept.count("x", timedelta(minutes=5), by=-1) == 2
        Kept.objects.update(expires_at=now() - timedelta(seconds=1))
        assert kept.counted("x") == 0 and kept.count("x", timedelta(minutes=5)) == 1
        assert kept.first("once", timedelta(minutes=5)) and not kept.first("once", timedelta(minutes=5))
        assert Account.objects.count() == 0
