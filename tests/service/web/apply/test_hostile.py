"""Wrong, missing, huge and hostile input to the screens of an application: told clearly, and nothing is changed."""

from __future__ import annotations

import io
import zipfile
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from tests.service.applications.desk import ANSWERS, OFFER, ROW, Desk, opens, read
from tests.service.enterprises.town import uscc
from tests.service.walker import Walker
from tests.service.web.apply.test_apply import GOOD, HEADS, Enters, begun, reads, workbook

from jarlig.service.applications.acts.add_claim import add_claim
from jarlig.service.applications.acts.answer_claim import answer_claim
from jarlig.service.applications.models import ApplicationFile, Claim, Line, Submission
from jarlig.service.catalogue.sheets import read_sheet, write_sheet


def english(walker: Walker) -> Walker:
    walker.client.cookies["django_language"] = "en"
    return walker


def rows_page(claim: Claim, name: str = "apply-rows", *more: Any) -> str:
    return reverse(name, args=[claim.pk, "investment", *more])


# Rows -----------------------------------------------------------------------------------------------------------------


def test_good_rows_are_kept_and_bad_ones_come_back_to_be_mended(at: Desk, enters: Enters) -> None:
    claim, walker = at.draft(), english(enters("ana"))
    second = [uscc(901), "23152000000000000002", "", "一千", "hardware", "2023-06-02"]
    third = [uscc(902), "23152000000000000003", "", "20.50", "其他", "2023/6/3"]
    walker.go(rows_page(claim, "apply-rows-paste"))
    text = "\n".join("\t".join(row) for row in (HEADS, GOOD, second, third, GOOD))
    walker.press("Take these rows", text=text)
    assert walker.response.status_code == 422
    assert "2 rows were kept, 2 were skipped" in walker.text()
    assert "net: " in walker.text() and "stands there already" in walker.text()
    [area] = list(walker.page.iter("textarea"))
    mended = "".join(area.itertext()).strip().split("\n")
    assert len(mended) == 2 and mended[0].split("\t")[3] == "一千"
    walker.press("Take these rows", text=mended[0].replace("一千", "1千"))
    assert walker.title == "investment", walker.errors()
    assert [line.cells["net"] for line in reads(at, Line)] == ["1000", "20.5", "1000"]
    assert "2,020.50" in walker.text()


def test_rows_without_heads_are_read_in_the_order_of_columns(at: Desk, enters: Enters) -> None:
    claim, walker = at.draft(), english(enters("ana"))
    walker.go(rows_page(claim, "apply-rows-paste")).press("Take these rows", text="\t".join(GOOD))
    assert [line.cells["paid_on"] for line in reads(at, Line)] == ["2023-06-01"]


def test_three_thousand_rows_are_refused_whole(at: Desk, enters: Enters) -> None:
    claim, walker = at.draft(), english(enters("ana"))
    many = [[uscc(900), f"2315{number:016d}", "", "1.00", "hardware", "2023-06-01"] for number in range(3_000)]
    walker.go(rows_page(claim, "apply-rows-paste")).press("Take these rows", sheet=workbook(*many))
    assert walker.errors() == ["It has 3,000 rows and 0 stand here already; a list takes at most 200."]
    assert reads(at, Line) == []


def bomb() -> io.BytesIO:
    """A workbook that unpacks to more than any may have."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", b"0" * (120 << 20))
    made.seek(0)
    made.name = "bomb.xlsx"
    return made


@pytest.mark.parametrize("kind", ["bomb", "no workbook", "empty", "large"])
def test_a_sheet_that_is_none_is_told_at_its_field(at: Desk, enters: Enters, kind: str) -> None:
    claim, walker = at.draft(), english(enters("ana"))
    plain = {"no workbook": b"%PDF-1.7", "empty": write_sheet(HEADS, [], "x"), "large": b"PK" + bytes(6 << 20)}
    sheet = bomb() if kind == "bomb" else io.BytesIO(plain[kind])
    sheet.name = "x.xlsx"
    walker.go(rows_page(claim, "apply-rows-paste")).press("Take these rows", sheet=sheet)
    assert walker.response.status_code == 422 and len(walker.errors()) == 1, walker.errors()
    assert reads(at, Line) == []


def test_a_cell_that_is_a_formula_is_a_text_and_never_one_again(at: Desk, enters: Enters) -> None:
    claim, walker = at.draft(), english(enters("ana"))
    row = ["=HYPERLINK(1)", *GOOD[1:]]
    walker.go(rows_page(claim, "apply-rows-paste")).press("Take these rows", sheet=workbook(row))
    assert "1 was skipped" in walker.text() and reads(at, Line) == []
    empty = walker.client.get(rows_page(claim, "apply-rows-empty"))
    assert read_sheet(empty.content) == [HEADS] and b"<f>" not in empty.content


def test_a_row_is_added_changed_and_taken_out(at: Desk, enters: Enters) -> None:
    claim, walker = at.draft(), english(enters("ana"))
    values = {f"a-{name}": cell for name, cell in ROW.items()}
    walker.go(rows_page(claim)).click("Add a row").press("Save the row", **{**values, "a-net": "12.345"})
    assert walker.response.status_code == 422 and walker.errors()
    walker.press("Save the row", **{"a-net": "1万"})
    assert walker.title == "investment" and "10,000.00" in walker.text(), walker.errors()
    walker.click("1").press("Save the row", **{"a-net": "300"})
    assert [line.cells["net"] for line in reads(at, Line)] == ["300"]
    walker.click("1").press("Take this row out")
    assert reads(at, Line) == []


# Answers --------------------------------------------------------------------------------------------------------------


def test_fields_that_nobody_asked_for_are_never_written(at: Desk, enters: Enters) -> None:
    claim, walker = at.draft(), english(enters("ana"))
    page = reverse("apply-answers", args=[claim.pk])
    walker.client.send(page, {"a-project_code": "P-9", "a-uscc": "x", "state": "submitted", "a-state": "submitted",
                              "number": "2023-1", "offer": "2", "revision": "0"})  # fmt: skip
    [found] = reads(at, Claim)
    assert found.answers == {"project_code": "P-9"}
    assert (found.state, found.offer, found.number) == ("draft", OFFER, None)


def test_wrong_answers_stand_at_their_fields_and_nothing_is_kept(at: Desk, enters: Enters) -> None:
    claim, walker = at.draft(), english(enters("ana"))
    walker.go(reverse("apply-answers", args=[claim.pk]))
    walker.press("Save and continue", **{"a-project_code": "P\x00", "a-level": "nobody", "a-newly_built": "maybe",
                                         "a-recognised_on": "30 February"})  # fmt: skip
    assert walker.response.status_code == 422
    for title in ("project: ", "level: ", "newly built: ", "recognised on: "):
        assert title in walker.errors()[0], walker.errors()
    assert reads(at, Claim)[0].answers == {}
    walker.press("Save and continue", **{"a-project_code": "x" * 3_000})
    assert walker.errors() and reads(at, Claim)[0].answers == {}


def test_who_is_overtaken_sees_what_stands_there_beside_what_they_typed(at: Desk, enters: Enters) -> None:
    claim, walker = at.draft(), english(enters("ana"))
    walker.go(reverse("apply-answers", args=[claim.pk]))
    with at.place.acts("ana"):
        answer_claim(read(claim), {**ANSWERS, "project_code": "P-other"}, 0)
    walker.press("Save and continue", **{"a-project_code": "P-mine"})
    assert walker.response.status_code == 409
    assert "P-other" in walker.text() and "P-mine" in walker.text()
    assert reads(at, Claim)[0].answers["project_code"] == "P-other"
    walker.press("Save and continue")
    assert reads(at, Claim)[0].answers["project_code"] == "P-mine"


@pytest.mark.parametrize("revision", ["", "-1", "x", "9" * 400, "0.0"])
def test_a_form_without_its_revision_writes_nothing(at: Desk, enters: Enters, revision: str) -> None:
    claim, walker = at.draft(), english(enters("ana"))
    page = reverse("apply-answers", args=[claim.pk])
    answer = walker.client.send(page, {"a-project_code": "P", "revision": revision})
    assert answer.status_code == 409 and reads(at, Claim)[0].answers == {}


# Others ---------------------------------------------------------------------------------------------------------------


def test_another_enterprise_finds_nothing_under_these_addresses(at: Desk, enters: Enters) -> None:
    claim = at.complete()
    made = at.submits(claim)
    at.place.speaks("che", 4, name="阿尔山冰泉有限公司")
    walker = english(enters("che"))
    for name, one in (
        ("apply-file", claim.file_id), ("apply-add", claim.file_id), ("apply-shared", claim.file_id),
        ("apply-history", claim.file_id), ("apply-claim", claim.pk), ("apply-answers", claim.pk),
        ("apply-documents", claim.pk), ("apply-check", claim.pk), ("apply-computed", claim.pk),
        ("apply-drop", claim.pk), ("apply-withdraw", claim.pk), ("apply-receipt", made.pk),
        ("apply-begin", at.enterprise.pk), ("workbench-claim", claim.pk),
    ):  # fmt: skip
        for method in ("get", "post"):
            client = walker.client
            client.handler.enforce_csrf_checks = False
            assert getattr(client, method)(reverse(name, args=[one])).status_code in (403, 404), (name, method)
    assert reads(at, Claim)[0].state == "submitted"


def test_an_offer_that_the_guide_does_not_open_is_not_begun(at: Desk, enters: Enters) -> None:
    file, walker = at.file(), english(enters("ana"))
    walker.go(reverse("apply-add", args=[file.pk])).press("Add", offer="9z")
    assert walker.response.status_code == 422 and reads(at, Claim) == []


# Submitting -----------------------------------------------------------------------------------------------------------


def test_the_same_form_sent_twice_shows_the_same_acknowledgement(at: Desk, enters: Enters) -> None:
    claim, walker = at.complete(), english(enters("ana"))
    page = reverse("apply-check", args=[claim.pk])
    walker.go(page)
    sent = {one.get("name"): one.get("value", "") for one in walker.page.iter("input") if one.get("type") == "hidden"}
    first = walker.client.post(page, {**sent, "agree": "on"})
    second = walker.client.post(page, {**sent, "agree": "on"})
    assert first.status_code == second.status_code == 302 and first["Location"] == second["Location"]
    assert len(reads(at, Submission)) == 1 and "/submissions/" in first["Location"]


def test_everything_that_is_missing_is_listed_and_nothing_is_submitted(at: Desk, enters: Enters) -> None:
    claim, walker = at.draft(), english(enters("ana"))
    walker.go(reverse("apply-check", args=[claim.pk])).press("Declare and submit", agree="on")
    assert walker.response.status_code == 422 and walker.errors()[0].count("Not answered") == 5, walker.errors()
    assert reads(at, Submission) == []


@pytest.mark.parametrize("field", ["key", "seen", "declared"])
def test_a_form_with_another_key_state_or_declaration_submits_nothing(at: Desk, enters: Enters, field: str) -> None:
    claim, walker = at.complete(), english(enters("ana"))
    walker.go(reverse("apply-check", args=[claim.pk])).press("Declare and submit", agree="on", **{field: "x"})
    assert walker.response.status_code in (409, 422) and walker.errors() and reads(at, Submission) == []
    walker.press("Declare and submit", agree="on")
    assert walker.title == "Submitted"


def test_who_has_only_asked_drafts_and_does_not_submit(at: Desk, enters: Enters) -> None:
    at.place.asks("din", role="member")
    walker = begun(english(enters("din")))
    assert "yours alone" in walker.text()
    walker.click("Check answers and submit")
    assert "You do not speak for this enterprise yet" in walker.text() and "Declare and submit" not in walker.text()


# The office -----------------------------------------------------------------------------------------------------------


def test_the_receiver_reads_what_was_submitted_in_their_area_and_no_draft(at: Desk, enters: Enters) -> None:
    claim = at.complete()
    at.submits(claim)
    draft = at.draft(project="P-2")
    receiver = english(enters("receiver x"))
    receiver.go("/workbench/claims/?state=submitted&year=2023")
    number = reads(at, Claim, pk=claim.pk)[0].number
    receiver.click(number)
    assert "P-1" in receiver.text() and "invoice.pdf" in receiver.text() and "How it is computed" in receiver.text()
    assert receiver.go(reverse("workbench-claim", args=[draft.pk])).response.status_code == 404
    for address in ("?year=x", "?find=%25", "?sort=-password", "?offer_=9z"):
        assert receiver.go("/workbench/claims/" + address).response.status_code == 200
    other = english(enters("receiver y"))
    assert number not in other.go("/workbench/claims/").text()
    assert other.go(reverse("workbench-claim", args=[claim.pk])).response.status_code == 404


# Questions to the database --------------------------------------------------------------------------------------------


def test_no_page_asks_more_of_the_database_for_more_claims(at: Desk, enters: Enters) -> None:
    claim, walker = at.complete(), english(enters("ana"))
    with at.place.acts("ana"):
        for number in range(2, 6):
            add_claim(ApplicationFile.objects.get(pk=claim.file_id), OFFER, f"P-{number}")
    opens(at, "2")
    for name, one in (
        ("apply-file", claim.file_id), ("apply-shared", claim.file_id), ("apply-answers", claim.pk),
        ("apply-check", claim.pk), ("apply-documents", claim.pk),
    ):  # fmt: skip
        walker.go(reverse(name, args=[one]))
        with CaptureQueriesContext(connection) as asked:
            walker.go(reverse(name, args=[one]))
        own = [each["sql"] for each in asked if "applications_" in each["sql"] or "catalogue_" in each["sql"]]
        assert len(own) <= 12, (name, len(own))
