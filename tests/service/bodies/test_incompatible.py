"""No sequence of appointments, deputies and ends leaves anybody with both roles of a pair on any day."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field
from datetime import date, timedelta
from uuid import UUID, uuid4

from django.db import IntegrityError, connection, transaction
from hypothesis import HealthCheck, given, settings, strategies as st
from tests.service.bodies.staff import newcomer, staffed

from jarlig.service.bodies.roles import INCOMPATIBLE
from jarlig.service.ground.clock import today

ROLES = ("author", "publisher", "reviewer", "approver", "finance", "auditor", "receiver")
PEOPLE = 3
SPAN = 24
_days = st.integers(0, SPAN)
_seat = st.tuples(st.just("seat"), st.integers(0, PEOPLE - 1), st.sampled_from(ROLES), _days, st.none() | _days)
_deputy = st.tuples(st.just("deputy"), st.integers(0, PEOPLE - 1), st.integers(0, 9), _days, _days)
_end = st.tuples(st.just("end"), st.sampled_from(["seat", "deputy"]), st.integers(0, 9), st.none() | _days, st.none())
_sequence = st.lists(st.one_of(_seat, _seat, _deputy, _deputy, _end), min_size=2, max_size=9)


@dataclass
class Held:
    """What one row is expected to hold."""

    key: UUID
    person: int
    role: str
    first: int
    last: float
    seat: Held | None = None
    ended: bool = False

    def days(self) -> tuple[float, float] | None:
        """First and last day; None when it is over or never began."""
        if self.ended or (self.seat is not None and self.seat.ended):
            return None
        last = min(self.last, self.seat.last) if self.seat else self.last
        return (self.first, last) if self.first <= last else None


@dataclass
class Model:
    """The same rules once more, plainly: what the database is compared with."""

    held: list[Held] = field(default_factory=list)

    def clash(self) -> bool:
        """Whether somebody holds both of a pair on a day."""
        return any(
            one.person == other.person and frozenset({one.role, other.role}) in INCOMPATIBLE
            and (a := one.days()) and (b := other.days()) and a[0] <= b[1] and b[0] <= a[1]
            for place, one in enumerate(self.held) for other in self.held[place + 1 :]
        )  # fmt: skip


def _on(start: date, day: float | None) -> date | None:
    return None if day is None or day == float("inf") else start + timedelta(days=int(day))


def test_two_thousand_sequences_leave_no_pair_and_refuse_nothing_else(db: None) -> None:
    made = staffed()
    with made.sits("saihan") as seat:
        people = [newcomer(f"人{number}").pk for number in range(PEOPLE)]
        start = today()

        @settings(max_examples=2000, deadline=None, suppress_health_check=[HealthCheck.too_slow], database=None)
        @given(_sequence)
        def run(sequence: list[tuple[str, object, object, object, object]]) -> None:
            with transaction.atomic():
                model = Model()
                for step in sequence:
                    _step(model, step, people, seat.body_id, seat.area_id, start)
                assert _clashes() == 0
                transaction.set_rollback(True)

        run()


def _step(model: Model, step, people, body, area, start) -> None:  # type: ignore[no-untyped-def]
    what, who, which, first, last = step
    if what == "end":
        rows = [one for one in model.held if (one.seat is None) == (who == "seat")]
        if rows:
            _end_row(rows[which % len(rows)], first, start)
        return
    if what == "seat":
        if last is not None and last < first:
            return
        made = Held(uuid4(), who, which, first, float("inf") if last is None else last)
        statement = (
            "INSERT INTO bodies_seat (id, person_id, body_id, area_id, role, starts_on, ends_on,"
            " contract, claims, state)"
            " VALUES (%s, %s, %s, %s, %s, %s, %s, '', '{}', 'held')",
            [made.key, people[who], body, area, which, _on(start, first), _on(start, made.last)],
        )
    else:
        seats = [one for one in model.held if one.seat is None and not one.ended and one.person != who]
        if not seats or last < first:
            return
        seat = seats[which % len(seats)]
        if first < seat.first or last > seat.last:
            return
        made = Held(uuid4(), who, seat.role, first, last, seat)
        statement = (
            "INSERT INTO bodies_deputy (id, seat_id, person_id, starts_on, ends_on, reason, is_ended)"
            " VALUES (%s, %s, %s, %s, %s, 'x', false)",
            [made.key, seat.key, people[who], _on(start, first), _on(start, last)],
        )
    model.held.append(made)
    expected = not model.clash()
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(*statement)
        accepted = True
    except IntegrityError as error:
        assert "incompatible roles" in str(error)
        accepted = False
        model.held.remove(made)
    assert accepted == expected, (step, model)


def _end_row(row: Held, day: int | None, start: date) -> None:
    table = "bodies_seat" if row.seat is None else "bodies_deputy"
    with connection.cursor() as cursor:
        if day is None:
            change = "state = 'ended'" if row.seat is None else "is_ended = true"
            cursor.execute(f"UPDATE {table} SET {change} WHERE id = %s", [row.key])
            row.ended = True
        elif row.first <= day <= row.last and not row.ended:
            cursor.execute(f"UPDATE {table} SET ends_on = %s WHERE id = %s", [_on(start, day), row.key])
            row.last = day


def _clashes() -> int:
    """Counted over the rows themselves, day by day."""
    pairs = [tuple(sorted(pair)) for pair in INCOMPATIBLE]
    with connection.cursor() as cursor:
        cursor.execute(
            """
            WITH held AS (
                SELECT person_id, role, starts_on AS first, coalesce(ends_on, date '9999-12-31') AS last
                FROM bodies_seat WHERE state = 'held'
                UNION ALL
                SELECT d.person_id, s.role, d.starts_on, least(d.ends_on, coalesce(s.ends_on, date '9999-12-31'))
                FROM bodies_deputy d JOIN bodies_seat s ON s.id = d.seat_id WHERE s.state = 'held' AND NOT d.is_ended
            ), days AS (SELECT DISTINCT first AS day FROM held)
            SELECT count(*) FROM days JOIN held a ON day BETWEEN a.first AND a.last
            JOIN held b ON b.person_id = a.person_id AND day BETWEEN b.first AND b.last
            WHERE (a.role, b.role) IN (SELECT * FROM unnest(%s::text[], %s::text[]))
            """,
            [[one for one, _ in pairs], [other for _, other in pairs]],
        )
        return int(cursor.fetchone()[0])


def test_of_two_appointments_at_once_one_is_refused(own_db: str) -> None:
    """Neither transaction sees the other's row; the database lets the second wait, and then look."""
    made = staffed()
    with made.sits("saihan"):
        person = newcomer("甲").pk
    meet = threading.Barrier(2)
    outcomes: list[str] = []

    def try_role(role: str) -> None:
        try:
            with made.sits("saihan") as seat, connection.cursor() as cursor:
                meet.wait(10)
                cursor.execute(
                    "INSERT INTO bodies_seat (id, person_id, body_id, area_id, role, starts_on,"
                    " contract, claims, state)"
                    " VALUES (gen_random_uuid(), %s, %s, %s, %s, jarlig.today(), '', '{}', 'held')",
                    [person, seat.body_id, seat.area_id, role],
                )
                cursor.execute("SELECT pg_sleep(0.2)")
            outcomes.append("kept")
        except IntegrityError:
            outcomes.append("refused")
        finally:
            connection.close()

    threads = [threading.Thread(target=try_role, args=(role,)) for role in ("reviewer", "approver")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert sorted(outcomes) == ["kept", "refused"]
    with made.sits("saihan"):
        assert _clashes() == 0
