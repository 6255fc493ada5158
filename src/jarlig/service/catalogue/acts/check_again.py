"""Checking a folder again (重新校验): after a check that was broken off, or whose job is gone."""

from __future__ import annotations

from django.utils.translation import gettext as _, gettext_lazy

from jarlig.service.audit.record import fields, record
from jarlig.service.bodies.permission import require, rule
from jarlig.service.catalogue.acts.check_programme import own
from jarlig.service.catalogue.jobs import check_folder
from jarlig.service.catalogue.models import FolderImport
from jarlig.service.catalogue.queries import progress
from jarlig.service.ground.errors import WrongState
from jarlig.service.ground.jobs import enqueue

AGAIN = rule("check_again", gettext_lazy("Check a programme folder again"), "author", where="", condition=own)


def check_again(folder: FolderImport) -> FolderImport:
    """Puts the check down anew; nothing has to be uploaded again.

    Raises:
        NotAllowed: to anybody but whoever imported it.
        WrongState: when it is being checked, or has become a version.
    """
    seat = require("check_again", folder)
    # A check under way holds the row: it is passed over here, not waited for.
    one = FolderImport.objects.select_for_update(skip_locked=True, of=("self",)).filter(pk=folder.pk).first()
    if one is None or one.state == "done" or (one.state == "waiting" and progress(one) != "stopped"):
        raise WrongState(_("This folder is being checked, or has become a version already."))
    before = fields(one, "state", "job")
    one.state, one.report, one.ended_at = "waiting", {}, None
    one.job = enqueue(check_folder, folder=one.pk)
    one.save(update_fields=["state", "report", "ended_at", "job"])
    record("check_again", one, before=before, after=fields(one, "state", "job"),
           area=one.area_path or (seat.path if seat else ""))  # fmt: skip
    return one
