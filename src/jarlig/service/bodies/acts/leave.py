"""A person leaves (离职): every seat, deputyship and session of theirs ends at once."""

from __future__ import annotations

from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _, gettext_lazy

from jarlig.service.audit.record import fields, record
from jarlig.service.bodies.acts.doing import check_not_last, lock_holder, locked
from jarlig.service.bodies.acts.end_seat import finish
from jarlig.service.bodies.models import Deputy, Person, Seat
from jarlig.service.bodies.permission import require, rule
from jarlig.service.bodies.queries import is_kept_here, is_wholly_within
from jarlig.service.bodies.sessions import end_sessions
from jarlig.service.bodies.sitting import Sitting
from jarlig.service.ground.clock import today
from jarlig.service.ground.errors import WrongState


def wholly_within(sitting: Sitting | None, thing: Any) -> str | Promise | None:
    """Whoever also sits elsewhere is not only this administrator's."""
    if thing is None or sitting is None or is_wholly_within(thing):
        return None
    return gettext_lazy("This person sits, or sat, outside the area of your seat too.")


def kept_here_alone(sitting: Sitting | None, thing: Any) -> str | Promise | None:
    """Whose way in is renewed: somebody who sits here and nowhere else, and not whoever acts."""
    if thing is None or sitting is None or is_kept_here(thing):
        return None
    if thing.pk == sitting.person:
        return gettext_lazy("Your own way in is renewed by another administrator.")
    return wholly_within(sitting, thing) or gettext_lazy("This person holds no seat here now; appoint them first.")


LEAVE = rule("leave", gettext_lazy("A person leaves"), "administrator", where="", condition=wholly_within)


def leave(person: Person, *, reason: str = "") -> Person:
    """Ends everything by which a person could act; who they were stays known.

    Raises:
        NotAllowed: when whoever acts does not administer all that the person holds.
        WrongState: when they have left already, or nobody would administer the region any more.
    """
    sitting = require("leave", person)
    lock_holder(person)
    person = locked(person)
    if person.state != "active":
        raise WrongState(_("%(name)s has left.") % {"name": person.name})
    day = today()
    seats = list(
        Seat.objects.select_for_update(of=("self",)).select_related("area").filter(person=person, state="held")
    )
    check_not_last(seats, day)
    path = sitting.path if sitting else ""
    before = fields(person, "state")
    own = sitting is not None and sitting.person == person.pk
    if not own:
        _go(person)  # while the seats still say in whose area the person is
    deputies = Deputy.objects.select_for_update(of=("self",)).filter(person=person, is_ended=False)
    # The seat from which this is done goes last: with it goes what the database lets see and change.
    here = sitting.seat if sitting else None
    for one in sorted((*deputies, *seats), key=lambda one: here == (one.pk if isinstance(one, Seat) else one.seat_id)):
        if isinstance(one, Seat):
            finish(one, day, reason)
        else:
            one.ends_on, one.is_ended = max(min(one.ends_on, day), one.starts_on), True
            one.save(update_fields=["ends_on", "is_ended"])
    if own:
        _go(person)
    end_sessions(person)
    record("leave", person, before=before, after=fields(person, "state"), reason=reason.strip(), area=path)
    return person


def _go(person: Person) -> None:
    person.state = "left"
    person.save(update_fields=["state"])
