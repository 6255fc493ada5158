"""Addresses of the tests: an act in a request, with the database dying at a chosen moment."""

from __future__ import annotations

from datetime import date

from django.http import HttpRequest, HttpResponse
from django.urls import path
from tests.service.conftest import CLUSTER
from tests.service.faults.killing import kill

from jarlig.service.bodies.acts.found import Founder, found
from jarlig.service.bodies.calendar import add_working_days
from jarlig.service.bodies.models import Area
from jarlig.service.config import urls
from jarlig.service.ground.context import Who, become, on_behalf_of

handler500 = urls.handler500


def _found(request: HttpRequest, when: str) -> HttpResponse:
    become(Who(role="jarlig_gate"))  # as under the address of the set-up
    if when == "before":
        kill(CLUSTER)
    seat = found("内蒙古自治区", "150000", "厅", Founder("那仁", "naren", "a long and quiet evening"))
    if when == "after":
        kill(CLUSTER)
    return HttpResponse(str(seat.id))


def _count(request: HttpRequest) -> HttpResponse:
    with on_behalf_of(role="jarlig_public"):
        return HttpResponse(str(Area.objects.count()))


def _workdays(request: HttpRequest, year: int) -> HttpResponse:
    with on_behalf_of(role="jarlig_public"):
        return HttpResponse(str(add_working_days(date(year, 1, 4), 5)))


urlpatterns = [
    *urls.urlpatterns,
    path("found/<str:when>/", _found),
    path("count/", _count),
    path("workdays/<int:year>/", _workdays),
]
