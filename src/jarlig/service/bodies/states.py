"""States of people, seats, calendars and texts, and the changes that there are; the database keeps the same table."""

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
    ("draft", "in_force"),  # by another person than the one who imported it
    ("draft", "discarded"),
    ("in_force", "replaced"),
)
TEXT = (
    ("", "draft"),
    ("draft", "in_force"),  # by another person than the one who wrote it
    ("draft", "discarded"),
    ("in_force", "replaced"),
)
