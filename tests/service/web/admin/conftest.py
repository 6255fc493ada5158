"""Officers with a session in a browser, over a database of the test's own with areas, bodies and seats."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client
from tests.service.bodies.staff import staffed
from tests.service.people import Installation

from jarlig.service.bodies.models import Account
from jarlig.service.bodies.sessions import FACTOR
from jarlig.service.ground.context import Who, acting

BACKEND = "jarlig.service.bodies.backend.Passwords"


@pytest.fixture
def made(own_db: str) -> Installation:
    """The staffed region, committed."""
    return staffed()


@pytest.fixture
def officer(made: Installation) -> Callable[..., Client]:
    """A browser in which somebody is signed in, with both factors, and sits on their seat."""

    def sign_in(name: str, language: str = "en") -> Client:
        client = Client()
        with acting(Who(role="jarlig_gate")):
            person = made.seats[name].person
            account = Account.objects.filter(person=person).first()
            if account is None:
                account = Account(person=person, login=f"{name}@example.org", password="!")
                account.save(force_insert=True)
            person.language = language
            person.save(update_fields=["language"])
            client.force_login(account, backend=BACKEND)
            session = client.session
            session[FACTOR] = str(account.pk)
            session.save()
        return client

    return sign_in
