"""An enterprise, its programme and its people before their browsers."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from tests.service.applications.desk import Desk, desk
from tests.service.browsing import Browser
from tests.service.enterprises.town import Town, town
from tests.service.walker import Walker


@pytest.fixture
def place(own_db: str) -> Town:
    """The town in a database of the test's own, since each request commits."""
    return town()


@pytest.fixture
def enters(place: Town) -> Callable[..., Walker]:
    """Somebody signed in, by their name in the town; an officer with a second factor, which they set up once."""
    known: dict[str, Browser] = {}

    def make(name: str) -> Walker:
        if name not in known:
            known[name] = Browser()
            login = name.replace(" ", "-")
            known[name].as_officer(login) if name in place.seats else known[name].sign_in(login)
        walker = Walker()
        walker.client = known[name]
        return walker

    return make


@pytest.fixture
def at(place: Town) -> Desk:
    """The town with a programme in force, its window, and an enterprise for which ana speaks."""
    return desk(place)
