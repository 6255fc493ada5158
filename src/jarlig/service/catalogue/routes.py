"""Routes as data (审核流程): the steps of a review, read from a guide or from what an officer wrote.

Which steps there are is the service's own matter and known to it; who does them is a word of the programme.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from django.utils.translation import gettext as _, gettext_lazy

from jarlig.policy.messages import nearest
from jarlig.policy.model import Programme
from jarlig.service.ground.errors import Invalid

#: Every step that the service knows how to take, and how people call it.
STEPS = {
    "acceptance": gettext_lazy("Acceptance"),
    "first_review": gettext_lazy("First review"),
    "data_check": gettext_lazy("Check of the data"),
    "recommendation": gettext_lazy("Recommendation"),
    "second_review": gettext_lazy("Second review"),
    "site_visit": gettext_lazy("Site visit"),
    "expert_review": gettext_lazy("Review by experts"),
    "special_audit": gettext_lazy("Special audit"),
    "joint_review": gettext_lazy("Joint review"),
    "allocation_plan": gettext_lazy("Allocation plan"),
    "joint_opinion": gettext_lazy("Joint opinion"),
    "collective_decision": gettext_lazy("Collective decision"),
    "public_notice": gettext_lazy("Public notice"),
    "agreement": gettext_lazy("Agreement"),
    "payment": gettext_lazy("Payment"),
    "passing_down": gettext_lazy("Passing down"),
}
#: Stands for the bodies that the clause of the offer names.
OF_THE_OFFER = "bodies_of_the_offer"
MOST_STEPS, MOST_DAYS = 30, 366
_KEYS = ("step", "by", "agree", "workdays", "first_day_counts", "sample")


def read_steps(steps: object, bodies: Collection[str]) -> list[dict[str, Any]]:
    """The steps of a route, each as ``{step, by, agree, workdays, …}`` with ``agree`` one of all, any or a number.

    Raises:
        Invalid: with the number of the step at fault.
    """
    if not isinstance(steps, list) or not 1 <= len(steps) <= MOST_STEPS:
        raise Invalid(_("A route has 1 to %(most)s steps.") % {"most": MOST_STEPS}, field="steps")
    return [_step(number, step, bodies) for number, step in enumerate(steps, 1)]


def read_route(name: str, route: object, bodies: Collection[str]) -> tuple[list[dict[str, Any]], dict[str, int]]:
    """Steps and corrections of a route as a guide writes it.

    Raises:
        Invalid: when it is written so that the service cannot act on it, or a step cannot be read.
    """
    if not isinstance(route, Mapping):
        raise Invalid(
            _("The service does not act on the route %(name)s: it names no steps with their bodies.") % {"name": name},
            remedy=_("Write a route on the page of the guide."),
        )
    try:
        return read_steps(route.get("steps"), bodies), read_corrections(route.get("corrections"))
    except Invalid as error:
        raise Invalid(f"{name}: {error.reason}", remedy=error.remedy) from None


def routes_of(model: Programme) -> list[dict[str, Any]]:
    """Every route that the guides of a programme bring along, as it is kept and as a report has it.

    Raises:
        Invalid: see ``read_route``.
    """
    found = []
    for year, guide in model.guides.items():
        for name, route in guide.routes.items():
            if not isinstance(route, Mapping):  # the import has said that such a route is written here
                continue
            steps, corrections = read_route(name, route, model.bodies)
            title = route.get("title", {})
            found.append({
                "year": year, "name": name, "title_zh": title.get("zh", name), "title_en": title.get("en", name),
                "offers": [str(one) for one in route.get("for", ())], "steps": steps, "corrections": corrections,
            })  # fmt: skip
    return found


def read_corrections(given: object) -> dict[str, int]:
    """How often a level may return a claim, and within how many working days it comes back."""
    plain = given if isinstance(given, Mapping) else {}
    return {name: _whole(plain.get(name, "0"), 0, name) for name in ("each_level", "workdays")}


def _step(number: int, step: object, bodies: Collection[str]) -> dict[str, Any]:
    if not isinstance(step, Mapping):
        raise _wrong(number, _("it is no list of names and values"))
    name = str(step.get("step", ""))
    unknown = [key for key in step if key not in _KEYS]
    if unknown:
        raise _wrong(number, _("%(name)s is not known there") % {"name": unknown[0]}, nearest(str(unknown[0]), _KEYS))
    if name not in STEPS:
        raise _wrong(number, _("there is no step %(name)s") % {"name": name or "?"}, nearest(name, STEPS))
    read: dict[str, Any] = {"step": name}
    by = str(step.get("by", ""))
    if by and by != OF_THE_OFFER and by not in bodies:
        raise _wrong(
            number, _("the programme names no body %(name)s") % {"name": by}, nearest(by, [*bodies, OF_THE_OFFER])
        )
    if by:
        read["by"] = by
    agree = str(step.get("agree", ""))
    if agree in ("all", "any"):
        read["agree"] = agree
    elif agree:
        read["agree"] = _whole(agree, number, "agree", 1, 50)
    if str(step.get("workdays", "")):
        read["workdays"] = _whole(step["workdays"], number, "workdays")
    if str(step.get("first_day_counts", "")):
        read["first_day_counts"] = str(step["first_day_counts"]).lower() == "true"
    if str(step.get("sample", "")):
        read["sample"] = str(step["sample"])[:20]
    return read


def _whole(value: object, number: int, name: str, least: int = 0, most: int = MOST_DAYS) -> int:
    text = str(value)
    if not (text.isascii() and text.isdecimal() and len(text) < 5 and least <= int(text) <= most):
        raise _wrong(number, _("%(name)s is a whole number from %(least)s to %(most)s, not %(text)s")
                     % {"name": name, "least": least, "most": most, "text": text[:20]})  # fmt: skip
    return int(text)


def _wrong(number: int, what: str, near: str | None = None) -> Invalid:
    remedy = _("Is %(name)s meant?") % {"name": near} if near else ""
    if not number:
        return Invalid(_("Corrections: %(what)s.") % {"what": what}, field="steps", remedy=remedy)
    return Invalid(_("Step %(number)s: %(what)s.") % {"number": number, "what": what}, field="steps", remedy=remedy)
