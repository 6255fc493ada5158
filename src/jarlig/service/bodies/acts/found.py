"""The first act of an installation (初始化): its region, its first body and the person who administers it."""

from __future__ import annotations

from dataclasses import dataclass

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import connection
from django.utils.translation import gettext as _

from jarlig.service.audit.record import record
from jarlig.service.bodies.models import Account, Area, Body, Person, Seat
from jarlig.service.bodies.names import order_key
from jarlig.service.ground.clock import today
from jarlig.service.ground.errors import Invalid, WrongState


@dataclass(frozen=True, slots=True)
class Founder:
    """Who begins: their name, their login, the password they chose and where a letter reaches them."""

    name: str
    login: str
    password: str
    email: str = ""


def found(region: str, division: str, body: str, founder: Founder, *, region_en: str = "", body_en: str = "") -> Seat:
    """Makes the region, its administering body, and the first administrator's seat; done once, by the sign-in.

    Raises:
        WrongState: when the installation has an account already.
        Invalid: when the password is too weak.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('jarlig.found')), jarlig.is_empty()")
        if not cursor.fetchone()[1]:
            raise WrongState(_("This installation has been set up."))
    account = Account(login=founder.login.strip(), email=founder.email.strip())
    try:
        validate_password(founder.password, account)
    except ValidationError as error:
        raise Invalid(" ".join(error.messages), field="password") from error
    area = Area(name_zh=region, name_en=region_en, level="region", division=division, is_fiscal=True)
    area.path, area.order_key = f"{area.id}/", order_key(region)
    area.save(force_insert=True)
    made = Body(name_zh=body, name_en=body_en, area=area)
    made.save(force_insert=True)
    person = Person(name=founder.name)
    person.save(force_insert=True)
    seat = Seat(person=person, body=made, area=area, role="administrator", starts_on=today())
    seat.save(force_insert=True)
    account.person = person
    account.set_password(founder.password)
    account.save(force_insert=True)
    after = {
        "region": region, "division": division, "body": made, "body_name": body, "person": person, "seat": seat,
        "account": account, "login": account.login,
    }  # fmt: skip
    record("found", area, after=after, personal={"login": person.id}, area=area.path)
    return seat
