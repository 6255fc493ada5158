"""States of files, claims and evidence, and the changes that there are. The database keeps the same table."""

from __future__ import annotations

FILE = (
    ("", "own"),  # of somebody who has only asked to join the enterprise: theirs alone
    ("", "firm"),  # of the enterprise: all its people see it, and it stays when one leaves
    ("own", "firm"),
)
CLAIM = (
    ("", "draft"),
    ("draft", "dropped"),
    ("draft", "submitted"),
    ("submitted", "withdrawn"),
)
EVIDENCE = (
    ("", "attached"),
    ("attached", "removed"),
)
#: In these a claim can be changed by the enterprise.
EDITABLE = ("draft",)
#: In these a claim is gone, and another of its offer and project may begin.
GONE = ("dropped", "withdrawn")
