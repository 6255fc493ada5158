"""States of a stored file, and the changes that there are; the database keeps the same table."""

from __future__ import annotations

FILE = (
    ("", "pending"),  # its form was checked; no scanner has answered yet
    ("pending", "clean"),  # a scanner has looked and found nothing
    ("pending", "refused"),  # a scanner has found something
    ("clean", "refused"),  # found when looked at again with newer signatures
)
