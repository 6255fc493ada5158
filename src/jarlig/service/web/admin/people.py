"""People and seats (人员与岗位): who sits where until when, deputies, who leaves and comes back."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _, gettext_lazy

from jarlig.service.bodies.acts.appoint import appoint as do_appoint
from jarlig.service.bodies.acts.change_factor import reset_factor as do_reset_factor
from jarlig.service.bodies.acts.come_back import come_back as do_come_back
from jarlig.service.bodies.acts.invite import invite_again as do_invite_again
from jarlig.service.bodies.acts.leave import leave as do_leave
from jarlig.service.bodies.names import order_key
from jarlig.service.bodies.queries import (
    account_in_use,
    all_seats_of,
    area_at,
    areas_within,
    bodies_within,
    body_at,
    deputyships_of,
    named,
    names,
    people_within,
    person_at,
)
from jarlig.service.bodies.roles import ROLES
from jarlig.service.ground.clock import today
from jarlig.service.web.account.invitation import show_once
from jarlig.service.web.admin.common import (
    WORDS,
    Section,
    Shown,
    ToDo,
    area_link,
    attempted,
    body_link,
    choosing,
    confirm,
    go,
    listed,
    logins,
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

#: Where the sign-in invites a person with a first seat; the link stands where that screen is there.
INVITE = "account_invite"


def _person(request: HttpRequest, key: Any) -> Any:
    return person_at(key)


def _crumb() -> Link:
    return Link(_("People and seats"), reverse("admin-people"))


def _invite() -> list[ToDo]:
    try:
        return [to_do("invite", None, reverse(INVITE))]
    except (NoReverseMatch, KeyError):
        return []


@screen(act="see_administration")
def people(request: HttpRequest) -> HttpResponse:
    """People who sit or sat in the seat's area."""
    table = Table(
        key="people",
        caption=_("People and seats"),
        columns=(
            Column("name", _("Name"), "link", sortable=True, head=True),
            Column("seats", _("Seats"), wide=True),
            Column("bodies", _("Bodies")),
            Column("login", _("Login")),
            Column("state", _("State"), "status"),
            Column("role", _("Role"), shown=False),
            Column("standing", _("Standing"), shown=False),
        ),
        filters=(
            Filter("q", _("Name, body or login")),
            Filter("standing", _("State"), tuple((key, WORDS[key].text) for key in ("active", "left"))),
        ),
        nothing=_("No people meet these conditions."),
    )
    rows = [
        {
            "name": Link(person.name, reverse("admin-person", args=[person.pk])),
            "seats": _(", ").join(f"{role_name(seat.role)} · {named(seat.area)}" for seat in person.held_seats),
            "bodies": _(", ").join(dict.fromkeys(named(seat.body) for seat in person.held_seats)),
            "login": logins(person),
            "state": WORDS[person.state],
            "standing": person.state,
            "role": _(", ").join(dict.fromkeys(role_name(seat.role) for seat in person.held_seats)),
        }
        for person in sorted(people_within(), key=lambda one: order_key(one.name))
    ]
    return listed(
        request,
        table,
        rows,
        todo=[*_invite(), to_do("appoint", None, reverse("admin-appoint"))],
        intro=_("A person's rights hang on their seats: body, area and role, from a day to a day."),
    )


@screen(act="see_people")
def person(request: HttpRequest, key: Any) -> HttpResponse:
    """One person: seats, where they are a deputy, how they come in."""
    found = _person(request, key)
    now = today()
    seats, deputyships = all_seats_of(found), deputyships_of(found)
    known = names([item.seat.person_id for item in deputyships])
    shown = Shown(
        title=found.name,
        caption=_("Person"),
        status=WORDS[found.state],
        values=[(_("Logins"), logins(found) or _("none"))],
        sections=[
            Section(
                _("Seats"),
                (_("Role"), _("Body"), _("Area"), _("From"), _("Until"), _("State"), _("Deputies")),
                [
                    (
                        Link(role_name(seat.role), reverse("admin-seat", args=[seat.pk])),
                        body_link(seat.body),
                        area_link(seat.area),
                        iso(seat.starts_on),
                        iso(seat.ends_on) if seat.ends_on else "",
                        seat_state(seat, now),
                        sum(_is_on(item, now) for item in seat.deputies.all()),
                    )
                    for seat in seats
                ],
                _("This person holds no seat."),
            ),
            Section(
                _("Deputy for others"),
                (_("Role"), _("Body"), _("For"), _("From"), _("Until"), _("State")),
                [
                    (
                        role_name(item.seat.role),
                        body_link(item.seat.body),
                        person_link(item.seat.person_id, known),
                        iso(item.starts_on),
                        iso(item.ends_on),
                        deputy_state(item, now),
                    )
                    for item in deputyships
                ],
                _("This person is nobody's deputy."),
            ),
        ],
    )
    if found.state == "active":
        shown.todo = [
            to_do("appoint", None, reverse("admin-appoint") + f"?person={found.pk}"),
            to_do("invite_again", found, reverse("admin-invite-again", args=[found.pk])),
            to_do("reset_factor", found, reverse("admin-reset-factor", args=[found.pk])),
            to_do("leave", found, reverse("admin-leave", args=[found.pk]), warns=True),
        ]
    else:
        shown.todo = [to_do("come_back", found, reverse("admin-come-back", args=[found.pk]))]
    return show(request, shown, _crumb())


def _is_on(deputy: Any, now: Any) -> bool:
    return not deputy.is_ended and deputy.ends_on >= now


def deputy_state(deputy: Any, now: Any) -> Any:
    """How a deputy stands today."""
    if not _is_on(deputy, now):
        return WORDS["ended"]
    return WORDS["to_come"] if deputy.starts_on > now else WORDS["held"]


class AppointForm(forms.Form):
    """Who gets which seat."""

    person = forms.ChoiceField(label=gettext_lazy("Person"))
    body = forms.ChoiceField(label=gettext_lazy("Body"))
    area = forms.ChoiceField(label=gettext_lazy("Area"), help_text=gettext_lazy("That of the body, or one under it."))
    role = forms.ChoiceField(label=gettext_lazy("Role"), widget=forms.RadioSelect)
    starts_on = forms.DateField(
        label=gettext_lazy("First day"),
        widget=forms.DateInput(attrs={"type": "date"}),
        required=False,
        help_text=gettext_lazy("Empty for today."),
    )
    ends_on = forms.DateField(
        label=gettext_lazy("Last day"),
        widget=forms.DateInput(attrs={"type": "date"}),
        required=False,
        help_text=gettext_lazy("Empty where it is open; a third party's seat has one."),
    )
    contract = forms.CharField(
        label=gettext_lazy("Contract"),
        max_length=200,
        required=False,
        help_text=gettext_lazy("For a third party: number and date of the contract."),
    )
    claims = forms.CharField(
        label=gettext_lazy("Claims"),
        required=False,
        widget=forms.Textarea(attrs={"rows": "3"}),
        help_text=gettext_lazy("For a third party: the claims it sees, one a line."),
    )


@screen(act="appoint")
def appoint(request: HttpRequest) -> HttpResponse:
    """Appoints a person to a seat."""
    initial = {"person": request.GET.get("person", ""), "body": request.GET.get("body", "")}
    offered = list(bodies_within())
    chosen = next((body for body in offered if str(body.pk) == initial["body"]), None)
    form = AppointForm(sent(request), initial=initial | ({"area": str(chosen.area_id)} if chosen else {}))
    form.fields["person"].choices = choosing(
        (str(item.pk), f"{item.name} {logins(item)}".strip()) for item in people_within() if item.state == "active"
    )
    form.fields["body"].choices = choosing((str(body.pk), f"{named(body)} · {named(body.area)}") for body in offered)
    form.fields["area"].choices = choosing((str(area.pk), named(area)) for area in areas_within())
    form.fields["role"].choices = [
        (role.name, _("%(role)s: %(does)s") % {"role": role.title, "does": role.does}) for role in ROLES.values()
    ]
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        made = attempted(
            form,
            lambda: do_appoint(
                person_at(said["person"]),
                body_at(said["body"]),
                area_at(said["area"]),
                said["role"],
                starts_on=said["starts_on"],
                ends_on=said["ends_on"],
                contract=said["contract"],
                claims=tuple(line.strip() for line in said["claims"].splitlines() if line.strip()),
            ),
        )
        if made:
            return go("admin-seat", made.pk, done="appoint")
    within(request, _crumb(), Link(_("Appoint somebody to a seat"), ""))
    return render_form(request, form, title=_("Appoint somebody to a seat"), button=_("Appoint"))


@screen(act="leave", thing=_person)
def leave(request: HttpRequest, key: Any) -> HttpResponse:
    """A person leaves."""
    found = _person(request, key)
    own = request.person.pk == found.pk

    def do(reason: str) -> bool:
        do_leave(found, reason=reason)
        if own:
            request.session.flush()
        return True

    return confirm(
        request,
        "leave",
        do,
        reverse("admin-person", args=[found.pk]),
        to=reverse("front") if own else "",
        title=_("%(name)s leaves") % {"name": found.name},
        intro=_("Every seat, deputyship and session of this person ends at once. What they did stays written down."),
    )


@screen(act="come_back", thing=_person)
def come_back(request: HttpRequest, key: Any) -> HttpResponse:
    """A person comes back."""
    found = _person(request, key)
    return confirm(
        request,
        "come_back",
        lambda reason: do_come_back(found, reason=reason),
        reverse("admin-person", args=[found.pk]),
        title=_("%(name)s comes back") % {"name": found.name},
        intro=_("The person may be appointed again; none of the old seats returns."),
    )


@screen(act="invite_again", thing=_person)
def invite_again(request: HttpRequest, key: Any) -> HttpResponse:
    """A new link for somebody who lost theirs or forgot their password; it is shown once, on the next page."""
    found = _person(request, key)

    def do(reason: str) -> bool:
        account = account_in_use(found)
        show_once(request, found.name, do_invite_again(account, reason), account.email)
        return True

    return confirm(
        request,
        "invite_again",
        do,
        reverse("admin-person", args=[found.pk]),
        title=_("A new link for %(name)s") % {"name": found.name},
        intro=_(
            "The link is shown once and holds for seven days; earlier links open nothing more. Whoever opens it chooses"
            " a new password, which ends every session. The second factor stays. Give the link to nobody else."
        ),
        to=reverse("account_invited"),
    )


@screen(act="reset_factor", thing=_person)
def reset_factor(request: HttpRequest, key: Any) -> HttpResponse:
    """Takes away the second factor of somebody who lost telephone and recovery codes."""
    found = _person(request, key)
    return confirm(
        request,
        "reset_factor",
        lambda reason: do_reset_factor(found, reason),
        reverse("admin-person", args=[found.pk]),
        title=_("Take away the second factor of %(name)s") % {"name": found.name},
        intro=_(
            "Make sure first, face to face or by telephone, that it is they who ask. Every session ends, recovery codes"
            " open nothing more, and they set up a new factor when they sign in next."
        ),
        asks_why=True,
    )
