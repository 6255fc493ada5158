"""Officers who are signed in, in either language, over a database of the test's own."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.test import Client
from tests.service.catalogue.office import office
from tests.service.people import Installation

from jarlig.service.bodies.models import Account, Person
from jarlig.service.bodies.sessions import FACTOR, SEAT, SessionStore
from jarlig.service.catalogue import loading
from jarlig.service.ground.context import Who, acting


class Officer(Client):
    """Opens pages and sends the forms on them, with their tokens."""

    def __init__(self) -> None:
        super().__init__(enforce_csrf_checks=True)

    def page(self, path: str, status: int = 200) -> str:
        """The text of a page."""
        answer = self.get(path)
        assert answer.status_code == status, (path, answer.status_code, answer.content.decode()[:2_000])
        return str(answer.content.decode())

    def send(self, path: str, data: dict[str, Any], status: int = 302, page: str = "") -> Any:
        """Opens a page and sends its form."""
        token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', self.page(page or path))
        assert token, f"no form at {page or path}"
        answer = self.post(path, {**data, "csrfmiddlewaretoken": token[1]})
        assert answer.status_code == status, (path, answer.status_code, re.sub("<[^>]+>", " ", answer.content.decode()))
        return answer


@pytest.fixture
def made(own_db: str) -> Installation:
    """An office of the catalogue."""
    loading.forget()
    return office()


@pytest.fixture
def officer(made: Installation) -> Callable[..., Officer]:
    """Somebody of the office in front of their screen."""

    def sits(key: str, language: str = "zh-hans") -> Officer:
        seat, one = made.seats[key], Officer()
        with acting(Who(role="jarlig_gate")):
            Person.objects.filter(pk=seat.person_id).update(language=language)
            account = Account.objects.filter(person_id=seat.person_id).first()
            if account is None:
                account = Account(login=f"of{seat.person_id.hex[:8]}", person_id=seat.person_id, password="!")
                account.save(force_insert=True)
            session = SessionStore()
            session[SESSION_KEY], session[FACTOR], session[SEAT] = str(account.pk), str(account.pk), str(seat.pk)
            session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
            session[HASH_SESSION_KEY] = account.get_session_auth_hash()
            session.create()
            session.save()
        one.cookies[settings.SESSION_COOKIE_NAME] = session.session_key
        return one

    return sits
