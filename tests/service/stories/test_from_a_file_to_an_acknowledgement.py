"""An enterprise fills in a claim and submits it, and the office reads it: with and without scripts.

Walked twice, as plain form posts and in a real browser: what is typed and pressed is all there is.
"""

from __future__ import annotations

from tests.service.applications.desk import OFFER, ROW, desk
from tests.service.browsing import code_of
from tests.service.enterprises.town import town
from tests.service.people import PASSWORD
from tests.service.stories.conftest import NewWalker
from tests.service.walker import Walker
from tests.service.web.apply.test_apply import field, paper

from jarlig.service.applications.models import Submission


def signed_in(walker: Walker, login: str) -> Walker:
    """Signs in by name and password."""
    return walker.go("/account/sign-in/").press("Sign in", login=login, password=PASSWORD)


def link(walker: Walker, part: str) -> str:
    """The first address on the page with this in it."""
    return next(one.get("href", "") for one in walker.page.iter("a") if part in one.get("href", ""))


def test_a_claim_is_filled_in_submitted_and_read(walker: NewWalker) -> None:
    made = desk(town())
    ana = signed_in(walker("en"), "ana")
    ana.go("/apply/").go(link(ana, "/apply/begin/")).press("Begin")
    file = ana.address.split("#")[0]
    ana.go(link(ana, "/add/")).press("Add", offer=OFFER)
    ana.go(file).go(link(ana, "/awards/")).press("Save and continue", any="no")
    ana.go(file).go(link(ana, "/answers/"))
    ana.press("Save and continue", **{"a-project_code": "P-1", "a-level": "regional", "a-newly_built": "true",
                                      "a-recognised_on": "2023年5月1日"})  # fmt: skip
    assert not ana.errors(), ana.errors()
    ana.go(file).go(link(ana, "/rows/"))
    ana.go(link(ana, "/paste/")).press("Take these rows", text="\t".join(["", "", "", "", "", ""]))
    assert ana.errors() == ["There is no row in it."]
    cells = [ROW["seller"], ROW["invoice_no"], "", "1,000.00", "hardware", "2023-06-01"]
    ana.press("Take these rows", text="\t".join(cells))
    assert "1 row was kept." in ana.text(), ana.errors()
    ana.go(file).go(link(ana, "/documents/"))
    for kind in ("licence", "list", "invoice"):
        ana.press(f"Upload {kind}", **{field(ana, kind): paper()})
        assert not ana.errors(), ana.errors()
    ana.go(file).go(link(ana, "/check/")).press("Declare and submit", agree="on")
    assert ana.title == "Submitted", (ana.title, ana.errors())
    with made.place.acts("ana"):
        submission = Submission.objects.select_related("claim").get()
    assert submission.sha256 in ana.text()

    office = signed_in(walker("en"), "receiver-x")
    secret = next(one.text or "" for one in office.go("/account/factor/set-up/").page.iter("code")
                  if one.get("class") == "jl-secret")  # fmt: skip
    office.press("Confirm", code=code_of(secret))
    office.go("/workbench/claims/").go(link(office, f"/workbench/claims/{submission.claim_id}/"))
    assert submission.sha256 in office.text() and "P-1" in office.text()
