"""The main navigation (主导航): the places of every part; each reader sees those where they may do something."""

from __future__ import annotations

from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from jarlig.service.bodies.permission import answers
from jarlig.service.web.context import Link

#: Title, name of the address, and the act without which there is nothing to do there; None for everybody.
ITEMS: list[tuple[Promise | str, str, str | None]] = [
    (_("Programmes"), "programmes", None),
    (_("Check what you can get"), "estimate", None),
    (_("How it works"), "how", None),
    (_("Policy room"), "policy", "look_at_policy"),
]
#: Under which addresses an item lies that leads to one of several pages; the others cover what lies under their own.
COVERS: dict[str, str] = {}


def links(request: HttpRequest) -> tuple[Link, ...]:
    """The places that this reader is shown; the longest address that the page lies under is the current one."""
    told = answers(act for _title, _name, act in ITEMS if act)
    shown = [
        (title, reverse(name), COVERS.get(name) or reverse(name))
        for title, name, act in ITEMS
        if (act is None or told[act].allowed)
    ]  # fmt: skip
    here = max((under for _title, _href, under in shown if request.path.startswith(under)), key=len, default="")
    return tuple(Link(str(title), href, current=under == here) for title, href, under in shown)
