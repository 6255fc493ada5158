"""The database alone: whoever asks it directly sees no row of another enterprise or another banner."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.db import connection
from tests.service.at_once import together
from tests.service.enterprises.town import NAME, NUMBER, ROUTING, Town, letter_file, uscc

from jarlig.service.audit.models import Act
from jarlig.service.documents.models import StoredFile
from jarlig.service.enterprises import states
from jarlig.service.enterprises.acts.accept_letter import accept_letter
from jarlig.service.enterprises.acts.add_bank_account import add_bank_account
from jarlig.service.enterprises.acts.confirm_bank_account import confirm_bank_account
from jarlig.service.enterprises.acts.leave import leave
from jarlig.service.enterprises.acts.merge_enterprises import close_enterprise, merge_enterprises
from jarlig.service.enterprises.acts.refuse_letter import refuse_letter
from jarlig.service.enterprises.acts.register_enterprise import register_enterprise
from jarlig.service.enterprises.acts.rename_enterprise import rename_enterprise
from jarlig.service.enterprises.acts.upload_letter import upload_letter
from jarlig.service.enterprises.events import account_changed
from jarlig.service.enterprises.models import (
    AuthorisationLetter,
    BankAccount,
    Dispute,
    Enterprise,
    Membership,
    Renaming,
)
from jarlig.service.enterprises.offices import letters_here, paper, waiting_here
from jarlig.service.enterprises.queries import my_places
from jarlig.service.enterprises.speaking import may_speak
from jarlig.service.ground.context import Who, acting
from jarlig.service.ground.errors import Invalid, NotAllowed, WrongState

TABLES = ("enterprise", "membership", "letter", "proof", "dispute", "account", "renaming")


def seen() -> dict[str, int]:
    found = {}
    with connection.cursor() as cursor:
        for table in TABLES:
            cursor.execute(f"SELECT count(*) FROM enterprises_{table}")
            found[table] = cursor.fetchone()[0]
    return found


@pytest.fixture
def full(place: Town) -> Town:
    """Ana's enterprise at x with one row of everything; che has an enterprise of his own at y."""
    enterprise = place.speaks("ana", 1)
    place.speaks("che", 2, "y", "阿尔山冰泉有限公司")
    with place.acts("ana"):
        add_bank_account(enterprise, number=NUMBER, routing=ROUTING, bank="工行", account_name=NAME)
        rename_enterprise(enterprise, "新名称有限公司", letter_file(), "a.pdf")
    place.gives("bat", 1)
    return place


def test_a_person_of_one_enterprise_sees_nothing_of_another(full: Town) -> None:
    with full.acts("che"):
        assert seen() == {"enterprise": 1, "membership": 1, "letter": 1, "proof": 0, "dispute": 0, "account": 0,
                          "renaming": 0}  # fmt: skip
        assert Enterprise.objects.get().uscc == uscc(2)
    with full.acts("din"):
        assert set(seen().values()) == {0}
    with full.acts("bat"):  # who has only handed in a letter
        assert seen() == {"enterprise": 0, "membership": 1, "letter": 1, "proof": 0, "dispute": 1, "account": 0,
                          "renaming": 0}  # fmt: skip


def test_an_officer_sees_their_banner_and_no_other(full: Town) -> None:
    with full.sits("receiver x"):
        assert seen() == {"enterprise": 1, "membership": 2, "letter": 2, "proof": 0, "dispute": 1, "account": 1,
                          "renaming": 1}  # fmt: skip
    with full.sits("receiver y"):
        assert seen() == {"enterprise": 1, "membership": 1, "letter": 1, "proof": 0, "dispute": 0, "account": 0,
                          "renaming": 0}  # fmt: skip
    with full.sits("receiver top"):
        assert seen()["enterprise"] == 2
    with full.sits("reviewer x"):
        assert (seen()["enterprise"], seen()["account"]) == (1, 0)
    with full.sits("root"):
        assert set(seen().values()) == {0}


def test_an_officer_who_does_not_sit_sees_nothing(full: Town) -> None:
    with full.acts("receiver x"):
        assert set(seen().values()) == {0}


def test_a_seat_that_is_not_one_s_own_opens_nothing(full: Town) -> None:
    with acting(Who(role="jarlig_person", person=full.people["din"].id, seat=full.seats["receiver x"].id)):
        assert set(seen().values()) == {0}


@pytest.mark.parametrize("machine", ["ENTERPRISE", "MEMBERSHIP", "LETTER", "DISPUTE", "ACCOUNT", "RENAMING"])
def test_the_database_lets_through_just_the_changes_of_state_that_the_room_names(place: Town, machine: str) -> None:
    with place.acts("ana"), connection.cursor() as cursor:
        cursor.execute("SELECT before, after FROM jarlig.transitions WHERE machine = %s", [machine.lower()])
        assert set(cursor.fetchall()) == set(getattr(states, machine))


def test_the_people_of_who_remains_see_the_history_of_who_was_merged(full: Town) -> None:
    with full.sits("receiver x"):
        from jarlig.service.enterprises.acts.decide_dispute import decide_dispute

        decide_dispute(Dispute.objects.get(), "holders", "x")
    with full.sits("receiver top"):
        gone, into = Enterprise.objects.get(uscc=uscc(1)), Enterprise.objects.get(uscc=uscc(2))
        merge_enterprises(gone, into, "吸收合并")
    with full.acts("che") as che:
        assert Enterprise.objects.count() == 2 and may_speak(che.id, gone.pk)
        assert seen()["account"] == 1
    with full.acts("ana") as ana:
        assert not may_speak(ana.id, gone.pk) and seen()["enterprise"] == 0


def test_a_merger_is_the_region_s_and_has_its_reasons(full: Town) -> None:
    with full.sits("receiver x"), pytest.raises(NotAllowed):
        merge_enterprises(Enterprise.objects.get(), Enterprise.objects.get(), "x")
    with full.sits("receiver top"):
        gone, into = Enterprise.objects.get(uscc=uscc(1)), Enterprise.objects.get(uscc=uscc(2))
        for one, other, reason, error in (
            (gone, gone, "x", Invalid), (into, gone, " ", Invalid), (gone, into, "x", WrongState),
        ):  # fmt: skip
            with pytest.raises(error):
                merge_enterprises(one, other, reason)


def test_nobody_speaks_for_an_enterprise_that_is_no_more(place: Town) -> None:
    enterprise = place.speaks("ana")
    with place.sits("receiver x"):
        close_enterprise(Enterprise.objects.get(), "已注销")
        with pytest.raises(WrongState):
            close_enterprise(Enterprise.objects.get(), "已注销")
    with place.acts("ana") as ana:
        assert not may_speak(ana.id, enterprise.pk)


def test_nothing_waits_for_an_enterprise_that_is_no_more(place: Town) -> None:
    """Whoever signed is gone, another letter waits, and so does a renaming and an account in force."""
    enterprise = place.speaks("ana")
    place.enters("che", "member", by="ana")
    with place.acts("ana") as ana:
        account = add_bank_account(enterprise, number=NUMBER, routing=ROUTING, bank="建设银行", account_name=NAME)
        rename_enterprise(enterprise, "新名", letter_file(), "a.pdf")
    with place.acts("che"):
        confirm_bank_account(BankAccount.objects.get())
    with place.acts("ana"):
        leave(Membership.objects.get(person=ana))
    letter = place.gives("bat")
    with place.sits("receiver x"):
        told: list[object] = []
        account_changed.connect(lambda thing, **_: told.append(thing.pk), weak=False, dispatch_uid="told")
        try:
            close_enterprise(Enterprise.objects.get(), "已注销")
        finally:
            account_changed.disconnect(dispatch_uid="told")
        assert told == [account.pk]
        assert waiting_here() == dict.fromkeys(waiting_here(), 0)
        assert AuthorisationLetter.objects.get(pk=letter.pk).state == "refused"
        assert Renaming.objects.get().state == "refused"
        assert Membership.objects.get(person=place.people["bat"]).state == "ended"


def test_a_letter_that_an_earlier_closing_left_behind_is_refused_by_itself(place: Town) -> None:
    letter = place.gives("bat")
    with place.acts("bat"), connection.cursor() as cursor:
        cursor.execute("UPDATE enterprises_membership SET state = 'ended', until = jarlig.now()")
    with place.sits("receiver x"):
        assert refuse_letter(AuthorisationLetter.objects.get(pk=letter.pk), "企业已注销").state == "refused"
        assert Membership.objects.get().state == "ended" and not letters_here().filter(state="waiting").exists()


def test_auditors_of_the_banner_find_its_acts(full: Town) -> None:
    with full.sits("auditor x"):
        found = set(Act.objects.values_list("act", flat=True))
        assert {"register_enterprise", "upload_letter", "accept_letter", "add_bank_account", "open_dispute"} <= found
        assert not Act.objects.filter(area=full.areas["y"].path).exists()


@pytest.mark.parametrize("many", [1, 5])
def test_pages_ask_as_often_for_many_as_for_one(place: Town, many: int) -> None:
    for number in range(1, many + 1):
        place.speaks("ana", number, name=f"{NAME}{number}")
        place.gives("bat", 10 + number, name=f"{NAME}{10 + number}")
    with place.acts("ana"):
        assert asked(my_places) <= 6
    with place.sits("receiver x"):
        assert asked(lambda: [one.membership.enterprise.area.name_zh for one in letters_here()]) <= 3


def asked(does: Callable[[], object]) -> int:
    """How many queries something takes."""
    found = 0

    def count(execute: Callable[..., object], *rest: object) -> object:
        nonlocal found
        found += 1
        return execute(*rest)

    with connection.execute_wrapper(count):
        does()
    return found


def test_two_who_name_the_same_enterprise_at_once_each_ask_and_neither_joins(own_place: Town) -> None:
    area = own_place.areas["x"]

    def ask(who: str) -> Callable[[], object]:
        def does() -> None:
            with own_place.acts(who):
                letter = upload_letter(register_enterprise(uscc(7), NAME, area), letter_file(), "a.pdf")
                assert letter.membership.state == "asked"

        return does

    assert together(ask("ana"), ask("bat")) == ["done", "done"]
    with own_place.sits("receiver x"):
        assert Enterprise.objects.filter(uscc=uscc(7)).count() == 1
        assert list(Membership.objects.values_list("state", flat=True)) == ["asked", "asked"]
        assert Dispute.objects.filter(state="open").count() == 1  # whoever came second


def test_one_who_asks_twice_at_once_has_asked_once(own_place: Town) -> None:
    area = own_place.areas["x"]

    def does() -> None:
        with own_place.acts("ana"):
            register_enterprise(uscc(7), NAME, area)

    assert sorted(together(does, does, does)) == ["WrongState", "WrongState", "done"]


def test_two_officers_who_accept_two_letters_at_once_accept_one(own_place: Town) -> None:
    """Even were no dispute open."""
    letters = []
    for who in ("ana", "bat"):
        letters.append(own_place.gives(who, 7).pk)
    with own_place.acts("bat"):
        Dispute.objects.update(state="withdrawn")

    def accept(name: str, letter: object) -> Callable[[], object]:
        def does() -> None:
            with own_place.sits(name):
                accept_letter(AuthorisationLetter.objects.get(pk=letter))

        return does

    outcome = together(accept("receiver x", letters[0]), accept("second receiver x", letters[1]))
    assert "done" not in outcome or outcome.count("done") == 1
    with own_place.sits("receiver x"):
        assert Membership.objects.filter(state="accepted").count() <= 1


def opened(place: Town, who: str) -> set[str]:
    """For what the files are that somebody sees, from their seat where they have one."""
    with place.sits(who) if who in place.seats else place.acts(who):
        return set(StoredFile.objects.values_list("purpose", flat=True))


def test_papers_are_opened_by_who_handed_them_in_who_decides_and_who_audits(full: Town) -> None:
    both = {"authorisation", "renaming"}
    expected = {"receiver x": both, "receiver top": both, "auditor x": both, "reviewer x": set(), "finance x": set(),
                "receiver y": {"authorisation"}, "root": set(), "ana": both, "bat": {"authorisation"}}  # fmt: skip
    assert {who: opened(full, who) for who in expected} == expected
    with full.acts("bat"):
        assert StoredFile.objects.count() == 1  # his own


def test_an_officer_with_a_stake_reads_neither_the_rival_s_letter_nor_their_name(place: Town) -> None:
    letter = place.gives("ana")
    place.gives("receiver x")
    with place.sits("receiver x") as seat, connection.cursor() as cursor:
        assert [one.uploaded_by for one in StoredFile.objects.all()] == [seat.person_id]
        cursor.execute("SELECT jarlig.member_name(%s)", [letter.membership_id])
        assert cursor.fetchone()[0] is None
        found = letters_here().get(pk=letter.pk)
        assert found.name is None and paper(found) is None
    with place.sits("second receiver x"):
        assert StoredFile.objects.count() == 2 and letters_here().get(pk=letter.pk).name == "敖登"
        assert paper(letter) is not None
