"""Drafts: what is kept, what is refused and why, and two people on one draft."""

from __future__ import annotations

import io
from typing import Any

import pytest
from tests.service.applications.desk import OFFER, ROW, YEAR, Desk, read
from tests.service.documents.made import pdf

from jarlig.service.applications.acts.add_claim import add_claim
from jarlig.service.applications.acts.answer_claim import answer_claim
from jarlig.service.applications.acts.answer_file import answer_file
from jarlig.service.applications.acts.attach_evidence import attach_evidence
from jarlig.service.applications.acts.begin_file import begin_file
from jarlig.service.applications.acts.drop_claim import drop_claim
from jarlig.service.applications.acts.remove_evidence import remove_evidence
from jarlig.service.applications.acts.write_rows import write_rows
from jarlig.service.applications.case import case_of
from jarlig.service.applications.errors import Conflict
from jarlig.service.applications.models import ApplicationFile, Claim, Evidence, Line
from jarlig.service.audit.models import Act
from jarlig.service.enterprises.acts.accept_letter import accept_letter
from jarlig.service.enterprises.models import AuthorisationLetter
from jarlig.service.ground.errors import Invalid, Missing, NotAllowed, WrongState


def test_a_file_of_a_year_is_begun_once_and_taken_over_by_the_next(at: Desk) -> None:
    first = at.file()
    with at.place.acts("ana"):
        answer_file(first, {"history": []}, 0)
        assert begin_file(at.enterprise.pk, at.programme, YEAR).pk == first.pk
        with pytest.raises(Invalid, match="no guide of 1999"):
            begin_file(at.enterprise.pk, at.programme, 1999)


def test_a_stranger_begins_no_file_and_sees_none(at: Desk) -> None:
    at.draft()
    with at.place.acts("din"):
        assert not ApplicationFile.objects.exists()
        assert not Claim.objects.exists()
        with pytest.raises(NotAllowed, match="people of the enterprise"):
            begin_file(at.enterprise.pk, at.programme, YEAR)


def test_a_draft_of_who_had_only_asked_becomes_the_enterprise_s_with_the_letter(at: Desk) -> None:
    letter = at.place.gives("bat", number=7)
    with at.place.acts("bat"):
        file = begin_file(letter.membership.enterprise_id, at.programme, YEAR)
        assert (file.state, file.answers) == ("own", {})
        add_claim(file, OFFER)
    with at.place.sits("receiver x"):
        accept_letter(AuthorisationLetter.objects.get(pk=letter.pk))
    with at.place.acts("bat"):
        one = answer_file(ApplicationFile.objects.get(pk=file.pk), {"history": []}, 0)
        assert (one.state, one.revision, Claim.objects.get().enterprise_id) == ("firm", 1, file.enterprise_id)


@pytest.mark.parametrize(("answers", "why"), [
    ({"level": "galactic"}, "choose"),
    ({"newly_built": "maybe"}, "true or false"),
    ({"recognised_on": "2023-02-30"}, "2023-02-30"),
    ({"recognised_on": ["2023-02-01"]}, "recognised_on"),
    ({"project_code": "P" * 2_001}, "too long"),
    ({"uscc": "91152201MA0009001P"}, "Nothing is asked"),
    ({"registered_at": "152202"}, "Nothing is asked"),
    ({"investment": "1"}, "Nothing is asked"),
    ({"state": "submitted"}, "Nothing is asked"),
    ({"level": {"about": "regional"}}, "too long|level"),
])  # fmt: skip
def test_an_answer_that_cannot_be_is_refused_and_nothing_is_kept(at: Desk, answers: dict[str, Any], why: str) -> None:
    claim = at.draft()
    with at.place.acts("ana"):
        with pytest.raises(Invalid, match=why) as told:
            answer_claim(read(claim), answers, 0)
        assert told.value.field == next(iter(answers))
        assert (read(claim).answers, read(claim).revision) == ({}, 0)


def test_answers_are_kept_one_by_one_and_an_empty_one_is_unknown_again(at: Desk) -> None:
    claim = at.draft()
    with at.place.acts("ana"):
        answer_claim(read(claim), {"level": "regional", "newly_built": "true"}, 0)
        answer_claim(read(claim), {"level": ""}, 1)
        assert read(claim).answers == {"newly_built": "true"}
        log = Act.objects.filter(act="answer_claim").order_by("at").last()
        assert log is not None and b"regional" not in bytes(log.data)  # what it said is committed to, not told


def test_who_writes_on_what_another_has_changed_is_told_and_loses_nothing(at: Desk) -> None:
    at.place.enters("che", "member", by="ana")
    claim = at.draft()
    with at.place.acts("che"):
        answer_claim(read(claim), {"level": "industry"}, 0)
    with at.place.acts("ana"):
        with pytest.raises(Conflict, match="meanwhile"):
            answer_claim(read(claim), {"level": "regional"}, 0)
        with pytest.raises(Conflict, match="meanwhile"):
            drop_claim(read(claim), 0)
        assert read(claim).answers == {"level": "industry"}


@pytest.mark.parametrize(("rows", "why"), [
    ([{**ROW, "net": "a lot"}], "a lot"),
    ([{**ROW, "colour": "red"}], "colour"),
    ([ROW, ROW], "23152000000000000001"),
    ([{**ROW, "category": "x" * 501}], "at most 500"),
    ([{**ROW, "invoice_no": f"2315200000000000{n:04d}"} for n in range(201)], "200"),
])  # fmt: skip
def test_rows_that_cannot_be_are_refused_and_the_old_ones_stay(at: Desk, rows: list[dict[str, str]], why: str) -> None:
    claim = at.draft()
    with at.place.acts("ana"):
        one = write_rows(read(claim), "investment", [ROW], 0)
        with pytest.raises(Invalid, match=why) as told:
            write_rows(read(claim), "investment", rows, one.revision)
        assert told.value.field == "investment"
        assert [line.cells for line in Line.objects.all()] == [ROW]


def test_rows_take_the_place_of_rows_and_an_estimate_follows(at: Desk) -> None:
    claim = at.complete()
    with at.place.acts("ana"):
        one = read(claim)
        more = {**ROW, "invoice_no": "23152000000000000002", "net": "9000.00", "seller": ""}
        one = write_rows(one, "investment", [ROW, {**more, "seller": ROW["seller"]}], one.revision)
        assert case_of(read(claim)).determination(OFFER).amount == 200_000
        write_rows(read(claim), "investment", [], one.revision)
        assert [lack.what for lack in case_of(read(claim)).lacks(OFFER)] == ["rows"]


def test_a_list_of_another_offer_is_not_written(at: Desk) -> None:
    claim = at.draft(offer="2")
    with at.place.acts("ana"), pytest.raises(Invalid, match="Nothing is asked"):
        write_rows(read(claim), "investment", [ROW], 0)


@pytest.mark.parametrize(("offer", "project", "why"), [
    ("9z", "", "no offer"), ("3-events", "", "no offer"),
    (OFFER, "x" * 81, "at most 80"), (OFFER, "a\x07b", "at most 80"),
])  # fmt: skip
def test_a_claim_is_for_an_offer_that_is_open(at: Desk, offer: str, project: str, why: str) -> None:
    file = at.file()
    with at.place.acts("ana"), pytest.raises(Invalid, match=why):
        add_claim(file, offer, project)


def test_one_offer_is_claimed_once_a_project_and_again_when_dropped(at: Desk) -> None:
    first = at.draft()
    with pytest.raises(WrongState, match="already"):
        at.draft()
    second = at.draft(project="二期")
    with at.place.acts("ana"):
        drop_claim(read(first), 0)
        with pytest.raises(WrongState, match="no longer"):
            answer_claim(read(first), {"level": "regional"}, 1)
    assert at.draft().pk not in (first.pk, second.pk)


def test_a_document_is_attached_seen_by_the_firm_and_taken_out(at: Desk) -> None:
    claim = at.draft()
    with at.place.acts("ana"):
        with pytest.raises(Invalid, match="no such document"):
            attach_evidence(io.BytesIO(pdf()), "a.pdf", "passport", claim=read(claim))
        with pytest.raises(Invalid):
            attach_evidence(io.BytesIO(b"MZ..."), "a.pdf", "licence", claim=read(claim))
        one = attach_evidence(io.BytesIO(pdf()), "执照.pdf", "licence", file=read(claim).file)
        assert [found.kind for found in case_of(read(claim)).evidence] == ["licence"]
        remove_evidence(Evidence.objects.select_related("file", "claim").get(pk=one.pk))
        assert case_of(read(claim)).evidence == []
        with pytest.raises(WrongState, match="already"):
            remove_evidence(Evidence.objects.select_related("file", "claim").get(pk=one.pk))


def test_nothing_of_a_submitted_claim_changes(at: Desk) -> None:
    claim = at.complete()
    at.submits(claim)
    with at.place.acts("ana"):
        one, paper = read(claim), Evidence.objects.select_related("file", "claim").first()
        assert paper is not None
        for act in (
            lambda: answer_claim(one, {"level": "industry"}, one.revision),
            lambda: write_rows(one, "investment", [], one.revision),
            lambda: drop_claim(one, one.revision),
            lambda: attach_evidence(io.BytesIO(pdf()), "a.pdf", "licence", claim=one),
            lambda: remove_evidence(paper),
        ):
            with pytest.raises(WrongState, match="no longer"):
                act()


def test_no_programme_in_force_is_told(at: Desk) -> None:
    at.programme.key = "nothing"
    with at.place.acts("ana"), pytest.raises(Missing):
        begin_file(at.enterprise.pk, at.programme, YEAR)
