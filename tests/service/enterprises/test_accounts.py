"""Accounts: in the enterprise's own name, confirmed by a second person, never in full where they are read."""

from __future__ import annotations

import io
import logging

import pytest
from django.db import IntegrityError, ProgrammingError, connection
from django.utils import translation
from hypothesis import given, settings, strategies as st
from tests.service.enterprises.town import NAME, NUMBER, ROUTING, Town, letter_file

from jarlig.reference import BadCode, check_bank_routing, check_uscc
from jarlig.reference.banks import routing_check_digit
from jarlig.service.audit.models import Act
from jarlig.service.bodies.permission import may
from jarlig.service.enterprises.accounts import same_name, shown
from jarlig.service.enterprises.acts.add_bank_account import add_bank_account
from jarlig.service.enterprises.acts.confirm_bank_account import confirm_bank_account, refuse_bank_account
from jarlig.service.enterprises.acts.rename_enterprise import decide_renaming, rename_enterprise
from jarlig.service.enterprises.acts.retire_bank_account import retire_bank_account
from jarlig.service.enterprises.acts.reveal_bank_account import reveal_bank_account
from jarlig.service.enterprises.models import BankAccount, Enterprise, Renaming
from jarlig.service.enterprises.queries import account_in_force, accounts, former_names
from jarlig.service.ground.errors import Invalid, NotAllowed, WrongState

OTHER = "6217000010009999999"


def named(place: Town, who: str = "ana", number: str = NUMBER, **more: str) -> BankAccount:
    given = {"number": number, "routing": ROUTING, "bank": "工商银行兴安支行", "account_name": NAME, **more}
    with place.acts(who):
        return add_bank_account(Enterprise.objects.get(), **given)


def confirmed(place: Town, number: str = NUMBER) -> BankAccount:
    account = named(place, number=number)
    with place.sits("receiver x"):
        return confirm_bank_account(BankAccount.objects.get(pk=account.pk))


def test_an_account_is_in_force_when_a_second_person_confirms_it(place: Town) -> None:
    enterprise = place.speaks("ana")
    place.enters("bat", "member", by="ana")
    account = named(place)
    with place.acts("ana"):
        assert account_in_force(enterprise) is None
        with pytest.raises(NotAllowed):
            confirm_bank_account(BankAccount.objects.get(pk=account.pk))
    with place.acts("bat") as bat:
        kept = confirm_bank_account(BankAccount.objects.get(pk=account.pk))
        assert (kept.confirmed_by_id, kept.state) == (bat.id, "confirmed") and kept.changed_at
        assert account_in_force(enterprise) == kept


@pytest.mark.parametrize(("names", "confirms"), [("ana", "din"), ("din", "ana")])
def test_whoever_may_be_the_same_human_confirms_nothing(place: Town, names: str, confirms: str) -> None:
    """One of the two signed up by a form, which anybody fills in twice: the receiver confirms."""
    enterprise = place.speaks("ana")
    place.enters("din", "member", by="ana")
    account = named(place, names)
    with place.acts(confirms):
        waiting = BankAccount.objects.get(pk=account.pk)
        with translation.override("en"), pytest.raises(NotAllowed, match="it is not certain that you are"):
            confirm_bank_account(waiting)
        assert may("refuse_bank_account", waiting).allowed, "a change is turned down by whoever doubts it"
    with place.sits("receiver x"):
        confirm_bank_account(BankAccount.objects.get(pk=account.pk))
    with place.acts("ana"):
        assert account_in_force(enterprise) is not None


def test_the_database_too_wants_a_second_person(place: Town) -> None:
    place.speaks("ana")
    account = named(place)
    with pytest.raises(IntegrityError, match="account_second_person"), place.acts("ana") as ana:
        BankAccount.objects.filter(pk=account.pk).update(
            state="confirmed", confirmed_by=ana, changed_at=account.asked_at
        )
    with pytest.raises(ProgrammingError, match="signed"), place.acts("ana"):
        BankAccount.objects.filter(pk=account.pk).update(
            state="confirmed", confirmed_by=place.people["bat"], changed_at=account.asked_at
        )
    with pytest.raises(ProgrammingError, match="permission denied"), place.acts("ana"):
        BankAccount.objects.filter(pk=account.pk).update(asked_by=place.people["bat"])


def test_nobody_names_the_second_person_beforehand(place: Town) -> None:
    """Else who names an account could confirm it in another's name."""
    place.speaks("ana")
    account = named(place)
    place.enters("bat", "member", by="ana")
    with place.acts("ana"):
        retire_bank_account(BankAccount.objects.get(pk=account.pk), "x")
    with pytest.raises(IntegrityError, match="begins without a decision"), place.acts("ana") as ana:
        BankAccount(enterprise_id=account.enterprise_id, sealed=b"x", index=b"x", routing=ROUTING, bank="x",
                    account_name=NAME, asked_by=ana, asked_at=account.asked_at,
                    confirmed_by=place.people["bat"]).save(force_insert=True)  # fmt: skip


def test_a_change_leaves_the_earlier_one_with_its_end(place: Town) -> None:
    enterprise = place.speaks("ana")
    first, second = confirmed(place), confirmed(place, OTHER)
    with place.acts("ana"):
        kept = accounts(enterprise)
        assert [one.state for one in kept] == ["confirmed", "replaced"]
        assert kept[1].pk == first.pk and kept[1].ended_at == second.changed_at
        assert [shown(one) for one in kept] == ["*" * 15 + "9999", "*" * 15 + "4567"]


def test_a_change_that_is_turned_down_changes_nothing(place: Town) -> None:
    enterprise = place.speaks("ana")
    first = confirmed(place)
    asked = named(place, number=OTHER)
    with place.sits("receiver x"):
        with pytest.raises(Invalid):
            refuse_bank_account(BankAccount.objects.get(pk=asked.pk), "")
        refuse_bank_account(BankAccount.objects.get(pk=asked.pk), "户名核对不符")
        with pytest.raises(WrongState):
            confirm_bank_account(BankAccount.objects.get(pk=asked.pk))
        assert account_in_force(enterprise) == first


def test_one_change_waits_at_a_time_and_can_be_taken_back(place: Town) -> None:
    place.speaks("ana")
    asked = named(place)
    with pytest.raises(WrongState):
        named(place, number=OTHER)
    with place.acts("ana"):
        retire_bank_account(BankAccount.objects.get(pk=asked.pk), "写错了")
        assert BankAccount.objects.get().state == "refused"
    named(place, number=OTHER)


def test_an_agent_does_not_touch_accounts(place: Town) -> None:
    enterprise = place.speaks("ana")
    asked = named(place)
    with place.acts("ana"):
        from jarlig.service.ground.clock import today

        day = today()
    place.enters("bat", "agent", by="ana", mandate="代办", ends_on=day)
    with place.acts("bat"):
        assert accounts(enterprise)  # sees which one it is, by its end
        with pytest.raises(NotAllowed):
            confirm_bank_account(BankAccount.objects.get(pk=asked.pk))
        with pytest.raises(NotAllowed):
            retire_bank_account(BankAccount.objects.get(pk=asked.pk), "x")
        assert BankAccount.objects.update(state="refused") == 0
    with pytest.raises(NotAllowed):
        named(place, "bat", OTHER)


@pytest.mark.parametrize(
    ("change", "field"),
    [({"account_name": "另一家有限公司"}, "account_name"), ({"account_name": ""}, "account_name"),
     ({"routing": "313651027013"}, "routing"), ({"routing": "1"}, "routing"), ({"number": "12"}, "number"),
     ({"number": "6217abc"}, "number"), ({"bank": ""}, "bank")],
)  # fmt: skip
def test_what_cannot_be_an_account_is_told_with_its_field(place: Town, change: dict[str, str], field: str) -> None:
    place.speaks("ana")
    with pytest.raises(Invalid) as caught:
        named(place, **{"number": NUMBER, **change})
    assert caught.value.field == field
    assert NUMBER not in str(caught.value)


def test_before_a_letter_is_accepted_there_is_no_account(place: Town) -> None:
    letter = place.gives("ana")
    with place.acts("ana"):
        assert not Enterprise.objects.exists()
        ghost = Enterprise(pk=letter.membership.enterprise_id, name=NAME, area=place.areas["x"])
        with pytest.raises(NotAllowed):
            add_bank_account(ghost, number=NUMBER, routing=ROUTING, bank="x", account_name=NAME)


def test_while_it_is_disputed_who_speaks_no_account_changes(place: Town) -> None:
    place.speaks("ana")
    waiting = named(place)
    place.gives("bat")
    with place.sits("receiver x"), pytest.raises(WrongState):
        confirm_bank_account(BankAccount.objects.get(pk=waiting.pk))


def test_an_account_stands_nowhere_in_full(place: Town, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    enterprise = place.speaks("ana")
    confirmed(place)
    with place.sits("root"), connection.cursor() as cursor:
        cursor.execute("SELECT string_agg(encode(data, 'escape'), ' ') FROM audit_act")
        written = cursor.fetchone()[0] or ""
        assert NUMBER not in written
    with place.acts("ana"), connection.cursor() as cursor:
        for table in ("enterprises_account", "enterprises_enterprise", "enterprises_membership"):
            cursor.execute(f"SELECT string_agg(t::text, ' ') FROM {table} t")
            assert NUMBER not in cursor.fetchone()[0]
        assert all(NUMBER not in shown(one) for one in accounts(enterprise))
        mine = b" ".join(bytes(one) for one in Act.objects.values_list("data", flat=True))
        assert NUMBER.encode() not in mine and b"committed" in mine
    assert NUMBER not in caplog.text


def test_finance_reads_it_in_full_with_a_reason_and_that_is_noted(place: Town) -> None:
    place.speaks("ana")
    account = confirmed(place)
    with place.sits("finance x"):
        with pytest.raises(Invalid):
            reveal_bank_account(account, "")
        assert reveal_bank_account(account, "拨付第一批") == NUMBER
        assert Act.objects.filter(act="reveal_bank_account").count() == 1
    with place.sits("receiver x"), pytest.raises(NotAllowed):
        reveal_bank_account(account, "x")


def test_a_sealed_number_moved_to_another_row_is_not_read(place: Town) -> None:
    from jarlig.service.ground.personal import Unreadable

    place.speaks("ana")
    account = confirmed(place)
    moved = BankAccount(sealed=account.sealed)
    with pytest.raises(Unreadable):
        shown(moved)


def test_a_new_name_is_accepted_with_its_document_and_the_former_one_kept(place: Town) -> None:
    enterprise = place.speaks("ana")
    with place.acts("ana"):
        rename_enterprise(enterprise, "兴安盟乌兰智慧物流有限公司", letter_file(), "变更通知书.pdf")
        assert Enterprise.objects.get().name == NAME
    with place.sits("receiver x"):
        decide_renaming(Renaming.objects.get(), accepted=True)
    with place.acts("ana"):
        assert Enterprise.objects.get().name == "兴安盟乌兰智慧物流有限公司"
        assert former_names(enterprise) == [NAME]
    with pytest.raises(Invalid):
        named(place, account_name=NAME)


def test_a_renaming_is_refused_with_a_reason_and_asked_by_a_signatory(place: Town) -> None:
    enterprise = place.speaks("ana")
    place.enters("bat", "member", by="ana")
    with place.acts("bat"), pytest.raises(NotAllowed):
        rename_enterprise(enterprise, "新名", letter_file(), "a.pdf")
    with place.acts("ana"):
        with pytest.raises(Invalid):
            rename_enterprise(enterprise, NAME, letter_file(), "a.pdf")
        with pytest.raises(Invalid):
            rename_enterprise(enterprise, "新名", io.BytesIO(b""), "a.pdf")
        rename_enterprise(enterprise, "新名", letter_file(), "a.pdf")
        with pytest.raises(WrongState):
            rename_enterprise(enterprise, "又一个", letter_file(), "a.pdf")
    with place.sits("receiver x"):
        with pytest.raises(Invalid):
            decide_renaming(Renaming.objects.get(), accepted=False)
        decide_renaming(Renaming.objects.get(), accepted=False, reason="文件不是本企业的")
        assert Enterprise.objects.get().name == NAME


def test_a_name_is_not_accepted_for_an_enterprise_that_is_no_more(place: Town) -> None:
    enterprise = place.speaks("ana")
    with place.acts("ana"):
        rename_enterprise(enterprise, "新名", letter_file(), "a.pdf")
    with place.sits("receiver x"):
        Enterprise.objects.update(state="closed")  # as closings of before left it: the renaming waits
        with pytest.raises(WrongState, match=r"active|存续"):
            decide_renaming(Renaming.objects.get(), accepted=True)
        assert decide_renaming(Renaming.objects.get(), accepted=False, reason="企业已注销").state == "refused"


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [("内蒙古（北方）公司", "内蒙古(北方)公司", True), ("ＡＢＣ 公司", "abc公司", True), ("甲公司", "乙公司", False),
     ("", "", False), ("甲公司", "甲公司分公司", False)],
)  # fmt: skip
def test_names_are_the_same_but_for_blanks_and_brackets(one: str, other: str, same: bool) -> None:
    assert same_name(one, other) is same


@settings(max_examples=300, deadline=None)
@given(st.integers(0, 10**11 - 1), st.integers(0, 11), st.integers(1, 9))
def test_every_slip_of_one_digit_of_a_routing_code_is_found(first: int, at: int, by: int) -> None:
    digits = f"{first:011d}"
    right = digits + routing_check_digit(digits)
    assert check_bank_routing(right).code == right
    wrong = right[:at] + str((int(right[at]) + by) % 10) + right[at + 1 :]
    with pytest.raises(BadCode):
        check_bank_routing(wrong)


@settings(max_examples=300, deadline=None)
@given(st.integers(0, 999_999), st.integers(0, 17), st.sampled_from("0123456789ABCDEFGHJKLMNPQRTUWXY"))
def test_every_slip_of_one_character_of_a_code_is_found(number: int, at: int, other: str) -> None:
    from tests.service.enterprises.town import uscc

    right = uscc(number)
    assert check_uscc(right).code == right
    if right[at] != other:
        with pytest.raises(BadCode):
            check_uscc(right[:at] + other + right[at + 1 :])
