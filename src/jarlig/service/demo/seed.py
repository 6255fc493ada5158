"""The data of a demonstration (演示数据): made by acts alone, as people would make them through screens.

Each step is one function that makes what is missing and says how much that was; run again it makes nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from jarlig.service.bodies.acts.found import Founder, found
from jarlig.service.bodies.acts.import_areas import import_areas
from jarlig.service.bodies.acts.make_body import make_body
from jarlig.service.bodies.models import Area, Body, Seat
from jarlig.service.demo.cast import cast
from jarlig.service.ground.context import Who, acting
from jarlig.service.ground.errors import WrongState

Step = Callable[[], int]
GATE = Who(role="jarlig_gate")


def seed() -> Iterator[tuple[str, int]]:
    """Does every step in its order; names it and says how much it made."""
    for step in STEPS:
        yield step.__name__, step()


@contextmanager
def sits(login: str, role: str) -> Iterator[Seat]:
    """A transaction on behalf of somebody of the cast, on a seat of theirs."""
    with acting(GATE):
        seat = Seat.objects.filter(person__accounts__login=login, role=role, state="held").earliest("starts_on", "id")
    with acting(Who("jarlig_person", seat.person_id, seat.id)):
        yield seat


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


#: The steps in their order.
STEPS: list[Step] = [region, areas, bodies]
