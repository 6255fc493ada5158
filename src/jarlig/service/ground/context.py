"""Who asks (身份): every query runs inside one transaction that names a role, a person and a seat to the database.

A request or job opens its transaction with ``acting``; PostgreSQL then knows the role by ``SET LOCAL ROLE`` and the
person, seat and session by settings that end with the transaction, and its row security answers from them. A query
outside raises here, before it is sent; were it sent, the login, which inherits nothing, could read nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import connection, transaction

#: Roles of the database and what each is for; the first migration makes them.
ROLES = {
    "jarlig_public": "whoever looks at the public site, without a name",
    "jarlig_person": "a person who is signed in, within the seat they sit on",
    "jarlig_gate": "sign-in and sessions, and nothing else",
    "jarlig_worker": "jobs that act for nobody: order of the log, delivery, clearing away",
}


class OutsideTransaction(RuntimeError):
    """A query that no transaction with a role surrounds: a fault of the program, never of its user."""


@dataclass(frozen=True, slots=True)
class Who:
    """On whose behalf the database is asked (行为主体)."""

    role: str = "jarlig_public"
    person: UUID | None = None
    seat: UUID | None = None
    session: str = ""


_current: ContextVar[Who | None] = ContextVar("jarlig_who", default=None)


def current() -> Who:
    """On whose behalf this transaction acts.

    Raises:
        OutsideTransaction: when there is none.
    """
    who = _current.get()
    if who is None:
        raise OutsideTransaction("nobody acts here: open a transaction with ground.context.acting")
    return who


@contextmanager
def acting(who: Who) -> Iterator[Who]:
    """One transaction on behalf of somebody; it is kept when the block ends and undone when it raises.

    Raises:
        OutsideTransaction: when a transaction is open already; ``on_behalf_of`` changes the role inside one.
    """
    if _current.get() is not None:
        raise OutsideTransaction("a transaction is open already")
    token = _current.set(who)
    try:
        with transaction.atomic(durable=not getattr(settings, "TESTS_HOLD_A_TRANSACTION", False)):
            _tell(who)
            yield who
    finally:
        _current.reset(token)


@contextmanager
def on_behalf_of(**change: Any) -> Iterator[Who]:
    """Inside a transaction, for a few statements, another role, person or seat (the sign-in reads a session, say)."""
    before = current()
    who = replace(before, **change)
    if who == before:
        yield before
        return
    token = _current.set(who)
    try:
        _tell(who)
        yield who
    finally:
        _current.reset(token)
        if not connection.needs_rollback:  # a failed transaction takes no statement and forgets its settings anyway
            _tell(before)


def become(who: Who) -> None:
    """From here to the end of the transaction somebody else acts: the sign-in has found out who it is."""
    current()
    _current.set(who)
    _tell(who)


def _tell(who: Who) -> None:
    if who.role not in ROLES:
        raise OutsideTransaction(f"no role {who.role!r}")
    with connection.cursor() as cursor:
        cursor.execute(f"SET LOCAL ROLE {who.role}")
        cursor.execute(
            "SELECT set_config('app.person', %s, true), set_config('app.seat', %s, true),"
            " set_config('app.session', %s, true)",
            [str(who.person or ""), str(who.seat or ""), who.session],
        )


def watch(connection: Any, **_: Any) -> None:
    """Makes a new connection refuse queries outside a transaction with a role; not that of the owner, who migrates."""
    if not getattr(settings, "ACTS_AS_OWNER", False) and _refuse_outside not in connection.execute_wrappers:
        connection.execute_wrappers.append(_refuse_outside)


def _refuse_outside(execute: Callable[..., Any], sql: Any, params: Any, many: bool, context: dict[str, Any]) -> Any:
    if _current.get() is None or not context["connection"].in_atomic_block:
        raise OutsideTransaction(f"a query outside a transaction with a role: {str(sql)[:80]}")
    return execute(sql, params, many, context)
