"""A second claimant: a dispute, decided with a reason that both sides read; never a silent join."""

from __future__ import annotations

import json

import pytest
from django.db import ProgrammingError, connection
from tests.service.enterprises.town import Town

from jarlig.service.audit.models import Act
from jarlig.service.enterprises.acts.accept_letter import accept_letter
from jarlig.service.enterprises.acts.decide_dispute import decide_dispute
from jarlig.service.enterprises.acts.leave import leave
from jarlig.service.enterprises.acts.open_dispute import open_dispute
from jarlig.service.enterprises.acts.refuse_letter import refuse_letter
from jarlig.service.enterprises.events import dispute_decided, dispute_opened
from jarlig.service.enterprises.models import AuthorisationLetter, Dispute, Enterprise, Membership
from jarlig.service.enterprises.offices import disputes_here, letters_here
from jarlig.service.enterprises.queries import disputes_of
from jarlig.service.enterprises.speaking import may_speak
from jarlig.service.ground.errors import Invalid, NotAllowed, WrongState


def states(place: Town) -> dict[str, str]:
    with place.sits("receiver x"):
        return {
            who: Membership.objects.filter(person=person).order_by("-asked_at").first().state
            for who, person in place.people.items()
            if Membership.objects.filter(person=person).exists()
        }


def test_a_second_letter_opens_a_dispute_and_cannot_be_accepted_by_itself(place: Town) -> None:
    place.speaks("ana")
    told: list[object] = []
    dispute_opened.connect(lambda thing, **_: told.append(thing.pk), weak=False, dispatch_uid="told")
    try:
        letter = place.gives("bat")
    finally:
        dispute_opened.disconnect(dispatch_uid="told")
    with place.sits("receiver x"):
        dispute = disputes_here().get()
        assert told == [dispute.pk] and dispute.name == "巴特尔"
        for decided in (lambda one: accept_letter(one), lambda one: refuse_letter(one, "x")):
            with pytest.raises(WrongState):
                decided(letters_here().get(pk=letter.pk))
    assert states(place) == {"ana": "accepted", "bat": "asked"}


@pytest.mark.parametrize(
    ("upheld", "expected"),
    [
        ("claimant", {"ana": "ended", "bat": "accepted"}),
        ("holders", {"ana": "accepted", "bat": "refused"}),
        ("both", {"ana": "accepted", "bat": "accepted"}),
    ],
)
def test_a_dispute_is_decided_for_one_side_or_both(place: Town, upheld: str, expected: dict[str, str]) -> None:
    enterprise = place.speaks("ana")
    place.gives("bat")
    with place.sits("receiver x"):
        decide_dispute(disputes_here().get(), upheld, "经与登记机关核对。")
    assert states(place) == expected
    for who, state in expected.items():
        with place.acts(who) as person:
            assert may_speak(person.id, enterprise.pk) is (state == "accepted")


def logged(place: Town, act: str) -> dict[str, tuple[object, object]]:
    """What an act wrote down: of each kind of thing, its state before and after."""
    with place.sits("auditor x"):
        told = [(one.thing, json.loads(bytes(one.data))) for one in Act.objects.filter(act=act)]
    return {thing.rpartition(".")[2]: (said["before"]["state"], said["after"]["state"]) for thing, said in told}


def test_the_log_says_of_each_row_how_it_was_and_how_it_is(place: Town) -> None:
    place.speaks("ana")
    assert logged(place, "accept_letter") == {
        "authorisationletter": ("waiting", "accepted"), "membership": ("asked", "accepted"),
    }  # fmt: skip
    place.gives("bat")
    with place.sits("receiver x"):
        decide_dispute(disputes_here().get(), "holders", "经与登记机关核对。")
    assert logged(place, "decide_dispute") == {
        "dispute": ("open", "decided"), "authorisationletter": ("waiting", "refused"),
        "membership": ("asked", "refused"),
    }  # fmt: skip


def test_both_sides_read_the_same_and_neither_reads_a_name(place: Town) -> None:
    enterprise = place.speaks("ana")
    claim = place.gives("bat").membership_id
    with place.sits("receiver x"):
        decide_dispute(disputes_here().get(), "holders", "印章与登记不符。")
    read = []
    for who in ("ana", "bat"):
        with place.acts(who), connection.cursor() as cursor:
            one = Dispute.objects.get()
            read.append((one.state, one.upheld, one.reason, one.opened_at, one.decided_at))
            cursor.execute("SELECT jarlig.member_name(%s)", [claim])
            assert cursor.fetchone()[0] == (None if who == "ana" else "巴特尔")
    assert read[0] == read[1] and read[0][2] == "印章与登记不符。"
    with place.acts("ana"):
        assert len(disputes_of(enterprise)) == 1
        assert AuthorisationLetter.objects.count() == 1  # her own, not his
        assert Membership.objects.count() == 1
    with place.acts("bat"):
        assert Membership.objects.count() == 1


def test_whoever_loses_takes_along_whom_they_appointed(place: Town) -> None:
    place.speaks("ana")
    place.enters("che", "member", by="ana")
    place.gives("bat")
    with place.sits("receiver x"):
        decide_dispute(disputes_here().get(), "claimant", "经核对。")
    assert states(place) == {"ana": "ended", "che": "ended", "bat": "accepted"}


def test_two_who_only_ask_dispute_too(place: Town) -> None:
    first = place.gives("ana")
    place.gives("bat")
    with place.sits("receiver x"):
        with pytest.raises(WrongState, match="已有他人"):
            accept_letter(letters_here().get(pk=first.pk))
        decide_dispute(disputes_here().get(), "claimant", "经核对。")
        assert Enterprise.objects.get().state == "active"
        # The first letter is now a claim against who speaks, and its dispute is opened by the officer.
        left = letters_here().get(pk=first.pk)
        open_dispute(left.membership)
        decide_dispute(disputes_here().get(state="open"), "holders", "经核对。")
    assert states(place) == {"ana": "refused", "bat": "accepted"}


def test_who_has_no_letter_opens_no_dispute_and_learns_nothing(place: Town) -> None:
    place.speaks("ana", 1)
    known, unknown = place.asks("bat", 1), place.asks("bat", 2)
    with place.acts("bat"):
        said = []
        for one in (known, unknown):
            with pytest.raises(WrongState) as caught:
                open_dispute(one)
            said.append(str(caught.value))
        assert said[0] == said[1]


def test_no_dispute_is_opened_by_direct_sql_where_there_is_none(place: Town) -> None:
    letter = place.gives("bat")
    with pytest.raises(ProgrammingError), place.acts("bat"):
        Dispute(enterprise_id=letter.membership.enterprise_id, claimant=letter.membership,
                opened_at=letter.given_at).save(force_insert=True)  # fmt: skip


def test_a_decision_needs_its_reason_and_an_outcome_that_there_is(place: Town) -> None:
    place.speaks("ana")
    place.gives("bat")
    with place.sits("receiver x"):
        for upheld, reason, field in (("both", " ", "reason"), ("nobody", "x", "upheld")):
            with pytest.raises(Invalid) as caught:
                decide_dispute(disputes_here().get(), upheld, reason)
            assert caught.value.field == field


def test_a_dispute_is_decided_once_and_told(place: Town) -> None:
    place.speaks("ana")
    place.gives("bat")
    told: list[str] = []
    dispute_decided.connect(lambda thing, **_: told.append(thing.upheld), weak=False, dispatch_uid="told")
    try:
        with place.sits("receiver x"):
            dispute = disputes_here().get()
            decide_dispute(dispute, "both", "x")
            with pytest.raises(WrongState):
                decide_dispute(dispute, "holders", "x")
    finally:
        dispute_decided.disconnect(dispatch_uid="told")
    assert told == ["both"]


def test_it_is_not_decided_elsewhere_nor_by_who_has_a_part_in_it(place: Town) -> None:
    place.speaks("ana")
    place.gives("receiver x")
    with place.sits("receiver y"):
        assert Dispute.objects.count() == 0
    with place.sits("receiver x"), pytest.raises(NotAllowed):
        decide_dispute(Dispute.objects.get(), "claimant", "x")
    with pytest.raises(ProgrammingError), place.sits("receiver x") as seat:
        Dispute.objects.update(state="decided", upheld="claimant", reason="x", decided_by=seat.person_id)
    with place.sits("second receiver x"):
        decide_dispute(disputes_here().get(), "holders", "x")


def test_the_claimant_may_take_it_back(place: Town) -> None:
    place.speaks("ana")
    letter = place.gives("bat")
    with place.acts("bat"):
        leave(Membership.objects.get(pk=letter.membership_id))
        assert Dispute.objects.get().state == "withdrawn"
    assert states(place) == {"ana": "accepted", "bat": "ended"}
