"""Who may speak for an enterprise: letters, their decision, and what nobody learns before."""

from __future__ import annotations

import io

import pytest
from django.db import DatabaseError, ProgrammingError, connection
from tests.service.enterprises.town import NAME, Town, letter_file, uscc

from jarlig.service.documents.models import StoredFile
from jarlig.service.enterprises.acts.accept_letter import accept_letter
from jarlig.service.enterprises.acts.leave import leave
from jarlig.service.enterprises.acts.refuse_letter import refuse_letter
from jarlig.service.enterprises.acts.register_enterprise import register_enterprise
from jarlig.service.enterprises.acts.upload_letter import upload_letter
from jarlig.service.enterprises.models import AuthorisationLetter, Dispute, Enterprise, Membership
from jarlig.service.enterprises.offices import letters_here
from jarlig.service.enterprises.queries import my_places
from jarlig.service.enterprises.speaking import may_draft, may_speak
from jarlig.service.ground.context import Who, acting
from jarlig.service.ground.errors import Invalid, NotAllowed, WrongState


def test_an_accepted_letter_lets_a_person_speak(place: Town) -> None:
    enterprise = place.speaks("ana")
    assert (enterprise.name, enterprise.area.name_zh, enterprise.state) == (NAME, "乌兰浩特市", "active")
    with place.acts("ana") as ana:
        assert may_speak(ana.id, enterprise.pk) and may_draft(ana.id, enterprise.pk)
        assert my_places()[0].seen == enterprise


def test_until_then_a_person_drafts_and_does_not_even_see_the_enterprise(place: Town) -> None:
    letter = place.gives("ana")
    with place.acts("ana") as ana:
        enterprise = letter.membership.enterprise_id
        assert may_draft(ana.id, enterprise) and not may_speak(ana.id, enterprise)
        assert Enterprise.objects.count() == 0
        assert my_places()[0].seen is None


def test_who_has_nothing_to_do_with_it_may_not_even_draft(place: Town) -> None:
    enterprise = place.speaks("ana")
    with place.acts("bat") as bat:
        assert not may_draft(bat.id, enterprise.pk) and not may_speak(bat.id, enterprise.pk)
        assert not may_speak(place.people["ana"].id, enterprise.pk)  # nobody asks for another


def test_a_known_and_an_unknown_code_are_answered_alike(place: Town) -> None:
    place.speaks("ana", 1)
    known, unknown = place.asks("bat", 1), place.asks("bat", 2)
    with place.acts("bat"):
        rows = list(Membership.objects.order_by("asked_at").values("state", "role", "stated_name", "reason", "since"))
        assert rows[0] == rows[1]
        assert Enterprise.objects.count() == 0
        assert {one.pk for one in Membership.objects.all()} == {known.pk, unknown.pk}


def test_a_refused_letter_says_why_and_may_be_followed_by_another(place: Town) -> None:
    letter = place.gives("ana")
    with place.sits("receiver x"):
        refuse_letter(letters_here().get(), "公章看不清，请重新扫描。")
    with place.acts("ana"):
        membership = my_places()[0]
        assert (membership.state, membership.reason) == ("refused", "公章看不清，请重新扫描。")
    assert place.gives("ana").pk != letter.pk


def test_a_refusal_needs_its_reason(place: Town) -> None:
    place.gives("ana")
    with place.sits("receiver x"), pytest.raises(Invalid) as caught:
        refuse_letter(letters_here().get(), "  ")
    assert caught.value.field == "reason"


def test_a_letter_is_decided_once(place: Town) -> None:
    place.gives("ana")
    with place.sits("receiver x"):
        letter = letters_here().get()
        accept_letter(letter)
        for again in (lambda: accept_letter(letter), lambda: refuse_letter(letter, "x")):
            with pytest.raises(WrongState):
                again()


def test_a_letter_is_not_decided_elsewhere_or_by_another_role(place: Town) -> None:
    letter = place.gives("ana")
    with place.sits("receiver y"):
        assert letters_here().count() == 0
        assert AuthorisationLetter.objects.count() == 0
        with pytest.raises(NotAllowed):
            accept_letter(letter)
    for name in ("reviewer x", "finance x", "auditor x", "root"):
        with place.sits(name), pytest.raises(NotAllowed):
            accept_letter(letter)


def test_the_receiver_of_the_region_may_decide_for_a_banner(place: Town) -> None:
    place.gives("ana")
    with place.sits("receiver top"):
        accept_letter(letters_here().get())


def test_an_officer_does_not_decide_on_their_own_letter(place: Town) -> None:
    place.gives("receiver x")
    with place.sits("receiver x"), pytest.raises(NotAllowed, match="曾经是该企业人员"):
        accept_letter(letters_here().get())
    with place.sits("second receiver x"):
        accept_letter(letters_here().get())


def test_an_officer_who_was_ever_in_an_enterprise_decides_nothing_there(place: Town) -> None:
    membership = place.asks("receiver x")
    with place.acts("receiver x"):
        leave(membership)
    place.gives("ana")
    with place.sits("receiver x"):
        with pytest.raises(NotAllowed):
            accept_letter(letters_here().get())
        with pytest.raises(NotAllowed):
            refuse_letter(letters_here().get(), "x")
        assert Membership.objects.exclude(person=place.people["receiver x"]).update(state="accepted") == 0


@pytest.mark.parametrize("change", ["state = 'accepted'", "state = 'ended', role = 'signatory', person_id = person_id"])
def test_nobody_accepts_themselves_by_direct_sql(place: Town, change: str) -> None:
    place.gives("ana")
    with pytest.raises(DatabaseError), place.acts("ana"), connection.cursor() as cursor:
        cursor.execute(f"UPDATE enterprises_membership SET {change}")


def test_a_claimant_does_not_sign_their_own_letter_by_direct_sql(place: Town) -> None:
    place.gives("ana")
    with pytest.raises(ProgrammingError), place.acts("ana") as ana, connection.cursor() as cursor:
        cursor.execute(
            "UPDATE enterprises_letter SET state = 'accepted', decided_by_id = %s, seat_id = %s",
            [ana.id, place.seats["receiver x"].id],
        )


def test_an_officer_does_not_sign_with_another_name(place: Town) -> None:
    place.gives("ana")
    with pytest.raises(ProgrammingError, match="signed"), place.sits("receiver x") as seat:
        AuthorisationLetter.objects.update(state="accepted", decided_by=place.people["ana"], seat=seat)


def test_a_letter_of_somebody_else_s_file_is_refused_by_the_database(place: Town) -> None:
    theirs = place.gives("ana").file_id
    membership = place.asks("bat", 2)
    with pytest.raises(ProgrammingError), place.acts("bat"):
        AuthorisationLetter(membership=membership, file_id=theirs, given_at=membership.asked_at).save(force_insert=True)


def test_the_file_is_seen_by_its_owner_and_by_who_decides(place: Town) -> None:
    place.gives("ana")
    for opens, sees in ((place.acts("ana"), 1), (place.acts("bat"), 0), (place.sits("receiver x"), 1),
                        (place.sits("receiver y"), 0), (place.sits("root"), 0)):  # fmt: skip
        with opens:
            assert StoredFile.objects.count() == sees
    with pytest.raises(ProgrammingError), acting(Who()):
        StoredFile.objects.count()


def test_one_asks_once_and_may_take_it_back(place: Town) -> None:
    letter = place.gives("ana")
    with pytest.raises(WrongState):
        place.asks("ana")
    with place.acts("ana"):
        leave(Membership.objects.get(pk=letter.membership_id))
        assert AuthorisationLetter.objects.get().state == "withdrawn"
    with place.sits("receiver x"):
        assert letters_here().filter(state="waiting").count() == 0
    place.asks("ana")


def test_a_letter_waits_once(place: Town) -> None:
    letter = place.gives("ana")
    with place.acts("ana"), pytest.raises(WrongState):
        upload_letter(Membership.objects.get(pk=letter.membership_id), letter_file(), "b.pdf")


def test_nobody_hands_in_a_letter_for_another(place: Town) -> None:
    membership = place.asks("ana")
    with place.acts("bat"), pytest.raises(NotAllowed):
        upload_letter(membership, letter_file(), "b.pdf")


def test_a_letter_that_acts_is_not_taken_and_nothing_is_left(place: Town) -> None:
    membership = place.asks("ana")
    with place.acts("ana"):
        with pytest.raises(Invalid):
            upload_letter(membership, io.BytesIO(b"<html>"), "letter.pdf")
        assert StoredFile.objects.count() == AuthorisationLetter.objects.count() == 0


def test_a_draft_takes_the_name_of_who_shows_that_they_speak(place: Town) -> None:
    """Whoever types a code first, with any name and place, blocks nobody."""
    place.asks("bat", 1, "y", "假的公司")
    enterprise = place.speaks("ana", 1, "x")
    assert (enterprise.name, enterprise.area.name_zh) == (NAME, "乌兰浩特市")
    with place.acts("bat"):
        assert Dispute.objects.count() == 0


@pytest.mark.parametrize(
    ("code", "name", "area", "field"),
    [("91152201MA0000011", NAME, "x", "uscc"), ("", NAME, "x", "uscc"), (uscc(1).lower(), NAME, "x", "uscc"),
     (uscc(1), "", "x", "name"), (uscc(1), "长" * 121, "x", "name"), (uscc(1), "a\u202eb", "x", "name"),
     (uscc(1), NAME, "league", "area")],
)  # fmt: skip
def test_what_cannot_be_is_told_with_its_field(place: Town, code: str, name: str, area: str, field: str) -> None:
    with place.acts("ana"), pytest.raises(Invalid) as caught:
        register_enterprise(code, name, place.areas[area])
    assert caught.value.field == field and str(caught.value)


def test_who_is_not_signed_in_registers_nothing(place: Town) -> None:
    with acting(Who(role="jarlig_person")), pytest.raises(NotAllowed):
        register_enterprise(uscc(1), NAME, place.areas["x"])
    with pytest.raises(ProgrammingError), acting(Who(role="jarlig_person")), connection.cursor() as cursor:
        cursor.execute("SELECT jarlig.enterprise_for('x', 'y', NULL)")
