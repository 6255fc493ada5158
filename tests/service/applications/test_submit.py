"""Submitting: once, whole, in time, by who may; and what stays afterwards."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest
from tests.service.applications.desk import ANSWERS, DECLARED, OFFER, Desk, opens, read, said
from tests.service.enterprises.town import uscc

from jarlig.service.applications.acts.answer_claim import answer_claim
from jarlig.service.applications.acts.submit_claim import seen_of, submit_claim
from jarlig.service.applications.acts.withdraw_claim import withdraw_claim
from jarlig.service.applications.errors import Conflict, Incomplete
from jarlig.service.applications.models import Claim, Evidence, Submission
from jarlig.service.audit.models import Act
from jarlig.service.catalogue.acts.close_window import close_window
from jarlig.service.enterprises.acts.end_membership import end_membership
from jarlig.service.enterprises.models import Membership
from jarlig.service.ground.errors import Invalid, Missing, NotAllowed, WrongState
from jarlig.words.canonical import digest


def test_a_complete_claim_is_acknowledged_with_number_instant_and_hash(at: Desk) -> None:
    claim = at.complete()
    made = at.submits(claim)
    with at.place.acts("ana"):
        kept = Submission.objects.get(pk=made.pk)
        one = read(claim)
        assert (one.state, one.submitted_at, one.area_id) == ("submitted", kept.submitted_at, at.enterprise.area_id)
        assert one.number is not None and one.number.startswith("2023-") and len(one.number) == 13
        assert kept.sha256 == digest(bytes(kept.snapshot))
        acts = Act.objects.filter(act="submit_claim", thing_id=str(claim.pk))
        assert [kept.sha256 in bytes(act.data).decode() for act in acts] == [True]


def test_the_snapshot_says_who_what_under_which_rules_and_what_it_comes_to(at: Desk) -> None:
    found = said(at.submits(at.complete()))
    assert (found["enterprise"]["uscc"], found["offer"], found["year"]) == (uscc(1), OFFER, 2023)
    assert found["stated"]["investment"][0]["net"] == "1000.00"
    assert found["stated"]["registered_at"] == "152201"
    assert found["declared"] == DECLARED
    assert sorted(one["kind"] for one in found["evidence"]) == ["invoice", "licence", "list"]
    assert found["computed"]["answer"]["amount"] == "200.00"


def test_the_same_form_sent_again_is_the_same_submission_also_after_the_close(at: Desk) -> None:
    claim, key = at.complete(), uuid4()
    with at.place.acts("ana"):
        seen = seen_of(read(claim))
    first = at.submits(claim, key=key, seen=seen)
    with at.place.sits("publisher"):
        close_window(at.windows[OFFER], "名额已满")
    again = at.submits(claim, key=key, seen=seen)
    assert again.pk == first.pk
    with at.place.acts("ana"):
        assert Submission.objects.count() == 1
        with pytest.raises(Conflict, match="sent already"):
            submit_claim(read(claim), key, "something else", DECLARED)


def test_another_form_finds_a_claim_that_is_submitted(at: Desk) -> None:
    claim = at.complete()
    at.submits(claim)
    with pytest.raises(WrongState, match="no longer be changed"):
        at.submits(claim)


def test_what_was_not_read_is_not_declared(at: Desk) -> None:
    claim = at.complete()
    with at.place.acts("ana"):
        seen = seen_of(read(claim))
        answer_claim(read(claim), {"level": "industry"}, read(claim).revision)
    with pytest.raises(Conflict, match="meanwhile"):
        at.submits(claim, seen=seen)


def test_everything_that_is_missing_is_told_at_once(at: Desk) -> None:
    claim = at.draft()
    with at.place.acts("ana"):
        answer_claim(read(claim), {"level": ANSWERS["level"]}, 0)
    with pytest.raises(Incomplete) as told:
        at.submits(claim)
    assert [one.partition(": ")[2] or one.partition("：")[2] for one in told.value.lacks]
    assert len(told.value.lacks) >= 6
    assert any("投资" in one or "investment" in one for one in told.value.lacks)
    with at.place.acts("ana"):
        assert read(claim).state == "draft"


@pytest.mark.parametrize(("begin", "end", "why"), [(1, 2, "open at"), (-2, -1, "closed at")])
def test_outside_the_window_nothing_is_taken(place_desk: Desk, begin: int, end: int, why: str) -> None:
    opens(place_desk, begin=timedelta(hours=begin), end=timedelta(hours=end))
    with pytest.raises(WrongState, match=why):
        place_desk.submits(place_desk.complete())


def test_without_a_window_nothing_is_taken(place_desk: Desk) -> None:
    with pytest.raises(Missing, match="announced"):
        place_desk.submits(place_desk.complete())


def test_who_has_only_asked_drafts_and_does_not_submit(at: Desk) -> None:
    at.place.asks("bat", role="member")
    claim = at.complete("bat")
    with pytest.raises(NotAllowed, match="do not speak"):
        at.submits(claim, "bat")
    with at.place.acts("ana"):
        assert not Claim.objects.filter(pk=claim.pk).exists()  # the draft of a stranger is theirs alone


def test_an_enterprise_s_people_share_a_draft_and_a_leaver_leaves_it(at: Desk) -> None:
    at.place.enters("che", "member", by="ana")
    claim = at.complete("che")
    with at.place.acts("ana"):
        end_membership(Membership.objects.get(person=at.place.people["che"], state="accepted"), "离职")
    with at.place.acts("che"):
        assert not Claim.objects.exists()
        assert not Evidence.objects.exists()
    assert at.submits(claim, "ana").claim_id == claim.pk


def test_a_withdrawn_claim_stays_as_it_was_and_another_may_begin(at: Desk) -> None:
    claim = at.complete()
    at.submits(claim)
    with at.place.acts("ana"):
        with pytest.raises(Invalid, match="Say why"):
            withdraw_claim(read(claim), " ")
        gone = withdraw_claim(read(claim), "改报其他项目")
        assert (gone.state, gone.number is not None) == ("withdrawn", True)
        with pytest.raises(WrongState):
            withdraw_claim(read(claim), "again")
        assert Submission.objects.filter(claim=claim).count() == 1
    assert at.draft().pk != claim.pk
