"""The code with which an installation is set up (初始化口令): whoever starts the server reads it there, nobody else."""

from __future__ import annotations

import secrets

from django.conf import settings
from django.db import connection, transaction

from jarlig.service.bodies import codes
from jarlig.service.ground.context import Who, acting


def issue() -> str | None:
    """Makes the code, or takes that of the settings, and returns it to be printed; None where all is set up.

    Called by whatever starts or migrates an installation, as its owner or as the login of the service, outside any
    transaction.
    """
    if settings.ACTS_AS_OWNER:
        with transaction.atomic():
            return _issue()
    with acting(Who(role="jarlig_gate")):
        return _issue()


def is_empty() -> bool:
    """Whether nobody has an account yet."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT jarlig.is_empty()")
        return bool(cursor.fetchone()[0])


def _issue() -> str | None:
    if not is_empty():
        return None
    code = settings.SETUP_CODE or "-".join(secrets.token_hex(2) for _ in range(6))
    codes.write("setup", code)
    return code
