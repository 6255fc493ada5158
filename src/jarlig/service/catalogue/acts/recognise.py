"""Recognising an enterprise (认定): what the programme leaves to a body to vouch for."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from typing import Any

from django.db import connection
from django.utils.translation import gettext as _, gettext_lazy

from jarlig.reference.errors import BadCode
from jarlig.reference.uscc import check_uscc
from jarlig.service.audit.record import fields, record
from jarlig.service.bodies.models import Body
from jarlig.service.bodies.permission import require, rule
from jarlig.service.bodies.sitting import Sitting
from jarlig.service.catalogue.acts.doing import walls
from jarlig.service.catalogue.kinds import Kind, check_value, is_chinese, kind_of
from jarlig.service.catalogue.loading import programme_in_force
from jarlig.service.catalogue.models import Programme, Recognition
from jarlig.service.ground.clock import today
from jarlig.service.ground.errors import Invalid, WrongState


def of_its_body(seat: Sitting | None, one: Any) -> str | None:
    """Why the seat is not of the body that the programme names for this kind; None when it is."""
    if seat is None or one is None:
        return None
    if one.body_id is not None and one.body_id != seat.body:
        return _("Another body has entered this.")
    wanted = kind_of(programme_in_force(one.programme.key), one.kind).department
    if Body.objects.filter(pk=seat.body, department=wanted).exists():
        return None
    return _("The programme leaves this to the body %(body)s.") % {"body": wanted}


RECOGNISE = rule(
    "recognise", gettext_lazy("Recognise an enterprise"), "reviewer", "approver", where="", condition=of_its_body
)
#: Characters of a document number or of a subject.
MOST = 200
NAMES = ("programme", "kind", "uscc", "subject", "value", "body", "number", "dated", "valid_until")


def recognise(
    programme: Programme, kind: str, uscc: str, value: str, *, dated: date, number: str = "", subject: str = "",
    valid_until: date | None = None,
) -> Recognition:  # fmt: skip
    """Writes into the register that a body vouches for a fact of an enterprise; the programme's own engines read it.

    Raises:
        NotAllowed: from a seat of another body than the programme names for this kind.
        Missing: for a kind that the programme does not leave to a body.
        Invalid: for a code that is none, a value that the fact cannot hold, or days that do not fit.
        WrongState: when one of this kind is valid for it already.
    """
    one = Recognition(programme=programme, kind=kind, uscc=uscc.strip(), subject=subject.strip(), value=value.strip(),
                      number=number.strip(), dated=dated, valid_until=valid_until)  # fmt: skip
    seat = require("recognise", one)
    assert seat is not None
    one.body_id = seat.body
    check(one, kind_of(programme_in_force(programme.key), kind), today())
    if outside([one.uscc]):
        raise elsewhere()
    if Recognition.objects.filter(
        programme=programme, kind=kind, uscc=one.uscc, subject=one.subject, state="valid"
    ).exists():
        raise WrongState(_("A recognition of this kind is valid for it already."), field="uscc",
                         remedy=_("End that one first, with its reason."))  # fmt: skip
    with walls():
        one.save(force_insert=True)
    record("recognise", one, after=fields(one, *NAMES))
    return one


def outside(codes: Collection[str]) -> set[str]:
    """Those of some codes whose enterprises are not registered in the area of the seat; of the region's, none."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT code FROM unnest(%s::text[]) code WHERE NOT jarlig.code_within(code)", [list(codes)])
        return {code for (code,) in cursor.fetchall()}


def elsewhere() -> Invalid:
    """Said of an enterprise that is registered outside the area of the seat."""
    return Invalid(_("This enterprise is not registered in the area of your seat."), field="uscc",
                   remedy=_("The body of its own area, or that of the region, recognises it."))  # fmt: skip


def check(one: Recognition, kind: Kind, on: date) -> None:
    """Whether a recognition can stand in the register, by itself.

    Raises:
        Invalid: see ``recognise``.
    """
    try:
        check_uscc(one.uscc)
    except BadCode as error:
        raise Invalid(error.zh if is_chinese() else error.en, field="uscc") from None
    one.value = check_value(kind, one.value)
    if one.dated > on:
        raise Invalid(_("The day of the recognition lies ahead."), field="dated")
    if one.valid_until is not None and one.valid_until < one.dated:
        raise Invalid(_("The last day lies before the first."), field="valid_until")
    if len(one.number) > MOST or len(one.subject) > MOST:
        raise Invalid(_("At most %(most)s characters.") % {"most": MOST}, field="number")
