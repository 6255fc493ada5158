"""Trying a job again (重试任务) that failed or was left by its worker."""

from __future__ import annotations

from django.db import connection
from django.utils.translation import gettext as _, gettext_lazy
from procrastinate.contrib.django.models import ProcrastinateJob

from jarlig.service.audit.record import record
from jarlig.service.bodies.permission import require, rule
from jarlig.service.bodies.work import queue
from jarlig.service.ground.context import on_behalf_of
from jarlig.service.ground.errors import Missing, WrongState

RETRY_JOB = rule("retry_job", gettext_lazy("Try a job again"), "administrator", where="top")


def retry_job(number: int, *, reason: str = "") -> None:
    """Puts a job back into the queue; what it did already it does not do twice.

    Raises:
        NotAllowed: when it is not done from a seat of the region.
        Missing: when there is no such job waiting, running or failed.
        WrongState: when it neither failed nor stalled.
    """
    require("retry_job")
    line = next((job for job in queue().jobs if job.number == number), None)
    if line is None:
        raise Missing(_("There is no such job in the queue."))
    if line.state not in ("failed", "stalled"):
        raise WrongState(_("This job neither failed nor stalled."))
    with on_behalf_of(role="jarlig_worker"), connection.cursor() as cursor:
        cursor.execute("SELECT procrastinate_retry_job_v2(%s, now(), NULL, NULL, NULL)", [number])
    before = {"state": line.state, "attempts": line.attempts, "name": line.name}
    record("retry_job", ProcrastinateJob(pk=number), before=before, after={"state": "todo"}, reason=reason.strip())
