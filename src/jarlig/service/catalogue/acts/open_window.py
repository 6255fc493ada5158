"""Opening a window (开放申报): from an instant to an instant, inside the days that the guide gives the offer."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _, gettext_lazy

from jarlig.policy.model import Overlay
from jarlig.service.audit.record import fields, record
from jarlig.service.bodies.permission import require, rule
from jarlig.service.catalogue.loading import programme_in_force
from jarlig.service.catalogue.models import Programme, Window
from jarlig.service.ground.clock import SHANGHAI
from jarlig.service.ground.errors import Invalid, WrongState

OPEN = rule("open_window", gettext_lazy("Open a window"), "publisher")


def open_window(
    programme: Programme, offer: str, year: int, opens_at: datetime | None = None, closes_at: datetime | None = None
) -> Window:  # fmt: skip
    """Announces when applications for an offer are taken; without instants, all the days that the guide names.

    Raises:
        NotAllowed: from another seat.
        Missing: when no version of the programme is in force.
        Invalid: for an offer or year there is not, one the guide does not open, or instants outside its days.
        WrongState: when it overlaps a window of the same offer and year.
    """
    require("open_window", programme)
    first, last = guide_period(programme, offer, year)
    start, end = opens_at or first, closes_at or last
    if not start < end:
        raise Invalid(_("A window closes after it opens."), field="closes_at")
    if start < first or end > last:
        raise Invalid(
            _("The guide takes applications from %(first)s to the end of %(last)s.")
            % {"first": f"{first:%Y-%m-%d}", "last": f"{last - timedelta(days=1):%Y-%m-%d}"},
            field="opens_at" if start < first else "closes_at",
        )
    window = Window(programme=programme, offer=offer, year=year, opens_at=start, closes_at=end)
    try:
        with transaction.atomic():
            window.save(force_insert=True)
    except IntegrityError as error:
        raise WrongState(_("Another window of this offer and year overlaps it."), field="opens_at") from error
    record("open_window", window, after=fields(window, "programme", "offer", "year", "opens_at", "closes_at", "state"))
    return window


def guide_period(programme: Programme, offer: str, year: int) -> tuple[datetime, datetime]:
    """From the first instant of the first day to that after the last day on which the guide takes applications.

    Raises:
        Missing: when no version of the programme is in force.
        Invalid: see ``open_window``.
    """
    model = programme_in_force(programme.key).model
    if offer not in model.offers:
        raise Invalid(_("There is no offer %(offer)s.") % {"offer": offer[:40]}, field="offer")
    guide: Overlay | None = model.guides.get(year)
    if guide is None:
        known = ", ".join(str(one) for one in sorted(model.guides)) or "–"
        raise Invalid(_("There is no guide of %(year)s.") % {"year": year}, field="year",
                      remedy=_("Guides in force: %(years)s.") % {"years": known})  # fmt: skip
    if offer not in (guide.opens or ()) or offer in guide.closes:
        raise Invalid(_("The guide of %(year)s does not open this offer.") % {"year": year}, field="offer")
    first, last = guide.windows.get(offer, (guide.start, guide.end))
    return midnight(date.fromordinal(first)), midnight(date.fromordinal(last) + timedelta(days=1))


def midnight(day: date) -> datetime:
    """The first instant of a day in Shanghai."""
    return datetime(day.year, day.month, day.day, tzinfo=SHANGHAI)
