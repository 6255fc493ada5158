"""A worker with jobs of the tests: ``python -m tests.service.ground.worker_of_tests SILENCE``."""

from __future__ import annotations

import sys
import time

import django

django.setup()

from jarlig.service.audit.record import record  # noqa: E402 - the framework stands first
from jarlig.service.bodies.acts.appoint import appoint  # noqa: E402
from jarlig.service.bodies.models import Area, Body, Person  # noqa: E402
from jarlig.service.ground.jobs import job  # noqa: E402


@job("look", for_seat=True)
def look(area: str, seconds: int = 0) -> None:
    """Writes down that an area was looked at; takes a while if told to."""
    record("look", Area.objects.get(pk=area))
    time.sleep(seconds)


@job("give_seat", for_seat=True)
def give_seat(person: str, body: str) -> None:
    """An act of the bodies, done by a job."""
    place = Body.objects.get(pk=body)
    appoint(Person.objects.get(pk=person), place, place.area, "auditor")


if __name__ == "__main__":
    from jarlig.service.ground.worker import work

    work(silence=float(sys.argv[1]))
