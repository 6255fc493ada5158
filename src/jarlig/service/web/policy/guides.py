"""The guide of a year: windows of its offers, the terms it fills, its routes, the evidence that is asked."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _, ngettext
from django.views.decorators.http import require_POST

from jarlig.policy import model
from jarlig.service.bodies.permission import may
from jarlig.service.catalogue.acts.close_window import close_window
from jarlig.service.catalogue.acts.extend_window import extend_window
from jarlig.service.catalogue.acts.open_window import open_window
from jarlig.service.catalogue.acts.put_route_in_force import put_route_in_force
from jarlig.service.catalogue.acts.set_route import set_route
from jarlig.service.catalogue.kinds import is_chinese
from jarlig.service.catalogue.models import Programme, RouteVersion, Window
from jarlig.service.catalogue.queries import officer_name, standing, windows
from jarlig.service.catalogue.routes import STEPS
from jarlig.service.ground.clock import SHANGHAI, now
from jarlig.service.ground.errors import Missing
from jarlig.service.web.forms import render_form
from jarlig.service.web.policy import finding
from jarlig.service.web.policy.forms import ExtendForm, ReasonForm, RouteForm, WindowForm, tried
from jarlig.service.web.policy.said import set_by_guide, words_of as _words
from jarlig.service.web.policy.versions import STATES, crumbs, top, under
from jarlig.service.web.screens import screen
from jarlig.service.web.status import Word

STANDINGS = {
    "open": Word("open", "moving", "申报中", "Open"),
    "not_yet": Word("not_yet", "quiet", "尚未开始", "Not yet open"),
    "closed": Word("closed", "quiet", "已截止", "Closed"),
}


@screen("look_at_policy")
def guide(request: HttpRequest, key: str, year: int) -> HttpResponse:
    """Everything of a year."""
    one, read, overlay = _guide(request, key, year)
    crumbs(request, top(), under(one))
    instant = now()
    by_offer: dict[str, list[dict[str, Any]]] = {}
    for window in windows(one, year):
        by_offer.setdefault(window.offer, []).append(_window(window, instant))
    sets = set_by_guide(read, year)
    opened = [offer for offer in read.offers if offer in (overlay.opens or ()) and offer not in overlay.closes]
    return render(request, "policy/guide.html", {
        "one": one, "year": year, "title": _words(overlay.title),
        "programme": under(one)[0], "overlay": overlay, "instant": instant,
        "offers": [{"id": offer, "title": _words(read.offers[offer].title), "windows": by_offer.get(offer, ())}
                   for offer in opened],
        "closed": [(offer, _words(read.offers[offer].title)) for offer in read.offers if offer not in opened],
        "terms": [(each.offer, each.what, each.after) for each in sets if not each.before],
        "changes": [each for each in sets if each.before],
        "evidence": list(_evidence(read.model, opened)),
        "routes": [_route(route, read.model) for route in RouteVersion.objects.filter(
            programme=one, year=year).select_related("programme__area").order_by("name", "-number")],
        "may_open": may("open_window", one), "may_route": may("set_route", one),
        "first": _day(overlay.start), "last": _day(overlay.end),
    })  # fmt: skip


def _guide(request: HttpRequest, key: str, year: int) -> tuple[Programme, Any, model.Overlay]:
    one = finding.programme(request, key)
    _version, read = finding.rules(one)
    if read is None or year not in read.model.guides:
        raise Missing(_("There is no guide of %(year)s.") % {"year": year})
    return one, read, read.model.guides[year]


def _day(ordinal: int) -> Any:
    return datetime.fromordinal(ordinal).date()


def _window(window: Window, instant: datetime) -> dict[str, Any]:
    how = standing(window, instant)
    return {"one": window, "state": STANDINGS[how], "is_open": how == "open", "over": how == "closed",
            "opens": window.opens_at.astimezone(SHANGHAI), "closes": window.closes_at.astimezone(SHANGHAI),
            "left": _left(window.closes_at - instant) if how == "open" else "",
            "done": min(max(int((instant - window.opens_at) / (window.closes_at - window.opens_at) * 100), 0), 100)
            if window.closes_at > window.opens_at else 100,
            "may": may("close_window", window)}  # fmt: skip


def _left(rest: timedelta) -> str:
    if rest.days >= 1:
        return ngettext("%(days)s day left", "%(days)s days left", rest.days) % {"days": rest.days}
    hours, minutes = divmod(int(rest.total_seconds()) // 60, 60)
    return _("%(hours)s h %(minutes)s min left") % {"hours": hours, "minutes": minutes}


def _evidence(read: model.Programme, offers: list[str]) -> Iterator[tuple[str, str, str, str]]:
    for offer in offers:
        for fact in read.offers[offer].facts.values():
            if fact.evidence:
                asked = [_words(read.evidence[name]) for name in fact.evidence]
                body = read.bodies.get(fact.verified_by)
                yield (
                    offer,
                    _words(fact.title),
                    "、".join(asked) if is_chinese() else ", ".join(asked),
                    (_words(body) if body else ""),
                )


def _route(route: RouteVersion, read: model.Programme) -> dict[str, Any]:
    steps = []
    for step in route.steps:
        by = step.get("by", "")
        body = read.bodies.get(by)
        steps.append({
            "title": STEPS.get(step["step"], step["step"]), "days": step.get("workdays"),
            "agree": step.get("agree", ""),
            "by": _words(body) if body else _("bodies of the offer") if by else "",
        })  # fmt: skip
    return {"one": route, "title": route.title_zh if is_chinese() else route.title_en, "steps": steps,
            "state": STATES[route.state], "by": officer_name(route.set_by_id),
            "may": may("put_route_in_force", route)}  # fmt: skip


@screen("open_window", thing=finding.programme)
def new_window(request: HttpRequest, key: str, year: int) -> HttpResponse:
    """Opening a window."""
    one, read, overlay = _guide(request, key, year)
    crumbs(request, top(), under(one))
    form = WindowForm(request.POST or None, initial={"offer": request.GET.get("offer", "")})
    form.fields["offer"].choices = [
        (offer, f"{offer} {_words(read.offers[offer].title)}") for offer in read.offers
        if offer in (overlay.opens or ()) and offer not in overlay.closes
    ]  # fmt: skip
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        if (
            tried(form, lambda: open_window(one, given["offer"], year, given["opens_at"], given["closes_at"]))
            is not None
        ):
            return redirect("policy-guide", key=key, year=year)
    return render_form(request, form, title=_("Open a window"), button=_("Open the window"),
                       caption=_words(overlay.title), back=f"/policy/{key}/guides/{year}/")  # fmt: skip


@screen("close_window", thing=finding.window)
def shut(request: HttpRequest, identity: UUID) -> HttpResponse:
    """Closing a window before its time."""
    window = finding.window(request, identity)
    crumbs(request, top(), under(window.programme))
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid() and tried(
        form, lambda: close_window(window, form.cleaned_data["reason"])
    ) is not None:  # fmt: skip
        return redirect("policy-guide", key=window.programme.key, year=window.year)
    return render_form(
        request, form, title=_("Close the window of %(offer)s now") % {"offer": window.offer}, button=_("Close now"),
        intro=_("Applications that are being submitted at this moment are still taken; after them, none."),
        back=f"/policy/{window.programme.key}/guides/{window.year}/",
    )  # fmt: skip


@screen("extend_window", thing=finding.window)
def extend(request: HttpRequest, identity: UUID) -> HttpResponse:
    """Extending a window."""
    window = finding.window(request, identity)
    crumbs(request, top(), under(window.programme))
    form = ExtendForm(request.POST or None)
    if request.method == "POST" and form.is_valid() and tried(
        form, lambda: extend_window(window, form.cleaned_data["closes_at"], form.cleaned_data["reason"])
    ) is not None:  # fmt: skip
        return redirect("policy-guide", key=window.programme.key, year=window.year)
    closes = f"{window.closes_at.astimezone(SHANGHAI):%Y-%m-%d %H:%M:%S}"
    return render_form(
        request, form, title=_("Extend the window of %(offer)s") % {"offer": window.offer}, button=_("Extend"),
        intro=_("It closes at %(moment)s now.") % {"moment": closes},
        back=f"/policy/{window.programme.key}/guides/{window.year}/",
    )  # fmt: skip


@screen("set_route", thing=finding.programme)
def new_route(request: HttpRequest, key: str, year: int) -> HttpResponse:
    """Writing a route."""
    one, read, overlay = _guide(request, key, year)
    crumbs(request, top(), under(one))
    form = RouteForm(request.POST or None)
    form.fields["offers"].choices = [(offer, f"{offer} {_words(each.title)}") for offer, each in read.offers.items()]
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        made = tried(form, lambda: set_route(one, year, given["name"], given["offers"], form.read(),
                                             title_zh=given["title_zh"], title_en=given["title_en"]))  # fmt: skip
        if made is not None:
            return redirect("policy-guide", key=key, year=year)
    bodies = [(name, _words(words)) for name, words in read.model.bodies.items()]
    return render_form(
        request, form, title=_("Write a route"), button=_("Write down"), caption=_words(overlay.title),
        intro=_("Steps and bodies are written by their words in data, which the lists below give."),
        back=f"/policy/{key}/guides/{year}/", template="policy/route.html", known=STEPS.items(),
        bodies=[*bodies, ("bodies_of_the_offer", _("bodies of the offer"))],
    )  # fmt: skip


@require_POST
@screen("put_route_in_force", thing=finding.route)
def use_route(request: HttpRequest, identity: UUID) -> HttpResponse:
    """A second person puts a route in force."""
    route = put_route_in_force(finding.route(request, identity))
    return redirect("policy-guide", key=route.programme.key, year=route.year)
