"""Documents of a claim beside the rows that they show, from the upload to what an officer reads."""

from __future__ import annotations

import io

from tests.service.applications.desk import ROW, Desk, read, said
from tests.service.documents.issued import NUMBER, PROPERTIES, SELLER, container, digital
from tests.service.documents.made import pdf
from tests.service.enterprises.town import uscc

from jarlig.service.applications.acts.attach_evidence import attach_evidence
from jarlig.service.applications.case import case_of
from jarlig.service.applications.invoices import Beside, beside_rows, row_key_of
from jarlig.service.applications.models import Claim, Evidence

SECOND = {**ROW, "invoice_no": "23152000000000000002", "net": "7.00"}


def attached(at: Desk, claim: Claim, inside: bytes, name: str, number: str = "") -> Evidence:
    """A document attached as the invoice of the row with this number; of no row in particular without one."""
    with at.place.acts("ana"):
        one = read(claim)
        definition = case_of(one).asked.lists()["investment"]
        row_key = row_key_of(definition, {**ROW, "invoice_no": number}) if number else ""
        return attach_evidence(io.BytesIO(inside), name, "invoice", claim=one, fact="investment" if number else "",
                               row_key=row_key)  # fmt: skip


def found(at: Desk, claim: Claim) -> dict[str, Beside]:
    with at.place.acts("ana"):
        case = case_of(read(claim))
        beside = beside_rows(case.evidence, case.asked.lists(), case.stated, case.who.uscc)
        return {one.evidence.stored.name: one for one in beside}


def told(one: Beside) -> list[tuple[str, str]]:
    return [(difference.what, difference.state) for difference in one.differences]


def test_an_invoice_is_compared_with_the_row_that_it_was_attached_to(at: Desk) -> None:
    claim = at.complete(rows=(ROW, SECOND))
    attached(at, claim, digital(), "一.xml", NUMBER)
    attached(at, claim, container(PROPERTIES), "二.ofd", NUMBER)
    attached(at, claim, digital(), "三.xml", SECOND["invoice_no"])
    beside = found(at, claim)
    assert sorted(beside) == ["一.xml", "三.xml", "二.ofd"]  # and none of the PDFs
    assert {one.position for one in beside.values()} == {0, 1}
    # The list has one day, that of the payment: it is not the invoice's, and no kind says that it should be.
    assert told(beside["一.xml"]) == told(beside["二.ofd"]) == [("date", "unsure")]
    assert told(beside["三.xml"]) == [("number", "differs"), ("date", "unsure"), ("sum", "differs")]


def test_an_invoice_of_no_row_in_particular_stands_beside_the_one_with_its_number(at: Desk) -> None:
    claim = at.complete(rows=(SECOND, ROW))
    attached(at, claim, digital(), "一.xml")
    attached(at, claim, digital(number="23152000000000000009"), "他.xml")
    beside = found(at, claim)
    assert (beside["一.xml"].fact, beside["一.xml"].position) == ("investment", 1)
    assert (beside["他.xml"].fact, beside["他.xml"].position, beside["他.xml"].differences) == ("", None, ())


def test_a_document_whose_row_is_gone_is_told_as_that(at: Desk) -> None:
    claim = at.complete(rows=(ROW,))
    attached(at, claim, digital(), "一.xml", SECOND["invoice_no"])
    assert found(at, claim)["一.xml"].position is None


def test_an_invoice_to_somebody_else_is_a_difference(at: Desk) -> None:
    claim = at.complete()
    attached(at, claim, digital(buyer=uscc(77), seller=uscc(78)), "一.xml", NUMBER)
    assert told(found(at, claim)["一.xml"]) == [("seller", "differs"), ("date", "unsure"), ("buyer", "differs")]


def test_what_is_about_another_fact_is_not_read_as_an_invoice(at: Desk) -> None:
    claim = at.complete()
    with at.place.acts("ana"):
        attach_evidence(io.BytesIO(digital()), "一.xml", "invoice", claim=read(claim), fact="level")
    assert found(at, claim) == {}


def test_an_officer_compares_what_was_submitted(at: Desk) -> None:
    claim = at.complete()
    attached(at, claim, digital(net="999.00", total="1129.00"), "一.xml", NUMBER)
    with at.place.acts("ana"):
        lists = dict(case_of(read(claim)).asked.lists())
    made = at.submits(claim)
    with at.place.sits("receiver x"):
        evidence = Evidence.objects.filter(pk__in=made.enclosures.values("evidence")).select_related("stored")
        (one,) = beside_rows(evidence, lists, said(made)["stated"], said(made)["enterprise"]["uscc"])
        assert told(one) == [("date", "unsure"), ("sum", "differs")]
        assert one.invoice.seller_uscc == SELLER


def test_a_difference_refuses_nothing(at: Desk) -> None:
    claim = at.complete()
    attached(at, claim, digital(net="1.00"), "一.xml", NUMBER)
    attached(at, claim, pdf(), "扫描.pdf", NUMBER)
    assert at.submits(claim).number == 1
