"""An enterprise with its people, a programme in force with a window, and a claim as far as a test wants it."""

from __future__ import annotations

import io
import json
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any
from uuid import UUID, uuid4

from tests.service.bodies.staff import newcomer
from tests.service.catalogue.office import files, packed
from tests.service.documents.made import pdf
from tests.service.enterprises.town import Town, uscc

from jarlig.service.applications.acts.add_claim import add_claim
from jarlig.service.applications.acts.answer_claim import answer_claim
from jarlig.service.applications.acts.answer_file import answer_file
from jarlig.service.applications.acts.attach_evidence import attach_evidence
from jarlig.service.applications.acts.begin_file import begin_file
from jarlig.service.applications.acts.submit_claim import seen_of, submit_claim
from jarlig.service.applications.acts.write_rows import write_rows
from jarlig.service.applications.models import ApplicationFile, Claim, Submission
from jarlig.service.bodies.acts.appoint import appoint
from jarlig.service.bodies.acts.import_calendar import import_calendar
from jarlig.service.bodies.acts.make_body import make_body
from jarlig.service.bodies.acts.put_calendar_in_force import put_calendar_in_force
from jarlig.service.catalogue.acts.import_programme import import_at_once
from jarlig.service.catalogue.acts.open_window import open_window
from jarlig.service.catalogue.acts.put_in_force import put_in_force
from jarlig.service.catalogue.models import Programme, Version, Window
from jarlig.service.enterprises.models import Enterprise
from jarlig.service.ground.clock import now

YEAR, OFFER = 2023, "1a"
DECLARED = "以上内容真实、完整。"
#: What stands between a draft and its submission: answers, rows and documents.
ANSWERS = {"project_code": "P-1", "level": "regional", "newly_built": "true", "recognised_on": "2023-05-01"}
ROW = {"seller": uscc(900), "invoice_no": "23152000000000000001", "net": "1000.00", "category": "hardware",
       "paid_on": "2023-06-01"}  # fmt: skip
PLACE = ("programme.yaml", 'region: "150000"', 'region: "150000"\napplied_at: registered_at')
DOCUMENTS = ("licence", "list", "invoice")


@dataclass
class Desk:
    """A town, a programme in force, and the enterprise for which ``ana`` speaks."""

    place: Town
    programme: Programme
    enterprise: Enterprise
    windows: dict[str, Window] = field(default_factory=dict)

    def file(self, who: str = "ana") -> ApplicationFile:
        """The enterprise's file of the year."""
        with self.place.acts(who):
            return begin_file(self.enterprise.pk, self.programme, YEAR)

    def draft(self, who: str = "ana", offer: str = OFFER, project: str = "") -> Claim:
        """A claim in which nothing stands yet."""
        file = self.file(who)
        with self.place.acts(who):
            return add_claim(file, offer, project)

    def complete(self, who: str = "ana", project: str = "", rows: tuple[dict[str, str], ...] = (ROW,)) -> Claim:
        """A claim of which nothing is missing."""
        claim = self.draft(who, project=project)
        with self.place.acts(who):
            file = ApplicationFile.objects.get(pk=claim.file_id)
            answer_file(file, {"history": []}, file.revision)
            one = answer_claim(read(claim), {**ANSWERS, "project_code": f"P-{project or 1}"}, 0)
            one = write_rows(read(one), "investment", list(rows), one.revision)
            for kind in DOCUMENTS:
                attach_evidence(io.BytesIO(pdf()), f"{kind}.pdf", kind, claim=read(one))
            return read(one)

    def submits(self, claim: Claim, who: str = "ana", key: UUID | None = None, seen: str = "") -> Submission:
        """Hands a claim in as whoever looks at it now."""
        with self.place.acts(who):
            one = read(claim)
            return submit_claim(one, key or uuid4(), seen or seen_of(one), DECLARED)


def read(claim: Claim) -> Claim:
    """A claim as it stands."""
    return Claim.objects.select_related("programme__area", "area").get(pk=claim.pk)


def desk(place: Town, *edits: tuple[str, str, str], window: bool = True) -> Desk:
    """The desk; without ``window`` nothing is applied for yet."""
    region = place.areas["region"]
    with place.sits("root"):
        body = make_body(region, "自治区商务厅", department="commerce")
        for key in ("author", "publisher"):
            place.people[key] = newcomer(f"编制 {key}")
            place.seats[key] = appoint(place.people[key], body, region, key)
    with place.sits("author"):
        version = import_at_once(packed(files(PLACE, *edits)), "tiny.zip")
    with place.sits("publisher"):
        programme = put_in_force(Version.objects.get(pk=version.pk)).programme
    made = Desk(place, programme, place.speaks("ana"))
    if window:
        opens(made)
    return made


def opens(
    made: Desk, offer: str = OFFER, begin: timedelta = timedelta(hours=-1), end: timedelta = timedelta(days=9)
) -> None:
    """Opens a window that began and ends so long from now."""
    with made.place.sits("publisher"):
        instant = now()
        made.windows[offer] = open_window(made.programme, offer, YEAR, instant + begin, instant + end)


def days_are_counted(made: Desk) -> None:
    """Calendars of this year and the next, made up but for the first weekday off, imported by one and put in force."""
    place = made.place
    with place.sits("root"):
        body = make_body(place.areas["region"], "自治区人民政府办公厅")
        place.people["second root"] = newcomer("第二管理员")
        place.seats["second root"] = appoint(place.people["second root"], body, place.areas["region"], "administrator")
        years = (now().year, now().year + 1)
        firsts = [next(day for day in (date(year, 1, 1 + more) for more in range(3)) if day.weekday() < 5)
                  for year in years]  # fmt: skip
        drafts = [import_calendar(day.year, "国办发明电〔2022〕16号", [day], []) for day in firsts]
    with place.sits("second root"):
        for draft in drafts:
            put_calendar_in_force(draft)


def said(submission: Submission) -> dict[str, Any]:
    """What stands in a submission."""
    found: dict[str, Any] = json.loads(bytes(submission.snapshot))
    return found
