"""The data of a demonstration (演示数据): made by acts alone, as people would make them through screens.

Each step is one function that makes what is missing and says how much that was; run again it makes nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date

from jarlig.service.bodies.acts.appoint import appoint
from jarlig.service.bodies.acts.found import Founder, found
from jarlig.service.bodies.acts.import_areas import import_areas
from jarlig.service.bodies.acts.import_calendar import import_calendar, reference_days
from jarlig.service.bodies.acts.invite import invite
from jarlig.service.bodies.acts.make_body import make_body
from jarlig.service.bodies.acts.put_calendar_in_force import put_calendar_in_force
from jarlig.service.bodies.models import Account, Area, Body, CalendarYear, Person
from jarlig.service.demo.cast import cast
from jarlig.service.demo.seed_enterprises import enterprises
from jarlig.service.demo.seed_programmes import programmes
from jarlig.service.demo.sitting import GATE, sits
from jarlig.service.ground.context import acting
from jarlig.service.ground.errors import WrongState

Step = Callable[[], int]


def seed() -> Iterator[tuple[str, int]]:
    """Does every step in its order; names it and says how much it made."""
    for step in STEPS:
        yield step.__name__, step()


def region() -> int:
    """The region with its first body and administrator."""
    place, first = cast()["region"], cast()["founder"]
    founder = Founder(first["name"], first["login"], cast()["password"])
    try:
        with acting(GATE):
            found(place["zh"], place["division"], first["zh"], founder, region_en=place["en"], body_en=first["en"])
    except WrongState:  # it has been founded
        return 0
    return 1


def areas() -> int:
    """Leagues and cities, banners and counties."""
    with sits(cast()["founder"]["login"], "administrator"):
        return sum(one.result == "added" for one in import_areas())


def bodies() -> int:
    """The offices of the cast."""
    made = 0
    with sits(cast()["founder"]["login"], "administrator"):
        for one in cast()["bodies"].values():
            area = Area.objects.get(division=one["area"])
            if not Body.objects.filter(area=area, name_zh=one["zh"]).exists():
                make_body(area, one["zh"], name_en=one["en"], department=one.get("department", ""),
                          is_third_party=one.get("third_party", False))  # fmt: skip
                made += 1
    return made


def people() -> int:
    """Everybody of the cast, invited and on their seats; they are picked, so none of them needs a password."""
    made = 0
    for one in cast()["people"]:
        with acting(GATE):
            if Account.objects.filter(login=one["login"]).exists():
                continue
        with sits(cast()["founder"]["login"], "administrator"):
            person, _ = invite(one["name"], one["login"])
            for key, role, *more in one["seats"]:
                _appoint(person, cast()["bodies"][key], role, *more)
        made += 1
    return made


def _appoint(person: Person, body: dict[str, str], role: str, contract: str = "", ends_on: date | None = None) -> None:
    place = Body.objects.select_related("area").get(area__division=body["area"], name_zh=body["zh"])
    appoint(person, place, place.area, role, contract=contract, ends_on=ends_on)


def calendars() -> int:
    """The working days of the years around, imported by one person and put in force by another."""
    made, said = 0, cast()["calendars"]
    for year in said["years"]:
        with sits(said["imported_by"], "administrator"):
            if CalendarYear.objects.filter(year=year, state="in_force").exists():
                continue
            draft = CalendarYear.objects.filter(year=year, state="draft").first() or import_calendar(
                year, said["source"].format(year=year), *reference_days(year)
            )
        with sits(said["in_force_by"], "administrator"):
            put_calendar_in_force(draft)
        made += 1
    return made


#: The steps in their order.
STEPS: list[Step] = [region, areas, bodies, people, calendars, programmes, enterprises]
