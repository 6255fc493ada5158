"""An installation with some areas, bodies and people, made by acts alone, for tests to begin from."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from jarlig.service.bodies.acts.found import Founder, found
from jarlig.service.bodies.models import Seat
from jarlig.service.ground.context import Who, acting

PASSWORD = "a long and quiet evening"


@dataclass
class Installation:
    """The seats made so far, by a name of the test's own."""

    seats: dict[str, Seat] = field(default_factory=dict)

    @contextmanager
    def sits(self, name: str) -> Iterator[Seat]:
        """A transaction on behalf of somebody on their seat."""
        seat = self.seats[name]
        with acting(Who(role="jarlig_person", person=seat.person_id, seat=seat.id)):
            yield seat


def installation() -> Installation:
    """The region with its first administrator, ``root``."""
    with acting(Who(role="jarlig_gate")):
        founder = Founder("那仁", "naren", PASSWORD, "naren@example.org")
        seat = found("内蒙古自治区", "150000", "自治区工业和信息化厅", founder)
    return Installation({"root": seat})
