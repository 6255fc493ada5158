"""No query without a role, and no rows without a person."""

from __future__ import annotations

import psycopg
import pytest
from django.db import ProgrammingError, connection
from tests.service.people import installation

from jarlig.service.bodies.models import Account, Person, Seat
from jarlig.service.ground.context import OutsideTransaction, Who, acting, become, current, on_behalf_of
from jarlig.service.launch.cluster import Cluster


def test_a_query_outside_a_transaction_with_a_role_is_not_sent(db: None) -> None:
    with pytest.raises(OutsideTransaction):
        Person.objects.count()


def test_nobody_acts_outside() -> None:
    with pytest.raises(OutsideTransaction):
        current()


def test_one_transaction_does_not_open_another(db: None) -> None:
    with acting(Who()), pytest.raises(OutsideTransaction), acting(Who()):
        raise AssertionError("a second transaction began")


def test_a_role_that_there_is_not_cannot_be_taken(db: None) -> None:
    with pytest.raises(OutsideTransaction), acting(Who(role="jarlig_owner")):
        raise AssertionError("the role was taken")


def test_without_a_person_there_are_no_rows(db: None) -> None:
    installation()
    with acting(Who(role="jarlig_person")):
        assert not Person.objects.exists() and not Account.objects.exists() and not Seat.objects.exists()


def test_the_public_may_not_even_ask(db: None) -> None:
    installation()
    with pytest.raises(ProgrammingError, match="permission denied"), acting(Who()):
        Account.objects.exists()


def test_a_change_of_role_ends_with_its_block(db: None) -> None:
    with acting(Who()):
        with on_behalf_of(role="jarlig_gate"):
            assert Account.objects.count() == 0
        assert current().role == "jarlig_public"
        with connection.cursor() as cursor:
            cursor.execute("SELECT current_user")
            assert cursor.fetchone() == ("jarlig_public",)


def test_the_sign_in_becomes_a_person(db: None) -> None:
    made = installation()
    seat = made.seats["root"]
    with acting(Who(role="jarlig_gate")):
        become(Who(role="jarlig_person", person=seat.person_id, seat=seat.id))
        assert Seat.objects.count() == 1


def test_the_login_by_itself_does_not_even_see_that_there_are_tables(server: Cluster) -> None:
    with psycopg.connect(server.addresses("tests")[1]) as database:
        with pytest.raises(psycopg.errors.UndefinedTable):
            database.execute("SELECT * FROM bodies_person")
        database.rollback()
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            database.execute("SELECT * FROM public.bodies_person")
