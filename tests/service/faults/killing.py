"""Faults made on purpose: the connection that dies at the n-th statement, or when the work is to be kept."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
from django.db import connection

from jarlig.service.launch.cluster import Cluster


def kill(server: Cluster) -> None:
    """Ends the connection of this thread as a crash of the server would: it hears of it at its next statement."""
    pid = connection.connection.info.backend_pid
    with server.superuser() as root:
        root.execute("SELECT pg_terminate_backend(%s, 5000)", [pid])


class Counter:
    """Counts statements, and kills the connection before one of them."""

    def __init__(self, server: Cluster, fatal: int = 0) -> None:
        self.server, self.fatal, self.count = server, fatal, 0

    def __call__(self, execute: Callable[..., Any], sql: Any, params: Any, many: bool, context: dict[str, Any]) -> Any:
        self.count += 1
        if self.count == self.fatal:
            kill(self.server)
        return execute(sql, params, many, context)


@contextmanager
def dying(server: Cluster, fatal: int = 0) -> Iterator[Counter]:
    """Counts the statements of the block; the connection dies before the one of that number."""
    counter = Counter(server, fatal)
    connection.execute_wrappers.insert(0, counter)
    try:
        yield counter
    finally:
        connection.execute_wrappers.remove(counter)


@contextmanager
def commits_by(how: Callable[[psycopg.Connection[Any]], None]) -> Iterator[None]:
    """The commits of this thread's connection go another way."""
    connection.ensure_connection()
    opened = connection.connection
    opened.commit = lambda: how(opened)
    try:
        yield
    finally:
        del opened.commit


def answer_lost(opened: psycopg.Connection[Any]) -> None:
    """The commit is kept, and its answer does not arrive."""
    type(opened).commit(opened)
    raise psycopg.OperationalError("the answer was lost")


def dead_by_then(server: Cluster) -> Callable[[psycopg.Connection[Any]], None]:
    """The server dies when everything is done but the commit."""

    def commit(opened: psycopg.Connection[Any]) -> None:
        kill(server)
        type(opened).commit(opened)

    return commit


def snapshot(server: Cluster, name: str) -> dict[str, int]:
    """How many rows each table of the rooms holds."""
    with server.superuser(name) as root:
        tables = [row[0] for row in root.execute(
            "SELECT relname FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace"
            " AND relname !~ '^(django|auth|procrastinate)_'"
        ).fetchall()]  # fmt: skip
        return {table: root.execute(f'SELECT count(*) FROM "{table}"').fetchone()[0] for table in tables}  # type: ignore[arg-type, index]
