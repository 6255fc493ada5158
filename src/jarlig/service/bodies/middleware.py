"""Who it is that asks (身份识别): account, person and seat of a request, told to the database."""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import urlencode
from uuid import UUID

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import translation

from jarlig.service.bodies.seats import HeldSeat, seats_of
from jarlig.service.bodies.sessions import FACTOR, OFFICER, SEAT, hashed
from jarlig.service.ground.clock import now
from jarlig.service.ground.context import Who, become

#: Addresses whose statements stay in the role of the sign-in, which alone sees accounts and factors.
GATE = ("/account/", "/setup/")


class Seated:
    """Sets ``request.person``, ``request.seats`` and ``request.seat``, and the role, person and seat of the database.

    A session whose account was closed or whose person left has no person: it is signed in no more.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Finds out who it is before anything else looks."""
        request.person, request.seats, request.seat = None, (), None
        at_the_gate = request.path.startswith(GATE)
        if request.user.is_authenticated:
            self._seat(request)
            if self._lacks_factor(request):
                return _to(request, settings.FACTOR_URL)
            free = (*settings.BEFORE_FACTOR, reverse(settings.PASSWORD_URL))
            if request.user.must_change_password and not request.path.startswith(free):
                return _to(request, settings.PASSWORD_URL)
        person = request.person.id if request.person else None
        role = "jarlig_gate" if at_the_gate else "jarlig_person" if person else "jarlig_public"
        key = hashed(request.session.session_key).hex() if person else ""
        become(Who(role=role, person=person, seat=request.seat.id if request.seat else None, session=key))
        return self.get_response(request)

    def _seat(self, request: HttpRequest) -> None:
        request.person = request.user.person
        request.seats = seats_of(request.person.id)
        if bool(request.seats) != bool(request.session.get(OFFICER)):
            request.session[OFFICER] = bool(request.seats)
        elif request.session.is_due(now()):
            request.session.modified = True
        request.seat = chosen(request.seats, request.session.get(SEAT))
        if request.seat and request.session.get(SEAT) != str(request.seat.id):
            request.session[SEAT] = str(request.seat.id)  # a second seat, given meanwhile, takes this one from nobody
        chose_here = settings.LANGUAGE_COOKIE_NAME in request.COOKIES
        if not chose_here and request.person.language in dict(settings.LANGUAGES):
            translation.activate(request.person.language)
            request.LANGUAGE_CODE = request.person.language

    def _lacks_factor(self, request: HttpRequest) -> bool:
        """Officers do nothing before a second factor was shown in this very session."""
        shown = request.session.get(FACTOR) == str(request.user.pk)
        return bool(request.seats) and not shown and not request.path.startswith(tuple(settings.BEFORE_FACTOR))


def _to(request: HttpRequest, name: str) -> HttpResponse:
    """Leads a reader to what comes first, and from there back to what they asked."""
    address = reverse(name)
    if request.method in ("GET", "HEAD"):
        address += "?" + urlencode({"next": request.get_full_path()})
    if request.headers.get("HX-Request"):
        return HttpResponse(status=204, headers={"HX-Redirect": address})
    return HttpResponseRedirect(address)


def chosen(seats: tuple[HeldSeat, ...], wanted: str | None) -> HeldSeat | None:
    """The seat that was chosen, if it may still be sat on; the only one where there is one."""
    try:
        by_choice = next((seat for seat in seats if wanted and seat.id == UUID(wanted)), None)
    except ValueError:
        by_choice = None
    return by_choice or (seats[0] if len(seats) == 1 else None)
