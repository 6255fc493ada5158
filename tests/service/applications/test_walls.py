"""The second wall: what the database refuses to the service's own role, whatever the program believes."""

from __future__ import annotations

import io
from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import DatabaseError, connection, transaction
from tests.service.applications.desk import OFFER, ROW, Desk, opens, read
from tests.service.documents.made import pdf

from jarlig.service.applications.acts.attach_evidence import attach_evidence
from jarlig.service.applications.models import (
    ApplicationFile,
    Claim,
    Correction,
    Enclosure,
    Evidence,
    Line,
    Stated,
    Submission,
)
from jarlig.service.applications.states import CLAIM, CORRECTION, EVIDENCE, FILE
from jarlig.service.documents.acts.read_file import read_file
from jarlig.service.documents.models import StoredFile
from jarlig.service.ground.context import Who, acting
from jarlig.words.canonical import digest

TABLES = (ApplicationFile, Claim, Line, Evidence, Submission, Enclosure, Correction, Stated)


def sql(text: str, *values: object) -> int:
    """One statement; how many rows it touched. What it did is undone when it is refused."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(text, list(values))
        return int(cursor.rowcount)


@pytest.mark.parametrize(
    ("machine", "allowed"),
    [("application", FILE), ("claim", CLAIM), ("evidence", EVIDENCE), ("correction", CORRECTION)],
)
def test_the_database_has_the_same_changes_of_state(
    db: None, machine: str, allowed: tuple[tuple[str, str], ...]
) -> None:
    with acting(Who(role="jarlig_person", person=uuid4())), connection.cursor() as cursor:
        cursor.execute("SELECT before, after FROM jarlig.transitions WHERE machine = %s", [machine])
        assert sorted(cursor.fetchall()) == sorted(allowed)


@pytest.mark.parametrize("who", ["din", "receiver x", "auditor x", "root", "publisher"])
def test_a_draft_is_seen_by_nobody_outside(at: Desk, who: str) -> None:
    at.complete()
    with at.place.sits(who) if who in at.place.seats else at.place.acts(who):
        assert [model.__name__ for model in TABLES if model.objects.exists()] == []


@pytest.mark.parametrize(("who", "sees"), [
    ("receiver x", True), ("reviewer x", True), ("finance x", True), ("auditor x", True), ("receiver top", True),
    ("receiver y", False), ("din", False), ("root", False), ("publisher", False),
])  # fmt: skip
def test_what_was_submitted_is_seen_where_it_is_taken(at: Desk, who: str, sees: bool) -> None:
    claim, other = at.complete(), at.draft(offer="2")
    with at.place.acts("ana"):
        shared = attach_evidence(io.BytesIO(pdf()), "共用.pdf", "list", file=read(other).file)
        draft = attach_evidence(io.BytesIO(pdf()), "草稿.pdf", "list", claim=read(other))
    at.submits(claim)
    with at.place.sits(who) if who in at.place.seats else at.place.acts(who):
        assert Claim.objects.count() == Submission.objects.count() == int(sees)
        assert not ApplicationFile.objects.exists()
        assert not Line.objects.exists()
        papers = list(Evidence.objects.all())
        assert len(papers) == (4 if sees else 0)
        for paper in papers:
            read_file(paper.stored_id)[1].close()
        assert StoredFile.objects.filter(pk=shared.stored_id).exists() is sees
        assert not StoredFile.objects.filter(pk=draft.stored_id).exists()


def test_no_role_without_a_person_sees_anything(at: Desk) -> None:
    at.submits(at.complete())
    for role in ("jarlig_public", "jarlig_gate", "jarlig_worker", "jarlig_person"):
        with acting(Who(role=role)):
            for model in TABLES:
                try:
                    with transaction.atomic():
                        assert not model.objects.exists(), (role, model)
                except DatabaseError:
                    continue


@pytest.mark.parametrize("change", [
    "UPDATE applications_claim SET state = 'submitted'",
    "UPDATE applications_claim SET state = 'submitted', number = 'x', submitted_at = jarlig.now(), area_id ="
    " (SELECT area_id FROM enterprises_enterprise LIMIT 1)",
    "UPDATE applications_claim SET state = 'withdrawn', reason = 'x'",
    "UPDATE applications_claim SET offer = '2'",
    "UPDATE applications_claim SET answers = '{\"level\": \"industry\"}'",
    "UPDATE applications_file SET answers = '{}'",
    "UPDATE applications_file SET year = 2024",
    "UPDATE applications_evidence SET kind = 'list'",
    "DELETE FROM applications_claim",
    "DELETE FROM applications_evidence",
])  # fmt: skip
def test_a_draft_is_not_changed_past_its_acts(at: Desk, change: str) -> None:
    at.complete()
    with at.place.acts("ana"), pytest.raises(DatabaseError):
        sql(change)


@pytest.mark.parametrize("change", [
    "UPDATE applications_claim SET answers = '{}', revision = revision + 1",
    "UPDATE applications_claim SET submitted_at = submitted_at - interval '9 days'",
    "UPDATE applications_claim SET number = 'x'",
    "UPDATE applications_claim SET state = 'draft'",
    "UPDATE applications_submission SET snapshot = ''",
    "DELETE FROM applications_submission",
    "DELETE FROM applications_enclosure",
])  # fmt: skip
def test_what_was_submitted_is_not_changed_by_anybody(at: Desk, change: str) -> None:
    at.submits(at.complete())
    for who in ("ana", "receiver x"):
        with at.place.sits(who) if who in at.place.seats else at.place.acts(who):
            try:
                assert sql(change) == 0
            except DatabaseError:
                continue


def handed_in(at: Desk, claim: Claim, window: object, sha256: str = "", data: bytes = b"{}", number: int = 1) -> int:
    """A submission by direct SQL, as the service's role."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT id FROM catalogue_version WHERE state = 'in_force'")
        version = cursor.fetchone()[0]
        cursor.execute("SELECT jarlig.person()")
        person = cursor.fetchone()[0]
    return sql(
        "INSERT INTO applications_submission (id, claim_id, number, key, seen, window_id, version_id, snapshot, sha256,"
        " submitted_by_id, submitted_at) VALUES (%s, %s, %s, %s, '', %s, %s, %s, %s, %s, '2000-01-01')",
        uuid4(), claim.pk, number, uuid4(), window, version, data, sha256 or digest(data), person,
    )  # fmt: skip


def test_a_submission_bears_the_instant_of_the_database_and_the_hash_of_its_bytes(at: Desk) -> None:
    claim, window = at.complete(), at.windows[OFFER].pk
    with at.place.acts("ana"):
        for wrong in ({"sha256": "0" * 64}, {"number": 2}):
            with pytest.raises(DatabaseError):
                handed_in(at, claim, window, **wrong)  # type: ignore[arg-type]
        handed_in(at, claim, window)
        assert Submission.objects.get().submitted_at.year > 2000


def test_no_submission_outside_the_window_of_its_own_offer(place_desk: Desk) -> None:
    opens(place_desk, offer="2")
    opens(place_desk, begin=timedelta(hours=-2), end=timedelta(hours=-1))
    claim = place_desk.complete()
    for window in (place_desk.windows["2"].pk, place_desk.windows[OFFER].pk):
        with place_desk.place.acts("ana"), pytest.raises(DatabaseError, match="not open"):
            handed_in(place_desk, claim, window)


def test_who_has_only_asked_hands_nothing_in(at: Desk) -> None:
    at.place.asks("bat", role="member")
    claim = at.complete("bat")
    with at.place.acts("bat"), pytest.raises(DatabaseError):
        handed_in(at, claim, at.windows[OFFER].pk)


@pytest.mark.parametrize(("who", "begun_by"), [("din", "din"), ("ana", "bat"), ("din", "ana")])
def test_nobody_begins_a_file_of_others_or_in_another_s_name(at: Desk, who: str, begun_by: str) -> None:
    claim, name = at.draft(), at.place.people[begun_by].pk
    with at.place.acts(who), pytest.raises(DatabaseError):
        ApplicationFile.objects.create(
            enterprise_id=claim.enterprise_id, programme_id=claim.programme_id, year=2024, begun_by_id=name,
            begun_at=claim.begun_at, changed_by_id=name, changed_at=claim.begun_at,
        )  # fmt: skip


def test_rows_and_papers_go_into_one_s_own_drafts_only(at: Desk) -> None:
    claim = at.complete()
    with at.place.acts("ana"):
        paper = Evidence.objects.filter(claim=claim).first()
        assert paper is not None
    with at.place.acts("din"), pytest.raises(DatabaseError):
        Line.objects.create(file_id=claim.file_id, claim_id=claim.pk, fact="investment", position=9, cells=ROW)
    with at.place.acts("din"), pytest.raises(DatabaseError):
        sql("INSERT INTO applications_evidence (id, file_id, claim_id, kind, fact, row_key, stored_id, attached_by_id,"
            " attached_at, state) VALUES (%s, %s, %s, 'licence', '', '', %s, %s, now(), 'attached')",
            uuid4(), claim.file_id, claim.pk, paper.stored_id, at.place.people["din"].pk)  # fmt: skip
    at.submits(claim)
    with at.place.acts("ana"), pytest.raises(DatabaseError):
        Line.objects.create(file_id=claim.file_id, claim_id=claim.pk, fact="investment", position=9, cells=ROW)
    with at.place.acts("ana"):
        assert Line.objects.filter(claim=claim).delete()[0] == 0
