"""Two who do the same at the same moment: one does it, the other is told so."""

from __future__ import annotations

from tests.service.meanwhile import twice_at_once
from tests.service.people import installation

from jarlig.service.bodies.acts.invite import invite
from jarlig.service.bodies.models import Person
from jarlig.service.ground.errors import Invalid


def test_the_same_person_invited_twice_at_once_is_refused_in_words(own_db: str) -> None:
    made = installation()
    second = twice_at_once(made, "root", lambda: invite("其木格", "qimuge"))
    assert isinstance(second, Invalid) and second.field == "login"
    with made.sits("root"):
        assert Person.objects.filter(name="其木格").count() == 1
