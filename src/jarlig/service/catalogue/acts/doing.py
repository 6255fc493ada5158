"""What acts of this room do where two persons may come at once."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import IntegrityError, connection, transaction
from django.utils.translation import gettext as _, gettext_lazy

from jarlig.service.catalogue.models import RouteVersion, Version
from jarlig.service.ground.errors import Missing, WrongState

#: What the constraints of the database say to who comes second, past every earlier check.
WALLS = {
    "catalogue_confirmation_pkey": gettext_lazy("This is confirmed already."),
    "import_once": gettext_lazy("This very file was imported before."),
    "recognition_once": gettext_lazy("A recognition of this kind is valid for it already."),
}


@contextmanager
def walls() -> Iterator[None]:
    """Writes; what a constraint refuses because another was quicker becomes a refusal in words.

    Raises:
        WrongState: when a constraint that ``WALLS`` knows refuses.
    """
    try:
        with transaction.atomic():
            yield
    except IntegrityError as error:
        name = getattr(getattr(error.__cause__, "diag", None), "constraint_name", None) or ""
        if name not in WALLS:
            raise
        raise WrongState(WALLS[name]) from error


def alone(thing: Version | RouteVersion) -> None:
    """Lets one act after the other change versions and routes of a programme, and reads how the thing stands then.

    Raises:
        Missing: when it is gone, or no longer seen from here.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_advisory_xact_lock(hashtextextended('catalogue ' || %s, 0))", [str(thing.programme_id)]
        )
    try:
        thing.refresh_from_db(fields=["state"])
    except type(thing).DoesNotExist:
        raise Missing(_("There is no such thing here.")) from None
