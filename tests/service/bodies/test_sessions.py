"""Sessions: hashed, renewed, ended."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.conf import settings
from django.contrib.sessions.backends.base import UpdateError
from django.db import ProgrammingError, transaction
from tests.service.people import installation

from jarlig.service.bodies.models import Session
from jarlig.service.bodies.sessions import OFFICER, SessionStore, end_sessions, hashed
from jarlig.service.ground.clock import now
from jarlig.service.ground.context import Who, acting

GATE = Who(role="jarlig_gate")


def test_the_table_holds_no_key_with_which_a_session_could_be_opened(db: None) -> None:
    with acting(GATE):
        made = SessionStore()
        made["note"] = "kept"
        made.save()
        row = Session.objects.get()
        assert bytes(row.key_hash) == hashed(made.session_key)
        assert made.session_key not in row.data and made.session_key.encode() not in bytes(row.key_hash)
        assert SessionStore(made.session_key)["note"] == "kept"
        assert "note" not in SessionStore(bytes(row.key_hash).hex())


def test_an_officers_session_ends_sooner(db: None) -> None:
    with acting(GATE):
        officer, other = SessionStore(), SessionStore()
        officer[OFFICER] = True
        for one in (officer, other):
            one.save()
        assert officer.expires_at - now() <= settings.SESSION_OFFICER[0]
        assert other.expires_at - now() > settings.SESSION_OFFICER[1]


def test_a_session_is_never_drawn_out_beyond_a_working_day(db: None) -> None:
    with acting(GATE):
        officer = SessionStore()
        officer[OFFICER] = True
        officer.save()
        late = officer.begun_at + settings.SESSION_OFFICER[1] - timedelta(minutes=5)
        assert officer.end(late, officer=True) == officer.begun_at + settings.SESSION_OFFICER[1]


def test_a_session_that_has_ended_is_not_opened(db: None) -> None:
    with acting(GATE):
        made = SessionStore()
        made["note"] = "kept"
        made.save()
        Session.objects.update(expires_at=now() - timedelta(seconds=1))
        again = SessionStore(made.session_key)
        assert "note" not in again and again.session_key is None
        SessionStore.clear_expired()
        assert not Session.objects.exists()


def test_an_ended_session_is_not_revived_by_a_request_still_running(db: None) -> None:
    with acting(GATE):
        made = SessionStore()
        made.save()
        running = SessionStore(made.session_key)
        running["late"] = True
        made.delete()
        with pytest.raises(UpdateError):
            running.save()


def test_all_sessions_of_a_person_end_but_the_one_kept(db: None) -> None:
    made = installation()
    with acting(GATE):
        person = made.seats["root"].person
        account = person.accounts.get()
        stores = [SessionStore() for _ in range(3)]
        for one in stores:
            one["_auth_user_id"] = str(account.id)
            one.save()
        assert end_sessions(person.id, but=stores[0].session_key) == 2
        assert [bytes(row.key_hash) for row in Session.objects.all()] == [hashed(stores[0].session_key)]


def test_the_role_of_a_signed_in_person_sees_no_session(db: None) -> None:
    made = installation()
    with made.sits("root"):
        SessionStore().save()
        assert SessionStore("x" * 32).load() == {}
        with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
            Session.objects.count()
