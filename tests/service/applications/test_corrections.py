"""Corrections: asked for all at once, as often as the route lets; just what was asked is open; in time or withdrawn."""

from __future__ import annotations

import io
from collections.abc import Callable
from uuid import uuid4

import psycopg
import pytest
from django.db import DatabaseError, connection, transaction
from tests.service.applications.desk import DECLARED, OFFER, ROW, Desk, desk, read, said
from tests.service.documents.made import pdf
from tests.service.enterprises.town import town

from jarlig.service.applications.acts.answer_claim import answer_claim
from jarlig.service.applications.acts.answer_file import answer_file
from jarlig.service.applications.acts.ask_correction import ask_correction
from jarlig.service.applications.acts.attach_evidence import attach_evidence
from jarlig.service.applications.acts.drop_claim import drop_claim
from jarlig.service.applications.acts.lapse_correction import LAPSED, lapse_corrections
from jarlig.service.applications.acts.remove_evidence import remove_evidence
from jarlig.service.applications.acts.submit_claim import seen_of, submit_claim
from jarlig.service.applications.acts.withdraw_claim import withdraw_claim
from jarlig.service.applications.acts.write_rows import write_rows
from jarlig.service.applications.models import ApplicationFile, Claim, Correction, Evidence, Submission
from jarlig.service.audit.models import Act
from jarlig.service.bodies.calendar import add_working_days
from jarlig.service.catalogue.acts.close_window import close_window
from jarlig.service.ground.clock import today
from jarlig.service.ground.context import Who, acting
from jarlig.service.ground.errors import Invalid, NotAllowed, WrongState

ASKS = (("answer", "level"), ("rows", "investment"), ("document", "list"))
WHY = "级别与认定名单不符，请更正并补交名单。"


def returned(at: Desk, asks: tuple[tuple[str, str], ...] = ASKS) -> Claim:
    """A claim that the banner has given back."""
    claim = at.complete()
    at.submits(claim)
    with at.place.sits("receiver x"):
        ask_correction(read(claim), asks, WHY)
    return claim


def test_a_correction_names_everything_and_its_last_day(routed: Desk) -> None:
    claim = returned(routed)
    with routed.place.acts("ana"):
        asked = Correction.objects.get()
        assert read(claim).state == "correcting"
        assert [(one["what"], one["name"]) for one in asked.asks] == list(ASKS)
        assert (asked.reason, asked.level, asked.due_on) == (WHY, "county", add_working_days(today(), 5))
    with routed.place.sits("auditor x"):
        assert Act.objects.filter(act="ask_correction", thing_id=str(claim.pk)).count() == 1


def test_what_was_asked_is_put_right_and_the_rest_is_what_it_was(routed: Desk) -> None:
    claim = returned(routed)
    with routed.place.acts("ana"):
        one = answer_claim(read(claim), {"level": "industry"}, read(claim).revision)
        one = write_rows(read(one), "investment", [{**ROW, "net": "5000.00"}], one.revision)
        attach_evidence(io.BytesIO(pdf()), "新名单.pdf", "list", claim=read(one))
        file = ApplicationFile.objects.get(pk=claim.file_id)
        answer_file(file, {"history": [{"offer": OFFER, "on": "2022-07-01", "paid": "1.00"}]}, file.revision)
    made = routed.submits(claim)
    first, second = (said(one) for one in _submissions(routed, claim))
    assert (made.number, second["submission"]) == (2, 2)
    changed = {name for name in first["stated"] if first["stated"][name] != second["stated"][name]}
    assert changed == {"level", "investment"}  # the new history belongs to what is submitted later
    assert (second["on"], second["version"], second["window"]) == (first["on"], first["version"], first["window"])
    assert second["computed"]["answer"]["amount"] == "1000.00"
    assert sorted(one["kind"] for one in second["evidence"]) == ["invoice", "licence", "list", "list"]
    with routed.place.sits("receiver x"):
        asked, claim = Correction.objects.get(), read(claim)
        assert (asked.state, asked.answered_by_id, claim.state) == ("answered", made.pk, "submitted")
        assert claim.submitted_at == Submission.objects.get(claim=claim, number=1).submitted_at


def test_nothing_else_is_open(routed: Desk) -> None:
    claim = returned(routed, (("document", "list"),))
    with routed.place.acts("ana"):
        one = read(claim)
        invoice = Evidence.objects.select_related("file", "claim").get(kind="invoice")
        refused: tuple[Callable[[], object], ...] = (
            lambda: answer_claim(one, {"level": "industry"}, one.revision),
            lambda: write_rows(one, "investment", [], one.revision),
            lambda: attach_evidence(io.BytesIO(pdf()), "a.pdf", "licence", claim=one),
            lambda: remove_evidence(invoice),
        )
        for act in refused:
            with pytest.raises(WrongState, match="Only what the office has asked"):
                act()
        with pytest.raises(WrongState, match="Only a draft"):
            drop_claim(one, one.revision)
        remove_evidence(Evidence.objects.select_related("file", "claim").get(kind="list"))
        attach_evidence(io.BytesIO(pdf()), "b.pdf", "list", claim=read(claim))
    assert sorted(one["kind"] for one in said(routed.submits(claim))["evidence"]) == ["invoice", "licence", "list"]


def test_a_correction_is_handed_in_after_the_window_has_closed(routed: Desk) -> None:
    claim = returned(routed)
    with routed.place.sits("publisher"):
        close_window(routed.windows[OFFER], "到期")
    assert routed.submits(claim).number == 2


def test_each_level_asks_once(routed: Desk) -> None:
    claim = returned(routed)
    routed.submits(claim)
    with routed.place.sits("reviewer x"), pytest.raises(WrongState, match="as many corrections"):
        ask_correction(read(claim), ASKS, WHY)
    with routed.place.sits("receiver top"):
        ask_correction(read(claim), ASKS, WHY)
        assert Correction.objects.count() == 2


@pytest.mark.parametrize(("asks", "reason", "why"), [
    (ASKS, " ", "Say why"), (ASKS, "x" * 2_001, "Say why"), ((), WHY, "Choose"),
    ((("answer", "investment"),), WHY, "Choose"),
    ((("rows", "level"),), WHY, "Choose"), ((("document", "passport"),), WHY, "Choose"),
    ((("answer", "uscc"),), WHY, "Choose"), ((("state", "level"),), WHY, "Choose"), (ASKS * 20, WHY, "Choose"),
])  # fmt: skip
def test_a_correction_that_cannot_be_is_refused(
    routed: Desk, asks: tuple[tuple[str, str], ...], reason: str, why: str
) -> None:
    claim = routed.complete()
    routed.submits(claim)
    with routed.place.sits("receiver x"):
        with pytest.raises(Invalid, match=why):
            ask_correction(read(claim), asks, reason)
        assert read(claim).state == "submitted"


@pytest.mark.parametrize("who", ["finance x", "auditor x", "publisher"])
def test_who_asks_no_corrections(routed: Desk, who: str) -> None:
    claim = routed.complete()
    routed.submits(claim)
    with routed.place.sits("receiver x"):
        one = read(claim)
    with routed.place.sits(who), pytest.raises(NotAllowed):
        ask_correction(one, ASKS, WHY)
    with routed.place.sits("receiver y"), pytest.raises(NotAllowed, match="outside the area"):
        ask_correction(one, ASKS, WHY)


def test_a_claim_without_a_route_is_not_given_back(db: None) -> None:
    at = desk(town(), ("guides/2023.yaml", 'for: ["1a", "2"]', 'for: ["2"]'))
    claim = at.complete()
    at.submits(claim)
    with at.place.sits("receiver x"), pytest.raises(WrongState, match="its route"):
        ask_correction(read(claim), ASKS, WHY)


def test_a_claim_given_back_is_withdrawn_with_its_correction(routed: Desk) -> None:
    claim = returned(routed)
    with routed.place.sits("receiver x"), pytest.raises(WrongState):
        ask_correction(read(claim), ASKS, WHY)
    with routed.place.acts("ana"):
        withdraw_claim(read(claim), "不再申报")
        assert (read(claim).state, Correction.objects.get().state) == ("withdrawn", "dropped")


def test_what_is_not_put_right_in_time_is_withdrawn_and_nobody_did_it(
    own_routed: Desk, owner: psycopg.Connection
) -> None:
    claim = returned(own_routed)
    with acting(Who(role="jarlig_worker")):
        assert lapse_corrections() == 0
    owner.execute("ALTER TABLE applications_correction NO FORCE ROW LEVEL SECURITY")
    assert owner.execute("UPDATE applications_correction SET due_on = jarlig.today() - 1").rowcount == 1
    owner.execute("ALTER TABLE applications_correction FORCE ROW LEVEL SECURITY")
    with own_routed.place.acts("ana"), pytest.raises(WrongState, match="days for this correction are over"):
        submit_claim(read(claim), uuid4(), seen_of(read(claim)), DECLARED)
    with acting(Who(role="jarlig_worker")):
        assert (lapse_corrections(), lapse_corrections()) == (1, 0)
    with own_routed.place.acts("ana"):
        assert (read(claim).state, read(claim).reason, Correction.objects.get().state) == (
            "withdrawn",
            LAPSED,
            "lapsed",
        )
    with own_routed.place.sits("auditor x"):
        assert Act.objects.get(act="lapse_correction").person is None


@pytest.mark.parametrize(("who", "change"), [
    ("receiver x", "UPDATE applications_claim SET state = 'correcting'"),
    ("receiver x", "UPDATE applications_claim SET reason = 'x'"),
    ("receiver x", "UPDATE applications_claim SET answers = '{}', revision = revision + 1"),
    ("receiver x", "UPDATE applications_claim SET state = 'withdrawn', reason = 'x'"),
    ("ana", "UPDATE applications_claim SET state = 'correcting'"),
])  # fmt: skip
def test_a_submitted_claim_is_given_back_by_a_correction_alone(routed: Desk, who: str, change: str) -> None:
    routed.submits(routed.complete())
    sitting = routed.place.sits(who) if who in routed.place.seats else routed.place.acts(who)
    with sitting:
        _nothing(change)


@pytest.mark.parametrize(("who", "change"), [
    ("ana", "UPDATE applications_correction SET state = 'dropped'"),
    ("ana", "UPDATE applications_correction SET state = 'answered', answered_by_id ="
            " (SELECT id FROM applications_submission LIMIT 1)"),
    ("ana", "UPDATE applications_correction SET due_on = due_on + 9"),
    ("ana", "UPDATE applications_correction SET asks = '[]'"),
    ("ana", "UPDATE applications_claim SET state = 'submitted'"),
    ("ana", "UPDATE applications_claim SET state = 'dropped'"),
    ("receiver x", "UPDATE applications_correction SET due_on = due_on + 9"),
    ("receiver x", "UPDATE applications_correction SET state = 'lapsed'"),
    ("receiver x", "DELETE FROM applications_correction"),
    ("receiver x", "UPDATE applications_claim SET state = 'submitted'"),
])  # fmt: skip
def test_a_correction_ends_by_a_submission_a_withdrawal_or_its_day(routed: Desk, who: str, change: str) -> None:
    returned(routed)
    sitting = routed.place.sits(who) if who in routed.place.seats else routed.place.acts(who)
    with sitting:
        _nothing(change)


def test_the_worker_ends_nothing_before_its_day(routed: Desk) -> None:
    returned(routed)
    with acting(Who(role="jarlig_worker")):
        _nothing("UPDATE applications_correction SET state = 'lapsed'")
        _nothing("UPDATE applications_claim SET state = 'withdrawn', reason = 'x'")


def _nothing(change: str) -> None:
    """A statement that is refused or touches no row."""
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(change)
            assert cursor.rowcount == 0
    except DatabaseError:
        return


def _submissions(at: Desk, claim: Claim) -> list[Submission]:
    with at.place.acts("ana"):
        return list(Submission.objects.filter(claim=claim).order_by("number"))
