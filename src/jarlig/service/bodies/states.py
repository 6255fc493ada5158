"""States of people and seats, and the changes that there are; the database keeps the same table."""

from __future__ import annotations

PERSON = (
    ("", "active"),
    ("active", "left"),  # they left: every session ends, every seat ends
    ("left", "active"),
)
SEAT = (
    ("", "held"),
    ("held", "ended"),
)
CALENDAR = (
    ("", "draft"),
    ("draft", "in_force"),
    ("in_force", "replaced"),
)
