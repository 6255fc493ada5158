"""Answers brought over to the rules in force now (答案沿用): what still fits stays, what does not is named.

Nothing is believed that was kept: every answer is read again by the rules half.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from jarlig.asking import Interview, from_json, to_json
from jarlig.library import Programme as Rules
from jarlig.policy.messages import PolicyError

#: What is read of what was kept, and no more.
_MOST = 500


def carried(rules: Rules, kept: Mapping[str, Any]) -> tuple[Interview, bool, tuple[str, ...]]:
    """The interview that was kept, whether it was another version's, and the ids of answers that do not fit now."""
    try:
        return from_json(rules, kept), False, ()
    except PolicyError:
        interview, dropped = fitted(rules, kept, date.fromisoformat(str(kept["on"])))
        return interview, True, dropped


def on_another_day(interview: Interview, day: date) -> tuple[Interview, tuple[str, ...]]:
    """The same answers for another day of application, and the ids of those that do not fit then."""
    return fitted(interview.programme, to_json(interview), day)


def fitted(rules: Rules, kept: Mapping[str, Any], day: date) -> tuple[Interview, tuple[str, ...]]:
    """The answers that fit on that day under those rules, in their order, and the ids of the others.

    Each is tried beside those that came before it; the place is tried first, for other answers hang on it.
    """
    fresh = to_json(Interview.begin(rules, day))
    rows = [dict(row) for row in kept.get("answers", [])][:_MOST]
    first = rules.model.applied_at or "at"
    found: list[dict[str, Any]] = []
    dropped: list[str] = []
    for row in sorted(rows, key=lambda one: one.get("question") != first):
        try:
            from_json(rules, {**fresh, "answers": [*found, row]})
        except PolicyError:
            dropped.append(str(row.get("question"))[:80])
        else:
            found.append(row)
    in_order = [row for row in rows if row in found]
    return from_json(rules, {**fresh, "at": _place(rules, kept, fresh), "answers": in_order}), tuple(dropped)


def _place(rules: Rules, kept: Mapping[str, Any], fresh: Mapping[str, Any]) -> str:
    """The place that was given beside the answers, where it still is one."""
    place = str(kept.get("at", ""))
    try:
        from_json(rules, {**fresh, "at": place})
    except PolicyError:
        return ""
    return place
