"""An estimate is found by its code alone, goes on where it stopped, and is gone when it should be."""

from __future__ import annotations

from datetime import date, timedelta

import psycopg
import pytest
from django.db import IntegrityError, ProgrammingError, connection, transaction
from tests.service.catalogue.office import files, in_force, office, packed
from tests.service.estimates.standing import DAYS, PUBLIC

from jarlig.asking import Interview, to_json
from jarlig.library import Programme as Rules
from jarlig.service.audit.models import Act
from jarlig.service.bodies.models import Kept
from jarlig.service.catalogue.acts.import_programme import import_at_once
from jarlig.service.catalogue.acts.put_in_force import put_in_force
from jarlig.service.catalogue.loading import programme_in_force
from jarlig.service.catalogue.models import Version
from jarlig.service.estimates import codes
from jarlig.service.estimates.acts.begin_estimate import KEPT, begin_estimate
from jarlig.service.estimates.acts.delete_estimate import delete_estimate
from jarlig.service.estimates.acts.keep_answers import keep_answers
from jarlig.service.estimates.acts.resume_estimate import TooMany, may_begin, resume_estimate
from jarlig.service.estimates.carrying import carried, on_another_day
from jarlig.service.estimates.finding import holding
from jarlig.service.estimates.jobs import clear_estimates
from jarlig.service.estimates.models import EstimateSession
from jarlig.service.estimates.queries import Estimate, estimate, interview_of
from jarlig.service.ground.clock import now, today
from jarlig.service.ground.context import Who, acting
from jarlig.service.ground.errors import Invalid, Missing, WrongState
from jarlig.service.launch.cluster import Cluster

GATE, WORKER = Who(role="jarlig_gate"), Who(role="jarlig_worker")
KEY = next(iter(DAYS))
ON = date.fromisoformat(DAYS[KEY])


def found(code: str) -> Estimate:
    """The estimate of a code that there is."""
    one = estimate(code)
    assert one is not None
    return one


def begun(key: str = KEY, on: date | None = ON) -> str:
    with acting(PUBLIC):
        return begin_estimate(key, on)


def root(server: Cluster, name: str) -> psycopg.Connection:
    """The server's own login, for whom there are no walls."""
    return server.superuser(name)


# The acts -------------------------------------------------------------------------------------------------------------


def test_an_estimate_goes_on_where_it_stopped(programmes: str) -> None:
    code = begun()
    with acting(PUBLIC):
        first = found(code)
        question = first.interview.next_question()
        assert question is not None and not first.superseded
        answered = first.interview.answer(question.id, None)
        keep_answers(first, answered)
    with acting(PUBLIC):
        again = resume_estimate(codes.shown(code).lower(), "192.0.2.1")
        assert again.interview.answers == answered.answers and again.revision == 2
        assert (again.on, again.key) == (ON, KEY)
        assert again.expires_at - now() > KEPT - timedelta(minutes=1)
        assert interview_of(code).facts("2a") == answered.facts("2a")


def test_an_estimate_is_made_for_today_unless_another_day_is_said(programmes: str) -> None:
    code = begun(on=None)
    with acting(PUBLIC):
        assert found(code).on == today()
    for day in (date(1999, 12, 31), date(2100, 1, 1), date.max):
        with acting(PUBLIC), pytest.raises(Invalid, match="2000 to 2099"):
            begin_estimate(KEY, day)
    with acting(PUBLIC), pytest.raises(Missing):
        begin_estimate("none-of-ours")


def test_of_two_answers_at_the_same_moment_none_is_lost_unseen(programmes: str) -> None:
    code = begun()
    with acting(PUBLIC):
        one, other = found(code), found(code)
        keep_answers(one, one.interview.answer("tax_credit", "a"))
    with acting(PUBLIC), pytest.raises(WrongState, match="same moment"):
        keep_answers(other, other.interview.answer("on_dishonesty_list", "no"))
    with acting(PUBLIC):
        assert list(found(code).interview.answers) == ["tax_credit"]


def test_what_is_deleted_is_gone_and_deleting_again_finds_nothing(programmes: str, server: Cluster) -> None:
    code = begun()
    with acting(PUBLIC):
        kept = found(code)
        delete_estimate(codes.shown(code))
        delete_estimate(code)
        delete_estimate("no code")
        assert estimate(code) is None
        with pytest.raises(WrongState):
            keep_answers(kept, kept.interview)
        with pytest.raises(Missing):
            interview_of(code)
    with root(server, programmes) as server_:
        assert server_.execute("SELECT count(*) FROM estimates_session").fetchone() == (0,)


def test_unknown_expired_and_deleted_codes_are_answered_alike(programmes: str, server: Cluster) -> None:
    expired, deleted = begun(), begun()
    with root(server, programmes) as owner:
        owner.execute("UPDATE estimates_session SET begun_at = begun_at - interval '31 days', expires_at = now()"
                      " WHERE code_hash = %s", [codes.hashed(expired)])  # fmt: skip
    said = set()
    with acting(PUBLIC):
        delete_estimate(deleted)
        for typed in (expired, deleted, codes.new_code(), "nonsense", ""):
            with pytest.raises(Invalid) as told:
                resume_estimate(typed, "192.0.2.1")
            said.add((str(told.value), told.value.field))
    assert len(said) == 1


def test_wrong_codes_are_counted_by_address_and_time_alone_opens(programmes: str) -> None:
    code = begun()
    with acting(PUBLIC):
        for _ in range(20):
            with pytest.raises(Invalid):
                resume_estimate("wrong", "192.0.2.7")
        with pytest.raises(TooMany, match="Too many"):
            resume_estimate(code, "192.0.2.7")
        assert resume_estimate(code, "192.0.2.8").key == KEY
    with acting(GATE):
        assert "192.0.2.7" not in str(list(Kept.objects.values_list("key_hash", "value")))


def test_nobody_fills_the_table_by_knocking(programmes: str) -> None:
    with acting(PUBLIC):
        assert all(may_begin("192.0.2.9") for _ in range(100))
        assert not may_begin("192.0.2.9")
        assert may_begin("192.0.2.10")


def test_public_acts_stand_in_no_log_and_leave_no_name(programmes: str, server: Cluster) -> None:
    with root(server, programmes) as owner:
        before = owner.execute("SELECT count(*) FROM audit_act").fetchone()
        code = begun()
        with acting(PUBLIC):
            one = resume_estimate(code, "192.0.2.1")
            keep_answers(one, one.interview.answer("tax_credit", "a"))
            kept = owner.execute("SELECT row_to_json(s)::text FROM estimates_session s").fetchone()
            delete_estimate(code)
        assert owner.execute("SELECT count(*) FROM audit_act").fetchone() == before
    assert kept is not None and code not in kept[0] and "192.0.2.1" not in kept[0]
    with acting(WORKER):
        assert not Act.objects.filter(thing="estimates.estimatesession").exists()


def test_the_worker_removes_what_has_expired_and_nothing_else(programmes: str, server: Cluster) -> None:
    old, live = begun(), begun()
    with root(server, programmes) as owner:
        owner.execute(
            "UPDATE estimates_session SET begun_at = begun_at - interval '31 days',"
            " expires_at = now() - interval '1 second' WHERE code_hash = %s", [codes.hashed(old)],
        )  # fmt: skip
        with acting(WORKER):
            clear_estimates.run()
        left = owner.execute("SELECT code_hash FROM estimates_session").fetchall()
    assert [bytes(one) for (one,) in left] == [codes.hashed(live)]


# The walls ------------------------------------------------------------------------------------------------------------

STATEMENTS = (
    "SELECT count(*) FROM estimates_session",
    "UPDATE estimates_session SET revision = 0",
    "DELETE FROM estimates_session",
)


@pytest.mark.parametrize("role", ["jarlig_public", "jarlig_person"])
def test_who_has_no_code_sees_changes_and_removes_nothing(programmes: str, role: str) -> None:
    begun()
    for named in ("", codes.hashed(codes.new_code()).hex(), "%", "' OR true", "\\x00", "f" * 63):
        for statement in STATEMENTS:
            with acting(Who(role=role)), connection.cursor() as cursor:
                cursor.execute("SELECT set_config('app.estimate', %s, true)", [named])
                cursor.execute(statement)
                assert (cursor.fetchone() if "SELECT" in statement else (cursor.rowcount,)) == (0,), (named, statement)


def test_who_has_a_code_sees_that_one_row_and_cannot_make_it_another_s(programmes: str) -> None:
    mine, other = begun(), begun()
    with acting(PUBLIC), holding(mine), connection.cursor() as cursor:
        cursor.execute(STATEMENTS[0])
        assert cursor.fetchone() == (1,)
        cursor.execute(STATEMENTS[1])
        assert cursor.rowcount == 1
        for change in ("code_hash = decode(repeat('00', 32), 'hex')", "expires_at = now() - interval '1 day',"
                       " begun_at = now() - interval '2 days'"):  # fmt: skip
            with pytest.raises(ProgrammingError), transaction.atomic():
                cursor.execute(f"UPDATE estimates_session SET {change}")
    with acting(PUBLIC):
        assert found(other).revision == 1


def test_nobody_adds_a_row_for_another_code(programmes: str) -> None:
    with acting(PUBLIC), holding(codes.new_code()), pytest.raises(ProgrammingError):
        _row(codes.new_code()).save(force_insert=True)
    with acting(PUBLIC), pytest.raises(ProgrammingError):
        _row(codes.new_code()).save(force_insert=True)
    code = codes.new_code()
    with acting(PUBLIC), holding(code), pytest.raises(IntegrityError):
        row = _row(code)
        row.begun_at = row.expires_at + KEPT
        row.save(force_insert=True)


def _row(code: str) -> EstimateSession:
    version = Version.objects.filter(programme__key=KEY).latest("number")
    return EstimateSession(
        code_hash=codes.hashed(code), programme=version.programme, sha256=version.sha256, on=ON, answers={},
        begun_at=now(), expires_at=now() + KEPT,
    )  # fmt: skip


@pytest.mark.parametrize("role", ["jarlig_gate", "jarlig_worker"])
def test_sign_in_and_worker_have_no_use_for_answers(programmes: str, role: str) -> None:
    code = begun()
    with acting(Who(role=role)), holding(code), connection.cursor() as cursor:
        if role == "jarlig_gate":
            with pytest.raises(ProgrammingError), transaction.atomic():
                cursor.execute(STATEMENTS[0])
        else:
            cursor.execute(STATEMENTS[0])
            assert cursor.fetchone() == (0,)


def test_a_code_named_in_one_statement_is_forgotten_after_it(programmes: str) -> None:
    code = begun()
    with acting(PUBLIC), connection.cursor() as cursor:
        assert estimate(code) is not None
        cursor.execute(STATEMENTS[0])
        assert cursor.fetchone() == (0,)


# Another version, another day -----------------------------------------------------------------------------------------


def test_answers_that_still_fit_go_on_under_a_later_version(own_db: str) -> None:
    made = office()
    programme = in_force(made)
    code = begun(programme.key, date(2023, 10, 9))
    with acting(PUBLIC):
        one = found(code)
        topics = [question.id for question in one.interview.questions()]
        interview = one.interview
        for topic in topics[:6]:
            interview = interview.answer(topic, None)
        keep_answers(one, interview)
    with made.sits("author"):
        later = import_at_once(packed(files(("programme.yaml", "to: 2199-06-05", "to: 2199-06-06"))), "tiny.zip")
    with made.sits("publisher"):
        put_in_force(Version.objects.get(pk=later.pk))
    with acting(PUBLIC):
        again = found(code)
        assert again.superseded and again.dropped == () and again.version.pk == later.pk
        assert again.interview.answers == interview.answers
        keep_answers(again, again.interview)
        assert not found(code).superseded


def test_answers_that_do_not_fit_are_named_and_the_others_stay(programmes: str) -> None:
    with acting(PUBLIC):
        rules: Rules = programme_in_force(KEY)
    interview = Interview.begin(rules, ON).answer("registered_at", "150105").answer("tax_credit", "a")
    kept = {**to_json(interview), "fingerprint": "of another version"}
    kept["answers"] = [*kept["answers"], {"question": "gone", "answer": "1"}, {"question": "history", "answer": "?"}]
    there, superseded, dropped = carried(rules, kept)
    assert superseded and dropped == ("gone", "history")
    assert there.answers == {"registered_at": "150105", "tax_credit": "a"}


def test_answers_hold_for_another_day(programmes: str) -> None:
    with acting(PUBLIC):
        rules = programme_in_force(KEY)
    interview = Interview.begin(rules, ON).answer("registered_at", "150105").answer("history", "no")
    later, dropped = on_another_day(interview, date(2024, 4, 1))
    assert (later.on, dict(later.answers), dropped) == (date(2024, 4, 1), dict(interview.answers), ())
