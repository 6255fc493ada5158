"""A lost link and a lost second factor: renewed on the page of a person, by whoever administers them alone."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import Any

from django.db import connection
from django.test import Client
from django.urls import reverse
from tests.service.bodies.staff import area
from tests.service.people import Installation

from jarlig.service.audit.models import Act
from jarlig.service.bodies.acts.appoint import appoint
from jarlig.service.bodies.acts.end_seat import end_seat
from jarlig.service.bodies.models import Account, Person, Seat
from jarlig.service.ground.clock import now
from jarlig.service.ground.context import Who, acting

Officer = Callable[..., Client]
LINK = re.compile(r"http://testserver(/account/invitation/[^/<]{20,}/)")
PASSWORD = "a third long and quiet evening"


def at(name: str, person: Person) -> str:
    return reverse(f"admin-{name}", args=[person.pk])


def text(response: Any) -> str:
    words: str = response.content.decode()
    return words


def lost(person: Person) -> None:
    """Somebody set up a second factor, and has lost it."""
    with acting(Who(role="jarlig_gate")), connection.cursor() as cursor:
        account = Account.objects.get(person=person)
        cursor.execute(
            "INSERT INTO mfa_authenticator (user_id, type, data, created_at) VALUES (%s, 'totp', '{}', %s)",
            [account.pk, now()],
        )


def written(made: Installation, act: str) -> dict[str, Any]:
    """What the log says of the one act of that name."""
    with made.sits("root"):
        return dict(json.loads(bytes(Act.objects.get(act=act).data)))


def test_a_new_link_is_asked_for_shown_once_and_opens(officer: Officer, made: Installation) -> None:
    client, person = officer("saihan"), made.seats["reviewer"].person
    page = at("invite-again", person)
    assert page in text(client.get(at("person", person)))
    assert "The second factor stays." in text(client.get(page))
    with acting(Who(role="jarlig_gate")):
        before = Account.objects.get(person=person).codes.count()
    client.get(page)
    with acting(Who(role="jarlig_gate")):
        assert Account.objects.get(person=person).codes.count() == before, "looking makes nothing"
    answer = client.post(page, {"reason": "遗失"})
    assert answer.status_code == 302
    shown = text(client.get(answer["Location"]))
    link = LINK.search(shown)
    assert link and "苏日娜" in shown
    assert not LINK.search(text(client.get(answer["Location"])))
    said = written(made, "invite_again")
    assert said["reason"] == "遗失" and link[1] not in json.dumps(said)
    browser = Client()
    assert browser.post(link[1], {"password": PASSWORD, "again": PASSWORD}).status_code == 302
    assert browser.get(link[1]).status_code == 404
    with acting(Who(role="jarlig_gate")):
        assert Account.objects.get(person=person).check_password(PASSWORD)


def test_a_lost_factor_is_taken_away_with_a_reason_and_sessions_end(officer: Officer, made: Installation) -> None:
    client, reviewer, person = officer("saihan"), officer("reviewer"), made.seats["reviewer"].person
    page = at("reset-factor", person)
    assert "(optional)" not in text(client.get(page))
    nothing = client.post(page, {"reason": "手机遗失"})
    assert nothing.status_code == 422 and "has no second factor" in text(nothing)
    lost(person)
    assert reviewer.get(reverse("admin-my-seat")).status_code == 200
    bare = client.post(page, {"reason": " "})
    assert bare.status_code == 422 and "Fill in: Reason." in text(bare)
    answer = client.post(page, {"reason": "手机遗失"})
    assert answer.status_code == 302 and "Done: " in text(client.get(answer["Location"]))
    assert reviewer.get(reverse("admin-my-seat")).status_code == 302
    assert written(made, "reset_factor")["reason"] == "手机遗失"
    with acting(Who(role="jarlig_gate")), connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM mfa_authenticator")
        assert cursor.fetchone() == (0,)


def test_why_not_stands_in_the_place_of_the_button(officer: Officer, made: Installation) -> None:
    client, person = officer("saihan"), made.seats["reviewer"].person
    own = made.seats["saihan"].person
    shown = text(client.get(at("person", own)))
    assert at("invite-again", own) not in shown and "renewed by another administrator" in shown
    with made.sits("root"):
        appoint(person, made.seats["xincheng"].body, area("150102"), "reviewer")
    shown = text(client.get(at("person", person)))
    assert at("reset-factor", person) not in shown and "outside the area of your seat" in shown
    for name in ("invite-again", "reset-factor"):
        for whose in (person, own):
            assert client.get(at(name, whose)).status_code == 403
            assert client.post(at(name, whose), {"reason": "x"}).status_code == 403
    assert officer("root").get(at("invite-again", person)).status_code == 200


def test_who_sits_here_no_more_is_appointed_first(officer: Officer, made: Installation) -> None:
    client, person = officer("saihan", "zh-hans"), made.seats["reviewer"].person
    with made.sits("saihan"):
        end_seat(Seat.objects.get(pk=made.seats["reviewer"].pk), reason="x")
    assert "请先任职" in text(client.get(at("person", person)))
    assert client.post(at("invite-again", person), {}).status_code == 403


def test_nobody_else_comes_to_these_pages(officer: Officer, made: Installation) -> None:
    person = made.seats["reviewer"].person
    for name in ("invite-again", "reset-factor"):
        for who in ("xincheng", "auditor", "receiver"):
            assert officer(who).post(at(name, person), {"reason": "x"}).status_code in (403, 404)
        strict = Client(enforce_csrf_checks=True)
        strict.cookies = officer("saihan").cookies
        assert strict.post(at(name, person), {"reason": "x"}).status_code == 403
