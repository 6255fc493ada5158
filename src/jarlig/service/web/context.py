"""What every page knows (页面信息): language, who is signed in, where they may go, whether this is a demonstration.

Other rooms fill it: a middleware or a view calls ``fill(request, nav=…, person=…)``. Nobody needs to: a page for a
reader who is not signed in is complete without a database.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import get_language, gettext as _

from jarlig.service.bodies.seats import HeldSeat
from jarlig.service.web.figures import day


@dataclass(frozen=True, slots=True)
class Link:
    """A place to go to: its words, its address, whether the reader is there, and a count that asks for attention."""

    text: str
    href: str
    current: bool = False
    count: int | None = None
    late: bool = False


@dataclass(frozen=True, slots=True)
class Seat:
    """A seat (岗位) as the header shows it: office, post and, for a deputy, for whom and until when."""

    key: str
    office: str
    post: str
    note: str = ""

    @property
    def text(self) -> str:
        """The seat in one line."""
        return " · ".join(part for part in (self.office, self.post) if part)


@dataclass(frozen=True, slots=True)
class Page:
    """What the layout shows around the content of a page."""

    lang: str = "zh-Hans"
    path: str = "/"
    name: str = "Jarlig"
    section: str = ""
    person: str = ""
    seat: Seat | None = None
    seats: tuple[Seat, ...] = ()
    seat_switch: str = ""
    choose_seat: str = ""
    sign_in: str = ""
    sign_out: str = ""
    nav: tuple[Link, ...] = ()
    crumbs: tuple[Link, ...] = ()
    foot: tuple[Link, ...] = ()
    foot_note: str = ""
    demo: str = ""
    demo_pick: str = ""
    wide: bool = False
    htmx: bool = False
    languages: tuple[tuple[str, str, str], ...] = (("zh-hans", "zh-Hans", "中文"), ("en", "en", "English"))


def demonstration() -> str:
    """What stands on every page of a demonstration; empty elsewhere."""
    if not settings.DEMONSTRATION:
        return ""
    return _("It is autumn 2023 here. People, enterprises, sums and documents are made up.")


def page_of(request: HttpRequest) -> Page:
    """The page's knowledge so far, with defaults for what nobody filled in."""
    known = getattr(request, "jarlig_page", None)
    if isinstance(known, Page):
        return known
    lang = "zh-Hans" if (get_language() or "zh").startswith("zh") else "en"
    about = _about(request) if hasattr(request, "person") else {}
    pick = reverse("demo-pick") if settings.DEMONSTRATION else ""
    return Page(lang=lang, path=request.get_full_path(), demo=demonstration(), demo_pick=pick, **about)


def _about(request: HttpRequest) -> dict[str, Any]:
    """Who the reader is and where they may go."""
    from jarlig.service.web.nav import links

    if request.person is None:
        return {"sign_in": reverse("account_login"), "nav": links(request)}
    seats = {seat.id: _shown(seat) for seat in request.seats}
    return {
        "person": request.person.name, "sign_out": reverse("account_logout"), "nav": links(request),
        "seats": tuple(seats.values()), "seat": seats[request.seat.id] if request.seat else None,
        "seat_switch": reverse("account_seat"), "choose_seat": _choose_seat(request),
    }  # fmt: skip


def _choose_seat(request: HttpRequest) -> str:
    """Where an officer who sits on none of several seats chooses one, and comes back from; empty for the others."""
    switch = reverse("account_seat")
    if request.seat or not request.seats or request.path.startswith((switch, *settings.BEFORE_FACTOR)):
        return ""
    return f"{switch}?{urlencode({'next': request.get_full_path() if request.method == 'GET' else '/'})}"


def _shown(seat: HeldSeat) -> Seat:
    note = ""
    if seat.deputy_until is not None:
        note = _("deputy for %(name)s until %(day)s") % {"name": seat.deputy_for, "day": day(seat.deputy_until)}
    return Seat(str(seat.id), seat.office, str(seat.title.title), note)


def fill(request: HttpRequest, **values: Any) -> Page:
    """Says more about the page that is being made; later words replace earlier ones."""
    known = replace(page_of(request), **values)
    request.jarlig_page = known
    return known


def page(request: HttpRequest) -> dict[str, Any]:
    """The value ``page`` of every template."""
    return {"page": page_of(request)}
