"""Seats, deputies, third parties, people who leave: who may, when, and what the database holds by itself."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from datetime import date, timedelta

import pytest
from django.db import IntegrityError, ProgrammingError, connection, transaction
from tests.service.at_once import together
from tests.service.bodies.staff import FAR, area, auditors, newcomer, staffed

from jarlig.service.audit.models import Act
from jarlig.service.bodies.acts.appoint import appoint
from jarlig.service.bodies.acts.change_claims import change_claims
from jarlig.service.bodies.acts.come_back import come_back
from jarlig.service.bodies.acts.end_deputy import end_deputy
from jarlig.service.bodies.acts.end_seat import end_seat
from jarlig.service.bodies.acts.leave import leave
from jarlig.service.bodies.acts.make_deputy import make_deputy
from jarlig.service.bodies.models import Body, Deputy, Person, Seat, Session
from jarlig.service.bodies.queries import all_seats_of, deputyships_of, people_within
from jarlig.service.bodies.roles import INCOMPATIBLE
from jarlig.service.bodies.sitting import sitting
from jarlig.service.ground.clock import now, today
from jarlig.service.ground.context import Who, acting, on_behalf_of
from jarlig.service.ground.errors import Invalid, NotAllowed, WrongState

DAY = timedelta(days=1)


def test_the_database_keeps_the_pairs_that_the_roles_name(server: object) -> None:
    import psycopg
    from tests.service.conftest import CLUSTER

    with psycopg.connect(CLUSTER.addresses("tests")[0]) as owner:
        kept = set(owner.execute("SELECT one, other FROM jarlig.incompatible").fetchall())
    assert kept == {pair for both in INCOMPATIBLE for pair in (tuple(sorted(both)), tuple(sorted(both)[::-1]))}


def test_a_role_of_another_body_goes_ill_with_its_pair_too(db: None) -> None:
    made = staffed()
    with made.sits("root") as root:
        person = made.seats["reviewer"].person
        with pytest.raises(Invalid) as caught:
            appoint(person, root.body, root.area, "approver")
        assert caught.value.field == "role" and person.name in str(caught.value)


def test_an_administrator_who_does_not_see_the_other_seat_is_told_the_same(db: None) -> None:
    made = staffed()
    with made.sits("saihan"):
        person = made.seats["reviewer"].person
    with made.sits("xincheng") as seat, pytest.raises(Invalid):
        appoint(person, seat.body, seat.area, "approver")


def test_seats_that_follow_one_another_go_together(db: None) -> None:
    made = staffed()
    with made.sits("saihan") as seat:
        person, day = newcomer("甲"), today()
        appoint(person, seat.body, seat.area, "reviewer", ends_on=day + 9 * DAY)
        with pytest.raises(Invalid):
            appoint(person, seat.body, seat.area, "approver", starts_on=day + 9 * DAY)
        appoint(person, seat.body, seat.area, "approver", starts_on=day + 10 * DAY)
        with pytest.raises(WrongState):
            appoint(person, seat.body, seat.area, "approver", starts_on=day + 30 * DAY)
        again = appoint(person, seat.body, seat.area, "reviewer", starts_on=day - 30 * DAY, ends_on=day - 20 * DAY)
        assert again.ends_on == day - 20 * DAY


def test_a_seat_of_the_region_s_body_is_not_a_banner_s_to_give(db: None) -> None:
    """Its holder would see what the whole body sees."""
    made = staffed()
    with made.sits("saihan") as seat:
        region = made.seats["root"].body
        with pytest.raises(NotAllowed):
            appoint(newcomer("甲"), region, seat.area, "reviewer")
        with pytest.raises(ProgrammingError, match="row-level security"), transaction.atomic():
            Seat(person=newcomer("乙"), body=region, area=seat.area, role="reviewer", starts_on=today()).save(
                force_insert=True
            )


def test_another_area_s_seat_is_not_ended_by_act_or_statement(db: None) -> None:
    made = staffed()
    with made.sits("xincheng"), connection.cursor() as cursor:
        seat = made.seats["reviewer"]
        with pytest.raises(NotAllowed):
            end_seat(seat)
        cursor.execute("UPDATE bodies_seat SET state = 'ended' WHERE id = %s", [seat.pk])
        assert cursor.rowcount == 0
    for name in ("auditor", "receiver"):
        with pytest.raises(NotAllowed), made.sits(name):
            end_seat(made.seats["reviewer"])


def test_a_seat_that_ends_takes_its_deputies_with_it(db: None) -> None:
    made = staffed()
    with made.sits("saihan") as seat:
        held, day = made.seats["receiver"], today()
        deputy = make_deputy(held, newcomer("甲"), starts_on=day, ends_on=day + 30 * DAY, reason="出差")
        end_seat(held, on=day + 5 * DAY, reason="调动")
        deputy.refresh_from_db()
        assert (Seat.objects.get(pk=held.pk).state, deputy.ends_on, deputy.is_ended) == ("held", day + 5 * DAY, False)
        with pytest.raises(Invalid):
            end_seat(held, on=day + 6 * DAY)
        with pytest.raises(Invalid):
            end_seat(held, on=day - DAY)
        end_seat(held)
        deputy.refresh_from_db()
        assert (Seat.objects.get(pk=held.pk).state, deputy.ends_on, deputy.is_ended) == ("ended", day, True)
        with pytest.raises(WrongState):
            end_seat(held)
        assert Act.objects.filter(act="end_seat", thing_id=str(held.pk)).count() == 2
        assert seat.person_id


def test_the_last_administrator_of_the_region_stays(db: None) -> None:
    made = staffed()
    with made.sits("root"):
        end_seat(made.seats["second"])
        for act in (lambda: end_seat(made.seats["root"]), lambda: leave(made.seats["root"].person)):
            with pytest.raises(WrongState, match=r"administer|管理"):
                act()
        assert Person.objects.get(pk=made.seats["root"].person_id).state == "active"


def test_two_administrators_who_end_each_other_s_seats_at_once_do_not_both_do_it(own_db: str) -> None:
    made = staffed()
    here = threading.Barrier(2, timeout=10)

    def ends(who: str, other: str) -> Callable[[], object]:
        def does() -> None:
            with made.sits(who):
                seat = Seat.objects.select_related("body__area", "area").get(pk=made.seats[other].pk)
                here.wait()
                end_seat(seat)
                time.sleep(0.3)  # the other comes to it before this is committed

        return does

    assert sorted(together(ends("root", "second"), ends("second", "root"))) == ["WrongState", "done"]


def test_who_begins_later_does_not_yet_administer_the_region(db: None) -> None:
    made = staffed()
    with made.sits("root") as root:
        appoint(newcomer("后任"), root.body, root.area, "administrator", starts_on=today() + 9 * DAY)
        end_seat(made.seats["second"])
        with pytest.raises(WrongState, match=r"administer|管理"):
            end_seat(root)
        with pytest.raises(WrongState, match=r"administer|管理"):
            end_seat(root, on=today() + 8 * DAY)
        assert end_seat(root, on=today() + 9 * DAY).ends_on == today() + 9 * DAY


def test_what_makes_a_seat_is_not_changed_by_a_statement(db: None) -> None:
    made = staffed()
    seat = made.seats["reviewer"]
    with made.sits("saihan") as own, connection.cursor() as cursor:
        for change in (
            f"role = 'approver', person_id = '{own.person_id}'", f"area_id = '{area('150102').pk}'",
            "role = 'approver'", "starts_on = '2000-01-01'", "contract = 'x'",
        ):  # fmt: skip
            with pytest.raises((IntegrityError, ProgrammingError)), transaction.atomic():
                cursor.execute(f"UPDATE bodies_seat SET {change} WHERE id = %s", [seat.pk])
        cursor.execute("UPDATE bodies_seat SET ends_on = %s WHERE id = %s", [today() + DAY, seat.pk])
        with pytest.raises(IntegrityError, match="comes nearer"), transaction.atomic():
            cursor.execute("UPDATE bodies_seat SET ends_on = NULL WHERE id = %s", [seat.pk])


# Deputies ------------------------------------------------------------------------------------------------------------


def test_the_holder_names_a_deputy_who_then_sits_there(db: None) -> None:
    made = staffed()
    held = made.seats["reviewer"]
    with made.sits("saihan"):
        person = newcomer("甲")
    with made.sits("reviewer"):
        with on_behalf_of(role="jarlig_gate"):
            person = Person.objects.get(pk=person.pk)
        deputy = make_deputy(held, person, starts_on=today(), ends_on=today() + DAY, reason="休假")
    with acting(Who(role="jarlig_person", person=person.pk, seat=held.pk)):
        found = sitting()
        assert found is not None and found.role == "reviewer"
        other = Person(name="乙")
        with pytest.raises(NotAllowed, match=r"names no deputy|不得再"):
            make_deputy(held, other, starts_on=today(), ends_on=today(), reason="转托")
        with pytest.raises(NotAllowed):
            end_deputy(deputy)
    with made.sits("reviewer"):
        end_deputy(deputy)
        with pytest.raises(WrongState):
            end_deputy(deputy)
    with acting(Who(role="jarlig_person", person=person.pk, seat=held.pk)):
        assert sitting() is None


def test_a_deputy_of_a_deputy_is_refused_by_the_database_too(db: None) -> None:
    made = staffed()
    held = made.seats["reviewer"]
    with made.sits("saihan"):
        person, other = newcomer("甲"), newcomer("乙")
        make_deputy(held, person, starts_on=today(), ends_on=today() + DAY, reason="休假")
    with (
        acting(Who(role="jarlig_person", person=person.pk, seat=held.pk)),
        pytest.raises(ProgrammingError, match="row-level security"),
        transaction.atomic(),
    ):
        Deputy(seat=held, person=other, starts_on=today(), ends_on=today(), reason="x").save(force_insert=True)


def test_a_deputy_does_not_come_to_hold_both_of_a_pair(db: None) -> None:
    made = staffed()
    with made.sits("saihan") as seat:
        approver = appoint(newcomer("审批人"), seat.body, seat.area, "approver")
        reviewer, day = made.seats["reviewer"], today()
        span = {"starts_on": day, "ends_on": day + 9 * DAY, "reason": "出差"}
        with pytest.raises(Invalid) as caught:
            make_deputy(approver, reviewer.person, **span)
        assert caught.value.field == "role"
        both = newcomer("代理人")
        make_deputy(approver, both, **span)
        with pytest.raises(Invalid):
            make_deputy(reviewer, both, **span)
        with pytest.raises(Invalid):
            appoint(both, seat.body, seat.area, "finance", starts_on=day + 9 * DAY)
        appoint(both, seat.body, seat.area, "finance", starts_on=day + 10 * DAY)
        for statement in (
            Deputy(seat=reviewer, person=both, starts_on=day, ends_on=day, reason="x"),
            Seat(person=both, body=seat.body, area=seat.area, role="finance", starts_on=day),
        ):
            with pytest.raises(IntegrityError, match="incompatible roles"), transaction.atomic():
                statement.save(force_insert=True)


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"ends_on": date(2000, 1, 1)}, "ends_on"),
        ({"starts_on": date(2000, 1, 1)}, "ends_on"),
        ({"ends_on": FAR}, "ends_on"),
        ({"reason": " "}, "reason"),
    ],
)
def test_a_deputy_whose_days_do_not_fit_is_refused(db: None, change: dict[str, object], field: str) -> None:
    made = staffed()
    with made.sits("saihan") as seat:
        held = appoint(newcomer("甲"), seat.body, seat.area, "receiver", ends_on=today() + 30 * DAY)
        with pytest.raises(Invalid) as caught:
            make_deputy(held, newcomer("乙"), **{"starts_on": today(), "ends_on": today(), "reason": "休假"} | change)
        assert caught.value.field == field


def test_a_statement_does_not_make_a_deputy_beyond_the_seat_or_for_oneself(db: None) -> None:
    made = staffed()
    with made.sits("saihan") as seat:
        held = appoint(newcomer("甲"), seat.body, seat.area, "receiver", ends_on=today() + 30 * DAY)
        for bad in (
            Deputy(seat=held, person=newcomer("乙"), starts_on=today(), ends_on=FAR, reason="x"),
            Deputy(seat=held, person=held.person, starts_on=today(), ends_on=today(), reason="x"),
        ):
            with pytest.raises(IntegrityError), transaction.atomic():
                bad.save(force_insert=True)
        with pytest.raises(Invalid):
            make_deputy(held, held.person, starts_on=today(), ends_on=today(), reason="x")


def test_a_seat_has_one_deputy_at_a_time(db: None) -> None:
    made = staffed()
    with made.sits("saihan"):
        held, day = made.seats["receiver"], today()
        make_deputy(held, newcomer("甲"), starts_on=day, ends_on=day + 5 * DAY, reason="休假")
        with pytest.raises(WrongState):
            make_deputy(held, newcomer("乙"), starts_on=day + 5 * DAY, ends_on=day + 9 * DAY, reason="休假")
        make_deputy(held, newcomer("丙"), starts_on=day + 6 * DAY, ends_on=day + 9 * DAY, reason="休假")


@pytest.mark.parametrize("name", ["xincheng", "auditor", "receiver"])
def test_nobody_else_names_a_deputy(db: None, name: str) -> None:
    made = staffed()
    held = made.seats["reviewer"]
    with made.sits("root"):
        person = newcomer("甲")
    with made.sits(name):
        with pytest.raises(NotAllowed):
            make_deputy(held, person, starts_on=today(), ends_on=today(), reason="x")
        with pytest.raises(ProgrammingError, match="row-level security"), transaction.atomic():
            Deputy(seat=held, person=person, starts_on=today(), ends_on=today(), reason="x").save(force_insert=True)


# Third parties -------------------------------------------------------------------------------------------------------


def test_a_third_party_s_seat_names_contract_claims_and_last_day(db: None) -> None:
    made = staffed()
    firm = auditors(made)
    with made.sits("root") as root:
        day, person = today(), newcomer("审计员")
        for wrong, field in (({}, "contract"), ({"contract": "合同1号"}, "ends_on")):
            with pytest.raises(Invalid) as caught:
                appoint(person, firm, root.area, "third_party", **wrong)
            assert caught.value.field == field
        with pytest.raises(Invalid):
            appoint(person, root.body, root.area, "third_party", contract="合同1号", ends_on=day)
        with pytest.raises(Invalid):
            appoint(person, firm, root.area, "reviewer")
        seat = appoint(
            person, firm, root.area, "third_party", contract="合同1号", ends_on=day + 90 * DAY, claims=("b", "a", "b")
        )
        assert seat.claims == ["b", "a"]
        assert change_claims(seat, ["c", " a ", ""]).claims == ["a", "c"]
        with pytest.raises(Invalid):
            change_claims(made.seats["reviewer"], ["a"])
        with pytest.raises(Invalid):
            make_deputy(seat, newcomer("乙"), starts_on=day, ends_on=day, reason="x")
        end_seat(seat)
        with pytest.raises(WrongState):
            change_claims(seat, ["a"])


def test_a_third_party_s_seat_is_held_by_the_database_as_well(db: None) -> None:
    made = staffed()
    firm = auditors(made)
    with made.sits("root") as root:
        for bad in (
            Seat(person=newcomer("甲"), body=firm, area=root.area, role="third_party", starts_on=today(), contract="x"),
            Seat(person=newcomer("乙"), body=firm, area=root.area, role="approver", starts_on=today()),
            Seat(person=newcomer("丙"), body=root.body, area=root.area, role="third_party", starts_on=today(),
                 ends_on=FAR, contract="x"),
        ):  # fmt: skip
            with pytest.raises(IntegrityError), transaction.atomic():
                bad.save(force_insert=True)


# Leaving -------------------------------------------------------------------------------------------------------------


def _session(person: Person) -> None:
    with on_behalf_of(role="jarlig_gate"):
        account = person.accounts.create(login=f"login-{person.pk}", password="!")
        Session(key_hash=bytes(32), account=account.pk, data="", begun_at=now(), expires_at=now() + DAY).save(
            force_insert=True
        )


def test_who_leaves_sits_nowhere_and_is_signed_in_nowhere(db: None) -> None:
    made = staffed()
    with made.sits("saihan") as seat:
        person = made.seats["reviewer"].person
        make_deputy(made.seats["receiver"], person, starts_on=today(), ends_on=today() + DAY, reason="休假")
        _session(person)
        leave(person, reason="退休")
        assert [one.state for one in all_seats_of(person)] == ["ended"]
        assert [one.is_ended for one in deputyships_of(person)] == [True]
        with on_behalf_of(role="jarlig_gate"):
            assert not Session.objects.exists()
        with pytest.raises(WrongState):
            leave(person)
        with pytest.raises(WrongState):
            appoint(person, seat.body, seat.area, "reviewer")
        with pytest.raises(IntegrityError, match="has left"), transaction.atomic():
            Seat(person=person, body=seat.body, area=seat.area, role="receiver", starts_on=today()).save(
                force_insert=True
            )
    with acting(Who(role="jarlig_person", person=person.pk, seat=made.seats["reviewer"].pk)):
        assert sitting() is None


@pytest.mark.parametrize("name", ["root", "saihan"])
def test_an_administrator_leaves_by_themself_with_all_they_hold(db: None, name: str) -> None:
    made = staffed()
    held, someone = made.seats[name], made.seats["receiver"]
    with made.sits("root"):
        appoint(held.person, held.body, held.area, "publisher")
    with made.sits(name):
        make_deputy(someone, held.person, starts_on=today(), ends_on=today() + DAY, reason="休假")
        _session(held.person)
        leave(held.person, reason="退休")
        assert Person.objects.get(pk=held.person_id).state == "left"
        with on_behalf_of(role="jarlig_gate"):
            assert not Session.objects.exists()
    with made.sits("second"):
        assert [one.state for one in all_seats_of(held.person)] == ["ended", "ended"]
        assert [one.is_ended for one in deputyships_of(held.person)] == [True]
        assert Act.objects.filter(act="leave", thing_id=str(held.person_id)).count() == 1


def test_a_deputy_of_an_administrator_leaves_from_that_seat(db: None) -> None:
    made = staffed()
    person = made.seats["receiver"].person
    with made.sits("saihan") as seat:
        end_seat(made.seats["receiver"])
        make_deputy(seat, person, starts_on=today(), ends_on=today() + DAY, reason="休假")
    with acting(Who(role="jarlig_person", person=person.pk, seat=made.seats["saihan"].pk)):
        leave(person)
    with made.sits("saihan"):
        assert Person.objects.get(pk=person.pk).state == "left"
        assert [one.is_ended for one in deputyships_of(person)] == [True]


def test_who_holds_something_does_not_say_by_a_statement_that_they_left(db: None) -> None:
    made = staffed()
    with (
        made.sits("receiver") as seat,
        pytest.raises(ProgrammingError, match="all their seats"),
        transaction.atomic(),
    ):
        Person.objects.filter(pk=seat.person_id).update(state="left")


def test_who_comes_back_has_none_of_the_old_seats_and_may_be_appointed(db: None) -> None:
    made = staffed()
    with made.sits("saihan") as seat:
        person = made.seats["reviewer"].person
        with pytest.raises(WrongState):
            come_back(person)
        leave(person)
        assert come_back(person).state == "active"
        assert [one.state for one in all_seats_of(person)] == ["ended"]
        appoint(person, seat.body, seat.area, "approver")  # the seat that was is no seat that is


def test_who_also_sits_elsewhere_is_sent_away_only_from_above(db: None) -> None:
    made = staffed()
    with made.sits("root"):
        other = Body.objects.get(area=area("150102"))
        person = made.seats["receiver"].person
        appoint(person, other, other.area, "receiver")
    with made.sits("saihan"):
        with pytest.raises(NotAllowed):
            leave(person)
        with pytest.raises(ProgrammingError, match="all their seats"), transaction.atomic():
            Person.objects.filter(pk=person.pk).update(state="left")
    with made.sits("root"):
        assert leave(person).state == "left"


@pytest.mark.parametrize("name", ["xincheng", "auditor", "receiver"])
def test_nobody_else_says_that_somebody_left(db: None, name: str) -> None:
    made = staffed()
    person = made.seats["reviewer"].person
    with made.sits(name):
        with pytest.raises(NotAllowed):
            leave(person)
        assert Person.objects.filter(pk=person.pk).update(state="left") == 0 if name != "auditor" else True


def test_who_left_does_not_bring_themself_back_by_a_statement(db: None) -> None:
    made = staffed()
    person = made.seats["reviewer"].person
    with made.sits("saihan"):
        leave(person)
    with (
        acting(Who(role="jarlig_person", person=person.pk)),
        pytest.raises(ProgrammingError, match="all their seats"),
        transaction.atomic(),
    ):
        Person.objects.filter(pk=person.pk).update(state="active")


def test_an_administrator_sees_the_people_of_their_area(db: None) -> None:
    made = staffed()
    with made.sits("saihan"):
        names = {person.name for person in people_within()}
        assert names == {"saihan的管理员", "苏日娜", "白音"}
    with made.sits("receiver"):
        assert [person.name for person in people_within()] == ["白音"]


def test_a_newcomer_is_seen_by_who_invited_them_and_by_the_region(db: None) -> None:
    made = staffed()
    with made.sits("saihan"):
        person = newcomer("甲")
        assert Person.objects.filter(pk=person.pk).exists() and person.accounts.exists()
    for name, sees in (("root", True), ("xincheng", False), ("auditor", False), ("receiver", False)):
        with made.sits(name):
            assert Person.objects.filter(pk=person.pk).exists() == sees, name
    with made.sits("xincheng"), pytest.raises(NotAllowed):
        leave(person)
    with made.sits("saihan"):
        assert leave(person).state == "left"


def test_who_has_no_seat_and_no_invitation_is_nobody_s_newcomer(db: None) -> None:
    """People of enterprises have accounts and no seats."""
    made = staffed()
    with acting(Who(role="jarlig_gate")):
        person = Person(name="企业经办人")
        person.save(force_insert=True)
        person.accounts.create(login="enterprise@example.org", password="!")
    for name in ("root", "saihan"):
        with made.sits(name):
            assert not Person.objects.filter(pk=person.pk).exists()
