"""Picking a person (选择人员): the sign-in of a demonstration, without a password."""

from __future__ import annotations

from django.contrib.auth import login
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from jarlig.service.bodies.sessions import FACTOR, OFFICER, SEAT
from jarlig.service.demo.people import account_of, places, sitter, speaker, speakers
from jarlig.service.ground.context import on_behalf_of
from jarlig.service.ground.errors import Missing
from jarlig.service.web.screens import screen

_BACKEND = "jarlig.service.bodies.backend.Passwords"


@never_cache
@screen(None, public=True)
@require_http_methods(["GET", "POST"])
def pick(request: HttpRequest) -> HttpResponse:
    """Shows everybody with their seats; one click more and the reader is that person on that seat."""
    if request.method == "GET":
        return render(request, "demo/pick.html", {"places": places(), "speakers": speakers()})
    found = sitter(request.POST.get("seat", ""))
    person = found.person if found else speaker(request.POST.get("person", ""))
    if person is None:
        raise Missing(_("Nobody sits there any more."))
    request.session.flush()
    with on_behalf_of(role="jarlig_gate"):
        account = account_of(person)
        login(request, account, backend=_BACKEND)
    request.session[OFFICER], request.session[FACTOR] = found is not None, str(account.pk)
    if found is not None:
        request.session[SEAT] = str(found.seat)
    return HttpResponseRedirect("/")
