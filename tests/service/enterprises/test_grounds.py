"""The database alone: nothing changes hands, names or accounts without the paper or decision that it stands on.

Each statement is sent by the role of requests, with the person and seat of somebody who may change such rows at all.
"""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import DatabaseError, IntegrityError, connection
from tests.service.enterprises.test_accounts import confirmed, named
from tests.service.enterprises.test_disputes import states
from tests.service.enterprises.test_people import CLAIMS
from tests.service.enterprises.town import NAME, Town, letter_file, uscc

from jarlig.service.audit.models import Act
from jarlig.service.audit.record import committed
from jarlig.service.enterprises.acts.accept_by_proof import accept_by_proof
from jarlig.service.enterprises.acts.accept_letter import accept_letter
from jarlig.service.enterprises.acts.confirm_bank_account import confirm_bank_account
from jarlig.service.enterprises.acts.decide_dispute import decide_dispute
from jarlig.service.enterprises.acts.merge_enterprises import close_enterprise, merge_enterprises
from jarlig.service.enterprises.acts.rename_enterprise import decide_renaming, rename_enterprise
from jarlig.service.enterprises.models import (
    AuthorisationLetter,
    BankAccount,
    Dispute,
    Enterprise,
    LegalPersonProof,
    Membership,
    Renaming,
)
from jarlig.service.ground.clock import now
from jarlig.service.ground.context import Who, acting


def sql(text: str, *values: object) -> int:
    """A statement as it is sent; how many rows it changed."""
    with connection.cursor() as cursor:
        cursor.execute(text, list(values))
        return int(cursor.rowcount)


def test_a_receiver_accepts_nobody_without_having_accepted_a_letter(place: Town) -> None:
    letter = place.gives("ana")
    member = place.asks("bat", role="member")
    for place_of in (letter.membership_id, member.pk):
        with pytest.raises(IntegrityError, match="a letter, a proof or a decision"), place.sits("receiver x"):
            sql("UPDATE enterprises_membership SET state = 'accepted' WHERE id = %s", place_of)
    with place.sits("receiver x"):
        accept_letter(AuthorisationLetter.objects.get())
        assert Membership.objects.get(pk=letter.membership_id).state == "accepted"


def test_an_accepted_letter_lets_nobody_in_beside_an_open_dispute(place: Town) -> None:
    place.speaks("ana")
    letter = place.gives("bat")
    with pytest.raises(IntegrityError, match="a letter, a proof or a decision"), place.sits("receiver x") as seat:
        sql("UPDATE enterprises_letter SET state = 'accepted', decided_by_id = %s, seat_id = %s WHERE id = %s",
            seat.person_id, seat.pk, letter.pk)  # fmt: skip
        sql("UPDATE enterprises_membership SET state = 'accepted' WHERE id = %s", letter.membership_id)


@pytest.mark.parametrize("who", ["receiver x", "ana"])
def test_nobody_becomes_a_signatory_by_a_change_of_role(place: Town, who: str) -> None:
    place.speaks("ana")
    member = place.enters("bat", "member", by="ana")
    with pytest.raises(DatabaseError), place.sits(who) if who in place.seats else place.acts(who):
        sql("UPDATE enterprises_membership SET role = 'signatory' WHERE id = %s", member.pk)
    asked = place.asks("che", role="member")
    with pytest.raises(DatabaseError), place.sits(who) if who in place.seats else place.acts(who):
        sql("UPDATE enterprises_membership SET role = 'signatory', state = 'accepted' WHERE id = %s", asked.pk)


def test_a_receiver_ends_and_refuses_nobody_s_place_without_a_decision(place: Town) -> None:
    place.speaks("ana")
    letter = place.gives("bat")
    for state, whose in (("ended", place.people["ana"].pk), ("refused", place.people["bat"].pk)):
        with pytest.raises(IntegrityError, match="a letter, a proof or a decision"), place.sits("receiver x"):
            sql("UPDATE enterprises_membership SET state = %s WHERE person_id = %s", state, whose)
    assert letter.state == "waiting" and states(place) == {"ana": "accepted", "bat": "asked"}


def test_the_end_of_an_agent_s_mandate_is_not_moved(place: Town) -> None:
    place.speaks("ana")
    with place.acts("ana"):
        day = now().date() + timedelta(days=5)
    agent = place.enters("bat", "agent", by="ana", mandate="申报", ends_on=day)
    for who in ("receiver x", "ana"):
        with pytest.raises(DatabaseError), place.sits(who) if who in place.seats else place.acts(who):
            sql("UPDATE enterprises_membership SET ends_on = '2199-01-01' WHERE id = %s", agent.pk)


def test_a_draft_is_no_officer_s_to_change(place: Town) -> None:
    place.gives("ana")
    with place.sits("receiver x"):
        assert sql("UPDATE enterprises_enterprise SET state = 'active'") == 0
        assert sql("UPDATE enterprises_enterprise SET name = '别的公司'") == 0


def test_a_name_changes_by_an_accepted_renaming_alone(own_place: Town) -> None:
    enterprise = own_place.speaks("ana")
    for name in ("别的公司", "新名称有限公司"):
        with pytest.raises(IntegrityError, match="by a renaming that is accepted"), own_place.sits("receiver x"):
            sql("UPDATE enterprises_enterprise SET name = %s", name)
    with own_place.acts("ana"):
        rename_enterprise(Enterprise.objects.get(), "新名称有限公司", letter_file(), "a.pdf")
    with pytest.raises(IntegrityError, match="by a renaming"), own_place.sits("receiver x"):
        sql("UPDATE enterprises_enterprise SET name = '新名称有限公司'")  # asked, not accepted
    with own_place.sits("receiver x"):
        decide_renaming(Renaming.objects.get(), True)
        assert Enterprise.objects.get().name == "新名称有限公司"
    with own_place.acts("ana"):
        rename_enterprise(Enterprise.objects.get(), NAME, letter_file(), "b.pdf")
    with own_place.sits("receiver x"):
        decide_renaming(Renaming.objects.get(state="asked"), True)
    with pytest.raises(IntegrityError, match="by a renaming"), own_place.sits("receiver x"):
        sql("UPDATE enterprises_enterprise SET name = '新名称有限公司'")  # of an earlier transaction
    with own_place.sits("second receiver x"):
        assert Enterprise.objects.get(pk=enterprise.pk).name == NAME


def test_an_enterprise_is_merged_by_the_region_into_an_active_one_and_none_of_the_officer_s(place: Town) -> None:
    first, second, third = (place.speaks("ana", number, name=f"{NAME}{number}") for number in (1, 2, 3))
    merging = "UPDATE enterprises_enterprise SET state = 'merged', merged_into_id = %s WHERE id = %s"
    with pytest.raises(IntegrityError, match="merged by the region"), place.sits("receiver x"):
        sql(merging, second.pk, first.pk)
    with pytest.raises(IntegrityError, match="merged by the region"), place.sits("receiver top"):
        sql(merging, first.pk, first.pk)
    with place.sits("receiver top"):
        merge_enterprises(Enterprise.objects.get(pk=first.pk), Enterprise.objects.get(pk=second.pk), "吸收合并")
    with pytest.raises(IntegrityError, match="merged by the region"), place.sits("receiver top"):
        sql(merging, first.pk, third.pk)
    place.gives("receiver top", 2)
    for one, into in ((third, second), (second, third)):
        with pytest.raises(DatabaseError), place.sits("receiver top"):
            if sql(merging, into.pk, one.pk) == 0:
                raise DatabaseError("no row was theirs to change")
    with place.sits("receiver top"):
        assert sql("UPDATE enterprises_enterprise SET merged_into_id = %s WHERE id = %s", third.pk, first.pk) == 0
        assert dict(Enterprise.objects.values_list("pk", "state")) == {
            first.pk: "merged", second.pk: "active", third.pk: "active",
        }  # fmt: skip


def test_no_enterprise_is_closed_while_it_is_disputed(place: Town) -> None:
    place.speaks("ana")
    place.gives("bat")
    with pytest.raises(IntegrityError, match="a dispute is open"), place.sits("receiver x"):
        sql("UPDATE enterprises_enterprise SET state = 'closed'")


@pytest.mark.parametrize("change", ["reason = 'other'", "upheld = 'both'", "decided_at = '2020-01-01'"])
def test_a_decision_stays_as_it_was_taken(place: Town, change: str) -> None:
    place.speaks("ana")
    place.gives("bat")
    with place.sits("receiver x"):
        decide_dispute(Dispute.objects.get(), "holders", "印章与登记不符。")
    with pytest.raises(IntegrityError, match="no longer changes"), place.sits("receiver x"):
        sql(f"UPDATE enterprises_dispute SET {change}")


def test_a_decision_bears_the_seat_from_which_it_is_taken(place: Town) -> None:
    place.speaks("ana")
    letter = place.gives("che", 2)
    place.gives("bat")
    other = place.seats["second receiver x"].pk
    for table, state, more in (
        ("letter", "accepted", ""), ("dispute", "decided", ", upheld = 'both', reason = 'x'"),
    ):  # fmt: skip
        for seat in (other, None):
            with pytest.raises(DatabaseError), place.sits("receiver x") as sits:
                sql(f"UPDATE enterprises_{table} SET state = %s, decided_by_id = %s, seat_id = %s{more}",
                    state, sits.person_id, seat)  # fmt: skip
    with place.sits("receiver x") as sits:
        accept_letter(AuthorisationLetter.objects.get(pk=letter.pk))
        assert AuthorisationLetter.objects.get(pk=letter.pk).seat_id == sits.pk


def test_from_when_an_account_holds_is_not_backdated(place: Town) -> None:
    place.speaks("ana")
    account = named(place)
    confirming = "UPDATE enterprises_account SET state = 'confirmed', confirmed_by_id = %s, changed_at = %s"
    with place.sits("receiver x") as seat:
        before = now()
        sql(confirming, seat.person_id, "2020-01-01")
        assert BankAccount.objects.get(pk=account.pk).changed_at >= before
    for change in ("changed_at = '2020-01-01'", "changed_at = NULL", "ended_at = '2020-01-01'"):
        with pytest.raises(IntegrityError), place.sits("receiver x"):
            sql(f"UPDATE enterprises_account SET {change}")


def test_who_confirmed_an_account_stays_and_comes_with_the_confirmation(place: Town) -> None:
    place.speaks("ana")
    named(place)
    with pytest.raises(IntegrityError), place.sits("receiver x") as seat:
        sql("UPDATE enterprises_account SET state = 'refused', confirmed_by_id = %s", seat.person_id)
    with place.sits("receiver x"):
        confirm_bank_account(BankAccount.objects.get())
    with pytest.raises(DatabaseError), place.sits("second receiver x") as seat:
        sql("UPDATE enterprises_account SET confirmed_by_id = %s", seat.person_id)


def test_people_of_whom_it_is_not_known_that_they_are_two_confirm_no_account(place: Town) -> None:
    place.speaks("ana")
    for who in ("bat", "din"):
        place.enters(who, "member", by="ana")
    named(place)
    confirming = "UPDATE enterprises_account SET state = 'confirmed', confirmed_by_id = %s, changed_at = jarlig.now()"
    with pytest.raises(IntegrityError, match="does not become confirmed"), place.acts("din") as din:
        sql(confirming, din.pk)
    with place.acts("bat") as bat:
        assert sql(confirming, bat.pk) == 1


def test_nobody_tries_numbers_against_what_the_log_commits_to(own_place: Town) -> None:
    place = own_place
    place.speaks("ana")
    account = named(place)
    for who in ("ana", "bat"):
        with pytest.raises(DatabaseError, match="concerns somebody else"), place.acts(who):
            committed(account.pk, "15000000000000000000")


def test_a_receiver_takes_no_account_out_of_force_by_themselves(place: Town) -> None:
    place.speaks("ana")
    confirmed(place)
    for state in ("retired", "replaced"):
        with pytest.raises(IntegrityError, match="does not become"), place.sits("receiver x"):
            sql("UPDATE enterprises_account SET state = %s", state)
    with place.sits("receiver x"):
        close_enterprise(Enterprise.objects.get(), "已注销")
        assert BankAccount.objects.get().state == "retired"


def test_no_account_is_confirmed_while_it_is_disputed_who_speaks(place: Town) -> None:
    place.speaks("ana")
    named(place)
    place.gives("bat")
    with pytest.raises(IntegrityError, match="does not become"), place.sits("receiver x") as seat:
        sql("UPDATE enterprises_account SET state = 'confirmed', confirmed_by_id = %s, changed_at = jarlig.now()",
            seat.person_id)  # fmt: skip


def test_the_account_of_who_loses_a_dispute_ends_with_it(place: Town) -> None:
    place.speaks("ana")
    place.enters("che", "member", by="ana")
    kept = confirmed(place)
    second = named(place, number="6217000010009999999")
    place.gives("bat")
    with place.sits("receiver x"):
        decide_dispute(Dispute.objects.get(), "claimant", "印章与登记不符。")
        found = {one.pk: (one.state, one.reason, one.ended_at is not None) for one in BankAccount.objects.all()}
        why = "印章与登记不符。"
        assert found == {kept.pk: ("retired", why, True), second.pk: ("refused", why, True)}
    with place.sits("auditor x"):
        ended = Act.objects.filter(act="retire_bank_account").values_list("thing_id", flat=True)
        assert set(ended) == {str(kept.pk), str(second.pk)}


@pytest.mark.parametrize("upheld", ["holders", "both"])
def test_a_dispute_that_the_holders_do_not_lose_leaves_their_account(place: Town, upheld: str) -> None:
    place.speaks("ana")
    confirmed(place)
    place.gives("bat")
    with place.sits("receiver x"):
        decide_dispute(Dispute.objects.get(), upheld, "经核对。")
        assert BankAccount.objects.get().state == "confirmed"


def test_who_has_only_asked_is_told_nothing_by_a_path_or_a_settled_draft(place: Town) -> None:
    place.speaks("ana", 1, area="x")
    known, unknown = place.asks("bat", 1, area="y"), place.asks("bat", 2, area="y")
    with place.acts("bat"), connection.cursor() as cursor:
        for one in (known, unknown):
            cursor.execute("SELECT jarlig.enterprise_path(%s)", [one.enterprise_id])
            assert cursor.fetchone()[0] == place.areas["y"].path == one.area_path
        asked = Act.objects.filter(act="register_enterprise")
        assert set(asked.values_list("area", flat=True)) == {place.areas["y"].path}
        cursor.execute("SELECT jarlig.settle(%s)", [unknown.pk])
    for who in ("din", "receiver y"):
        with place.sits(who) if who in place.seats else place.acts(who), connection.cursor() as cursor:
            cursor.execute("SELECT jarlig.enterprise_path(%s)", [known.enterprise_id])
            assert cursor.fetchone()[0] is None
    with place.sits("receiver x"):
        assert known.area_path == place.areas["x"].path
    third = place.asks("che", 2, area="x", name="别的公司")
    with place.acts("che"), connection.cursor() as cursor:
        cursor.execute("SELECT jarlig.settle(%s)", [third.pk])  # no letter: nothing is taken over
    with place.sits("receiver top"):
        assert Enterprise.objects.get(uscc=uscc(2)).area_id == place.areas["y"].pk


def test_a_proof_makes_no_agent_and_no_second_signatory(place: Town) -> None:
    place.speaks("ana")
    with place.acts("bat"):
        membership = accept_by_proof(CLAIMS, place.areas["x"])
    gate = Who(role="jarlig_gate", person=place.people["bat"].pk)
    for change in ("state = 'accepted'", "state = 'accepted', role = 'agent', mandate = 'x', ends_on = '2199-01-01'"):
        with pytest.raises(DatabaseError), acting(gate):
            sql(f"UPDATE enterprises_membership SET {change} WHERE id = %s", membership.pk)
    with pytest.raises(DatabaseError), acting(gate):
        proof = LegalPersonProof.objects.get()
        proof.pk, proof.uscc = None, uscc(3)
        proof.save(force_insert=True)
    with place.acts("bat"):
        assert Membership.objects.get().state == "asked"


def test_who_waited_to_be_appointed_and_comes_with_a_proof_asks_anew(place: Town) -> None:
    asked = place.asks("ana", role="member")
    with place.acts("ana"):
        membership = accept_by_proof(CLAIMS)
        assert (membership.role, membership.state) == ("signatory", "accepted")
        assert Membership.objects.get(pk=asked.pk).state == "ended"


def test_a_place_is_not_asked_under_another_code(place: Town) -> None:
    one = place.asks("ana", 1)
    with pytest.raises(IntegrityError, match="the code is that of the enterprise"), place.acts("bat") as bat:
        one.pk, one.person, one.uscc = None, bat, uscc(2)
        one._state.adding = True
        one.save(force_insert=True)
