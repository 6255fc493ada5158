"""The history of a case, read by limits: how many earlier awards, how much, how many years."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from jarlig.ladder.history import EarlierAward, in_window, matches, years_used
from jarlig.ladder.nodes import Earlier

HISTORY = "history"


def earlier(
    node: Earlier, subject: list[tuple[str, Callable[[dict[str, Any]], Any]]]
) -> Callable[[dict[str, Any]], int | None]:
    """A closure over a case that gives what a limit counts; None while the history does not say."""
    offers, window, what = frozenset(node.offers), node.window, node.what

    def count(e: dict[str, Any]) -> int | None:
        history: list[EarlierAward] | None = e.get(HISTORY)
        if history is None:
            return None
        if not history:
            return 0
        keys: dict[str, Any] | None = None
        on, guide_year = e["on"], e.get("guide_year")
        total, years = 0, set()
        for award in history:
            if award.offer not in offers and award.offer is not None:
                continue
            if keys is None:
                keys = {key: value(e) for key, value in subject}
            same = matches(award, offers, keys)
            inside = same is not False and in_window(award, window, on, guide_year)
            if same is False or inside is False:
                continue
            sum_ = award.counted
            if sum_ == 0:
                continue
            if same is None or inside is None or sum_ is None:
                return None
            if what == "years":
                if award.guide_year is None:
                    return None
                years.add(award.guide_year)
            else:
                total += sum_ if what == "amount" else 1
        if what != "years":
            return total
        if guide_year is None:
            return None
        return years_used(years, guide_year, node.streak, node.closed_years_break, node.open_years)

    return count
