"""One seat (岗位): its days, its deputies, its end; also for whoever holds it and names a deputy."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _, gettext_lazy

from jarlig.service.bodies.acts.change_claims import change_claims
from jarlig.service.bodies.acts.end_deputy import end_deputy as do_end_deputy
from jarlig.service.bodies.acts.end_seat import end_seat as do_end_seat
from jarlig.service.bodies.acts.make_deputy import make_deputy
from jarlig.service.bodies.permission import may
from jarlig.service.bodies.queries import candidates, deputies_on, deputy_at, named, names, on_seat, seat_at
from jarlig.service.ground.clock import today
from jarlig.service.ground.errors import Missing
from jarlig.service.web.admin.common import (
    ReasonForm,
    Section,
    Shown,
    ToDo,
    area_link,
    attempted,
    body_link,
    choosing,
    confirm,
    go,
    person_link,
    role_name,
    seat_state,
    sent,
    show,
    to_do,
    within,
    words_for,
)
from jarlig.service.web.admin.people import deputy_state
from jarlig.service.web.context import Link
from jarlig.service.web.figures import day, iso
from jarlig.service.web.forms import render_form
from jarlig.service.web.screens import screen


def _seat(request: HttpRequest, key: Any) -> Any:
    return seat_at(key)


def _on_seat(request: HttpRequest, key: Any) -> Any:
    return on_seat(_seat(request, key))


def _deputy(request: HttpRequest, key: Any) -> Any:
    return deputy_at(key)


@screen(act="make_deputy")
def mine(request: HttpRequest) -> HttpResponse:
    """The seat on which the reader sits."""
    if request.seat is None:
        raise Missing(_("You sit on no seat here."))
    return _page(request, _seat(request, request.seat.id), own=True)


@screen(act="see_people")
def seat(request: HttpRequest, key: Any) -> HttpResponse:
    """One seat of the area."""
    return _page(request, _seat(request, key), own=False)


def _page(request: HttpRequest, found: Any, *, own: bool) -> HttpResponse:
    now, deputies = today(), deputies_on(found)
    known = names([found.person_id, *(item.person_id for item in deputies)])
    known |= {item.pk: item.name for item in candidates(found)} if own else {}
    may_end = may("end_deputy", on_seat(found)).allowed
    shown = Shown(
        title=_("%(role)s of %(body)s") % {"role": role_name(found.role), "body": named(found.body)},
        caption=_("Your seat") if own else _("Seat"),
        status=seat_state(found, now),
        values=[
            (_("Person"), words_for(known, found.person_id) if own else person_link(found.person_id, known)),
            (_("Body"), named(found.body) if own else body_link(found.body)),
            (_("Area"), named(found.area) if own else area_link(found.area)),
            (_("From"), day(found.starts_on)),
            (_("Until"), day(found.ends_on) if found.ends_on else _("no last day")),
        ],
        sections=[
            Section(
                _("Deputies"),
                (_("Person"), _("From"), _("Until"), _("Reason"), _("State"), _("End")),
                [
                    (
                        words_for(known, item.person_id) if own else person_link(item.person_id, known),
                        iso(item.starts_on),
                        iso(item.ends_on),
                        item.reason,
                        deputy_state(item, now),
                        Link(_("End"), reverse("admin-deputy-end", args=[item.pk]))
                        if may_end and not item.is_ended and item.ends_on >= now
                        else "",
                    )
                    for item in deputies
                ],
                _("There is no deputy on this seat."),
            )
        ],
    )
    if found.role == "third_party":
        shown.values += [(_("Contract"), found.contract), (_("Claims"), _(", ").join(found.claims) or _("none"))]
    if found.state == "held":
        shown.todo = [to_do("make_deputy", on_seat(found), reverse("admin-deputy-new", args=[found.pk]))]
        if not own:
            shown.todo += _administered(found)
    crumbs = () if own else (Link(_("People and seats"), reverse("admin-people")),)
    return show(request, shown, *crumbs, at_home=own)


def _administered(found: Any) -> list[ToDo]:
    claims = [to_do("change_claims", found, reverse("admin-seat-claims", args=[found.pk]))]
    return [
        *(claims if found.role == "third_party" else []),
        to_do("end_seat", found, reverse("admin-seat-end", args=[found.pk]), warns=True),
    ]


class EndForm(ReasonForm):
    """When and why a seat ends."""

    on = forms.DateField(
        label=gettext_lazy("Last day"),
        widget=forms.DateInput(attrs={"type": "date"}),
        required=False,
        help_text=gettext_lazy("Empty to end it at once."),
    )
    field_order = ("on", "reason")


@screen(act="end_seat", thing=_seat)
def end(request: HttpRequest, key: Any) -> HttpResponse:
    """Ends a seat."""
    found = _seat(request, key)
    form = EndForm(sent(request))
    if (
        request.method == "POST"
        and form.is_valid()
        and attempted(form, lambda: do_end_seat(found, **form.cleaned_data))
    ):
        return go("admin-seat", found.pk, done="end_seat")
    within(request, Link(_("People and seats"), reverse("admin-people")), Link(_("End a seat"), ""))
    return render_form(
        request,
        form,
        title=_("End a seat"),
        button=_("End the seat"),
        back=reverse("admin-seat", args=[found.pk]),
        caption=_("%(role)s of %(body)s") % {"role": role_name(found.role), "body": named(found.body)},
        intro=_("Its deputies end with it."),
    )


class ClaimsForm(forms.Form):
    """Which claims a third party sees."""

    claims = forms.CharField(
        label=gettext_lazy("Claims"),
        required=False,
        widget=forms.Textarea(attrs={"rows": "8"}),
        help_text=gettext_lazy("One a line."),
    )


@screen(act="change_claims", thing=_seat)
def claims(request: HttpRequest, key: Any) -> HttpResponse:
    """Changes which claims a third party sees."""
    found = _seat(request, key)
    form = ClaimsForm(sent(request), initial={"claims": "\n".join(found.claims)})
    if request.method == "POST" and form.is_valid():
        lines = form.cleaned_data["claims"].splitlines()
        if attempted(form, lambda: change_claims(found, lines)):
            return go("admin-seat", found.pk, done="change_claims")
    within(request, Link(_("People and seats"), reverse("admin-people")), Link(_("Claims"), ""))
    return render_form(
        request,
        form,
        title=_("Change which claims a third party sees"),
        button=_("Save"),
        back=reverse("admin-seat", args=[found.pk]),
    )


class DeputyForm(forms.Form):
    """Who sits for somebody else, between which days, and why."""

    person = forms.ChoiceField(label=gettext_lazy("Person"))
    starts_on = forms.DateField(label=gettext_lazy("First day"), widget=forms.DateInput(attrs={"type": "date"}))
    ends_on = forms.DateField(label=gettext_lazy("Last day"), widget=forms.DateInput(attrs={"type": "date"}))
    reason = forms.CharField(label=gettext_lazy("Reason"), max_length=500)


@screen(act="make_deputy", thing=_on_seat)
def deputy(request: HttpRequest, key: Any) -> HttpResponse:
    """Names a deputy on a seat."""
    found = _seat(request, key)
    offered = candidates(found)
    form = DeputyForm(sent(request), initial={"starts_on": today()})
    form.fields["person"].choices = choosing((str(item.pk), item.name) for item in offered)
    if request.method == "POST" and form.is_valid():
        said = dict(form.cleaned_data)
        chosen = next(item for item in offered if str(item.pk) == said["person"])
        said["person"] = chosen
        if attempted(form, lambda: make_deputy(found, **said)):
            return _back(request, found, "make_deputy")
    within(request, Link(_("Name a deputy"), ""))
    return render_form(
        request,
        form,
        title=_("Name a deputy"),
        button=_("Name the deputy"),
        back=_address(request, found),
        caption=_("%(role)s of %(body)s") % {"role": role_name(found.role), "body": named(found.body)},
        intro=_(
            "The deputy sits on this seat between the two days and acts in their own name. Nobody comes to "
            "hold two roles that do not go together."
        ),
    )


@screen(act="end_deputy", thing=_deputy)
def end_deputy(request: HttpRequest, key: Any) -> HttpResponse:
    """Ends a deputy at once."""
    found = _deputy(request, key)
    return confirm(
        request,
        "end_deputy",
        lambda reason: do_end_deputy(found, reason=reason),
        _address(request, found.seat),
        intro=_("The deputy sits on this seat no more, from now on."),
    )


def _is_own(request: HttpRequest, found: Any) -> bool:
    return bool(request.seat is not None and request.seat.id == found.pk)


def _address(request: HttpRequest, found: Any) -> str:
    return reverse("admin-my-seat") if _is_own(request, found) else reverse("admin-seat", args=[found.pk])


def _back(request: HttpRequest, found: Any, act: str) -> HttpResponse:
    return go("admin-my-seat", done=act) if _is_own(request, found) else go("admin-seat", found.pk, done=act)
