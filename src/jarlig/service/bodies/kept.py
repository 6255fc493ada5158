"""Short-lived values in the database (短时记录): attempts counted, codes of a second factor that were used.

They stand in a table of ours and not in Django's cache table, since every table is guarded: this one is open to the
role of the sign-in alone, and a count is raised by one statement that two processes cannot both win. What a request
keeps is kept with its transaction: an attempt counts when its answer is given.
"""

from __future__ import annotations

import hashlib
import json
from datetime import datetime, timedelta
from typing import Any

from django.core.cache.backends.base import DEFAULT_TIMEOUT, BaseCache
from django.db import connection

from jarlig.service.bodies.models import Kept
from jarlig.service.ground.clock import now
from jarlig.service.ground.context import on_behalf_of

_COUNT = """
    INSERT INTO bodies_kept AS k (key_hash, value, expires_at) VALUES (%(key)s, (%(by)s::int)::text, %(end)s)
    ON CONFLICT (key_hash) DO UPDATE SET
        value = (
            CASE WHEN k.expires_at <= jarlig.now() THEN %(by)s::int ELSE greatest(k.value::int + %(by)s::int, 0) END
        )::text,
        expires_at = CASE WHEN k.expires_at <= jarlig.now() THEN excluded.expires_at ELSE k.expires_at END
    RETURNING value::int
"""
_ADD = """
    INSERT INTO bodies_kept AS k (key_hash, value, expires_at) VALUES (%(key)s, %(value)s, %(end)s)
    ON CONFLICT (key_hash) DO UPDATE SET value = excluded.value, expires_at = excluded.expires_at
    {only}
    RETURNING true
"""
_EXPIRED = "WHERE k.expires_at <= jarlig.now()"
#: What has no other end is kept so long.
LONGEST = timedelta(days=1)


def _key(name: str) -> bytes:
    return hashlib.sha256(name.encode("utf-8", "replace")).digest()


def count(name: str, window: timedelta, by: int = 1) -> int:
    """Raises a count that begins anew when its window has passed; other processes wait until this one has ended."""
    with on_behalf_of(role="jarlig_gate"), connection.cursor() as cursor:
        cursor.execute(_COUNT, {"key": _key(name), "by": by, "end": now() + window})
        return int(cursor.fetchone()[0])


def counted(name: str) -> int:
    """How far a count has come."""
    with on_behalf_of(role="jarlig_gate"):
        row = Kept.objects.filter(key_hash=_key(name), expires_at__gt=now()).first()
    return int(row.value) if row else 0


def first(name: str, window: timedelta) -> bool:
    """Whether this is the first time within a window."""
    return _put(name, "1", now() + window, only=_EXPIRED)


def _put(name: str, value: str, end: datetime, only: str = "") -> bool:
    with on_behalf_of(role="jarlig_gate"), connection.cursor() as cursor:
        cursor.execute(_ADD.format(only=only), {"key": _key(name), "value": value, "end": end})
        return cursor.fetchone() is not None


def clear_expired() -> int:
    """Removes every value whose end has passed and says how many there were."""
    with on_behalf_of(role="jarlig_gate"):
        removed: int = Kept.objects.filter(expires_at__lte=now()).delete()[0]
    return removed


class InDatabase(BaseCache):
    """The same table as a cache of Django's, for what allauth keeps in one; values are what JSON can say."""

    def __init__(self, _location: str, params: dict[str, Any]) -> None:
        super().__init__(params)

    def _name(self, key: str, version: int | None) -> str:
        return f"cache:{self.make_key(key, version=version)}"

    def _end(self, timeout: float | None) -> datetime:
        seconds = self.default_timeout if timeout is DEFAULT_TIMEOUT else timeout
        return now() + min(LONGEST, timedelta(seconds=seconds) if seconds is not None else LONGEST)

    def add(self, key: str, value: Any, timeout: Any = DEFAULT_TIMEOUT, version: int | None = None) -> bool:
        """Keeps a value unless there is one, and says whether it did; of two at once one wins."""
        return _put(self._name(key, version), json.dumps(value), self._end(timeout), only=_EXPIRED)

    def get(self, key: str, default: Any = None, version: int | None = None) -> Any:
        """The value that is kept, or the other one."""
        with on_behalf_of(role="jarlig_gate"):
            row = Kept.objects.filter(key_hash=_key(self._name(key, version)), expires_at__gt=now()).first()
        return json.loads(row.value) if row else default

    def set(self, key: str, value: Any, timeout: Any = DEFAULT_TIMEOUT, version: int | None = None) -> None:
        """Keeps a value."""
        _put(self._name(key, version), json.dumps(value), self._end(timeout))

    def delete(self, key: str, version: int | None = None) -> bool:
        """Forgets a value."""
        with on_behalf_of(role="jarlig_gate"):
            return bool(Kept.objects.filter(key_hash=_key(self._name(key, version))).delete()[0])
