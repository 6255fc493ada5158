"""Jobs of the log: its order, and the question whether it agrees with itself."""

from __future__ import annotations

import logging

from django.utils.translation import gettext as _

from jarlig.service.audit.order import BATCH, faults, put_in_order
from jarlig.service.ground.errors import WrongState
from jarlig.service.ground.jobs import job

_log = logging.getLogger("jarlig.audit")


@job("put_log_in_order", every="* * * * * */10", woken_by="jarlig_act")
def put_log_in_order() -> None:
    """Numbers what was done since the last time."""
    while put_in_order() == BATCH:
        continue


@job("check_log", every="0 18 * * *")
def check_log() -> None:
    """Looks once a day whether the log agrees with itself.

    Raises:
        WrongState: when it does not; the end of the job then says where.
    """
    found = faults()
    if found:
        where = "; ".join(f"{fault.number}: {fault.what}" for fault in found[:20])
        _log.critical("the log does not agree with itself: %s", where)
        raise WrongState(_("The log does not agree with itself: %(where)s.") % {"where": where})
