"""States of files, claims, corrections and evidence, and the changes there are. The database keeps the same table."""

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
    ("submitted", "correcting"),  # an office has asked for something; just that is open again
    ("correcting", "submitted"),
    ("correcting", "withdrawn"),  # by the enterprise, or because the days ran out
)
CORRECTION = (
    ("", "open"),
    ("open", "answered"),
    ("open", "lapsed"),
    ("open", "dropped"),  # the claim was withdrawn
)
EVIDENCE = (
    ("", "attached"),
    ("attached", "removed"),
)
#: In these a claim can be changed by the enterprise; while it is corrected, what was asked for and nothing else.
EDITABLE = ("draft", "correcting")
#: In these a claim is gone, and another of its offer and project may begin.
GONE = ("dropped", "withdrawn")
