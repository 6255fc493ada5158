"""A claim by its screens, as whole requests without scripts: from a file to its acknowledgement."""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import Any

from django.urls import reverse
from tests.service.applications.desk import OFFER, YEAR, Desk, days_are_counted, read
from tests.service.documents.made import pdf
from tests.service.enterprises.town import uscc
from tests.service.walker import Walker

from jarlig.service.applications.acts.ask_correction import ask_correction
from jarlig.service.applications.models import Claim, Evidence, Line, Submission
from jarlig.service.catalogue.sheets import write_sheet

Enters = Callable[..., Walker]
HEADS = ["seller", "invoice number", "reverses", "net", "category", "paid on"]
GOOD = [uscc(900), "23152000000000000001", "", "1,000.00", "hardware", "2023年6月1日"]


def reads(desk: Desk, model: Any, **by: Any) -> list[Any]:
    """Rows as ana sees them."""
    with desk.place.acts("ana"):
        return list(model.objects.filter(**by))


def begun(walker: Walker) -> Walker:
    """A file with one claim."""
    walker.client.cookies["django_language"] = "en"
    walker.go("/apply/").click("Begin a file")
    walker.press("Begin")
    assert walker.title == f"Tiny programme · {YEAR}", (walker.title, walker.errors())
    walker.click("Add a claim").press("Add", offer=OFFER)
    assert not walker.errors(), walker.errors()
    return walker


def workbook(*rows: list[str], heads: list[str] | None = None) -> io.BytesIO:
    """A sheet to upload."""
    made = io.BytesIO(write_sheet(HEADS if heads is None else heads, rows, "x"))
    made.name = "明细.xlsx"
    return made


def paper(name: str = "材料.pdf") -> io.BytesIO:
    """A document to upload."""
    made = io.BytesIO(pdf())
    made.name = name
    return made


def completed(walker: Walker) -> Walker:
    """A claim of which nothing is missing, filled in by the sections of its file."""
    file = begun(walker).address.split("#")[0]
    walker.click("Earlier awards").press("Save and continue", any="no")
    walker.click("Answers about the project")
    walker.press("Save and continue", **{"a-project_code": "P-1", "a-level": "regional", "a-newly_built": "true",
                                         "a-recognised_on": "2023-05-01"})  # fmt: skip
    assert not walker.errors(), walker.errors()
    assert walker.title == "investment"
    walker.click("Rows from a spreadsheet").press("Take these rows", sheet=workbook(GOOD))
    assert walker.title == "investment" and "1 row was kept." in walker.text(), walker.errors()
    walker.click("Continue")
    for kind in ("licence", "list", "invoice"):
        walker.press(f"Upload {kind}", **{field(walker, kind): paper()})
        assert not walker.errors(), walker.errors()
    return walker.go(file)


def field(walker: Walker, kind: str) -> str:
    """The name of the field that takes a file of this kind."""
    for form in walker.page.iter("form"):
        inputs = {one.get("name"): one for one in form.iter("input")}
        if "kind" in inputs and inputs["kind"].get("value") == kind:
            return next(name for name, one in inputs.items() if one.get("type") == "file" and name)
    raise AssertionError(f"nothing takes {kind} at {walker.address}")


def test_a_claim_goes_from_an_empty_list_to_its_acknowledgement(at: Desk, enters: Enters) -> None:
    walker = completed(enters("ana"))
    assert "5 of 5 sections" not in walker.text()
    walker.click("Check answers and submit")
    assert "Not answered" not in walker.text() and "200.00" in walker.text()
    walker.press("Declare and submit")
    assert walker.errors() == ["Tick “I declare this in the name of the enterprise”."]
    walker.press("Declare and submit", agree="on")
    assert walker.title == "Submitted", (walker.title, walker.errors(), walker.text())
    [made] = reads(at, Submission)
    assert made.sha256 in walker.text() and str(made.pk) in walker.text()
    walker.click("Page of the claim")
    assert "Course of the claim" in walker.text() and "P-1" in walker.text() and "敖登" not in "".join(
        walker.text(one) for one in walker.page.iter("ol"))  # fmt: skip
    walker.click("Withdraw the claim").press("Withdraw the claim", reason="数据有误")
    assert "数据有误" in walker.text()
    [claim] = reads(at, Claim)
    assert claim.state == "withdrawn" and len(reads(at, Line)) == 1 and len(reads(at, Evidence)) == 3


def test_what_the_office_asks_is_open_again_and_nothing_else(at: Desk, enters: Enters) -> None:
    days_are_counted(at)
    claim = at.complete()
    at.submits(claim)
    with at.place.sits("receiver x"):
        ask_correction(read(claim), [("answer", "level")], "级别有误，请核对。")
    walker = enters("ana")
    walker.client.cookies["django_language"] = "en"
    walker.go("/apply/")
    assert "Put right what was asked" in walker.text()
    walker.go(reverse("apply-claim", args=[claim.pk]))
    assert "级别有误，请核对。" in walker.text() and "Correction asked" in walker.text()
    walker.click("Put right what was asked").click("Answers about the project")
    names = {one.get("name", "") for one in walker.page.iter("input")}
    assert "a-level" in names and "a-project_code" not in names
    walker.press("Save and continue", **{"a-level": "industry"})
    assert walker.go(reverse("apply-rows", args=[claim.pk, "investment"])).response.status_code == 404
    walker.go(reverse("apply-check", args=[claim.pk])).press("Declare and submit", agree="on")
    assert walker.title == "Submitted", walker.errors()
    assert [one.number for one in reads(at, Submission)] == [1, 2]
