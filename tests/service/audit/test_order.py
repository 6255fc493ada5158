"""The order of the log costs what is new, not what is old; and nothing that is kept is passed over."""

from __future__ import annotations

import threading
from collections.abc import Callable
from uuid import uuid4

import psycopg
import pytest
from django.db import DatabaseError, connection
from tests.service.faults.killing import answer_lost, commits_by, dead_by_then, dying
from tests.service.people import Installation, installation

from jarlig.service.audit.models import Act, Head, Leaf, Waiting
from jarlig.service.audit.order import Fault, faults, put_in_order
from jarlig.service.audit.record import record
from jarlig.service.bodies.log import waiting_for_order
from jarlig.service.bodies.models import Area
from jarlig.service.ground.context import Who, acting
from jarlig.service.launch.cluster import Cluster

WORKER = Who(role="jarlig_worker")
#: An old log of so many acts; the sequencer does not look at their bytes again, so they are all alike.
LONG_LOG = """
    WITH made AS (
        INSERT INTO audit_act (id, data, at, act, thing, thing_id, area)
        SELECT gen_random_uuid(), '{}', jarlig.now() - interval '1 day', 'look', 'bodies.area', '', ''
        FROM generate_series(1, %(size)s) RETURNING id
    ) INSERT INTO audit_leaf (number, act_id, hash)
    SELECT row_number() OVER () - 1, id, sha256('') FROM made
"""


def looks(made: Installation, count: int) -> None:
    with made.sits("root"):
        for _ in range(count):
            record("look", Area.objects.get())


def with_old_log(server: Cluster, name: str, size: int) -> None:
    """A log of so many acts in order, and the figures that the database gathers about its tables by itself."""
    with server.superuser(name) as root:
        root.execute("SET session_replication_role = replica")
        root.execute("DELETE FROM audit_waiting")
        root.execute("DELETE FROM audit_act")
        root.execute(LONG_LOG, {"size": size})
        root.execute("INSERT INTO audit_head (size, root, edge, at) VALUES (%s, '', %s, jarlig.now())",
                     [size, bytes(32 * size.bit_count())])  # fmt: skip
        root.commit()
        root.autocommit = True
        root.execute("VACUUM ANALYZE audit_act, audit_leaf, audit_head, audit_waiting")


def read_in_this_transaction() -> dict[str, int]:
    """Rows that this transaction has read of each table of the log, by whatever way."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT relname, seq_tup_read + coalesce(idx_tup_fetch, 0) FROM pg_stat_xact_user_tables"
            " WHERE relname LIKE 'audit%%'"
        )
        return {name: rows for name, rows in cursor.fetchall() if rows}


@pytest.mark.parametrize("size", [2_000, 200_000])
def test_what_is_read_grows_with_what_is_new_and_not_with_the_log(own_db: str, server: Cluster, size: int) -> None:
    made = installation()
    with_old_log(server, own_db, size)
    looks(made, 10)
    connection.close()
    with acting(WORKER):
        assert put_in_order() == 10
        read = read_in_this_transaction()
        assert read["audit_act"] == 10 and read["audit_waiting"] <= 40 and sum(read.values()) <= 80, read
        assert list(Leaf.objects.order_by("-number").values_list("number", flat=True)[:2]) == [size + 9, size + 8]
        assert Head.objects.order_by("-size")[0].size == size + 10 and not Waiting.objects.exists()


def test_the_database_finds_new_acts_by_their_keys(own_db: str, server: Cluster) -> None:
    made = installation()
    with_old_log(server, own_db, 20_000)
    looks(made, 10)
    with acting(WORKER):
        waiting = Waiting.objects.order_by("at", "act")
        assert "Seq Scan on audit_act" not in waiting[:5_000].explain()
        by_key = Act.objects.filter(pk__in=[one.act_id for one in waiting]).explain()
        assert "audit_act_pkey" in by_key and "Seq Scan" not in by_key


def test_writers_side_by_side_leave_no_gap_and_none_is_passed_over(own_db: str, server: Cluster) -> None:
    """Two sequencers run against four writers, one of whom takes long and one of whom takes back."""
    made = installation()
    person, seat = made.seats["root"].person_id, made.seats["root"].pk
    ended, numbered = threading.Event(), [0]

    def in_a_thread(work: Callable[[], None]) -> Callable[[], None]:
        def run() -> None:
            connection.settings_dict["NAME"] = own_db
            try:
                work()
            finally:
                connection.close()

        return run

    def write() -> None:
        for turn in range(15):
            with acting(Who(role="jarlig_person", person=person, seat=seat)):
                record("look", Area.objects.get())
                if turn % 5 == 0:
                    record("look", Area.objects.get())

    def take_back() -> None:
        for _ in range(10):
            try:
                with acting(Who(role="jarlig_person", person=person, seat=seat)):
                    record("regret", Area.objects.get())
                    raise ZeroDivisionError
            except ZeroDivisionError:
                continue

    def order() -> None:
        while not ended.is_set():
            with acting(WORKER):
                numbered[0] += put_in_order(7)

    writers = [threading.Thread(target=in_a_thread(one)) for one in (write, write, write, take_back)]
    sequencers = [threading.Thread(target=in_a_thread(order)) for _ in range(2)]
    for thread in (*sequencers, *writers):
        thread.start()
    for thread in writers:
        thread.join(60)
    ended.set()
    for thread in sequencers:
        thread.join(60)
    with acting(WORKER):
        put_in_order()
        assert list(Leaf.objects.order_by("number").values_list("number", flat=True)) == list(range(1 + 3 * 18))
        assert Act.objects.count() == 1 + 3 * 18 and not Act.objects.filter(act="regret").exists()
        assert not Waiting.objects.exists() and faults() == []
    assert numbered[0] > 0


def test_an_open_transaction_is_not_waited_for_and_gets_a_later_number(own_db: str, server: Cluster) -> None:
    made = installation()
    with psycopg.connect(server.addresses(own_db)[0]) as owner:
        assert owner.execute("SELECT count(*) FROM audit_waiting").fetchone() == (1,)
    looks(made, 1)
    with made.sits("root"):
        record("look", Area.objects.get())
        done: list[int] = []

        def order() -> None:
            connection.settings_dict["NAME"] = own_db
            with acting(WORKER):
                done.append(put_in_order())
            connection.close()

        thread = threading.Thread(target=order)
        thread.start()
        thread.join(30)
        assert done == [2]
    with acting(WORKER):
        assert put_in_order() == 1 and faults() == []


def order_once() -> int:
    with acting(WORKER):
        return put_in_order(3)


def test_a_sequencer_that_dies_between_any_two_steps_has_numbered_all_or_nothing(own_db: str, server: Cluster) -> None:
    looks(installation(), 4)
    fatal = 0
    while True:
        fatal += 1
        with dying(server, fatal) as counter:
            try:
                order_once()
            except DatabaseError:
                connection.close()
        if counter.count < fatal:
            break
        with acting(WORKER):
            assert (Leaf.objects.count(), Head.objects.count(), Waiting.objects.count()) == (0, 0, 5)
    assert fatal > 6
    with acting(WORKER):
        assert (Leaf.objects.count(), Waiting.objects.count(), faults()) == (3, 2, [])


def test_a_sequencer_that_dies_at_its_commit_numbers_again_and_one_that_did_not_hear_numbers_on(
    own_db: str, server: Cluster
) -> None:
    looks(installation(), 4)
    with pytest.raises(DatabaseError), commits_by(dead_by_then(server)):
        order_once()
    connection.close()
    with acting(WORKER):
        assert (Leaf.objects.count(), Waiting.objects.count()) == (0, 5)
    with pytest.raises(DatabaseError), commits_by(answer_lost):
        order_once()
    connection.close()
    assert order_once() == 2
    with acting(WORKER):
        assert list(Leaf.objects.order_by("number").values_list("number", flat=True)) == [0, 1, 2, 3, 4]
        assert faults() == []


@pytest.mark.parametrize("role", ["jarlig_worker", "jarlig_person"])
def test_an_act_is_not_made_forgotten_before_it_has_its_number(db: None, role: str) -> None:
    made = installation()
    who = Who(role=role, person=made.seats["root"].person_id, seat=made.seats["root"].pk)
    with pytest.raises(DatabaseError, match=r"until it has its number|permission denied"), acting(who):
        Waiting.objects.all().delete()


def test_nobody_puts_an_act_down_to_wait_by_hand(db: None) -> None:
    installation()
    with pytest.raises(DatabaseError, match="permission denied"), acting(WORKER), connection.cursor() as cursor:
        cursor.execute("INSERT INTO audit_waiting (act_id, at) VALUES (%s, jarlig.now())", [uuid4()])


@pytest.mark.parametrize(
    ("statement", "what"),
    [
        ("DELETE FROM audit_waiting", "has no number and does not wait for one"),
        ("DELETE FROM audit_act WHERE id IN (SELECT act_id FROM audit_waiting)", "waits for a number and is gone"),
        ("INSERT INTO audit_waiting SELECT act_id, jarlig.now() FROM audit_leaf", "waits for a number that it has"),
    ],
)
def test_what_the_superuser_does_to_what_waits_is_named(
    own_db: str, server: Cluster, statement: str, what: str
) -> None:
    made = installation()
    with acting(WORKER):
        put_in_order()
    looks(made, 1)
    with server.superuser(own_db) as root:
        root.execute("SET session_replication_role = replica")
        root.execute(statement)
        root.commit()
    with acting(WORKER):
        found = faults()
        assert len(found) == 1 and what in found[0].what and isinstance(found[0], Fault)


def test_who_looks_at_the_log_is_told_how_much_waits(db: None) -> None:
    made = installation()
    with made.sits("root"):
        record("look", Area.objects.get())
        assert waiting_for_order() == 2
    with acting(WORKER):
        put_in_order()
    with made.sits("root"):
        assert waiting_for_order() == 0
