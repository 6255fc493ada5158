"""The eight outcomes and their one order of precedence, shared by all engines."""

from __future__ import annotations

OUTCOMES = (
    "lapsed",
    "closed",
    "not_eligible",
    "awaiting_guide",
    "undetermined",
    "range",
    "needs_decision",
    "award",
)


def outcome(
    *, lapsed: bool, closed: bool, refused: bool, awaiting: bool, unknown: bool, bounded: bool, doubtful: bool
) -> str:
    """The outcome of a determination from what is the case; the first that applies wins.

    Filling a term cannot revive a gate that is false, so ``not_eligible`` stands before ``awaiting_guide``; a person
    decides on complete facts, so ``needs_decision`` stands after ``undetermined`` and ``range``.
    """
    if lapsed:
        return "lapsed"
    if closed:
        return "closed"
    if refused:
        return "not_eligible"
    if awaiting:
        return "awaiting_guide"
    if unknown:
        return "range" if bounded else "undetermined"
    return "needs_decision" if doubtful else "award"
