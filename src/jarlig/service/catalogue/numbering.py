"""Running numbers inside a programme (编号): one after the other, also when two persons come at once."""

from __future__ import annotations

from typing import Any

from django.db import connection
from django.db.models import Max

from jarlig.service.catalogue.models import Programme


def next_number(model: Any, programme: Programme, **more: Any) -> int:
    """The next number of this kind; whoever comes second waits for the first."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext(%s))", [f"{model._meta.db_table} {programme.pk}"])
    last: int | None = model.objects.filter(programme=programme, **more).aggregate(last=Max("number"))["last"]
    return (last or 0) + 1
