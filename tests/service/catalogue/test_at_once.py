"""Two who decide on one thing at the same moment: one does it, the other is told so in words."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from datetime import date
from typing import Any

from django.utils import translation
from tests.service.at_once import together
from tests.service.catalogue.office import imported, in_force, office
from tests.service.people import Installation

from jarlig.service.catalogue.acts.confirm_interpretation import confirm_interpretation
from jarlig.service.catalogue.acts.end_recognition import end_recognition
from jarlig.service.catalogue.acts.interpret import interpret
from jarlig.service.catalogue.acts.put_in_force import put_in_force
from jarlig.service.catalogue.acts.recognise import recognise
from jarlig.service.catalogue.acts.withdraw import withdraw
from jarlig.service.catalogue.models import Interpretation, Recognition, Version

CODE = "91150000MA0EXAMP11"
DAY = date(2024, 5, 10)
ONE_OF_TWO = ["WrongState", "done"]


def both(made: Installation, seat: str, reads: Callable[[], object], *acts: Callable[[Any], object]) -> list[str]:
    """Two who have read the same and then act on it, each before the other's act is committed; what became of each."""
    here = threading.Barrier(2, timeout=10)

    def one(act: Callable[[Any], object]) -> Callable[[], object]:
        def does() -> None:
            with made.sits(seat), translation.override("en"):
                read = reads()
                here.wait()
                act(read)
                time.sleep(0.3)

        return does

    return sorted(together(*map(one, acts)))


def test_what_two_decide_at_once_is_decided_once(own_db: str) -> None:
    made = office()
    programme = in_force(made)
    with made.sits("author"):
        interpret(programme, "1.1", "何为新建？", "指首次建成。")

    def vouches(_read: Any) -> object:
        return recognise(programme, "1a.level", CODE, "regional", dated=DAY)

    def ends(one: Recognition) -> object:
        return end_recognition(one, "x")

    assert both(made, "reviewer", lambda: None, vouches, vouches) == ONE_OF_TWO
    assert both(made, "reviewer", Recognition.objects.get, ends, ends) == ONE_OF_TWO
    assert both(made, "publisher", Interpretation.objects.get, *[confirm_interpretation] * 2) == ONE_OF_TWO


def test_a_version_is_put_in_force_or_taken_back_once(own_db: str) -> None:
    made = office()

    def reads() -> Version:
        found: Version = Version.objects.select_related("programme__area").latest("number")
        return found

    def takes_back(one: Version) -> object:
        return withdraw(one, "x")

    imported(made)
    assert both(made, "publisher", reads, *[put_in_force] * 2) == ONE_OF_TWO
    assert both(made, "publisher", reads, takes_back, takes_back) == ONE_OF_TWO
