"""Changing the name of an enterprise (企业更名): asked with its document, decided by the banner."""

from __future__ import annotations

from typing import IO

from django.utils.translation import gettext as _, gettext_lazy

from jarlig.service.audit.record import fields, record
from jarlig.service.bodies.permission import require, rule
from jarlig.service.documents.acts.store_file import store_file
from jarlig.service.enterprises import events
from jarlig.service.enterprises.acts.register_enterprise import checked_name
from jarlig.service.enterprises.errors import decided_already, needs_reason
from jarlig.service.enterprises.models import Enterprise, Renaming
from jarlig.service.enterprises.speaking import as_signatory, lock, no_stake
from jarlig.service.ground.clock import now
from jarlig.service.ground.context import current
from jarlig.service.ground.errors import Invalid, WrongState

RENAME = rule("rename_enterprise", gettext_lazy("Have a new name of your enterprise accepted"), condition=as_signatory)


def rename_enterprise(enterprise: Enterprise, name: str, source: IO[bytes], filename: str) -> Renaming:
    """A signatory asks that the enterprise be called otherwise, with the document of the registry.

    Raises:
        NotAllowed: for who does not sign for the enterprise.
        Invalid: for a name that is none or the same, or a file that is not taken.
        WrongState: while another renaming waits.
    """
    require("rename_enterprise", enterprise)
    tidy = checked_name(name)
    if tidy == enterprise.name:
        raise Invalid(_("This is its name now."), field="name")
    lock(enterprise.pk)
    if enterprise.state != "active" or Renaming.objects.filter(enterprise=enterprise, state="asked").exists():
        raise WrongState(_("Another renaming waits, or the enterprise is no more."))
    file = store_file(source, filename, purpose="renaming", thing=enterprise._meta.label_lower,
                      thing_id=str(enterprise.pk), area=enterprise.area_path)  # fmt: skip
    renaming = Renaming(enterprise=enterprise, former=enterprise.name, name=tidy, file=file,
                        asked_by_id=current().person, asked_at=now())  # fmt: skip
    renaming.save(force_insert=True)
    record("rename_enterprise", renaming, after=fields(renaming, "enterprise_id", "former", "name", "file_id"))
    return renaming


DECIDE_RENAMING = rule("decide_renaming", gettext_lazy("Decide on a new name"), "receiver", condition=no_stake)


def decide_renaming(renaming: Renaming, accepted: bool, reason: str = "") -> Renaming:
    """The banner's receiver accepts a new name, or says why not; claims made before keep the name they were made under.

    Raises:
        NotAllowed: outside the banner, or for who has a place in the enterprise.
        Invalid: when it is refused without a reason.
        WrongState: when it is decided, or accepted for an enterprise that is no more.
    """
    require("decide_renaming", renaming)
    if not accepted and not reason.strip():
        raise needs_reason()
    lock(renaming.enterprise_id)
    renaming.refresh_from_db()
    if renaming.state != "asked":
        raise decided_already()
    enterprise = renaming.enterprise
    enterprise.refresh_from_db(fields=["state", "name"])
    if accepted and enterprise.state != "active":
        raise WrongState(_("The enterprise is not active."), remedy=_("Refuse the name, with that as the reason."))
    settle_renaming(renaming, "accepted" if accepted else "refused", reason)
    if accepted:
        before = {"name": enterprise.name}
        enterprise.name = renaming.name
        enterprise.save(update_fields=["name"])
        record("decide_renaming", enterprise, before=before, after={"name": enterprise.name}, reason=reason)
        events.tell(events.enterprise_renamed, enterprise)
    return renaming


def settle_renaming(renaming: Renaming, state: str, reason: str) -> None:
    """Writes down who decided a renaming, from which seat and why."""
    renaming.state, renaming.reason, renaming.decided_at = state, reason.strip(), now()
    renaming.decided_by_id, renaming.seat_id = current().person, current().seat
    renaming.save(update_fields=["state", "reason", "decided_at", "decided_by", "seat"])
    record("decide_renaming", renaming, before={"state": "asked"}, after=fields(renaming, "state"), reason=reason)
