"""What the sign-in needed for a while is gone when that is over, and nothing else is."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from uuid import uuid4

import pytest
from django.db import ProgrammingError, connection, transaction
from tests.service.ground.test_jobs import eventually, working
from tests.service.people import installation

from jarlig.service.bodies import kept
from jarlig.service.bodies.models import Kept, Session
from jarlig.service.bodies.sessions import SessionStore, hashed
from jarlig.service.ground.clock import now
from jarlig.service.ground.context import Who, acting
from jarlig.service.ground.jobs import JOBS, enqueue
from jarlig.service.launch.cluster import Cluster

GATE, WORKER = Who(role="jarlig_gate"), Who(role="jarlig_worker")
HOUR = timedelta(hours=1)


def _session(ends: timedelta) -> bytes:
    store = SessionStore()
    store.create()
    Session.objects.filter(key_hash=hashed(store.session_key or "")).update(expires_at=now() + ends)
    return hashed(store.session_key or "")


def _remains() -> tuple[set[bytes], set[str]]:
    with acting(GATE):
        sessions = {bytes(one) for one in Session.objects.values_list("key_hash", flat=True)}
        return sessions, set(Kept.objects.values_list("value", flat=True))


def test_the_worker_clears_ended_sessions_and_counts_and_keeps_those_that_go_on(own_db: str, server: Cluster) -> None:
    made = installation()
    with acting(GATE):
        _session(-HOUR)
        live = _session(HOUR)
        kept.count("attempts:somebody", -HOUR)
        kept.count("attempts:somebody else", HOUR, by=2)
        kept.first("lock:somebody", -HOUR)
        kept.InDatabase("", {}).set("code", "used", -3600)
    with made.sits("root"):
        enqueue(JOBS["clear_sessions"])
        enqueue(JOBS["clear_attempts"])
    with working(server, own_db):
        eventually(lambda: _remains() == ({live}, {"2"}))


def test_what_is_cleared_by_itself_is_told_to_whoever_operates_the_service() -> None:
    clearing = {name for name in JOBS if name.startswith("clear_")}
    assert clearing == {"clear_sessions", "clear_attempts", "clear_estimates", "clear_away_jobs", "clear_away_bytes"}
    assert all(JOBS[name].every for name in clearing)
    for guide in ("operate.md", "operate.zh.md"):
        told = (Path(__file__).parents[3] / "docs" / "guide" / guide).read_text("utf-8")
        assert [name for name in clearing if f"`{name}`" not in told] == []


def test_clearing_again_finds_nothing(db: None) -> None:
    with acting(GATE):
        kept.count("attempts:somebody", -HOUR)
    with acting(WORKER):
        assert kept.clear_expired() == 1
        assert kept.clear_expired() == 0


def test_nobody_who_is_signed_in_clears_anything(db: None) -> None:
    """Whoever could remove the counts could try passwords without end."""
    with acting(Who("jarlig_person", uuid4())), pytest.raises(ProgrammingError), transaction.atomic():
        connection.cursor().execute("DELETE FROM bodies_kept")
