"""Naming an enterprise for which one means to speak (登记企业)."""

from __future__ import annotations

import unicodedata

from django.db import connection
from django.utils.translation import gettext as _, gettext_lazy

from jarlig.reference import BadCode, check_uscc
from jarlig.service.audit.record import fields, record
from jarlig.service.bodies.models import Area
from jarlig.service.bodies.permission import require, rule
from jarlig.service.enterprises.errors import bad_code
from jarlig.service.enterprises.models import ALIVE, Membership
from jarlig.service.enterprises.speaking import lock
from jarlig.service.ground.clock import now
from jarlig.service.ground.context import current
from jarlig.service.ground.errors import Invalid, WrongState

REGISTER = rule("register_enterprise", gettext_lazy("Name an enterprise for which you speak"))
LONGEST_NAME = 120


def register_enterprise(uscc: str, name: str, area: Area, *, role: str = "signatory") -> Membership:
    """Asks for a place in an enterprise, which is written down if it is not known; the answer tells neither.

    Args:
        uscc: its unified social credit code, exactly.
        name: its name as on the licence.
        area: the banner or filing office where it is registered.
        role: ``signatory`` for who hands in a letter, ``member`` for who waits to be appointed by a signatory.

    Raises:
        NotAllowed: when nobody is signed in.
        Invalid: for a code, name or area that cannot be.
        WrongState: when the person has a place there, or has asked.
    """
    require("register_enterprise")
    try:
        check_uscc(uscc)
    except BadCode as fault:
        raise bad_code(fault, "uscc") from None
    tidy = checked_name(name)
    if area.level not in ("county", "filing"):
        raise Invalid(_("Choose the banner, county, district or zone of registration."), field="area")
    if role not in ("signatory", "member"):
        raise Invalid(_("Choose how you will show that you belong to it."), field="role")
    with connection.cursor() as cursor:
        cursor.execute("SELECT jarlig.enterprise_for(%s, %s, %s)", [uscc, tidy, area.pk])
        enterprise = cursor.fetchone()[0]
    lock(enterprise)
    if Membership.objects.filter(enterprise_id=enterprise, person_id=current().person, state__in=ALIVE).exists():
        raise WrongState(_("You have a place in this enterprise, or have asked for one."),
                         remedy=_("See “My enterprises”."))  # fmt: skip
    membership = Membership(enterprise_id=enterprise, person_id=current().person, role=role, uscc=uscc,
                            stated_name=tidy, stated_area=area, asked_at=now())  # fmt: skip
    membership.save(force_insert=True)
    after = fields(membership, "enterprise_id", "person_id", "role", "uscc", "stated_name", "stated_area", "state")
    record("register_enterprise", membership, after=after)
    return membership


def checked_name(name: str, field: str = "name") -> str:
    """The name of an enterprise as it is kept.

    Raises:
        Invalid: for an empty or overlong one, or one with characters that cannot be seen.
    """
    tidy = " ".join(unicodedata.normalize("NFC", name).split())
    if not tidy or len(tidy) > LONGEST_NAME:
        raise Invalid(_("Write the name as it stands on the licence, at most 120 characters."), field=field)
    if any(unicodedata.category(one) in ("Cc", "Cf", "Cs", "Co", "Cn") for one in tidy):
        raise Invalid(_("The name has characters that cannot be seen."), field=field, remedy=_("Type it anew."))
    return tidy
