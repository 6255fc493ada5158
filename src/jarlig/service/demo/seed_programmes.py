"""Programmes of the demonstration: imported by one person, put in force by another, with the windows of the year."""

from __future__ import annotations

from typing import Any

from django.db import connection

from jarlig.service.catalogue.acts.import_programme import import_at_once
from jarlig.service.catalogue.acts.open_window import guide_period, open_window
from jarlig.service.catalogue.acts.put_in_force import put_in_force
from jarlig.service.catalogue.loading import programme_in_force
from jarlig.service.catalogue.models import Version, Window
from jarlig.service.demo.cast import cast
from jarlig.service.demo.sitting import sits
from jarlig.service.ground.errors import Invalid


def programmes() -> int:
    """The programmes of the cast and the windows that their guides of the year name."""
    return sum(_programme(one) for one in cast()["programmes"])


def _programme(one: dict[str, Any]) -> int:
    made = 0
    with sits(one["author"], "author"):
        version = Version.objects.filter(programme__key=one["shipped_as"]).order_by("-imported_at").first()
        if version is None:
            with connection.cursor() as cursor:  # a busy machine checks the folder longer than a request may wait
                cursor.execute("SET LOCAL idle_in_transaction_session_timeout = '10min'")
            version, made = import_at_once(shipped_as=one["shipped_as"]), 1
    with sits(one["publisher"], "publisher"):
        if version.state == "checked":
            version = put_in_force(version)
        for offer in programme_in_force(version.programme.key).model.offers:
            made += _window(version, offer, one["year"])
    return made


def _window(version: Version, offer: str, year: int) -> int:
    if Window.objects.filter(programme=version.programme, offer=offer, year=year).exists():
        return 0
    try:
        guide_period(version.programme, offer, year)
    except Invalid:  # the guide of the year does not open it
        return 0
    open_window(version.programme, offer, year)
    return 1
