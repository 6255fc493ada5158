"""States of what the catalogue holds, and the changes that there are; the database keeps the same table."""

from __future__ import annotations

VERSION = (
    ("", "draft"),
    ("draft", "checked"),  # the check found nothing wrong
    ("checked", "in_force"),  # by another person than the one who imported it
    ("in_force", "superseded"),  # the next version is in force
    ("draft", "withdrawn"),
    ("checked", "withdrawn"),
    ("in_force", "withdrawn"),
)
IMPORT = (
    ("", "waiting"),  # for its check, or in it; which of the two, the queue knows
    ("waiting", "done"),  # it has become a version
    ("waiting", "failed"),  # there is no version, and it is written down why
    ("failed", "waiting"),
)
WINDOW = (
    ("", "open"),  # announced; whether it takes anything now, the clock says
    ("open", "closed"),  # closed before its time
)
ROUTE = (
    ("", "draft"),
    ("draft", "in_force"),  # by another person than the one who wrote it
    ("in_force", "superseded"),
    ("draft", "withdrawn"),
)
RECOGNITION = (
    ("", "valid"),
    ("valid", "ended"),
)
#: Versions by which a day is answered. One that was withdrawn out of force is still read where a claim began under it:
#: the database hides nothing that was ever in force.
PUBLIC = ("in_force", "superseded")
#: Versions that are over: their very files may come in again, as the next version, by two persons like any other.
OVER = ("superseded", "withdrawn")
