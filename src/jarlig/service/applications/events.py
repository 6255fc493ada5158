"""What this room tells those above it (事件), in the transaction of the act: who listens and fails undoes the act.

Each is sent with ``sender`` (the model) and ``thing`` (the row).
"""

from __future__ import annotations

from django.dispatch import Signal

claim_submitted = Signal()  # ``thing`` is the submission
correction_asked = Signal()
correction_lapsed = Signal()


def tell(signal: Signal, thing: object) -> None:
    """Sends an event about a row."""
    signal.send(sender=type(thing), thing=thing)
