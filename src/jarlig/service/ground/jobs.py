"""Jobs (后台任务): put down in the transaction of the data they are about, done once, for the seat that asked.

A job carries ids only. It is one transaction, in which it also writes down that it is done: killed at any moment it
has happened whole or not at all, and started again it happens once. What is true stands in the rows of the domain;
the queue is only a reminder, and a lost reminder is found by those rows.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import partial
from typing import Any
from uuid import UUID

from django.db import InterfaceError, OperationalError, connection
from django.utils.translation import gettext as _
from procrastinate import RetryStrategy
from procrastinate.contrib.django import app
from psycopg.types.json import Jsonb

from jarlig.service.ground.clock import now
from jarlig.service.ground.context import Who, acting, current, on_behalf_of
from jarlig.service.ground.errors import NotAllowed, Refused
from jarlig.service.ground.models import JobEnd

#: What a job may carry besides ids: a short key such as the hash of a programme, never a sentence or a name.
KEY = re.compile(r"[A-Za-z0-9_.:/-]{1,100}")
#: Ends of jobs are kept so long.
KEPT = timedelta(days=90)
_WORKER = Who(role="jarlig_worker")
# Only a database that does not answer is worth another try; a fault of the program stays one.
_AGAIN = RetryStrategy(max_attempts=8, exponential_wait=2, retry_exceptions=(OperationalError, InterfaceError))


@dataclass(frozen=True, slots=True)
class Job:
    """A kind of job (任务): its name, what it does, for whom, and what starts it besides ``enqueue``.

    ``for_seat`` jobs act for the person and seat that put them down; the others for nobody, and those may run twice.
    """

    name: str
    run: Callable[..., object]
    for_seat: bool
    every: str = ""
    woken_by: str = ""


JOBS: dict[str, Job] = {}


def job(
    name: str, *, for_seat: bool = False, every: str = "", woken_by: str = ""
) -> Callable[[Callable[..., object]], Job]:
    """Declares a job; in a room it stands in ``jobs.py``.

    Args:
        name: the verb, once in the service.
        for_seat: it acts for whoever puts it down, on the same seat, which is looked at again when it runs.
        every: the moments at which the worker starts it by itself, in cron's words with seconds last, UTC.
        woken_by: a channel of the database; news there starts it too.
    """

    def declare(run: Callable[..., object]) -> Job:
        made = Job(name, run, for_seat, every, woken_by)
        if JOBS.setdefault(name, made) is not made:
            raise ValueError(f"job {name!r} is declared twice")
        task = app.task(name=name, pass_context=True, retry=_AGAIN)(partial(_do, made))
        if every:
            app.periodic(cron=every, queueing_lock=name)(task)
        return made

    return declare


def enqueue(one: Job, *, due: datetime | None = None, **ids: UUID | int | date | str) -> int:
    """Puts a job down in the open transaction: undone with it, seen by the worker when it is kept.

    Args:
        one: the job.
        due: not before this instant, by the clock of the service.
        ids: what it is about.

    Returns:
        The number of the job.

    Raises:
        TypeError: for anything that is no id: a job carries no text about a person.
        NotAllowed: when the job acts for a seat and nobody is signed in.
    """
    for name, value in ids.items():
        if not (KEY.fullmatch(value) if isinstance(value, str) else isinstance(value, UUID | int | date)):
            raise TypeError(f"job {one.name!r} cannot carry {name}={value!r}: only ids")
    if one.for_seat and current().person is None:
        raise NotAllowed(_("You are not signed in."))
    said = {name: value if isinstance(value, int) else str(value) for name, value in ids.items()}
    with connection.cursor() as cursor:
        cursor.execute("SELECT jarlig.enqueue(%s, %s, %s)", [one.name, Jsonb(said), due])
        number: int = cursor.fetchone()[0]
    return number


def _do(one: Job, context: Any, *, timestamp: int = 0, person: str = "", seat: str = "", **ids: Any) -> None:
    """Runs a job in its one transaction; a refusal is an end of the job as well, with its reason."""
    who = Who("jarlig_person", UUID(person), UUID(seat) if seat else None) if one.for_seat else _WORKER
    try:
        with acting(who):
            if one.for_seat:
                if not _first(context.job.id, one, who):
                    return
                _still_sits(who)
            one.run(**ids)
    except Refused as refusal:
        with acting(_WORKER):
            _first(context.job.id, one, who, str(refusal))


def _first(number: int, one: Job, who: Who, refused: str = "") -> bool:
    """Writes down how the job ended; false when it has an end already. A second worker waits here for the first."""
    with on_behalf_of(role="jarlig_worker"), connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO ground_job_end (number, name, seat, refused, at) VALUES (%s, %s, %s, %s, jarlig.now())"
            " ON CONFLICT DO NOTHING",
            [number, one.name, who.seat, refused],
        )
        return bool(cursor.rowcount == 1)


def _still_sits(who: Who) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT EXISTS (SELECT FROM jarlig.my_seat())")
        if who.seat is not None and not cursor.fetchone()[0]:
            raise NotAllowed(_("The seat for which this was to be done is no longer held."))


@job("clear_away_jobs", every="30 18 * * *")
def clear_away_jobs() -> None:
    """Removes ends of jobs that nobody asks for any more, and the rows of jobs that failed as long ago."""
    JobEnd.objects.filter(at__lt=now() - KEPT).delete()
    with connection.cursor() as cursor:
        cursor.execute(
            "DELETE FROM procrastinate_jobs j WHERE j.status NOT IN ('todo', 'doing') AND NOT EXISTS (SELECT FROM"
            " procrastinate_events e WHERE e.job_id = j.id AND e.at > clock_timestamp() - %s)",
            [KEPT],
        )
