"""Handing in a letter of authorisation (提交授权委托书)."""

from __future__ import annotations

from typing import IO

from django.utils.translation import gettext as _, gettext_lazy

from jarlig.service.audit.record import fields, record
from jarlig.service.bodies.permission import require, rule
from jarlig.service.documents.acts.store_file import store_file
from jarlig.service.enterprises import events
from jarlig.service.enterprises.acts.open_dispute import open_dispute
from jarlig.service.enterprises.models import AuthorisationLetter, Membership
from jarlig.service.enterprises.queries import is_contested, settle
from jarlig.service.enterprises.speaking import lock, own_membership
from jarlig.service.ground.clock import now
from jarlig.service.ground.errors import WrongState

UPLOAD = rule("upload_letter", gettext_lazy("Hand in a letter of authorisation"), condition=own_membership)


def upload_letter(membership: Membership, source: IO[bytes], name: str) -> AuthorisationLetter:
    """Gives the banner's office the letter by which the enterprise says that this person speaks for it.

    If somebody speaks for it already, or has handed in a letter before, a dispute is opened: nobody joins silently.

    Raises:
        NotAllowed: for another person's membership.
        Invalid: for a file that is not taken.
        WrongState: when a letter waits, or the membership is not waiting for one.
    """
    require("upload_letter", membership)
    lock(membership.enterprise_id)
    membership.refresh_from_db()
    if membership.state != "asked" or membership.role != "signatory":
        raise WrongState(_("No letter is awaited here."))
    if AuthorisationLetter.objects.filter(membership=membership, state="waiting").exists():
        raise WrongState(_("Your letter is with the office."), remedy=_("You will read here what it decides."))
    file = store_file(source, name, purpose="authorisation", thing=membership._meta.label_lower,
                      thing_id=str(membership.pk), area=membership.area_path)  # fmt: skip
    letter = AuthorisationLetter(membership=membership, file=file, given_at=now())
    letter.save(force_insert=True)
    settle(membership)
    record("upload_letter", letter, after=fields(letter, "membership_id", "file_id", "state"))
    events.tell(events.letter_given, letter)
    if is_contested(membership):
        open_dispute(membership)
    return letter
