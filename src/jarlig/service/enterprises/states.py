"""States of enterprises, memberships, letters, disputes and accounts, and the changes that there are.

The database keeps the same table.
"""

from __future__ import annotations

ENTERPRISE = (
    ("", "draft"),  # somebody has typed its code; nobody has shown that they may speak for it
    ("draft", "active"),
    ("active", "merged"),
    ("active", "closed"),
)
MEMBERSHIP = (
    ("", "asked"),
    ("asked", "accepted"),
    ("asked", "refused"),
    ("asked", "ended"),  # the person took it back
    ("accepted", "ended"),
)
LETTER = (
    ("", "waiting"),
    ("waiting", "accepted"),
    ("waiting", "refused"),
    ("waiting", "withdrawn"),
)
DISPUTE = (
    ("", "open"),
    ("open", "decided"),
    ("open", "withdrawn"),
)
ACCOUNT = (
    ("", "asked"),
    ("asked", "confirmed"),
    ("asked", "refused"),
    ("confirmed", "replaced"),
    ("confirmed", "retired"),
)
RENAMING = (
    ("", "asked"),
    ("asked", "accepted"),
    ("asked", "refused"),
)
