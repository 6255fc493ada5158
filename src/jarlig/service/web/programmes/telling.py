"""A programme told for readers of the site (方案说明): its parts in a language, and where on the site each stands."""

from __future__ import annotations

from urllib.parse import quote

from django.http import Http404
from django.urls import reverse

from jarlig.service.catalogue.kinds import is_chinese
from jarlig.service.catalogue.loading import rules_of
from jarlig.service.catalogue.models import Version
from jarlig.service.ground.kept import Kept
from jarlig.words.handbook_page.offers import OfferView
from jarlig.words.pages import Pages

_kept: Kept[tuple[str, str], Pages] = Kept(32)


def language() -> str:
    """``zh`` or ``en``, as the rules half names the languages."""
    return "zh" if is_chinese() else "en"


def pages_of(version: Version) -> Pages:
    """The parts of a version in the language of the reader."""
    rules, lang = rules_of(version), language()
    return _kept.get((version.sha256, lang), lambda: Pages(rules.model, lang, rules.desk))


def offer_of(pages: Pages, offer: str) -> OfferView:
    """An offer of a programme.

    Raises:
        Http404: there is no such offer.
    """
    if offer not in pages.book.programme.offers:
        raise Http404
    return pages.offer(offer)


class Place:
    """Where a part of a programme stands: ``#offer-2a`` has a page, the other parts are on the page of clauses."""

    def __init__(self, key: str) -> None:
        self.key = key
        self._clauses = reverse("programme-clauses", args=[key])

    def __call__(self, href: str) -> str:
        """The address of a link of the handbook; empty where it leads nowhere."""
        kind, _dash, name = href.removeprefix("#").partition("-")
        if kind == "offer":
            return reverse("programme-offer", args=[self.key, name])
        return f"{self._clauses}#{quote(kind)}-{quote(name)}" if name else ""
