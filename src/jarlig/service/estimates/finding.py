"""By which code the database is asked (凭码查询): row security shows the row of that code and no other."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection

from jarlig.service.estimates import codes


@contextmanager
def holding(code: str) -> Iterator[bytes]:
    """For a few statements the database knows the hash of a code."""
    key = codes.hashed(code)
    _tell(key.hex())
    try:
        yield key
    finally:
        if not connection.needs_rollback:  # a failed transaction takes no statement and forgets its settings anyway
            _tell("")


def _tell(key: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('app.estimate', %s, true)", [key])
