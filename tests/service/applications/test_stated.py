"""Invoices that are stated twice: found in one's own rows, told as yes or no of others, refusing nothing."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

import pytest
from django.db import DatabaseError, connection
from django.utils import translation
from hypothesis import given, strategies as st
from tests.service.applications.desk import ROW, Desk, read
from tests.service.applications.test_walls import sql
from tests.service.enterprises.town import uscc

from jarlig.service.applications.acts.ask_correction import ask_correction
from jarlig.service.applications.acts.withdraw_claim import withdraw_claim
from jarlig.service.applications.acts.write_rows import write_rows
from jarlig.service.applications.models import Claim, Stated, Submission
from jarlig.service.applications.stated import Twice, key_of, loose_of, stated_twice

FIRST, SECOND, THIRD = (f"2315200000000000000{n}" for n in (1, 2, 3))

WIDE = str.maketrans("0123456789", "０１２３４５６７８９")


def row(number: str, seller: int = 900, **more: str) -> dict[str, str]:
    return {**ROW, "invoice_no": number, "seller": uscc(seller), **more}


@pytest.fixture
def other(at: Desk) -> Desk:
    """Another enterprise in the other banner, for which ``che`` speaks."""
    return Desk(at.place, at.programme, at.place.speaks("che", 2, "y", "阿尔山市示范公司"), at.windows)


@pytest.fixture
def beside(at: Desk) -> Desk:
    """Another enterprise in the same banner, for which ``bat`` speaks."""
    return Desk(at.place, at.programme, at.place.speaks("bat", 3, "x", "乌兰浩特市示范公司"), at.windows)


def seen(at: Desk, claim: Claim, who: str = "ana") -> list[Twice]:
    """What somebody sees of a claim."""
    with at.place.sits(who) if who in at.place.seats else at.place.acts(who):
        return stated_twice(Claim.objects.get(pk=claim.pk))  # an officer sees the claim and not its file


def told(found: list[Twice]) -> list[tuple[str, int, bool | None, bool | None]]:
    return [(one.statement.key, len(one.rows), one.elsewhere, one.alike_elsewhere) for one in found]


# what is written with a submission


def test_a_submission_writes_down_which_invoices_its_rows_state(at: Desk) -> None:
    spaced = f" {FIRST[:4]} {FIRST[4:]}"
    claim = at.complete(rows=(row(spaced), row(SECOND), row(THIRD, reverses=SECOND, net="-5.00")))
    with at.place.acts("ana"):
        assert Stated.objects.count() == 0
    at.submits(claim)
    with at.place.acts("ana"):
        kept = Stated.objects.order_by("position").values_list("fact", "position", "key", "loose", "is_shared")
        assert list(kept) == [("investment", n, key, key, False) for n, key in enumerate((FIRST, SECOND, THIRD))]


def test_a_row_that_is_claimed_under_another_offer_is_not_stated_here(at: Desk) -> None:
    claim = at.complete(rows=(row(FIRST), {**row(SECOND), "for": "2"}))
    at.submits(claim)
    with at.place.acts("ana"):
        assert list(Stated.objects.values_list("key", flat=True)) == [FIRST]


# within one's own


def test_one_invoice_in_two_rows_of_a_draft_is_found_and_names_the_rows(at: Desk) -> None:
    claim = at.complete(rows=(row(FIRST), row(SECOND), row(FIRST, seller=901)))
    found = seen(at, claim)
    assert told(found) == [(FIRST, 1, False, False)] * 2
    assert [one.rows[0].position for one in found] == [2, 0]
    assert found[0].sentences() == [f"Invoice {FIRST} also stands in: claim draft (offer 1a), row 3."]


def test_another_draft_of_the_file_is_looked_at_as_well(at: Desk) -> None:
    first, second = at.complete(project="1"), at.complete(project="2", rows=(row(FIRST), row(SECOND)))
    assert told(seen(at, first)) == [(FIRST, 1, False, False)]
    assert [one.claim for one in seen(at, second)[0].rows] == [first.pk]


def test_what_was_submitted_before_is_looked_at_until_it_is_withdrawn(at: Desk) -> None:
    first = at.complete(project="1")
    at.submits(first)
    second = at.complete(project="2")
    (found,) = seen(at, second)
    assert found.rows[0].number == read_number(at, first) and found.rows[0].number in found.sentences()[0]
    with at.place.acts("ana"):
        withdraw_claim(read(first), "另行申报")
    assert seen(at, second) == []


def read_number(at: Desk, claim: Claim) -> str | None:
    with at.place.acts("ana"):
        return read(claim).number


def test_a_claim_of_which_nothing_is_stated_twice_says_nothing(at: Desk) -> None:
    claim = at.complete()
    assert seen(at, claim) == []
    at.submits(claim)
    assert seen(at, claim) == []


# by another applicant


def test_an_applicant_learns_that_another_states_it_and_nothing_more(at: Desk, other: Desk) -> None:
    theirs = other.complete("che")
    mine = at.complete(rows=(row(FIRST), row(SECOND)))
    assert seen(at, mine) == []  # a draft of somebody else is theirs alone
    other.submits(theirs, "che")
    found = seen(at, mine)
    assert told(found) == [(FIRST, 0, True, False)]
    said = " ".join(found[0].sentences())
    assert said == f"Invoice {FIRST} is also stated by another applicant."
    with at.place.acts("che"):
        assert str(read(theirs).number) not in said and uscc(2) not in said


def test_it_is_a_finding_and_refuses_nothing(at: Desk, other: Desk) -> None:
    other.submits(other.complete("che"), "che")
    assert at.submits(at.complete()).number == 1


def test_both_applicants_are_told_and_neither_after_the_other_withdrew(at: Desk, other: Desk) -> None:
    theirs, mine = other.complete("che"), at.complete()
    other.submits(theirs, "che")
    at.submits(mine)
    assert told(seen(at, mine)) == told(seen(at, theirs, "che")) == [(FIRST, 0, True, False)]
    with at.place.acts("che"):
        withdraw_claim(read(theirs), "撤回")
    assert seen(at, mine) == []
    assert told(seen(at, theirs, "che")) == [(FIRST, 0, True, False)]


def test_who_has_only_asked_to_join_is_told_of_their_own_rows_alone(at: Desk, other: Desk) -> None:
    other.submits(other.complete("che"), "che")
    at.place.asks("bat", role="member")
    claim = at.complete("bat", rows=(row(FIRST), row(FIRST, seller=901)))
    found = seen(at, claim, "bat")
    assert told(found) == [(FIRST, 1, None, None)] * 2
    assert not any("another applicant" in one for twice in found for one in twice.sentences())


def test_an_officer_sees_which_claims_within_their_area_and_a_yes_beyond_it(
    at: Desk, beside: Desk, other: Desk
) -> None:
    mine, near, far = at.complete(), beside.complete("bat"), other.complete("che")
    for desk, claim, who in ((at, mine, "ana"), (beside, near, "bat"), (other, far, "che")):
        desk.submits(claim, who)
    (below,) = seen(at, mine, "receiver x")
    assert {one.claim for one in below.rows} == {near.pk} and below.elsewhere is True
    (top,) = seen(at, mine, "receiver top")
    assert {one.claim for one in top.rows} == {near.pk, far.pk}
    (applicant,) = seen(at, mine)
    assert applicant.rows == () and applicant.elsewhere is True


# corrections


def test_a_correction_states_anew_and_what_it_took_out_is_stated_no_more(routed: Desk) -> None:
    other = Desk(routed.place, routed.programme, routed.place.speaks("che", 2, "y", "阿尔山市示范公司"), routed.windows)
    theirs, mine = other.complete("che"), routed.complete()
    other.submits(theirs, "che")
    routed.submits(mine)
    with routed.place.sits("receiver x"):
        ask_correction(read(mine), (("rows", "investment"),), "发票号码有误，请更正。")
    assert told(seen(routed, mine, "receiver x")) == [(FIRST, 0, True, False)]
    with routed.place.acts("ana"):
        write_rows(read(mine), "investment", [row(SECOND)], read(mine).revision)
    assert seen(routed, mine) == []  # as it stands now
    assert told(seen(routed, mine, "receiver x")) == [(FIRST, 0, True, False)]  # as it was last submitted
    assert told(seen(other, theirs, "che")) == [(FIRST, 0, True, False)]
    routed.submits(mine)
    assert seen(routed, mine, "receiver x") == [] and seen(other, theirs, "che") == []


def test_a_claim_under_correction_is_not_told_beside_itself(routed: Desk) -> None:
    first = routed.complete(project="1")
    routed.submits(first)
    with routed.place.sits("receiver x"):
        ask_correction(read(first), (("rows", "investment"),), "请更正。")
    second = routed.complete(project="2")
    (found,) = seen(routed, second)
    assert [one.claim for one in found.rows] == [first.pk]
    (back,) = seen(routed, first)
    assert [one.claim for one in back.rows] == [second.pk]


# the walls


def _asks(who: str, claim: UUID, keys: list[str]) -> Callable[[Desk], list[tuple[str, bool]]]:
    def asked(at: Desk) -> list[tuple[str, bool]]:
        with at.place.sits(who) if who in at.place.seats else at.place.acts(who), connection.cursor() as cursor:
            cursor.execute("SELECT * FROM jarlig.stated_elsewhere(%s, %s, %s)", [claim, keys, keys])
            return sorted(cursor.fetchall())

    return asked


@pytest.mark.parametrize(("who", "answered"), [
    ("ana", True), ("receiver x", True), ("auditor x", True), ("receiver top", True),
    ("receiver y", False), ("che", False), ("din", False), ("root", False),
])  # fmt: skip
def test_the_database_answers_about_claims_of_one_s_own_or_taken_where_one_sits(
    at: Desk, other: Desk, who: str, answered: bool
) -> None:
    other.submits(other.complete("che"), "che")
    mine = at.complete()
    at.submits(mine)
    assert _asks(who, mine.pk, [FIRST, SECOND])(at) == ([(FIRST, True)] if answered else [])


def test_an_officer_is_not_answered_about_a_draft(at: Desk, other: Desk) -> None:
    other.submits(other.complete("che"), "che")
    mine = at.complete()
    assert _asks("receiver x", mine.pk, [FIRST])(at) == []
    assert _asks("ana", mine.pk, [FIRST])(at) == [(FIRST, True)]


def test_no_more_than_two_thousand_are_answered_at_once(at: Desk, other: Desk) -> None:
    other.submits(other.complete("che"), "che")
    mine = at.complete()
    assert _asks("ana", mine.pk, ["x"] * 2000 + [FIRST])(at) == []


@pytest.mark.parametrize("who", ["din", "che", "receiver y", "root", "publisher"])
def test_what_is_stated_is_seen_by_nobody_who_may_not_see_the_claim(at: Desk, other: Desk, who: str) -> None:
    at.submits(at.complete())
    with at.place.sits(who) if who in at.place.seats else at.place.acts(who):
        assert not Stated.objects.exists()


def test_nobody_writes_what_another_states_or_later_than_the_submission(at: Desk, other: Desk) -> None:
    made = at.submits(at.complete())
    add = (
        "INSERT INTO applications_stated (submission_id, fact, position, is_shared, key, loose)"
        " VALUES (%s, 'x', 7, false, 'a', 'a')"
    )
    with at.place.acts("che"), pytest.raises(DatabaseError):
        sql(add, made.pk)
    for change in ("UPDATE applications_stated SET key = 'b'", "DELETE FROM applications_stated"):
        with at.place.acts("ana"), pytest.raises(DatabaseError):
            sql(change)


def test_nothing_is_added_to_a_submission_of_an_earlier_transaction(own_at: Desk) -> None:
    made = own_at.submits(own_at.complete())
    with own_at.place.acts("ana"), pytest.raises(DatabaseError):
        Stated.objects.create(submission_id=made.pk, fact="x", position=9, is_shared=False, key="a", loose="a")
    with own_at.place.acts("ana"):
        assert Submission.objects.count() == 1


# keys


@pytest.mark.parametrize("typed", [FIRST, f" {FIRST} ", f"{FIRST[:12]} {FIRST[12:]}", FIRST.translate(WIDE)])
def test_an_invoice_has_one_key_however_it_was_typed(typed: str) -> None:
    assert key_of(typed) == FIRST


def test_what_is_no_number_is_kept_in_one_spelling() -> None:
    assert key_of(" ａb 12\t") == "AB12"


@pytest.mark.parametrize(("one", "two"), [("15O0", "1500"), ("l5", "15"), ("AB-12", "ab12"), ("S8", "5B"), ("Q", "O")])
def test_look_alikes_have_one_loose_key(one: str, two: str) -> None:
    assert loose_of(one) == loose_of(two) and key_of(one) != key_of(two)


def test_a_look_alike_is_flagged_as_that_and_not_as_the_same(at: Desk, other: Desk) -> None:
    mine = at.complete()
    at.submits(mine)
    theirs = other.complete("che")
    made = other.submits(theirs, "che")
    with at.place.acts("che"):  # in the transaction of the submission: a row whose number is read for the other's
        Stated.objects.create(
            submission=made, fact="y", position=0, is_shared=False, key="2315-O", loose=loose_of("23150")
        )
    with at.place.acts("ana"):
        submission = read(mine).submissions.get()
        Stated.objects.create(submission=submission, fact="y", position=0, is_shared=False, key="23150", loose="23150")
    found = {one.statement.key: one for one in seen(at, mine)}
    assert (found["23150"].elsewhere, found["23150"].alike_elsewhere) == (False, True)
    assert found["23150"].sentences() == ["Another applicant states an invoice that looks like 23150."]


@given(st.text(max_size=60))
def test_no_cell_is_a_fault(cell: str) -> None:
    assert loose_of(key_of(cell)) == loose_of(loose_of(key_of(cell)))


def test_sentences_are_in_both_languages(at: Desk, other: Desk) -> None:
    other.submits(other.complete("che"), "che")
    claim = at.complete(rows=(row(FIRST), row(FIRST, seller=901)))
    found = seen(at, claim)
    with translation.override("zh-hans"):
        said = [one for twice in found for one in twice.sentences()]
    assert len(said) == 4 and all(one.endswith("。") for one in said)


def test_rows_written_anew_are_looked_at_anew(at: Desk) -> None:
    claim = at.complete(rows=(row(FIRST), row(FIRST, seller=901)))
    assert len(seen(at, claim)) == 2
    with at.place.acts("ana"):
        one = read(claim)
        write_rows(one, "investment", [row(FIRST), row(SECOND)], one.revision)
    assert seen(at, claim) == []
