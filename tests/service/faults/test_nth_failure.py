"""Each act with the connection killed before its n-th statement, for every n, and around its commit."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass

import pytest
from django.db import Error, connection
from tests.service.faults.killing import answer_lost, commits_by, dead_by_then, dying, kill, snapshot
from tests.service.people import Installation, installation

from jarlig.service.bodies.acts.appoint import appoint
from jarlig.service.bodies.acts.import_calendar import import_calendar, reference_days
from jarlig.service.bodies.acts.invite import invite
from jarlig.service.bodies.acts.make_body import make_body
from jarlig.service.bodies.acts.put_calendar_in_force import put_calendar_in_force
from jarlig.service.bodies.models import Account, Area, Body, CalendarYear, Person
from jarlig.service.ground.errors import WrongState
from jarlig.service.ground.jobs import JOBS, enqueue
from jarlig.service.launch.cluster import Cluster


@dataclass(frozen=True)
class Case:
    """An act as a whole transaction, what stands before it, and the tables in which it leaves rows."""

    act: Callable[[Installation], object]
    leaves: dict[str, int]
    begins: Callable[[], Installation] = installation


def _appoint(made: Installation) -> None:
    with made.sits("root"):
        body = Body.objects.get()
        appoint(Person.objects.get(), body, body.area, "author")


def _enqueue(made: Installation) -> None:
    with made.sits("root"):
        body = Body.objects.get()
        appoint(Person.objects.get(), body, body.area, "author")
        enqueue(JOBS["clear_sessions"])


def _two_administrators() -> Installation:
    made = installation()
    with made.sits("root"):
        body = Body.objects.get()
        person, _ = invite("苏日娜", "surina")
        made.seats["second"] = appoint(person, body, body.area, "administrator")
    return made


def _invite(made: Installation) -> None:
    with made.sits("root"):
        if Account.objects.filter(login="bateer").exists():
            raise WrongState("invited")
        person, _ = invite("巴特尔", "bateer")
        body = Body.objects.get()
        appoint(person, body, body.area, "receiver")


def _make_body(made: Installation) -> None:
    with made.sits("root"):
        area = Area.objects.get()
        if Body.objects.filter(name_zh="审计厅").exists():
            raise WrongState("made")
        make_body(area, "审计厅")


def _with_draft() -> Installation:
    made = _two_administrators()
    with made.sits("root"):
        import_calendar(2023, "国办发明电〔2022〕16号", *reference_days(2023))
    return made


def _in_force(made: Installation) -> None:
    with made.sits("second"):
        put_calendar_in_force(CalendarYear.objects.get())


CASES = {
    "found": Case(
        lambda _: installation(), begins=Installation,
        leaves={"bodies_area": 1, "bodies_body": 1, "bodies_person": 1, "bodies_account": 1, "bodies_seat": 1,
                "audit_act": 1, "audit_waiting": 1, "audit_key": 1},
    ),
    "invite and appoint": Case(
        _invite, {"bodies_person": 1, "bodies_account": 1, "bodies_code": 1, "bodies_seat": 1, "audit_act": 2,
                  "audit_waiting": 2, "audit_key": 1},
    ),
    "make body": Case(_make_body, {"bodies_body": 1, "audit_act": 1, "audit_waiting": 1}),
    "put a calendar in force": Case(_in_force, {"audit_act": 1, "audit_waiting": 1}, _with_draft),
    "appoint": Case(_appoint, {"bodies_seat": 1, "audit_act": 1, "audit_waiting": 1}),
    "appoint and put down a job": Case(_enqueue, {"bodies_seat": 1, "audit_act": 1, "audit_waiting": 1}),
}  # fmt: skip


def change(before: dict[str, int], after: dict[str, int]) -> dict[str, int]:
    return {name: after[name] - before[name] for name in after if after[name] != before[name]}


@pytest.mark.parametrize("name", CASES)
def test_an_act_that_dies_anywhere_left_nothing_and_is_done_whole_at_the_next_try(
    own_db: str, server: Cluster, name: str
) -> None:
    case = CASES[name]
    made = case.begins()
    before = snapshot(server, own_db)
    fatal, died = 0, 0
    while True:
        fatal += 1
        with dying(server, fatal) as counter:
            try:
                case.act(made)
            except Error:
                died += 1
        connection.close()
        if counter.count < fatal:
            break
        assert snapshot(server, own_db) == before, f"statement {fatal} left something"
    assert died == fatal - 1 > 5
    assert change(before, snapshot(server, own_db)) == case.leaves


@pytest.mark.parametrize("name", CASES)
def test_an_act_that_dies_at_its_commit_left_nothing(own_db: str, server: Cluster, name: str) -> None:
    case = CASES[name]
    made = case.begins()
    before = snapshot(server, own_db)
    with pytest.raises(Error), commits_by(dead_by_then(server)):
        case.act(made)
    connection.close()
    assert snapshot(server, own_db) == before
    case.act(made)
    assert change(before, snapshot(server, own_db)) == case.leaves


@pytest.mark.parametrize("name", CASES)
def test_an_act_whose_commit_was_kept_unheard_is_not_done_twice(own_db: str, server: Cluster, name: str) -> None:
    case = CASES[name]
    made = case.begins()
    before = snapshot(server, own_db)
    with suppress(Error), commits_by(answer_lost):
        case.act(made)
        raise AssertionError("the answer arrived")
    connection.close()
    assert change(before, snapshot(server, own_db)) == case.leaves
    with pytest.raises(WrongState):
        case.act(made)
    assert change(before, snapshot(server, own_db)) == case.leaves


def test_the_connection_of_this_thread_can_be_killed(own_db: str, server: Cluster) -> None:
    made = installation()
    with pytest.raises(Error), made.sits("root"):
        kill(server)
        Area.objects.get()
