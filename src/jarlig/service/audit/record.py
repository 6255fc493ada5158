"""Writing an act down (留痕): in the transaction of the act itself, as exact bytes."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any
from uuid import UUID, uuid4

import rfc8785
from django.db import connection
from django.db.models import Model

from jarlig.service.audit.models import Act
from jarlig.service.ground.clock import now
from jarlig.service.ground.context import current

Values = Mapping[str, Any]


def record(
    act: str,
    thing: Model,
    *,
    before: Values | None = None,
    after: Values | None = None,
    personal: Mapping[str, UUID] | None = None,
    reason: str = "",
    area: str = "",
) -> UUID:
    """Writes down what the current person did.

    Args:
        act: the verb, as the file of the act is called (``appoint_seat``).
        thing: what it was done to.
        before: fields before the act, those it changes; None when the thing is new.
        after: the same fields after it; None when the thing is gone.
        personal: fields about a person, and which person; of their values only a keyed commitment is written.
        reason: why, where the act asks for a reason.
        area: path of the area by which auditors find it; by default that of the thing, or empty.

    Returns:
        The id of the act.
    """
    who, identity = current(), uuid4()
    path = area or str(getattr(thing, "area_path", "") or "")
    said = {
        "id": str(identity),
        "act": act,
        "at": now().isoformat(),
        "person": str(who.person) if who.person else None,
        "seat": str(who.seat) if who.seat else None,
        "thing": thing._meta.label_lower,
        "thing_id": str(thing.pk),
        "area": path,
        "before": _written(before, personal or {}),
        "after": _written(after, personal or {}),
        "reason": reason,
    }
    # The other columns are set by the database out of these bytes.
    Act(id=identity, data=rfc8785.dumps(said), at=now(), act="", thing="", thing_id="", area="").save(force_insert=True)
    return identity


def fields(thing: Model, *names: str) -> dict[str, Any]:
    """The values of some fields of a thing, as they are written down."""
    return {name: getattr(thing, name) for name in names}


def _written(values: Values | None, personal: Mapping[str, UUID]) -> dict[str, Any] | None:
    if values is None:
        return None
    return {
        name: committed(personal[name], _plain(value)) if name in personal and value is not None else _plain(value)
        for name, value in values.items()
    }


def _plain(value: Any) -> Any:
    """A value as JSON has it; numbers beyond whole ones are texts, so that no digit is lost."""
    if value is None or isinstance(value, bool | str):
        return value
    if isinstance(value, int):
        return value if abs(value) < 2**53 else str(value)
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, bytes | memoryview):
        return bytes(value).hex()
    if isinstance(value, Mapping):
        return {str(name): _plain(item) for name, item in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [_plain(item) for item in (sorted(value) if isinstance(value, set | frozenset) else value)]
    return str(value.pk) if isinstance(value, Model) else str(value)


def committed(subject: UUID, value: Any) -> dict[str, str]:
    """A keyed commitment to a value about a person: equal values are seen to be equal, and nothing else."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT jarlig.committed(%s, %s)", [subject, rfc8785.dumps(value)])
        found: bytes = cursor.fetchone()[0]
    return {"committed": bytes(found).hex()}
