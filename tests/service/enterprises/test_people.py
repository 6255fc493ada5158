"""Members, agents with a mandate and an end, leaving; proof by a provider of legal persons' identities."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import IntegrityError, ProgrammingError, connection
from tests.service.enterprises.town import NAME, Town, uscc

from jarlig.service.audit.models import Act
from jarlig.service.enterprises.acts.accept_by_proof import VerifiedClaims, accept_by_proof
from jarlig.service.enterprises.acts.appoint_agent import appoint_agent
from jarlig.service.enterprises.acts.decide_dispute import decide_dispute
from jarlig.service.enterprises.acts.end_membership import end_membership
from jarlig.service.enterprises.acts.leave import leave
from jarlig.service.enterprises.models import Dispute, Enterprise, LegalPersonProof, Membership
from jarlig.service.enterprises.offices import disputes_here
from jarlig.service.enterprises.queries import members, my_places
from jarlig.service.enterprises.speaking import may_speak, speaks_as
from jarlig.service.ground.clock import today
from jarlig.service.ground.context import Who, acting
from jarlig.service.ground.errors import Invalid, NotAllowed, WrongState


def test_an_agent_speaks_within_a_mandate_until_a_day(place: Town) -> None:
    enterprise = place.speaks("ana")
    with place.acts("ana"):
        last = today()
    place.enters("bat", "agent", by="ana", mandate="代办 2023 年申报", ends_on=last)
    with place.acts("bat") as bat:
        assert may_speak(bat.id, enterprise.pk) and speaks_as(enterprise.pk, "agent")
        assert not speaks_as(enterprise.pk, "signatory", "member")


def test_the_day_after_an_agent_speaks_no_more(place: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    enterprise = place.speaks("ana")
    with place.acts("ana"):
        yesterday = today() - timedelta(days=1)
    monkeypatch.setattr("jarlig.service.enterprises.acts.appoint_agent.today", lambda: yesterday)
    place.enters("bat", "agent", by="ana", mandate="代办", ends_on=yesterday)
    with place.acts("bat") as bat:
        assert not may_speak(bat.id, enterprise.pk)
        assert Enterprise.objects.count() == 0
        assert [(one.over, one.seen) for one in my_places()] == [(True, None)]
    with place.acts("ana"):
        assert {one.name: one.over for one in members(enterprise)} == {"敖登": False, "巴特尔": True}


@pytest.mark.parametrize(
    ("role", "mandate", "days", "field"),
    [("agent", "", 1, "mandate"), ("agent", "代办", None, "ends_on"), ("agent", "代办", -1, "ends_on"),
     ("signatory", "", None, "role")],
)  # fmt: skip
def test_an_appointment_says_what_is_missing(
    place: Town, role: str, mandate: str, days: int | None, field: str
) -> None:
    place.speaks("ana")
    asked = place.asks("bat", role="member")
    with place.acts("ana"), pytest.raises(Invalid) as caught:
        ends = None if days is None else today() + timedelta(days=days)
        appoint_agent(Membership.objects.get(pk=asked.pk), role, mandate=mandate, ends_on=ends)
    assert caught.value.field == field


def test_only_a_signatory_appoints_and_ends(place: Town) -> None:
    place.speaks("ana")
    place.enters("bat", "member", by="ana")
    asked = place.asks("che", role="member")
    with place.acts("bat"):
        for act in (lambda one: appoint_agent(one, "member"), lambda one: end_membership(one, "x")):
            with pytest.raises(NotAllowed):
                act(Membership.objects.get(pk=asked.pk))
    with place.acts("ana"):
        end_membership(Membership.objects.get(pk=asked.pk), "不认识此人")
    with place.acts("che"):
        assert (Membership.objects.get().state, Membership.objects.get().reason) == ("refused", "不认识此人")


def test_no_signatory_makes_another_by_direct_sql(place: Town) -> None:
    place.speaks("ana")
    place.enters("bat", "member", by="ana")
    with pytest.raises(IntegrityError, match="keeps its role"), place.acts("ana") as ana:
        Membership.objects.exclude(person=ana).update(role="signatory")


def test_nobody_puts_another_person_in_their_place(place: Town) -> None:
    place.speaks("ana")
    place.enters("bat", "member", by="ana")
    with pytest.raises(ProgrammingError, match="permission denied"), place.acts("ana"):
        Membership.objects.filter(role="member").update(person=place.people["che"])


def test_a_signatory_is_not_ended_by_another(place: Town) -> None:
    place.speaks("ana")
    place.gives("bat")
    with place.sits("receiver x"):
        decide_dispute(disputes_here().get(), "both", "经核对。")
    with place.acts("ana") as ana:
        other = Membership.objects.exclude(person=ana).get()
        with pytest.raises(NotAllowed):
            end_membership(other, "x")
        assert Membership.objects.exclude(person=ana).filter(role="signatory").update(state="ended") == 0


def test_whoever_leaves_speaks_no_more(place: Town) -> None:
    enterprise = place.speaks("ana")
    place.enters("bat", "member", by="ana")
    with place.acts("bat") as bat:
        leave(Membership.objects.get(person=bat))
        assert not may_speak(bat.id, enterprise.pk)
        with pytest.raises(WrongState):
            leave(Membership.objects.get(person=bat))
    with place.acts("ana") as ana, pytest.raises(NotAllowed):
        leave(Membership.objects.exclude(person=ana).get())


def test_people_of_an_enterprise_see_each_other_by_name_and_others_do_not(place: Town) -> None:
    enterprise = place.speaks("ana")
    place.enters("bat", "member", by="ana")
    with place.acts("bat"):
        assert {one.name for one in members(enterprise)} == {"敖登", "巴特尔"}
    with place.sits("receiver x"):
        guessed = list(Membership.objects.values_list("pk", flat=True))
    assert len(guessed) == 2
    with place.acts("che"), connection.cursor() as cursor:
        assert members(enterprise) == []
        cursor.execute("SELECT count(jarlig.member_name(id)) FROM unnest(%s) id", [guessed])
        assert cursor.fetchone()[0] == 0


CLAIMS = VerifiedClaims("region", "subject-17", uscc(1), NAME)


def test_a_legal_person_s_proof_lets_a_person_speak_at_once(place: Town) -> None:
    with place.acts("ana") as ana:
        membership = accept_by_proof(CLAIMS)
        assert (membership.state, membership.role) == ("accepted", "signatory")
        assert may_speak(ana.id, membership.enterprise_id)
        assert Enterprise.objects.get().area == place.areas["x"]  # by its code
        assert accept_by_proof(CLAIMS).pk == membership.pk
        acts = [bytes(data) for data in Act.objects.values_list("data", flat=True)]
        assert not any(b"subject-17" in data for data in acts)
        assert LegalPersonProof.objects.count() == 1


def test_a_proof_joins_nobody_silently_either(place: Town) -> None:
    place.speaks("bat")
    with place.acts("ana") as ana:
        membership = accept_by_proof(CLAIMS)
        assert membership.state == "asked"
        assert not may_speak(ana.id, membership.enterprise_id)
        accept_by_proof(CLAIMS)
        assert Dispute.objects.count() == 1
    with place.sits("receiver x"):
        decide_dispute(disputes_here().get(), "claimant", "法人认证。")
    with place.acts("ana") as ana:
        assert may_speak(ana.id, membership.enterprise_id)


def test_a_letter_is_not_needed_any_more_after_a_proof(place: Town) -> None:
    asked = place.asks("ana")
    with place.acts("ana"):
        assert accept_by_proof(CLAIMS).pk == asked.pk


def test_a_proof_of_what_cannot_be_is_refused(place: Town) -> None:
    with place.acts("ana"):
        for claims, field in (
            (VerifiedClaims("p", "s", "91", NAME), "uscc"),
            (VerifiedClaims("p", "s", uscc(1), ""), "name"),
        ):
            with pytest.raises(Invalid) as caught:
                accept_by_proof(claims)
            assert caught.value.field == field
    with acting(Who(role="jarlig_gate")), pytest.raises(NotAllowed):
        accept_by_proof(CLAIMS)


def test_nobody_writes_a_proof_for_themselves(place: Town) -> None:
    membership = place.asks("ana")
    with pytest.raises(ProgrammingError), place.acts("ana"):
        LegalPersonProof(membership=membership, provider="p", subject_index=b"x", uscc=uscc(1), name=NAME,
                         said_at=membership.asked_at).save(force_insert=True)  # fmt: skip
