"""An office with authors, publishers and reviewers, and folders to import, for the tests of the catalogue."""

from __future__ import annotations

import io
import zipfile
from datetime import datetime, timedelta

from tests.service.people import Installation, installation
from tests.tiny import CODE, FILES

from jarlig.service.bodies.acts.appoint import appoint
from jarlig.service.bodies.models import Area, Body, Person, Seat
from jarlig.service.catalogue.acts.import_programme import import_programme
from jarlig.service.catalogue.acts.open_window import open_window
from jarlig.service.catalogue.acts.put_in_force import put_in_force
from jarlig.service.catalogue.models import Programme, Version, Window
from jarlig.service.ground.clock import now

ROUTE = """\
routes:
  project:
    title: {zh: 项目法审核流程, en: review of projects}
    for: ["1a", "2"]
    steps:
      - {step: acceptance, by: commerce, workdays: 5}
      - {step: joint_review, by: bodies_of_the_offer, agree: all}
      - {step: public_notice, workdays: 5, first_day_counts: true}
    corrections: {each_level: 1, workdays: 5}
"""
#: The tiny programme with days that hold whenever the tests run: the clock of the database cannot be moved.
STANDING = (
    ("programme.yaml", "to: 2025-06-05", "to: 2199-06-05"),
    ("guides/2023.yaml", "to: 2023-10-31", "to: 2199-05-31"),
    ("guides/2023.yaml", "", ROUTE),
)


def office() -> Installation:
    """The region with two departments and a league: who writes, who publishes, who reviews, who watches."""
    made = installation()
    with made.sits("root"):
        region = Area.objects.get()
        league = Area(name_zh="甲盟", name_en="League A", level="league", division="152500", parent=region)
        league.path = f"{region.path}{league.id}/"
        league.save(force_insert=True)
        commerce = _body("自治区商务厅", "commerce", region)
        other = _body("自治区审计机构", "auditor", region)
        below = _body("甲盟商务局", "commerce", league)
        author = _person(made, "author", "乌云", commerce, region, "author")
        _sits(made, "author elsewhere", author, other, region, "publisher")  # the same person, in another body
        _person(made, "publisher", "巴图", commerce, region, "publisher")
        _person(made, "second author", "娜仁", commerce, region, "author")
        _person(made, "reviewer", "苏和", commerce, region, "reviewer")
        _person(made, "auditing reviewer", "萨仁", other, region, "reviewer")
        _person(made, "auditor", "高娃", commerce, region, "auditor")
        _person(made, "author below", "宝音", below, league, "author")
        _person(made, "publisher below", "其其格", below, league, "publisher")
    return made


def _body(name: str, department: str, area: Area) -> Body:
    body = Body(name_zh=name, department=department, area=area)
    body.save(force_insert=True)
    return body


def _person(made: Installation, key: str, name: str, body: Body, area: Area, role: str) -> Person:
    person = Person(name=name)
    person.save(force_insert=True)
    _sits(made, key, person, body, area, role)
    return person


def _sits(made: Installation, key: str, person: Person, body: Body, area: Area, role: str) -> Seat:
    made.seats[key] = appoint(person, body, area, role)
    return made.seats[key]


def files(*edits: tuple[str, str, str], drop: tuple[str, ...] = ()) -> dict[str, bytes]:
    """The tiny programme, with edits as ``tests.tiny`` has them."""
    texts = {name: text for name, text in FILES.items() if name not in drop}
    for name, old, new in (*STANDING, *edits):
        text = texts.get(name, "")
        assert old in text, (name, old)
        texts[name] = text.replace(old, new, 1) if old else text + new
    return {name: text.replace("CODE", CODE).encode() for name, text in texts.items()}


def packed(contents: dict[str, bytes], outer: str = "tiny/") -> bytes:
    """A ZIP of these files."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in contents.items():
            archive.writestr(outer + name, data)
    return out.getvalue()


def imported(made: Installation, *edits: tuple[str, str, str], seat: str = "author") -> Version:
    """A version of the tiny programme, imported by the author."""
    with made.sits(seat):
        return import_programme(packed(files(*edits)), "tiny.zip")


def in_force(made: Installation, *edits: tuple[str, str, str]) -> Programme:
    """The tiny programme with a version in force."""
    version = imported(made, *edits)
    with made.sits("publisher"):
        return put_in_force(Version.objects.get(pk=version.pk)).programme


def open_from(made: Installation, programme: Programme, begin: timedelta, end: timedelta, offer: str = "1a") -> Window:
    """A window that opens and closes so long from now."""
    with made.sits("publisher"):
        instant: datetime = now()
        return open_window(programme, offer, 2023, instant + begin, instant + end)
