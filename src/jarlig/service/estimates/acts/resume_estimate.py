"""Going on with an estimate (继续测算): by its code, tried no more often than a password."""

from __future__ import annotations

from django.conf import settings
from django.utils.translation import gettext as _

from jarlig.service.bodies import attempts, kept
from jarlig.service.estimates import codes
from jarlig.service.estimates.queries import Estimate, estimate
from jarlig.service.ground.errors import Invalid, Refused


class TooMany(Refused):
    """Too much was tried from one address; time alone lets it try again."""

    status = 429


def resume_estimate(typed: str, address: str) -> Estimate:
    """The estimate whose code was typed.

    A code that was never given, one that expired and one that was deleted are answered alike. Wrong ones are counted
    by a keyed hash of the network address, as wrong passwords are, and forgotten as soon. It is no act of office and
    stands in no log; see ``begin_estimate``.

    Raises:
        TooMany: too many wrong codes came from this address.
        Invalid: there is no estimate with that code.
    """
    where = f"estimate:{attempts.hashed_address(address)}"
    window, _by_account, by_address = settings.ATTEMPTS
    if kept.counted(where) >= by_address:
        raise TooMany(_("Too many wrong codes were typed here."), remedy=_("Wait five minutes and try again."))
    found = estimate(codes.read(typed))
    if found is None:
        kept.count(where, window)
        raise Invalid(
            _("There is no estimate with this code, or it has expired. Compare all 26 letters and figures."),
            field="code",
        )
    return found


def may_begin(address: str) -> bool:
    """Whether one more estimate may be begun from an address: nobody fills the table by knocking."""
    window, _by_account, by_address = settings.ATTEMPTS
    return kept.count(f"estimates begun:{attempts.hashed_address(address)}", window) <= MOST_BEGUN * by_address


#: Estimates begun from one address within the window of attempts, as a multiple of the wrong passwords allowed.
MOST_BEGUN = 5
