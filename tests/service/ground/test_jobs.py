"""Jobs: in the transaction of their data, for the seat that asked, once."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from uuid import uuid4

import psycopg
import pytest
from django.db import ProgrammingError, connection
from tests.service.ground.worker_of_tests import look
from tests.service.people import Installation, installation

from jarlig.service.audit.models import Act, Leaf
from jarlig.service.bodies.models import Area
from jarlig.service.ground.context import Who, acting
from jarlig.service.ground.errors import NotAllowed
from jarlig.service.ground.jobs import JOBS, enqueue, job
from jarlig.service.ground.models import JobEnd
from jarlig.service.launch.cluster import Cluster

WORKER = Who(role="jarlig_worker")
SILENCE = 1.5


@contextmanager
def working(server: Cluster, name: str, silence: float = SILENCE) -> Iterator[subprocess.Popen[bytes]]:
    """A worker process on that database."""
    env = {**os.environ, "JARLIG_DATABASE_URL": server.addresses(name)[1], "PYTHONPATH": os.pathsep.join(sys.path)}
    words = [sys.executable, "-m", "tests.service.ground.worker_of_tests", str(silence)]
    with subprocess.Popen(words, env=env) as process:
        try:
            yield process
        finally:
            process.send_signal(signal.SIGTERM)
            assert process.wait(15) in (0, -signal.SIGKILL)


def eventually(true: Callable[[], bool], seconds: float = 60.0) -> None:
    """Waits until something is so."""
    begun = time.monotonic()
    while not true():
        assert time.monotonic() - begun < seconds, "it did not come about"
        time.sleep(0.05)


def put_down(made: Installation, seconds: int = 0) -> int:
    with made.sits("root"):
        return enqueue(look, area=Area.objects.get().id, seconds=seconds)


def looks() -> int:
    with acting(WORKER):
        return Act.objects.filter(act="look").count()


def states(server: Cluster, name: str) -> dict[int, str]:
    with server.superuser(name) as root:
        return dict(root.execute("SELECT id, status::text FROM procrastinate_jobs WHERE task_name = 'look'").fetchall())


def test_a_job_is_undone_with_its_data(own_db: str, server: Cluster) -> None:
    made = installation()
    with pytest.raises(ZeroDivisionError), made.sits("root"):
        enqueue(look, area=Area.objects.get().id)
        raise ZeroDivisionError
    assert states(server, own_db) == {}
    number = put_down(made)
    assert states(server, own_db) == {number: "todo"}


def test_a_job_is_done_for_the_seat_that_put_it_down(own_db: str, server: Cluster) -> None:
    made = installation()
    number = put_down(made)
    with working(server, own_db):
        eventually(lambda: looks() == 1)
        eventually(lambda: states(server, own_db) == {})
    with acting(WORKER):
        act, end = Act.objects.get(act="look"), JobEnd.objects.get()
    assert (act.person, act.seat) == (made.seats["root"].person_id, made.seats["root"].id)
    assert (end.number, end.name, end.refused, end.seat) == (number, "look", "", act.seat)


def test_a_worker_killed_in_the_middle_of_a_job_leaves_it_to_the_next(own_db: str, server: Cluster) -> None:
    made = installation()
    number = put_down(made, seconds=2)
    with working(server, own_db) as first:
        eventually(lambda: states(server, own_db) == {number: "doing"})
        time.sleep(0.3)
        first.kill()
        first.wait()
    assert looks() == 0 and states(server, own_db) == {number: "doing"}
    with working(server, own_db):
        eventually(lambda: looks() == 1)
        eventually(lambda: states(server, own_db) == {})
    assert looks() == 1


def test_a_job_whose_end_was_not_heard_happens_once(own_db: str, server: Cluster) -> None:
    """A worker that dies between the commit of the job and the word to the queue."""
    made = installation()
    number = put_down(made)
    with acting(WORKER):
        JobEnd(number=number, name="look", at="2023-01-01T00:00Z").save(force_insert=True)
    with server.superuser(own_db) as root:
        root.execute("UPDATE procrastinate_jobs SET status = 'doing' WHERE id = %s", [number])
        root.commit()
    with working(server, own_db):
        eventually(lambda: states(server, own_db) == {})
    assert looks() == 0


def test_a_job_of_a_seat_that_ended_is_refused_with_the_reason(own_db: str, server: Cluster) -> None:
    made = installation()
    put_down(made)
    with server.superuser(own_db) as root:
        root.execute("UPDATE bodies_seat SET state = 'ended'")
        root.commit()
    with working(server, own_db):
        eventually(lambda: states(server, own_db) == {})
    with acting(WORKER):
        end = JobEnd.objects.get()
        assert Act.objects.filter(act="look").count() == 0
    assert "no longer held" in end.refused or "不再" in end.refused


def test_the_worker_keeps_the_log_in_order(own_db: str, server: Cluster) -> None:
    def ordered() -> bool:
        with acting(WORKER):
            return Leaf.objects.count() == Act.objects.count()

    made = installation()
    with working(server, own_db, silence=60):
        eventually(ordered)
        for _ in range(5):
            with made.sits("root"):
                look.run(Area.objects.get().id)
            eventually(ordered)


def test_the_worker_waits_for_a_database_that_went_away(own_db: str, server: Cluster) -> None:
    made = installation()
    put_down(made)
    with working(server, own_db, silence=30) as process:
        eventually(lambda: looks() == 1)
        with server.superuser() as root:
            root.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE datname = %s AND usename = 'jarlig_login'",
                [own_db],
            )
        connection.close()
        put_down(made)
        eventually(lambda: looks() == 2)
        assert process.poll() is None


def test_a_job_carries_ids_and_nothing_else(db: None) -> None:
    made = installation()
    with made.sits("root"):
        for said in ("那仁", "a sentence of a person", "13800000000 ", 1.5, None):
            with pytest.raises(TypeError, match="only ids"):
                enqueue(look, area=said)  # type: ignore[arg-type]


def test_a_job_for_a_seat_is_put_down_by_somebody(db: None) -> None:
    with pytest.raises(NotAllowed), acting(Who(role="jarlig_gate")):
        enqueue(look, area=uuid4())


def test_for_whom_a_job_acts_is_not_told_by_the_program(db: None, server: Cluster) -> None:
    made = installation()
    with made.sits("root") as seat:
        enqueue(look, area=uuid4(), person=str(uuid4()), seat=str(uuid4()))
    with acting(WORKER), connection.cursor() as cursor:
        cursor.execute("SELECT args ->> 'person', args ->> 'seat' FROM procrastinate_jobs")
        assert cursor.fetchone() == (str(seat.person_id), str(seat.id))


@pytest.mark.parametrize("role", ["jarlig_person", "jarlig_gate", "jarlig_public"])
def test_no_request_reads_or_writes_the_queue_itself(db: None, role: str) -> None:
    for statement in ("SELECT * FROM procrastinate_jobs", "DELETE FROM procrastinate_jobs",
                      "SELECT procrastinate_finish_job_v1(1, 'succeeded', true)"):  # fmt: skip
        with pytest.raises(ProgrammingError, match="denied"), acting(Who(role=role)), connection.cursor() as cursor:
            cursor.execute(statement)


def test_the_moment_of_a_job_is_told_by_the_clock_of_the_service(own_db: str, server: Cluster) -> None:
    made = installation()
    with server.superuser(own_db) as root:
        root.execute("ALTER TABLE jarlig.mark DISABLE TRIGGER ALL")
        root.execute("INSERT INTO jarlig.mark VALUES ('demonstration')")
        root.execute("INSERT INTO jarlig.clock VALUES ('demonstration', '-1 day')")
        root.commit()
    with made.sits("root"), connection.cursor() as cursor:
        cursor.execute("SELECT jarlig.now()")
        moment = cursor.fetchone()[0]
        number = enqueue(look, area=uuid4(), due=moment)
    with server.superuser(own_db) as root:
        row = root.execute(
            "SELECT scheduled_at <= clock_timestamp(), scheduled_at > clock_timestamp() - interval '1 minute'"
            " FROM procrastinate_jobs WHERE id = %s", [number]).fetchone()  # fmt: skip
    assert row == (True, True)


def test_every_job_of_the_service_is_known_and_has_its_own_name() -> None:
    assert {"put_log_in_order", "check_log", "clear_sessions", "clear_away_jobs"} <= set(JOBS)
    with pytest.raises(ValueError, match="twice"):
        job("check_log")(lambda: None)
    assert "check_log" in JOBS


def test_old_ends_are_cleared_away(db: None, server: Cluster) -> None:
    with acting(WORKER):
        for number, at in ((1, "2020-01-01T00:00Z"), (2, "2999-01-01T00:00Z")):
            JobEnd(number=number, name="look", at=at).save(force_insert=True)
        JOBS["clear_away_jobs"].run()
        assert [end.number for end in JobEnd.objects.all()] == [2]


def test_the_login_does_not_even_see_the_queue_without_the_role(server: Cluster) -> None:
    """The worker's own statements run in its role alone."""
    with psycopg.connect(server.addresses("tests")[1], autocommit=True) as login:
        with pytest.raises(psycopg.errors.UndefinedTable):
            login.execute("SELECT count(*) FROM procrastinate_jobs")
        login.execute("SET ROLE jarlig_worker")
        login.execute("SELECT count(*) FROM procrastinate_jobs")


def test_nobody_puts_a_job_down_in_the_name_of_another(own_db: str, server: Cluster) -> None:
    made = installation()
    seat = made.seats["root"]
    ids = json.dumps({"person": str(seat.person_id), "seat": str(seat.id), "area": "x"})
    with acting(Who(role="jarlig_gate")), connection.cursor() as cursor:
        cursor.execute("SELECT jarlig.enqueue('look', %s::jsonb, jarlig.now())", [ids])
    with server.superuser(own_db) as root:
        assert root.execute("SELECT args FROM procrastinate_jobs ORDER BY id DESC").fetchone() == ({"area": "x"},)
