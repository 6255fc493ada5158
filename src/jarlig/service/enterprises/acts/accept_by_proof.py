"""Accepting what a provider of legal persons' identities says (法人统一身份认证采信)."""

from __future__ import annotations

from dataclasses import dataclass

from django.db import connection
from django.utils.translation import gettext as _

from jarlig.reference import BadCode, check_uscc
from jarlig.service.audit.record import fields, record
from jarlig.service.bodies.models import Area
from jarlig.service.enterprises import events
from jarlig.service.enterprises.acts.open_dispute import open_dispute
from jarlig.service.enterprises.acts.register_enterprise import checked_name
from jarlig.service.enterprises.errors import bad_code
from jarlig.service.enterprises.models import ALIVE, Dispute, LegalPersonProof, Membership
from jarlig.service.enterprises.queries import is_contested, settle
from jarlig.service.enterprises.speaking import lock
from jarlig.service.ground.clock import now
from jarlig.service.ground.context import current, on_behalf_of
from jarlig.service.ground.errors import Invalid, NotAllowed
from jarlig.service.ground.personal import index


@dataclass(frozen=True, slots=True)
class VerifiedClaims:
    """What the provider says, its signature and audience checked by the sign-in."""

    provider: str
    subject: str
    uscc: str
    name: str


def accept_by_proof(claims: VerifiedClaims, area: Area | None = None) -> Membership:
    """Lets the person who signed in speak for the enterprise that the provider names, unless somebody does already.

    Called by the sign-in, after it has found out who the person is. ``area`` is where the enterprise is registered, if
    the provider says; otherwise it is read from the code. If somebody speaks for the enterprise, a dispute is opened.

    Raises:
        NotAllowed: when nobody is signed in.
        Invalid: for a code that cannot be, or an area that is not known.
    """
    person = current().person
    if person is None:
        raise NotAllowed(_("You are not signed in."))
    try:
        code = check_uscc(claims.uscc)
    except BadCode as fault:
        raise bad_code(fault, "uscc") from None
    area = area or Area.objects.filter(division=code.division, level__in=("county", "filing")).first()
    if area is None:
        raise Invalid(_("It is not known where this enterprise is registered."), field="area",
                      remedy=_("Hand in a letter of authorisation and choose the banner."))  # fmt: skip
    with on_behalf_of(role="jarlig_gate"):
        membership = _asked(code.code, checked_name(claims.name), area)
        if membership.state == "accepted":
            return membership
        proof = LegalPersonProof(
            membership=membership, provider=claims.provider, subject_index=index(claims.subject, claims.provider),
            uscc=code.code, name=claims.name, said_at=now(),
        )  # fmt: skip
        proof.save(force_insert=True)
        record("accept_by_proof", proof, after=fields(proof, "membership_id", "provider", "uscc", "name"),
               area=membership.area_path)  # fmt: skip
        if is_contested(membership):
            if not Dispute.objects.filter(claimant=membership, state="open").exists():
                open_dispute(membership)
            return membership
        before = {"state": membership.state}
        membership.state, membership.since = "accepted", now()
        membership.save(update_fields=["state", "since"])
        settle(membership)
        record("accept_by_proof", membership, before=before, after={"state": "accepted"})
    events.tell(events.membership_changed, membership)
    return membership


def _asked(code: str, name: str, area: Area) -> Membership:
    """The membership of the person in the enterprise of this code, made if there is none."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT jarlig.enterprise_for(%s, %s, %s)", [code, name, area.pk])
        enterprise = cursor.fetchone()[0]
    lock(enterprise)
    person = current().person
    found: Membership | None = Membership.objects.filter(
        enterprise_id=enterprise, person_id=person, state__in=ALIVE
    ).first()
    if found is not None and (found.state == "accepted" or found.role == "signatory"):
        return found
    if found is not None:  # who waited to be appointed signs for it now, and no place turns into that of a signatory
        found.state, found.until = "ended", now()
        found.save(update_fields=["state", "until"])
        record("accept_by_proof", found, before={"state": "asked"}, after={"state": "ended"})
    made = Membership(enterprise_id=enterprise, person_id=person, role="signatory", uscc=code, stated_name=name,
                      stated_area=area, asked_at=now())  # fmt: skip
    made.save(force_insert=True)
    return made
