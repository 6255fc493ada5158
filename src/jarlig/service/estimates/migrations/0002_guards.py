"""Row security by the code alone: whoever names its hash sees that row, and nobody sees a list."""

from __future__ import annotations

from django.db import migrations

from jarlig.service.ground.guard import function, guard

ASKERS = ("jarlig_public", "jarlig_person", "jarlig_worker", "jarlig_gate")
# The setting ends with the transaction; what is no hash in hexadecimal names no row.
NAMED = function(
    "named_estimate()",
    "bytea",
    "SELECT CASE WHEN current_setting('app.estimate', true) ~ '^[0-9a-f]{64}$'"
    " THEN decode(current_setting('app.estimate', true), 'hex') END",
    roles=ASKERS,
)
OWN = "code_hash = (SELECT jarlig.named_estimate())"
ALIVE = f"{OWN} AND expires_at > jarlig.now()"
READERS = {"jarlig_public": ALIVE, "jarlig_person": ALIVE}


class Migration(migrations.Migration):
    """The worker removes what has expired and reads nothing else."""

    dependencies = [("estimates", "0001_initial"), ("catalogue", "0002_guards")]
    operations = [
        NAMED,
        guard(
            "estimates_session",
            select={**READERS, "jarlig_worker": "expires_at <= jarlig.now()"},
            insert=READERS,
            update=READERS,
            delete={**READERS, "jarlig_worker": "expires_at <= jarlig.now()"},
        ),
    ]  # fmt: skip
