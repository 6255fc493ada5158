"""A programme told for readers of the site (方案说明): its parts in a language, and where on the site each stands."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from urllib.parse import quote

from django.http import Http404
from django.urls import reverse

from jarlig.policy import model
from jarlig.service.catalogue.kinds import is_chinese
from jarlig.service.catalogue.loading import rules_of
from jarlig.service.catalogue.models import Version, Window
from jarlig.service.ground.kept import Kept
from jarlig.service.web.programmes import listing
from jarlig.words.handbook_page.offers import OfferView
from jarlig.words.pages import Pages

Parts = Sequence[tuple[str, Sequence[listing.Row]]]
_kept: Kept[tuple[str, str], Pages] = Kept(32)


def language() -> str:
    """``zh`` or ``en``, as the rules half names the languages."""
    return "zh" if is_chinese() else "en"


def titled(version: Version) -> str:
    """The title of a version in the reader's language."""
    return version.title_zh if is_chinese() else version.title_en


def pages_of(version: Version) -> Pages:
    """The parts of a version in the language of the reader."""
    rules, lang = rules_of(version), language()
    return _kept.get((version.sha256, lang), lambda: Pages(rules.model, lang, rules.desk))


def parts_of(version: Version, windows: Sequence[Window], instant: datetime) -> Parts:
    """The parts of a programme with their measures as they stand."""
    rules = rules_of(version)
    return list(listing.rows(rules, listing.groups(rules, version.sha256, language()), windows, instant))


def offer_of(pages: Pages, offer: str) -> OfferView:
    """An offer of a programme.

    Raises:
        Http404: there is no such offer.
    """
    if offer not in pages.book.programme.offers:
        raise Http404
    return pages.offer(offer)


def outermost(read: model.Programme, clause: str) -> str:
    """The measure that a clause belongs to: the last clause around it."""
    while (around := clause.rpartition(".")[0]) in read.clauses:
        clause = around
    return clause


def names(pages: Pages) -> dict[str, str]:
    """What stands at each place of the handbook, by its title; a reader is told no id without it."""
    book, read = pages.book, pages.book.programme
    found = {link.href: link.text for link in map(book.offer_link, read.offers)}
    for kind, entries in (("target", read.targets), ("duty", read.duties), ("register", read.registers)):
        found |= {f"#{kind}-{name}": book.title(entry.title) for name, entry in entries.items()}
    return found


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
