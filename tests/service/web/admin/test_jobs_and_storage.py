"""The queue as it stands, a failed job tried again, and the folder of the files."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import psycopg
import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse
from tests.service.conftest import CLUSTER
from tests.service.people import Installation

from jarlig.service.audit.models import Act
from jarlig.service.bodies.acts.retry_job import retry_job
from jarlig.service.bodies.storage import KNOWN, storage
from jarlig.service.bodies.work import queue
from jarlig.service.ground.errors import Missing, NotAllowed, WrongState

Officer = Callable[..., Client]


def put(name: str, status: str) -> int:
    """A job in the queue, as its library leaves it."""
    with psycopg.connect(CLUSTER.addresses(name)[0], autocommit=True) as owner:
        row = owner.execute(
            "INSERT INTO procrastinate_jobs (queue_name, task_name, status) VALUES ('default', %s, %s) RETURNING id",
            [f"job_{status}", status],
        ).fetchone()
    assert row
    return int(row[0])


def test_a_failed_and_a_stalled_job_are_seen_and_tried_again(own_db: str, officer: Officer, made: Installation) -> None:
    failed, stalled, todo = put(own_db, "failed"), put(own_db, "doing"), put(own_db, "todo")
    put(own_db, "succeeded")
    with made.sits("root"):
        found = queue()
        states = {job.number: job.state for job in found.jobs}
        assert (states[failed], states[stalled], states[todo]) == ("failed", "stalled", "todo")
        assert found.succeeded == 1 and found.workers == 0
    client = officer("root")
    shown = client.get(reverse("admin-jobs")).content.decode()
    assert "job_failed" in shown and "No worker gives a sign of life" in shown
    assert "job_todo" not in client.get(reverse("admin-jobs") + "?standing=failed").content.decode()
    assert client.post(reverse("admin-job-retry", args=[failed]), {"reason": "修复后重试"}).status_code == 302
    assert client.post(reverse("admin-job-retry", args=[todo]), {}).status_code == 422
    with made.sits("root"):
        retry_job(stalled)
        assert {job.number: job.state for job in queue().jobs} == dict.fromkeys((failed, stalled, todo), "todo")
        assert Act.objects.filter(act="retry_job").count() == 2
        with pytest.raises(WrongState):
            retry_job(failed)
        with pytest.raises(Missing):
            retry_job(10**9)


@pytest.mark.parametrize("name", ["saihan", "reviewer"])
def test_the_queue_and_the_folder_are_the_region_s(made: Installation, name: str) -> None:
    for ask in (queue, storage, lambda: retry_job(1)):
        with pytest.raises(NotAllowed), made.sits(name):
            ask()


def test_an_auditor_sees_the_queue_and_tries_nothing_again(officer: Officer, own_db: str) -> None:
    number = put(own_db, "failed")
    client = officer("auditor")
    assert "Try again</a>" not in client.get(reverse("admin-jobs")).content.decode()
    assert client.post(reverse("admin-job-retry", args=[number]), {}).status_code == 403


def test_the_folder_is_counted_by_kind_and_strangers_are_told(
    made: Installation, officer: Officer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(settings, "FILES", tmp_path)
    assert "stored" in KNOWN
    monkeypatch.setitem(KNOWN, "kept", lambda names: {"ab"} & set(names))
    for name, size in (("kept/a/ab", 3000), ("kept/b/cd", 10), ("stored/a/b/abc", 7), ("static/x.css", 5)):
        file = tmp_path / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(b"x" * size)
    (tmp_path / "kept" / "link").symlink_to("/etc")
    with made.sits("root"):
        found = storage()
        told = {kind.name: (kind.files, kind.size, kind.orphans) for kind in found.kinds}
        assert told == {"kept": (2, 3010, 1), "stored": (1, 7, 1), "static": (1, 5, None)}
        assert found.free > 0 and found.is_whole
    shown = officer("root").get(reverse("admin-storage")).content.decode()
    assert "2.9 KiB" in shown and "not known" in shown
    monkeypatch.setattr(settings, "FILES", tmp_path / "nowhere")
    assert "The folder is not there" in officer("root").get(reverse("admin-storage")).content.decode()
