"""The page of an offer (事项说明): what it is, how much, for whom, until when, evidence, who decides, an example."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from jarlig.policy import model
from jarlig.service.bodies.calendar import UnknownYear, working_days_between
from jarlig.service.catalogue.loading import version_in_force
from jarlig.service.catalogue.models import Window
from jarlig.service.catalogue.public import answers_about, window_to_show
from jarlig.service.catalogue.queries import standing, windows
from jarlig.service.ground.clock import SHANGHAI, now
from jarlig.service.web.figures import last_day
from jarlig.service.web.programmes.clauses import under
from jarlig.service.web.programmes.past import told
from jarlig.service.web.programmes.telling import Place, offer_of, outermost, pages_of, titled
from jarlig.service.web.screens import screen
from jarlig.words.handbook_page.offers import OfferView, Year


@dataclass(frozen=True, slots=True)
class Now:
    """How an offer stands (当前状态): status word, its words, and the days that go with it.

    ``left`` is the number of working days to the last one, today counted if offices work; None when no calendar says.
    """

    status: str
    words: str
    year: int | None = None
    opens: Window | None = None
    closes: Window | None = None
    left: int | None = None


@screen(None, public=True)
def offer(request: HttpRequest, key: str, offer: str) -> HttpResponse:
    """Everything about one offer."""
    version = version_in_force(key)
    pages, programme = pages_of(version), version.programme
    view = offer_of(pages, offer)
    read, book = pages.book.programme, pages.book
    under(request, key, titled(version))
    stands = stands_now(read, offer, [window for window in windows(programme) if window.offer == offer], now())
    number = outermost(read, read.offers[offer].cites)
    clause = read.clauses[number]
    own = [(one, lines) for one in pages.locals() for link, lines in one.offers if link.href == f"#offer-{offer}"]
    return render(request, "programmes/offer.html", {
        "offer": view, "stands": stands, "version": version, "title": f"{view.id} {view.title}", "key": key,
        "measure": (number, book.title(clause.label), book.title(clause.summary).rstrip("。.")), "say": book.say,
        "place": Place(key), "sample": read.sample, "this_year": _this_year(view, stands),
        "is_sample_guide": _is_sample(read, stands), "answers": answers_about(programme, [read.offers[offer].cites]),
        "changed": [(step.version, *step.of(offer)) for step in told(programme)], "closing": pages.rest().closing,
        "locals": own,
    })  # fmt: skip


def stands_now(read: model.Programme, offer: str, found: list[Window], instant: datetime) -> Now:
    """How an offer stands at an instant."""
    today = instant.astimezone(SHANGHAI).date()
    if not read.valid[0] <= today.toordinal() <= read.valid[1]:
        return Now("lapsed", "")
    if read.offers[offer].nature == "inform":
        return Now("tax_information", _("Information"))
    if read.offers[offer].nature == "transfer":
        return Now("transfer", "")
    window = window_to_show(found, instant)
    if window is not None:
        how = standing(window, instant)
        if how == "open":
            left = _left(today, last_day(window.closes_at))
            return Now("under_way", _("Open for applications"), window.year, window, window, left)
        if how == "not_yet":
            return Now("not_started", _("Not yet open"), window.year, window, window)
    guides = [guide for guide in read.guides.values() if guide.start <= today.toordinal() <= guide.end]
    if not guides:
        return Now("awaiting_guide", "", closes=window)
    guide = guides[0]
    if offer in guide.closes or offer not in (guide.opens or ()):
        return Now("not_open", "", guide.year, closes=window)
    if window is not None:
        return Now("closed", _("Closed for applications"), window.year, closes=window)
    return Now("not_started", _("No window yet"), guide.year)


def _left(today: date, last: date) -> int | None:
    """Working days to the last one; None when the calendar of a year is not in force."""
    try:
        return working_days_between(today, last)
    except UnknownYear:
        return None


def _this_year(view: OfferView, stands: Now) -> Year | None:
    return next((year for year in view.years if year.link.text == str(stands.year)), None)


def _is_sample(read: model.Programme, stands: Now) -> bool:
    guide = read.guides.get(stands.year) if stands.year is not None else None
    return guide is not None and guide.sample
