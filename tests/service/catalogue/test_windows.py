"""Windows: opened, extended and closed by acts; the clock of the database decides what they take, to the second."""

from __future__ import annotations

import threading
import time
from datetime import datetime, timedelta

import psycopg
import pytest
from django.db import DatabaseError, IntegrityError, connection
from tests.service.catalogue.office import in_force, office, open_from
from tests.service.launch.helpers import eventually

from jarlig.service.audit.models import Act
from jarlig.service.catalogue.acts.close_window import close_window
from jarlig.service.catalogue.acts.extend_window import extend_window
from jarlig.service.catalogue.acts.open_window import open_window
from jarlig.service.catalogue.models import Programme, Window
from jarlig.service.catalogue.queries import held_open, open_windows, standing, windows
from jarlig.service.ground.clock import SHANGHAI, now
from jarlig.service.ground.context import Who, acting
from jarlig.service.ground.errors import Invalid, Missing, NotAllowed, WrongState
from jarlig.service.launch.cluster import Cluster


def waits_for_a_lock(server: Cluster, name: str) -> bool:
    """Whether somebody on the server of this process waits for somebody else."""
    with psycopg.connect(server.addresses(name)[0]) as looking:
        return looking.execute("SELECT EXISTS (SELECT FROM pg_locks WHERE NOT granted)").fetchone() == (True,)


HOUR, SECOND = timedelta(hours=1), timedelta(seconds=1)


def test_a_window_without_instants_has_the_days_of_the_guide(db: None) -> None:
    made = office()
    programme = in_force(made)
    with made.sits("publisher"):
        window = open_window(programme, "1a", 2023)
        assert window.opens_at == datetime(2023, 3, 1, tzinfo=SHANGHAI)
        assert window.closes_at == datetime(2199, 6, 1, tzinfo=SHANGHAI)
        assert open_windows(programme) == [window] and windows(programme, 2022) == []
    with made.sits("auditor"):
        assert Act.objects.filter(act="open_window").count() == 1


@pytest.mark.parametrize(
    ("offer", "year", "begin", "end", "field"),
    [
        ("9z", 2023, None, None, "offer"),
        ("1a", 2031, None, None, "year"),
        ("1a", 2023, "2023-02-28T23:59:59", None, "opens_at"),
        ("1a", 2023, None, "2199-06-01T00:00:01", "closes_at"),
        ("1a", 2023, "2024-05-01T00:00:00", "2024-05-01T00:00:00", "closes_at"),
    ],
)
def test_a_window_that_the_guide_does_not_give_is_refused_at_its_field(
    db: None, offer: str, year: int, begin: str | None, end: str | None, field: str
) -> None:
    made = office()
    programme = in_force(made)
    instants = [datetime.fromisoformat(one).replace(tzinfo=SHANGHAI) if one else None for one in (begin, end)]
    with pytest.raises(Invalid) as caught, made.sits("publisher"):
        open_window(programme, offer, year, *instants)
    assert caught.value.field == field


@pytest.mark.parametrize("seat", ["author", "root", "reviewer", "auditor", "publisher below"])
def test_others_than_a_publisher_of_the_area_touch_no_window(db: None, seat: str) -> None:
    made = office()
    programme = in_force(made)
    window = open_from(made, programme, -HOUR, HOUR)
    for act in (
        lambda: open_window(programme, "2", 2023),
        lambda: close_window(window, "why"),
        lambda: extend_window(window, window.closes_at + HOUR, "why"),
    ):
        with pytest.raises(NotAllowed), made.sits(seat):
            act()
    with made.sits(seat):  # and the second wall alone
        assert Window.objects.filter(pk=window.pk).update(reason="x") == 0
        with pytest.raises(DatabaseError, match="row-level security"):
            Window(programme=programme, offer="2", year=2023, opens_at=now(), closes_at=now() + HOUR).save(
                force_insert=True
            )


def test_windows_of_one_offer_and_year_never_overlap(db: None) -> None:
    made = office()
    programme = in_force(made)
    first = open_from(made, programme, -HOUR, HOUR)
    with pytest.raises(WrongState, match="overlaps"):
        open_from(made, programme, timedelta(0), 2 * HOUR)
    with made.sits("publisher"):
        after = open_window(programme, "1a", 2023, first.closes_at, first.closes_at + HOUR)  # the end is outside
        open_window(programme, "2", 2023, first.opens_at, first.closes_at)
    with pytest.raises(WrongState, match="overlaps"), made.sits("publisher"):
        extend_window(first, after.opens_at + SECOND, "one second too far")
    with pytest.raises(IntegrityError, match="window_never_overlaps"), made.sits("publisher"):
        Window(programme=programme, offer="1a", year=2023, opens_at=first.opens_at, closes_at=first.closes_at).save(
            force_insert=True
        )


@pytest.mark.parametrize(
    ("begin", "end", "taken"),
    [
        (-SECOND, HOUR, True),
        (SECOND, HOUR, False),
        (-HOUR, SECOND, True),
    ],
)
def test_a_second_before_and_after_an_edge_are_told_apart(
    db: None, begin: timedelta, end: timedelta, taken: bool
) -> None:
    made = office()
    window = open_from(made, in_force(made), begin, end)
    with made.sits("reviewer"):
        if taken:
            held = held_open(window)
            assert held.opens_at <= held.asked_at < held.closes_at
        else:
            with pytest.raises(WrongState, match="open at"):
                held_open(window.pk)


def test_a_window_lets_nothing_in_once_its_instant_has_come(db: None) -> None:
    """The transaction began before the end; what counts is the clock when the window is asked."""
    made = office()
    window = open_from(made, in_force(made), -HOUR, timedelta(seconds=3))
    with made.sits("reviewer"):
        assert held_open(window)
        while now() < window.closes_at:
            time.sleep(0.05)
        with pytest.raises(WrongState, match="closed at"):
            held_open(window)
        assert standing(window, now()) == "closed"
    with pytest.raises(WrongState), made.sits("publisher"):
        extend_window(window, window.closes_at + HOUR, "too late")
    with pytest.raises(WrongState), made.sits("publisher"):
        close_window(window, "too late")
    with pytest.raises(DatabaseError, match="closed window is not changed"), made.sits("publisher"):
        Window.objects.filter(pk=window.pk).update(closes_at=now() + HOUR)


def test_whoever_asks_for_a_window_that_there_is_not_is_told(db: None) -> None:
    made = office()
    with pytest.raises(Missing), made.sits("reviewer"):
        held_open(made.seats["root"].pk)


def test_a_window_is_extended_with_a_reason_to_a_later_instant(db: None) -> None:
    made = office()
    window = open_from(made, in_force(made), -HOUR, HOUR)
    with pytest.raises(Invalid) as caught, made.sits("publisher"):
        extend_window(window, window.closes_at + HOUR, "  ")
    assert caught.value.field == "reason"
    with pytest.raises(Invalid), made.sits("publisher"):
        extend_window(window, window.closes_at, "no later")
    with made.sits("publisher"):
        beyond = datetime(2199, 6, 3, tzinfo=SHANGHAI)  # after the guide's last day, before the notice lapses
        assert extend_window(window, beyond, "power failure").closes_at == beyond
    with pytest.raises(Invalid, match="2199-06-05"), made.sits("publisher"):
        extend_window(window, datetime(2199, 6, 6, 0, 0, 1, tzinfo=SHANGHAI), "for ever")


def test_a_window_is_closed_at_the_instant_of_the_database(db: None) -> None:
    made = office()
    window = open_from(made, in_force(made), -HOUR, HOUR)
    with pytest.raises(Invalid), made.sits("publisher"):
        close_window(window, "")
    with made.sits("publisher"):
        before = now()
        closed = close_window(window, "the money is spent")
        assert before <= closed.closes_at <= now() and closed.state == "closed"
    with pytest.raises(WrongState, match="closed at"), made.sits("reviewer"):
        held_open(window)
    with pytest.raises(WrongState), made.sits("publisher"):
        close_window(window, "twice")


def test_a_window_that_has_not_opened_can_be_called_off(db: None) -> None:
    made = office()
    programme = in_force(made)
    window = open_from(made, programme, HOUR, 2 * HOUR)
    with made.sits("publisher"):
        closed = close_window(window, "called off")
        assert closed.closes_at == closed.opens_at and standing(closed, now()) == "closed"
    open_from(made, programme, HOUR, 2 * HOUR)  # nothing of it is left that could overlap


def test_the_database_makes_no_window_shorter_and_moves_no_beginning(db: None) -> None:
    made = office()
    window = open_from(made, in_force(made), -HOUR, HOUR)
    for change in ({"closes_at": window.closes_at - SECOND}, {"opens_at": window.opens_at - SECOND}, {"offer": "2"}):
        with pytest.raises(DatabaseError), made.sits("publisher"):
            Window.objects.filter(pk=window.pk).update(**change)


def _as_reviewer(made: object, other: psycopg.Connection, seat: str) -> None:
    sits = made.seats[seat]  # type: ignore[attr-defined]
    other.execute("SET LOCAL ROLE jarlig_person")
    other.execute(
        "SELECT set_config('app.person', %s, true), set_config('app.seat', %s, true)",
        [str(sits.person_id), str(sits.pk)],
    )


def test_a_closing_waits_for_a_submission_in_flight_and_stands_after_it(own_db: str, server: Cluster) -> None:
    made = office()
    window = open_from(made, in_force(made), -HOUR, HOUR)
    closed: list[Window] = []

    def close() -> None:
        with made.sits("publisher"):
            closed.append(close_window(window, "the money is spent"))
        connection.close()

    with psycopg.connect(server.addresses(own_db)[1]) as submission:
        _as_reviewer(made, submission, "reviewer")
        answer = submission.execute("SELECT answer FROM jarlig.hold_window(%s)", [window.pk]).fetchone()
        assert answer == ("open",)
        closing = threading.Thread(target=close)
        closing.start()
        assert eventually(lambda: waits_for_a_lock(server, own_db))
        assert closing.is_alive()
        assert not closed
        ended = submission.execute("SELECT jarlig.now()").fetchone()
        submission.commit()
        closing.join(10)
    assert ended is not None and closed[0].closes_at >= ended[0]


def test_a_submission_that_comes_while_a_window_is_closed_waits_and_is_refused(own_db: str, server: Cluster) -> None:
    made = office()
    window = open_from(made, in_force(made), -HOUR, HOUR)
    answers: list[object] = []

    def submit() -> None:
        with psycopg.connect(server.addresses(own_db)[1]) as submission:
            _as_reviewer(made, submission, "reviewer")
            answers.append(submission.execute("SELECT answer FROM jarlig.hold_window(%s)", [window.pk]).fetchone())

    with made.sits("publisher"):
        close_window(window, "the money is spent")
        waiting = threading.Thread(target=submit)
        waiting.start()
        assert eventually(lambda: waits_for_a_lock(server, own_db))
        assert waiting.is_alive()
        assert not answers
    waiting.join(10)
    assert answers == [("closed",)]


def test_two_submissions_do_not_wait_for_each_other(own_db: str, server: Cluster) -> None:
    made = office()
    window = open_from(made, in_force(made), -HOUR, HOUR)
    with psycopg.connect(server.addresses(own_db)[1]) as one, psycopg.connect(server.addresses(own_db)[1]) as two:
        for each in (one, two):
            _as_reviewer(made, each, "reviewer")
            each.execute("SET LOCAL lock_timeout = '1s'")
            assert each.execute("SELECT answer FROM jarlig.hold_window(%s)", [window.pk]).fetchone() == ("open",)


def test_everybody_reads_windows(db: None) -> None:
    made = office()
    open_from(made, in_force(made), -HOUR, HOUR)
    with acting(Who(role="jarlig_public")):
        assert Window.objects.count() == 1 and len(open_windows(Programme.objects.get())) == 1
