"""What works in the background (后台任务): jobs of the queue as they stand, seen by the region."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection
from django.utils.translation import gettext_lazy

from jarlig.service.bodies.permission import require, rule
from jarlig.service.ground.context import on_behalf_of

SEE_JOBS = rule("see_jobs", gettext_lazy("See the jobs"), "administrator", "auditor", where="top")

#: Seconds without a sign of life after which a worker is taken for dead; it gives one every ten.
SILENT = 60
MOST = 500
# Moments of the queue are the server's; they are told by the clock of the service, which a demonstration sets.
# A job is stalled when it is being done by a worker that is gone, or that gives no sign of life.
_JOBS = """
    SELECT j.id, j.task_name, CASE WHEN j.status = 'doing'
        AND coalesce(w.last_heartbeat < now() - %(silent)s * interval '1 second', true) THEN 'stalled'
        ELSE j.status::text END AS state, j.attempts, j.scheduled_at + (jarlig.now() - clock_timestamp()),
        (SELECT max(e.at) FROM procrastinate_events e WHERE e.job_id = j.id) + (jarlig.now() - clock_timestamp())
    FROM procrastinate_jobs j LEFT JOIN procrastinate_workers w ON w.id = j.worker_id
    WHERE j.status IN ('todo', 'doing', 'failed', 'aborted') ORDER BY j.id DESC LIMIT %(most)s
"""


@dataclass(frozen=True, slots=True)
class JobLine:
    """One job: its number, its name, how it stands, how often it was tried, when it is due and last moved."""

    number: int
    name: str
    state: str
    attempts: int
    due: datetime | None
    moved: datetime | None


@dataclass(frozen=True, slots=True)
class Queue:
    """The queue: whether there is one here, what stands in it, workers that give a sign of life, and jobs done."""

    there: bool
    jobs: tuple[JobLine, ...] = ()
    workers: int = 0
    succeeded: int = 0


def queue() -> Queue:
    """The queue as it stands; jobs that ended well are only counted.

    Raises:
        NotAllowed: when it is not asked from a seat of the region.
    """
    require("see_jobs")
    with on_behalf_of(role="jarlig_worker"), connection.cursor() as cursor:
        cursor.execute("SELECT to_regclass('public.procrastinate_jobs') IS NOT NULL")
        if not cursor.fetchone()[0]:
            return Queue(there=False)
        cursor.execute(_JOBS, {"silent": SILENT, "most": MOST})
        jobs = tuple(JobLine(*row) for row in cursor.fetchall())
        return Queue(
            True, jobs,
            _count(cursor, "procrastinate_workers WHERE last_heartbeat >= now() - %s * interval '1 second'", SILENT),
            _count(cursor, "procrastinate_jobs WHERE status = %s", "succeeded"),
        )  # fmt: skip


def _count(cursor: Any, rows: str, value: object) -> int:
    cursor.execute(f"SELECT count(*) FROM {rows}", [value])
    return int(cursor.fetchone()[0])
