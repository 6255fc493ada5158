"""Who signs, from which seat, and whether two who sign are two: asked of the database alone."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from uuid import UUID, uuid4

import psycopg
import pytest
from django.db import ProgrammingError, connection, transaction
from tests.service.bodies.staff import staffed
from tests.service.conftest import CLUSTER

from jarlig.service.audit.record import committed
from jarlig.service.bodies.acts.sign_up import sign_up
from jarlig.service.bodies.models import Account, Person
from jarlig.service.ground.context import Who, acting


@contextmanager
def person_of(name: str, person: UUID, seat: UUID | None) -> Iterator[psycopg.Connection]:
    """The database as somebody on a seat, without a line of the service between."""
    with psycopg.connect(CLUSTER.addresses(name)[1]) as login, login.transaction(force_rollback=True):
        login.execute("SET LOCAL ROLE jarlig_person")
        login.execute(
            "SELECT set_config('app.person', %s, true), set_config('app.seat', %s, true)",
            [str(person), str(seat or "")],
        )
        yield login


def refused(login: psycopg.Connection, statement: str, *values: object) -> bool:
    """Whether the database says that this is not signed from the own seat."""
    try:
        with login.transaction(force_rollback=True):
            login.execute(statement.encode(), values)
    except psycopg.errors.InsufficientPrivilege as error:
        assert error.diag.constraint_name == "own_seat"
        return True
    return False


def test_a_decision_bears_the_seat_from_which_it_is_taken(own_db: str) -> None:
    made = staffed()
    connection.close()
    reviewer, other = made.seats["reviewer"], made.seats["receiver"]
    with psycopg.connect(CLUSTER.addresses(own_db)[0]) as owner:
        owner.execute("CREATE TABLE decision (id int, by_id uuid, seat_id uuid)")
        owner.execute(
            "CREATE TRIGGER decision_seat BEFORE INSERT OR UPDATE ON decision FOR EACH ROW"
            " EXECUTE FUNCTION jarlig.signed_from_own_seat('seat_id', 'by_id')"
        )
        owner.execute("INSERT INTO decision VALUES (1, NULL, NULL)")
        owner.execute("GRANT SELECT, INSERT, UPDATE ON decision TO jarlig_person")
    sign, begin = "UPDATE decision SET by_id = %s, seat_id = %s", "INSERT INTO decision VALUES (2, %s, %s)"
    with person_of(own_db, reviewer.person_id, reviewer.pk) as login:
        for statement in (sign, begin):
            assert not refused(login, statement, reviewer.person_id, reviewer.pk)
            assert refused(login, statement, reviewer.person_id, other.pk), "another's seat"
            assert refused(login, statement, reviewer.person_id, None), "none, though one sits"
        assert refused(login, begin, None, other.pk), "though nobody has decided yet"
        assert not refused(login, "UPDATE decision SET id = 3"), "what is not signed stays as it is"
    with person_of(own_db, reviewer.person_id, other.pk) as login:
        assert refused(login, sign, reviewer.person_id, other.pk), "a seat that is named and not held"
    with person_of(own_db, reviewer.person_id, None) as login:
        assert not refused(login, sign, reviewer.person_id, None), "who sits nowhere signs without a seat"
        assert refused(login, sign, reviewer.person_id, reviewer.pk)


def known(identity: str) -> Person:
    """Somebody of whom a provider said the identity number, or nobody did."""
    with acting(Who(role="jarlig_gate")):
        account = Account(login=uuid4().hex)
        account.set_unusable_password()
        return sign_up(account, "敖登", "provider" if identity else "form", identity).person


def asked(function: str, one: Person, other: Person) -> bool:
    """What the database says of two persons."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT jarlig.{function}(%s, %s)", [one.pk, other.pk])
        return bool(cursor.fetchone()[0])


def test_two_persons_are_known_to_be_two_when_both_identity_numbers_are(db: None) -> None:
    one, other, unknown, also_unknown = known("110101199003070118"), known("110101199003070126"), known(""), known("")
    with acting(Who(role="jarlig_person", person=one.pk)):
        assert [asked("same_human", one, who) for who in (one, other, unknown)] == [True, False, False]
        assert [asked("known_apart", one, who) for who in (one, other, unknown)] == [False, True, False]
        assert not asked("known_apart", unknown, also_unknown) and not asked("same_human", unknown, also_unknown)


def test_nobody_guesses_what_is_committed_about_somebody_else(own_db: str) -> None:
    """Else an auditor could try every telephone number until the one in the log comes out."""
    made = staffed()
    one = made.seats["reviewer"].person
    with acting(Who(role="jarlig_person", person=one.pk)):
        mine = committed(one.pk, "138 0000 0000")
    for role, seat in (("jarlig_person", made.seats["auditor"]), ("jarlig_gate", made.seats["saihan"])):
        with acting(Who(role=role, person=seat.person_id, seat=seat.pk)):
            with pytest.raises(ProgrammingError, match="concerns somebody else"), transaction.atomic():
                committed(one.pk, "138 0000 0000")
            with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
                connection.cursor().execute("SELECT * FROM audit_key")
            fresh = uuid4()
            if role == "jarlig_gate":
                Person(pk=fresh, name="x").save(force_insert=True)
            with transaction.atomic():
                first = committed(fresh, "1")
            assert committed(fresh, "1") == first != committed(fresh, "2"), "of somebody written down just now"
    with acting(Who(role="jarlig_worker")), pytest.raises(ProgrammingError), transaction.atomic():
        committed(fresh, "1")
    with acting(Who(role="jarlig_person", person=one.pk)):
        assert committed(one.pk, "138 0000 0000") == mine, "about oneself"
