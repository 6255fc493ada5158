"""Both shipped programmes by the same screens: two claims in one file with forty invoices, and a district's loan."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from tests.service.applications.desk import Desk
from tests.service.bodies.staff import newcomer
from tests.service.catalogue.office import packed
from tests.service.enterprises.town import Town, uscc
from tests.service.web.apply.test_apply import Enters, field, paper, reads

import jarlig
from jarlig.service.applications.models import Line, Submission
from jarlig.service.bodies.acts.appoint import appoint
from jarlig.service.bodies.acts.make_body import make_body
from jarlig.service.catalogue.acts.import_programme import import_at_once
from jarlig.service.catalogue.acts.open_window import open_window
from jarlig.service.catalogue.acts.put_in_force import put_in_force
from jarlig.service.catalogue.models import Version
from jarlig.service.catalogue.sheets import write_sheet
from jarlig.service.ground.clock import now

PROGRAMMES = Path(jarlig.__file__).parent / "programmes"
#: Days of the programmes and of their guides, so long that today is one of them.
LASTING = {
    "nmg-ecommerce-2022": (
        ("programme.yaml", "to: 2025-06-05", "to: 2199-06-05"),
        ("guides/2023.yaml", "applications: {from: 2023-03-01, to: 2023-10-31}",
         "applications: {from: 2023-03-01, to: 2199-05-31}"),
    ),
    "sample-district-2024": (
        ("programme.yaml", "valid: {from: 2024-01-01, to: 2026-12-31", "valid: {from: 2024-01-01, to: 2199-12-31"),
        ("guides/2026.yaml", "applications: {from: 2026-03-01, to: 2026-10-31}",
         "applications: {from: 2026-03-01, to: 2199-10-31}"),
    ),
}  # fmt: skip


#: How codes of the made-up district begin, and those of the league in whose place it stands here.
DISTRICT, LEAGUE = "9901", "1522"


def shipped(place: Town, name: str, year: int, offers: tuple[str, ...]) -> Desk:
    """A shipped programme in force with windows; its days are made to last until today."""
    folder = PROGRAMMES / name
    found = {}
    for path in (*folder.rglob("*.yaml"), *folder.rglob("*.txt")):
        file, text = path.relative_to(folder).as_posix(), path.read_text("utf-8")
        kept = file.split("/")[0] not in ("cases", "enterprises") and not ("guides/" in file and path.stem > str(year))
        if kept:  # the made-up district lies in a league that there is; cases and later guides are of other days
            found[file.replace(DISTRICT, LEAGUE)] = text.replace(DISTRICT, LEAGUE)
    for file, old, new in LASTING[name]:
        assert old in found[file], (file, old)
        found[file] = found[file].replace(old, new)
    region = place.areas["region"]
    with place.sits("root"):
        body = make_body(region, "自治区商务厅", department="commerce")
        for key in ("author", "publisher"):
            place.people[key] = newcomer(f"编制 {key}")
            place.seats[key] = appoint(place.people[key], body, region, key)
    with place.sits("author"):
        version = import_at_once(packed({file: text.encode() for file, text in found.items()}), f"{name}.zip")
    assert version.state == "checked", version.report
    with place.sits("publisher"):
        programme = put_in_force(Version.objects.get(pk=version.pk)).programme
        for offer in offers:
            open_window(programme, offer, year, now() - timedelta(hours=1), now() + timedelta(days=9))
    return Desk(place, programme, place.speaks("ana"))


def invoices() -> list[list[str]]:
    """Forty invoices of 1,000,000.00 yuan, as people write them."""
    return [
        [f"2315{number:016d}", "", "2023-03-01", uscc(900 + number),
         "1,000,000.00", "130,000.00", "hardware", "2023-04-01"]
        for number in range(40)
    ]  # fmt: skip


def heads(name: str, offer: str, fact: str) -> list[str]:
    """The heads of a list as the programme calls its columns."""
    columns: Any = jarlig.load(name).offers[offer].facts[fact].columns
    return [column.title.zh for column in columns.values()]


@pytest.fixture
def two_in_one(place: Town) -> Iterator[Desk]:
    yield shipped(place, "nmg-ecommerce-2022", 2023, ("2a", "17"))


def test_forty_invoices_from_a_sheet_and_a_second_claim_in_one_file(two_in_one: Desk, enters: Enters) -> None:
    walker = enters("ana")
    walker.client.cookies["django_language"] = "en"
    walker.go("/apply/").click("Begin a file").press("Begin")
    file = walker.address
    for offer in ("2a", "17"):
        walker.go(file).click("Add a claim").press("Add", offer=offer)
        assert not walker.errors(), walker.errors()
    walker.go(file).click("About the enterprise").press(
        "Save and continue",
        **{"a-tax_credit": "A", "a-on_dishonesty_list": "false", "a-on_abnormal_list": "false",
           "a-commitment_signed": "true"},
    )  # fmt: skip
    assert not walker.errors(), walker.errors()
    walker.press("Save and continue", any="no")
    walker.go(file).click("Answers about the project").press(
        "Save and continue",
        **{"a-project_code": "NM-2023-001", "a-platform_level": "industry", "a-newly_built": "true",
           "a-recognised_on": "2023年2月1日"},
    )  # fmt: skip
    assert not walker.errors(), walker.errors()
    sheet = io.BytesIO(write_sheet(heads("nmg-ecommerce-2022", "2a", "investment"), invoices(), "x"))
    sheet.name = "发票.xlsx"
    walker.click("Rows from a spreadsheet").press("Take these rows", sheet=sheet)
    assert "40 rows were kept." in walker.text(), (walker.errors(), walker.text()[:3000])
    assert "40,000,000.00" in walker.text()
    assert "3,000,000.00" in walker.text(), walker.text()[:900]
    assert sum(Decimal(line.cells["net"]) for line in reads(two_in_one, Line)) == 40_000_000
    walker.click("Continue")
    while kinds := wanted(walker):
        walker.press(f"Upload {kinds[0][1]}", **{field(walker, kinds[0][0]): paper()})
        assert not walker.errors(), walker.errors()
    walker.click("Continue").press("Declare and submit", agree="on")
    assert walker.title == "Submitted", walker.errors()
    [made] = reads(two_in_one, Submission)
    said = json.loads(bytes(made.snapshot))
    assert said["computed"]["answer"]["amount"] == "3000000.00" and len(said["stated"]["investment"]) == 40
    walker.go(file)
    assert walker.text().count("Check answers and submit") == 1  # the second claim is a draft yet


def wanted(walker: Any) -> list[tuple[str, str]]:
    """The kinds of documents that are missing: word of the programme and title."""
    found = []
    for section in walker.page.iter("section"):
        if "Missing" in walker.text(section.find("h2")):
            kind = next(one.get("value") for one in section.iter("input") if one.get("name") == "kind")
            found.append((kind, walker.text(section.find("h2")).removesuffix(" Missing")))
    return found


def test_a_claim_of_the_sample_district_is_filled_in_by_its_own_words(place: Town, enters: Enters) -> None:
    desk = shipped(place, "sample-district-2024", 2026, ("1b", "4f"))
    walker = enters("ana")
    walker.client.cookies["django_language"] = "en"
    walker.go("/apply/").click("Begin a file").press("Begin")
    file = walker.address
    walker.click("Add a claim").press("Add", offer="4f")
    assert not walker.errors(), walker.errors()
    walker.go(file).click("About the enterprise")
    names = {one.get("name") for one in walker.page.iter("input")}
    assert {"a-uscc", "a-registered_at"} <= names  # a programme whose code has no form of ours asks for it
    walker.press("Save and continue", **{"a-uscc": "X-1", "a-registered_at": "152201"})
    assert not walker.errors(), walker.errors()
    walker.press("Save and continue", any="no")
    walker.go(file)
    rows = next(one.get("href") for one in walker.page.iter("a") if "/rows/" in one.get("href", ""))
    walker.go(rows).click("Rows from a spreadsheet")
    walker.press("Take these rows", text="A-1\t\t1,000.00\t\t2026-02-01\tsoftware\nA-2\t\tx\t\t2026-02-01\tsoftware")
    assert walker.response.status_code == 422 and reads(desk, Line), walker.text()[:2000]
