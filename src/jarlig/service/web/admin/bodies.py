"""Bodies (机构): departments and third parties, and who sits there."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _, gettext_lazy

from jarlig.service.bodies.acts.change_body import change_body
from jarlig.service.bodies.acts.close_body import close_body
from jarlig.service.bodies.acts.make_body import make_body
from jarlig.service.bodies.queries import area_at, areas_within, bodies_within, body_at, named, names, seats_in
from jarlig.service.ground.clock import today
from jarlig.service.web.admin.common import (
    WORDS,
    Section,
    Shown,
    area_link,
    attempted,
    body_link,
    choosing,
    confirm,
    go,
    listed,
    person_link,
    role_name,
    seat_state,
    sent,
    show,
    to_do,
    within,
)
from jarlig.service.web.context import Link
from jarlig.service.web.figures import iso
from jarlig.service.web.forms import render_form
from jarlig.service.web.screens import screen
from jarlig.service.web.tables import Column, Filter, Table


def _body(request: HttpRequest, key: Any) -> Any:
    return body_at(key)


def _crumb() -> Link:
    return Link(_("Bodies"), reverse("admin-bodies"))


@screen(act="see_administration")
def bodies(request: HttpRequest) -> HttpResponse:
    """The bodies of the seat's area."""
    kinds = ((_("department"), _("department")), (_("third party"), _("third party")))
    table = Table(
        key="bodies",
        caption=_("Bodies"),
        columns=(
            Column("name", _("Name of the body"), "link", sortable=True, head=True),
            Column("area", _("Area"), "link", sortable=True),
            Column("department", _("Department"), sortable=True),
            Column("kind", _("Kind")),
            Column("held", _("Seats held"), "number", sortable=True),
            Column("state", _("State"), "status"),
        ),
        filters=(Filter("q", _("Name or area")), Filter("kind", _("Kind"), kinds)),
        nothing=_("No bodies meet these conditions."),
    )
    rows = [
        {
            "name": body_link(body),
            "area": area_link(body.area),
            "department": body.department,
            "kind": kinds[body.is_third_party][0],
            "held": body.held,
            "state": WORDS["open" if body.is_active else "closed"],
        }
        for body in bodies_within(closed=True)
    ]
    return listed(
        request,
        table,
        rows,
        todo=[to_do("make_body", None, reverse("admin-body-new"))],
    )


@screen(act="see_administration")
def body(request: HttpRequest, key: Any) -> HttpResponse:
    """One body with its seats."""
    found = _body(request, key)
    seats, now = seats_in(found), today()
    known = names(seat.person_id for seat in seats)
    shown = Shown(
        title=named(found),
        caption=_("Third party") if found.is_third_party else _("Body"),
        status=WORDS["open" if found.is_active else "closed"],
        values=[
            (_("Chinese name"), found.name_zh),
            (_("English name"), found.name_en or _("none")),
            (_("Area"), area_link(found.area)),
            (_("Department"), found.department or _("none")),
        ],
        sections=[
            Section(
                _("Seats"),
                (_("Role"), _("Person"), _("Area"), _("From"), _("Until"), _("State")),
                [
                    (
                        Link(role_name(seat.role), reverse("admin-seat", args=[seat.pk])),
                        person_link(seat.person_id, known),
                        area_link(seat.area),
                        iso(seat.starts_on),
                        iso(seat.ends_on) if seat.ends_on else "",
                        seat_state(seat, now),
                    )
                    for seat in seats
                ],
                _("Nobody sits here."),
            )
        ],
        todo=[
            to_do("appoint", found, reverse("admin-appoint") + f"?body={found.pk}"),
            to_do("change_body", found, reverse("admin-body-change", args=[found.pk])),
        ],
    )
    if found.is_active:
        shown.todo.append(to_do("close_body", found, reverse("admin-body-close", args=[found.pk]), warns=True))
    else:
        shown.todo = shown.todo[1:]
    return show(request, shown, _crumb())


class NamesForm(forms.Form):
    """The words of a body."""

    name_zh = forms.CharField(label=gettext_lazy("Chinese name"), max_length=120)
    name_en = forms.CharField(label=gettext_lazy("English name"), max_length=160, required=False)
    department = forms.CharField(
        label=gettext_lazy("Department"),
        max_length=40,
        required=False,
        help_text=gettext_lazy("The word that programmes use for it, such as commerce; empty for a third party."),
    )


class BodyForm(NamesForm):
    """A new body: also its area, and whether it is a third party."""

    area = forms.ChoiceField(label=gettext_lazy("Area"))
    is_third_party = forms.BooleanField(
        label=gettext_lazy("A third party under contract, such as an audit firm"), required=False
    )
    field_order = ("area", "name_zh", "name_en", "department", "is_third_party")


@screen(act="make_body")
def new(request: HttpRequest) -> HttpResponse:
    """Makes a body."""
    form = BodyForm(sent(request), initial={"area": request.GET.get("area", "")})
    form.fields["area"].choices = choosing((str(area.pk), named(area)) for area in areas_within())
    if request.method == "POST" and form.is_valid():
        said = dict(form.cleaned_data)
        area = area_at(said.pop("area"))
        made = attempted(form, lambda: make_body(area, **said))
        if made:
            return go("admin-body", made.pk, done="make_body")
    within(request, _crumb(), Link(_("Make a body"), ""))
    return render_form(request, form, title=_("Make a body"), button=_("Make"))


@screen(act="change_body", thing=_body)
def change(request: HttpRequest, key: Any) -> HttpResponse:
    """Changes the words of a body."""
    found = _body(request, key)
    initial = {"name_zh": found.name_zh, "name_en": found.name_en, "department": found.department}
    form = NamesForm(sent(request), initial=initial)
    if (
        request.method == "POST"
        and form.is_valid()
        and attempted(form, lambda: change_body(found, **form.cleaned_data))
    ):
        return go("admin-body", found.pk, done="change_body")
    within(request, _crumb(), body_link(found), Link(_("Change"), ""))
    return render_form(request, form, title=_("Change a body"), caption=named(found), button=_("Save"))


@screen(act="close_body", thing=_body)
def close(request: HttpRequest, key: Any) -> HttpResponse:
    """Closes a body where nobody sits."""
    found = _body(request, key)
    return confirm(
        request,
        "close_body",
        lambda reason: close_body(found, reason=reason),
        reverse("admin-body", args=[found.pk]),
        intro=_("Nobody is appointed to “%(body)s” any more; what it did stays its own.") % {"body": named(found)},
    )
