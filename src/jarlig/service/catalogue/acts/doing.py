"""What acts of this room do where two persons may come at once."""

from __future__ import annotations

from django.db import connection
from django.utils.translation import gettext as _

from jarlig.service.catalogue.models import RouteVersion, Version
from jarlig.service.ground.errors import Missing


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
