"""The data of a demonstration (演示数据): made by acts alone, as people would make them through screens.

Each step is one function that makes what is missing and says how much that was; run again it makes nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from jarlig.service.bodies.acts.found import Founder, found
from jarlig.service.demo.cast import cast
from jarlig.service.ground.context import Who, acting
from jarlig.service.ground.errors import WrongState

Step = Callable[[], int]
GATE = Who(role="jarlig_gate")


def seed() -> Iterator[tuple[str, int]]:
    """Does every step in its order; names it and says how much it made."""
    for title, step in STEPS:
        yield title, step()


def region() -> int:
    """The region with its first body and administrator."""
    region, first = cast()["region"], cast()["founder"]
    founder = Founder(first["name"], first["login"], cast()["password"])
    try:
        with acting(GATE):
            found(region["zh"], region["division"], first["zh"], founder, region_en=region["en"], body_en=first["en"])
    except WrongState:  # it has been founded
        return 0
    return 1


#: The steps in their order.
STEPS: list[tuple[str, Step]] = [
    ("region", region),
]
