"""Accounts and persons, by direct SQL as the roles of the service: what holds where the service forgets to ask."""

from __future__ import annotations

from uuid import UUID, uuid4

import pytest
from django.contrib.auth.hashers import make_password
from django.db import DatabaseError, connection, transaction
from tests.service.bodies.staff import area, newcomer, staffed
from tests.service.people import Installation

from jarlig.service.audit.record import record
from jarlig.service.bodies.acts.appoint import appoint
from jarlig.service.bodies.acts.change_factor import reset_factor
from jarlig.service.bodies.acts.end_seat import end_seat
from jarlig.service.bodies.acts.invite import invite, invite_again
from jarlig.service.bodies.acts.make_deputy import make_deputy
from jarlig.service.bodies.acts.sign_up import sign_up
from jarlig.service.bodies.models import Account, Person, Seat
from jarlig.service.bodies.queries import is_kept_here, people_within
from jarlig.service.ground.clock import now, today
from jarlig.service.ground.context import Who, acting, on_behalf_of
from jarlig.service.ground.errors import Invalid, NotAllowed, WrongState

CHOSEN = make_password("a password of the administrator's own")
ACCOUNT = (
    "INSERT INTO bodies_account (id, person_id, login, email, password, is_active, must_change_password, invited_by_id)"
    " VALUES (%s, %s, %s, '', %s, true, false, %s)"
)
PERSON = "INSERT INTO bodies_person (id, name, language, state, identity_index) VALUES (%s, 'x', 'en', %s, %s)"


def done(statement: str, *values: object) -> bool:
    """Whether the database does it: it is refused, or finds no row that it may change."""
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement, list(values))
            changed = cursor.rowcount > 0
            transaction.set_rollback(True)
    except DatabaseError as error:
        assert getattr(error.__cause__, "sqlstate", "") in ("42501", "23514"), error  # refused, not mistaken
        return False
    return changed


def account(person: UUID, by: UUID | None, password: str = "!x") -> tuple[object, ...]:
    """The values of a new account."""
    return (uuid4(), person, uuid4().hex, password, by)


def of_an_enterprise(name: str = "敖登", identity: str = "") -> Person:
    """Somebody who signed up by themselves."""
    with acting(Who(role="jarlig_gate")):
        one = Account(login=uuid4().hex)
        one.set_unusable_password()
        return sign_up(one, name, "provider" if identity else "form", identity).person


def test_an_administrator_gives_a_way_in_to_new_persons_alone_and_knows_no_password(db: None) -> None:
    made = staffed()
    elsewhere, citizen = made.seats["xincheng"].person_id, of_an_enterprise().pk
    with made.sits("saihan") as seat:
        fresh, me = uuid4(), seat.person_id
        assert done(PERSON, uuid4(), "active", None)
        with connection.cursor() as cursor:
            cursor.execute(PERSON, [fresh, "active", None])
        assert done(ACCOUNT, *account(fresh, me))
        assert not done(ACCOUNT, *account(fresh, me, CHOSEN)), "a password of one's own choosing"
        assert not done(ACCOUNT, *account(fresh, None)), "without saying who"
        assert not done(ACCOUNT, *account(fresh, elsewhere)), "in another's name"
        assert not done(ACCOUNT, *account(elsewhere, me)), "for an officer of elsewhere"
        assert not done(ACCOUNT, *account(citizen, me)), "for a person of an enterprise"
        assert not done(ACCOUNT, *account(made.seats["reviewer"].person_id, me)), "a second one"
        assert not done(PERSON, uuid4(), "left", None)
        assert not done(PERSON, uuid4(), "active", b"of somebody else"), "an identity that nobody showed"
    with acting(Who(role="jarlig_gate", person=me, seat=seat.pk)):
        assert not done(ACCOUNT, *account(fresh, me)), "the sign-in invites nobody"


def test_nobody_who_is_signed_in_changes_an_account(db: None) -> None:
    """Passwords, logins and closed accounts are the sign-in's; whose an account is never changes."""
    made = staffed()
    for name in ("saihan", "reviewer"):
        with made.sits(name) as seat:
            for change in ("password = '!'", "is_active = false", "login = 'x'", "email = 'x@example.org'"):
                assert not done(f"UPDATE bodies_account SET {change}"), change
            assert not done("UPDATE bodies_account SET person_id = %s", seat.person_id)
    with acting(Who(role="jarlig_gate")):
        assert done("UPDATE bodies_account SET password = '!'")
        assert not done("UPDATE bodies_account SET person_id = %s", seat.person_id)
        assert not done("UPDATE bodies_account SET invited_by_id = NULL WHERE invited_by_id IS NOT NULL")


def test_one_s_identity_number_is_neither_forgotten_nor_exchanged(db: None) -> None:
    staffed()
    person = of_an_enterprise(identity="110101199003070118")
    changes = ("identity_index = NULL", "identity_index = '\\x00'", "identity_sealed = NULL", "name = 'x'",
               "phone_sealed = NULL", "state = 'gone'", "id = gen_random_uuid()")  # fmt: skip
    with acting(Who(role="jarlig_person", person=person.pk)):
        assert done("UPDATE bodies_person SET language = 'en' WHERE id = %s", person.pk)
        for change in changes:
            assert not done(f"UPDATE bodies_person SET {change} WHERE id = %s", person.pk), change
    unknown = of_an_enterprise()
    with acting(Who(role="jarlig_gate")):
        assert done("UPDATE bodies_person SET name = 'x' WHERE id = %s", person.pk)
        for change in changes[:3]:
            assert not done(f"UPDATE bodies_person SET {change} WHERE id = %s", person.pk), change
        once = "UPDATE bodies_person SET identity_index = '\\x01', identity_sealed = '\\x02' WHERE id = %s"
        assert done(once, unknown.pk), "what was not known may come to be known"


def test_an_administrator_says_who_left_and_nothing_else(db: None) -> None:
    made = staffed()
    key = made.seats["reviewer"].person_id
    with made.sits("reviewer"):
        assert not done("UPDATE bodies_person SET state = 'left' WHERE id = %s", key), "who holds a seat ends it first"
    with made.sits("saihan"):
        assert done("UPDATE bodies_person SET state = 'left' WHERE id = %s", key)
        for change in ("language = 'en'", "name = 'x'", "identity_index = '\\x00'"):
            assert not done(f"UPDATE bodies_person SET {change} WHERE id = %s", key), change


CODE = "INSERT INTO bodies_code (code_hash, purpose, account_id, expires_at) VALUES ('\\x00', 'invitation', %s, %s)"
FACTOR = "INSERT INTO mfa_authenticator (user_id, type, data, created_at) VALUES (%s, 'totp', '{}', %s)"


def way_in(made: Installation, who: str, person: Person) -> list[bool]:
    """Whether an administrator may renew somebody's way in: as the service says, and by the role of the sign-in."""
    with acting(Who(role="jarlig_gate")):
        one = Account.objects.get(person=person)
        with connection.cursor() as cursor:
            cursor.execute("DELETE FROM mfa_authenticator")
            cursor.execute(FACTOR, [one.pk, now()])
    with made.sits(who):
        said = is_kept_here(person)
        with on_behalf_of(role="jarlig_gate"):
            assert not done(FACTOR, one.pk, now()) and not done("UPDATE mfa_authenticator SET data = '{\"a\": 1}'")
            return [said, done(CODE, one.pk, now()), done("DELETE FROM mfa_authenticator")]


YES, NO = [True] * 3, [False] * 3


def test_who_sits_elsewhere_too_gets_no_new_way_in_from_here(db: None) -> None:
    made = staffed()
    person = made.seats["reviewer"].person
    assert way_in(made, "saihan", person) == way_in(made, "root", person) == YES
    assert way_in(made, "xincheng", person) == NO
    assert way_in(made, "saihan", made.seats["root"].person) == NO
    with made.sits("root"):
        appoint(person, made.seats["xincheng"].body, area("150102"), "reviewer")
    assert way_in(made, "saihan", person) == way_in(made, "xincheng", person) == NO
    assert way_in(made, "root", person) == YES


def test_one_s_own_way_in_is_renewed_by_another_administrator(db: None) -> None:
    made = staffed()
    with made.sits("saihan") as seat:
        own = Account.objects.get(person=seat.person_id)
        assert not is_kept_here(seat.person)
        with on_behalf_of(role="jarlig_gate"):
            assert not done(CODE, own.pk, now())
            assert done(FACTOR, own.pk, now()), "a second factor is set up by oneself"


def test_a_deputy_elsewhere_gets_no_new_way_in_from_here(db: None) -> None:
    made = staffed()
    person = made.seats["receiver"].person
    with made.sits("root"):
        make_deputy(made.seats["xincheng"], person, starts_on=today(), ends_on=today(), reason="x")
    assert way_in(made, "saihan", person) == NO


def test_who_once_sat_here_gets_no_new_way_in_from_here(db: None) -> None:
    """By now they may speak for an enterprise, or sit where this administrator has no business."""
    made = staffed()
    with made.sits("saihan"):
        end_seat(Seat.objects.get(pk=made.seats["reviewer"].pk), reason="x")
    person = made.seats["reviewer"].person
    assert way_in(made, "saihan", person) == way_in(made, "root", person) == NO
    with made.sits("saihan") as seat:
        with pytest.raises(NotAllowed, match="请先任职"):
            invite_again(Account.objects.select_related("person").get(person=person))
        appoint(person, seat.body, seat.area, "reviewer")
    assert way_in(made, "saihan", person) == YES


def test_a_newcomer_is_whom_one_invited_and_not_whom_one_says_one_invited(db: None) -> None:
    made = staffed()
    citizen = of_an_enterprise()
    with made.sits("saihan"):
        person = newcomer("甲")
    assert way_in(made, "saihan", person) == way_in(made, "root", person) == YES
    assert way_in(made, "xincheng", person) == NO
    with acting(Who(role="jarlig_gate")):
        theirs = Account.objects.get(person=citizen)
    with made.sits("xincheng"):
        record("invite", theirs)  # the log takes what it is told
        assert citizen not in people_within()
    assert way_in(made, "xincheng", citizen) == NO


def test_codes_stay_those_of_their_account(db: None) -> None:
    made = staffed()
    with made.sits("saihan"):
        newcomer("甲")
    with acting(Who(role="jarlig_gate")):
        other = Account.objects.get(person=made.seats["root"].person_id)
        assert done("UPDATE bodies_code SET used_at = %s", now())
        assert not done("UPDATE bodies_code SET account_id = %s", other.pk)


def test_the_acts_say_why_not(db: None) -> None:
    made = staffed()
    person = made.seats["reviewer"].person
    with made.sits("saihan"):
        theirs = Account.objects.select_related("person").get(person=person)
        with pytest.raises(Invalid) as caught:
            reset_factor(person, " ")
        assert caught.value.field == "reason"
        with pytest.raises(WrongState):
            reset_factor(person, "手机遗失")  # there is none
        assert invite_again(theirs, "链接遗失")
    with made.sits("root"):
        appoint(person, made.seats["xincheng"].body, area("150102"), "reviewer")
    with made.sits("saihan") as seat:
        own = Account.objects.select_related("person").get(person=seat.person_id)
        for act in (lambda: invite_again(theirs), lambda: reset_factor(person, "x"), lambda: invite_again(own)):
            with pytest.raises(NotAllowed):
                act()
    with made.sits("root") as root:
        assert invite("乙", "yi")[0].name == "乙"
        assert Account.objects.get(login="yi").invited_by_id == root.person_id
