"""Changing to another of one's seats (切换岗位)."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _

from jarlig.service.bodies.sessions import SEAT
from jarlig.service.web.forms import render_form
from jarlig.service.web.screens import screen


class SeatForm(forms.Form):
    """Which of one's seats to sit on."""

    seat = forms.ChoiceField(widget=forms.RadioSelect)

    def __init__(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["seat"].label = _("Your seats")
        self.fields["seat"].choices = [
            (str(seat.id), f"{seat.office} · {seat.title.title}") for seat in request.seats
        ]  # fmt: skip
        if request.seat:
            self.fields["seat"].initial = str(request.seat.id)


@screen(None)
def change(request: HttpRequest) -> HttpResponse:
    """Asks for a seat and sits on it; nothing but a seat held today, own or as deputy, is taken."""
    form = SeatForm(request, request.POST or None)
    if request.method == "POST" and form.is_valid():
        request.session[SEAT] = form.cleaned_data["seat"]
        return HttpResponseRedirect(inside(request.POST.get("next") or request.GET.get("next")))
    return render_form(
        request, form, title=_("Choose your seat"), button=_("Continue"),
        intro=_("What you see and may do hangs on the seat you sit on. You can change it at any time."),
    )  # fmt: skip


def inside(address: str | None, otherwise: str = "/") -> str:
    """An address of this site, or the other one: nobody is sent elsewhere by what a link says."""
    safe = address and address.startswith("/") and url_has_allowed_host_and_scheme(address, allowed_hosts=None)
    return str(address) if safe else otherwise
