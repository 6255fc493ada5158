"""Sessions in the database (会话存储): under the hash of their key, with an end, and gone with their person.

Whoever reads the table can open no session with it. Officers are signed out after half an hour without a request and
in any case after a working day; the figures are ``SESSION_OFFICER`` and ``SESSION_ENTERPRISE`` of the settings.
"""

from __future__ import annotations

import base64
import hashlib
import json
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends.base import CreateError, SessionBase, UpdateError
from django.db.models import DateTimeField, Func

from jarlig.service.bodies.models import Account, Session
from jarlig.service.ground.clock import now
from jarlig.service.ground.context import on_behalf_of
from jarlig.service.ground.personal import Unreadable, seal, unseal

#: Marks a session in which somebody with a seat is signed in: it ends sooner.
OFFICER = "officer"
#: Where a session keeps the seat that was chosen.
SEAT = "seat"
#: Where it keeps for which account a second factor was shown in it.
FACTOR = "factor"
FIELD = "session.data"


class _Now(Func):
    """The clock of the database, asked within the query."""

    function = "jarlig.now"
    output_field = DateTimeField()


def hashed(key: str) -> bytes:
    """Under what a session with this key is stored."""
    return hashlib.sha256(key.encode("utf-8", "replace")).digest()


class SessionStore(SessionBase):
    """One session, read and written in the role of the sign-in whoever acts."""

    begun_at: datetime | None = None
    expires_at: datetime | None = None

    def load(self) -> dict[str, Any]:
        """What the session holds; one that is not there, or has ended, is begun anew and empty."""
        with on_behalf_of(role="jarlig_gate"):
            row = Session.objects.filter(key_hash=hashed(self.session_key or ""), expires_at__gt=_Now()).first()
        if row is None:
            self._session_key = None
            return {}
        self.begun_at, self.expires_at = row.begun_at, row.expires_at
        kept: dict[str, Any] = self.decode(row.data)
        return kept

    def encode(self, session_dict: dict[str, Any]) -> str:
        """What the session holds, encrypted: a secret on its way to a telephone is in it for a minute."""
        return base64.b64encode(seal(json.dumps(session_dict), FIELD)).decode()

    def decode(self, session_data: str) -> dict[str, Any]:
        """The same, read; what cannot be read is an empty session."""
        try:
            held: dict[str, Any] = json.loads(unseal(base64.b64decode(session_data), FIELD))
        except (Unreadable, ValueError):
            return {}
        return held

    def exists(self, session_key: str) -> bool:
        """Whether there is a session with this key."""
        with on_behalf_of(role="jarlig_gate"):
            return bool(Session.objects.filter(key_hash=hashed(session_key)).exists())

    def create(self) -> None:
        """Begins a session under a new key."""
        self._session_key = self._get_new_session_key()
        self.save(must_create=True)
        self.modified = True

    def save(self, must_create: bool = False) -> None:
        """Writes the session down.

        Raises:
            CreateError: when one with this key is there.
            UpdateError: when it has been ended meanwhile; nobody revives it.
        """
        if self.session_key is None:
            return self.create()
        held = self._get_session(no_load=must_create)
        moment = now()
        if must_create or self.begun_at is None:
            self.begun_at = moment
        self.expires_at = self.end(moment, officer=bool(held.get(OFFICER)))
        account = held.get(SESSION_KEY)
        values = {
            "account": UUID(account) if account else None, "data": self.encode(held), "expires_at": self.expires_at,
            "begun_at": self.begun_at,
        }  # fmt: skip
        with on_behalf_of(role="jarlig_gate"):
            rows = Session.objects.filter(key_hash=hashed(self.session_key))
            if must_create:
                if rows.exists():
                    raise CreateError
                Session(key_hash=hashed(self.session_key), **values).save(force_insert=True)
            elif not rows.update(**values):
                raise UpdateError
        return None

    def delete(self, session_key: str | None = None) -> None:
        """Ends the session."""
        key = session_key or self.session_key
        if key is not None:
            with on_behalf_of(role="jarlig_gate"):
                Session.objects.filter(key_hash=hashed(key)).delete()

    def end(self, moment: datetime, *, officer: bool) -> datetime:
        """When the session ends if nothing more is asked."""
        idle, whole = settings.SESSION_OFFICER if officer else settings.SESSION_ENTERPRISE
        return min(moment + idle, (self.begun_at or moment) + whole)

    def is_due(self, moment: datetime) -> bool:
        """Whether a minute or more has passed since the end was last moved."""
        if self.session_key is None or self.expires_at is None:
            return False
        return self.end(moment, officer=bool(self.get(OFFICER))) - self.expires_at >= timedelta(minutes=1)

    def get_expiry_age(self, **_: Any) -> int:
        """Seconds after which the browser forgets the key; the table may end it sooner."""
        return int(max(settings.SESSION_OFFICER[1], settings.SESSION_ENTERPRISE[1]).total_seconds())

    @classmethod
    def clear_expired(cls) -> None:
        """Removes what has ended; a job of the worker does the same in its own role."""
        with on_behalf_of(role="jarlig_gate"):
            Session.objects.filter(expires_at__lte=_Now()).delete()


def end_sessions(person: UUID, *, but: str | None = None) -> int:
    """Ends every session of a person, by whatever account, and says how many there were.

    Args:
        person: whose.
        but: the key of one that goes on, that in which a password was just changed.
    """
    with on_behalf_of(role="jarlig_gate"):
        accounts = list(Account.objects.filter(person_id=person).values_list("id", flat=True))
        rows = Session.objects.filter(account__in=accounts)
        if but is not None:
            rows = rows.exclude(key_hash=hashed(but))
        ended: int = rows.delete()[0]
    return ended
