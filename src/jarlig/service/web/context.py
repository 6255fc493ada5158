"""What every page knows (页面信息): language, who is signed in, where they may go, whether this is a demonstration.

Other rooms fill it: a middleware or a view calls ``fill(request, nav=…, person=…)``. Nobody needs to: a page for a
reader who is not signed in is complete without a database.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.translation import get_language, gettext as _


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
    sign_in: str = ""
    sign_out: str = ""
    nav: tuple[Link, ...] = ()
    crumbs: tuple[Link, ...] = ()
    foot: tuple[Link, ...] = ()
    foot_note: str = ""
    demo: str = ""
    wide: bool = False
    htmx: bool = False
    languages: tuple[tuple[str, str, str], ...] = (("zh-hans", "zh-Hans", "中文"), ("en", "en", "English"))


def page_of(request: HttpRequest) -> Page:
    """The page's knowledge so far, with defaults for what nobody filled in."""
    known = getattr(request, "jarlig_page", None)
    if isinstance(known, Page):
        return known
    lang = "zh-Hans" if (get_language() or "zh").startswith("zh") else "en"
    demo = _("This is a demonstration: enterprises, sums and documents are made up.") if settings.DEMONSTRATION else ""
    return Page(lang=lang, path=request.get_full_path(), demo=demo)


def fill(request: HttpRequest, **values: Any) -> Page:
    """Says more about the page that is being made; later words replace earlier ones."""
    known = replace(page_of(request), **values)
    request.jarlig_page = known
    return known


def page(request: HttpRequest) -> dict[str, Any]:
    """The value ``page`` of every template."""
    return {"page": page_of(request)}
