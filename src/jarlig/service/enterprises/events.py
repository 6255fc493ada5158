"""What this room tells those above it (事件), in the transaction of the act: who listens and fails undoes the act.

Each is sent with ``sender`` (the model) and ``thing`` (the row).
"""

from __future__ import annotations

from django.dispatch import Signal

letter_given = Signal()
letter_decided = Signal()
membership_changed = Signal()  # accepted, refused or ended
dispute_opened = Signal()
dispute_decided = Signal()
account_changed = Signal()  # another account is in force from ``thing.changed_at`` on
enterprise_renamed = Signal()
enterprise_merged = Signal()  # what belongs to ``thing`` follows to ``thing.merged_into``


def tell(signal: Signal, thing: object) -> None:
    """Sends an event about a row."""
    signal.send(sender=type(thing), thing=thing)
