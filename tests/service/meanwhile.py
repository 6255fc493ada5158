"""The same act twice at once: the second begins while the first is done and not yet kept."""

from __future__ import annotations

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

from django.db import connection
from tests.service.people import Installation


def twice_at_once(made: Installation, name: str, act: Callable[[], object]) -> BaseException | None:
    """How the second one ended, which waited for the first; the first was done and kept."""

    def again() -> None:
        try:
            with made.sits(name):
                act()
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as pool:
        with made.sits(name):
            act()
            second = pool.submit(again)
            _until_it_waits()
        return second.exception(timeout=60)


def _until_it_waits() -> None:
    for _ in range(600):
        with connection.cursor() as cursor:
            cursor.execute("SELECT EXISTS (SELECT FROM pg_locks WHERE NOT granted)")
            if cursor.fetchone()[0]:
                return
        time.sleep(0.05)
    raise AssertionError("the second act waits for nothing")
