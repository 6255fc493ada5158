"""Tables of the ground: how jobs ended."""

from __future__ import annotations

from django.db import models


class JobEnd(models.Model):
    """How a job ended (任务结果): done, or not done and why.

    Written in the transaction of the job itself: a job that is started twice finds that it was done. ``number`` is that
    of the queue, whose row is gone by then.
    """

    number = models.BigIntegerField(primary_key=True)
    name = models.TextField()
    seat = models.UUIDField(null=True)
    refused = models.TextField(blank=True)  # the sentence that says why not; empty when it was done
    at = models.DateTimeField()

    class Meta:
        db_table = "ground_job_end"
        indexes = [models.Index(fields=["at"], name="job_end_at")]
