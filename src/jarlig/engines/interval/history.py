"""What limits can count while the history of awards, or a part of it, is missing.

A history that is not given may hold nothing or any number of awards. In a history that is given, every unknown cell is
tried at the values between which a limit can tell, with the exact rules deciding whether and how the award counts.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from itertools import product
from math import prod
from typing import Any

from jarlig.engines.interval.nodes import Compiled, State, compiled
from jarlig.engines.interval.values import BOUNDLESS, HISTORY, Witness, best, both, is_known, settled, top
from jarlig.ladder.dates import months_before
from jarlig.ladder.history import NO_RIGHT, EarlierAward, in_window, matches, years_used
from jarlig.ladder.nodes import Earlier, Value

#: Awards, or years, that stand for "many" where somebody must be shown who has used a limit up.
MANY = 12
#: Ways to complete an award, or the years of several, that are tried one by one.
_TRIED = 512
#: The key of somebody else: of none that a missing fact of the case is tried with.
OTHER = "??"
#: Highest sum that an award of a history may hold, in fen.
_MOST = 10**14
_FIELDS = ("offer", "on", "guide_year", "state", "capped", "approved", "recovered")


class HistoryBook:
    """The limits of a ladder asking the history of one case, which stands among its facts."""

    def __init__(self, on: int, guide_year: int | None) -> None:
        self.on, self.guide_year = on, guide_year
        self._subjects: dict[int, list[tuple[str, Compiled]]] = {}
        self._found: dict[tuple[Any, ...], Any] = {}

    def earlier(self, node: Earlier, state: State) -> Any:
        """What a limit can count: awards, fen, or years."""
        history: list[EarlierAward] | None = state.facts[HISTORY]
        if history is not None and not history:
            return 0
        subject = self._subjects.get(id(node))
        if subject is None:
            subject = self._subjects[id(node)] = [(key, compiled(value)) for key, value in node.subject]
        keys = {key: value if is_known(value := item(state)) else None for key, item in subject}
        asked = (id(node), id(history), *keys.values())
        if asked not in self._found:
            self._found[asked] = self._asked(node, history, keys)
        return self._found[asked]

    def _asked(self, node: Earlier, history: list[EarlierAward] | None, keys: Mapping[str, Any]) -> Any:
        if history is None:
            return self._nothing_known(node, keys)
        if node.what == "years" and self.guide_year is None:
            return top(node.kind)
        counted = [self._counts(node, index, award, keys) for index, award in enumerate(history)]
        return self._years(node, counted) if node.what == "years" else _added(counted)

    def _nothing_known(self, node: Earlier, keys: Mapping[str, Any]) -> Any:
        year = self.guide_year
        one = EarlierAward(node.offers[0], self.on, year, "approved", approved=_MOST, keys=dict(keys), id="?1")
        many = [one]
        if node.what == "years" and year is not None:
            many = [replace(one, guide_year=year - back, id=f"?{back}") for back in range(1, MANY + 1)]
        elif node.what == "awards":
            many = [replace(one, approved=1, id=f"?{number}") for number in range(1, MANY + 1)]
        shown = None if None in keys.values() or (node.what == "years" and year is None) else {HISTORY: tuple(many)}
        return settled(0, BOUNDLESS, {HISTORY: ()}, shown, frozenset((HISTORY,)))

    def _counts(
        self, node: Earlier, index: int, award: EarlierAward, keys: Mapping[str, Any]
    ) -> list[tuple[int | None, Witness]]:
        """How an award can count: nothing (None), or its sum, one, or its year, each with the cells that make it so."""
        found: dict[int | None, Witness] = {}
        for cells, whole in self._completed(node, index, award, keys):
            same = matches(whole, node.offers, keys)
            inside = same is not False and in_window(whole, node.window, self.on, self.guide_year)
            sum_ = whole.counted
            if same is False or inside is False or sum_ == 0:
                options: list[tuple[int | None, Witness]] = [(None, cells)]
            else:
                value = {"amount": sum_, "awards": 1, "years": whole.guide_year}[node.what]
                unsure = same is None or inside is None
                options = [(value, None if unsure else cells), *([(None, None)] if unsure else [])]
            for option, by in options:
                found[option] = best((found.get(option), by))
        return list(found.items())

    def _completed(
        self, node: Earlier, index: int, award: EarlierAward, keys: Mapping[str, Any]
    ) -> Iterator[tuple[Witness, EarlierAward]]:
        """The award itself, or every way to fill its unknown cells that a limit could tell apart."""
        if matches(award, node.offers, {k: v for k, v in keys.items() if v is not None}) is False or award.counted == 0:
            yield (), award
            return
        options = {name: values for name in _FIELDS if getattr(award, name) is None
                   for values in (self._values(node, name, award),) if values}  # fmt: skip
        options |= {
            key: (value, OTHER) for key, value in keys.items() if value is not None and award.keys.get(key) is None
        }
        if prod(len(values) for values in options.values()) > _TRIED:
            yield from self._barely_known(node, award)
            return
        for values in product(*options.values()):
            chosen = dict(zip(options, values, strict=True))
            fields = {name: value for name, value in chosen.items() if name in _FIELDS}
            theirs = {**award.keys, **{name: value for name, value in chosen.items() if name not in _FIELDS}}
            yield (
                {(HISTORY, index, name): value for name, value in chosen.items()},
                replace(award, **fields, keys=theirs),
            )

    def _barely_known(self, node: Earlier, award: EarlierAward) -> Iterator[tuple[Witness, EarlierAward]]:
        """An award with too many unknown cells to try them all: it counts nothing, or as much as it can in any year."""
        whole = replace(award, offer=node.offers[0], on=self.on, guide_year=self.guide_year, state="approved",
                        approved=_MOST, recovered=0)  # fmt: skip
        yield None, replace(whole, state="void")
        for year in self._values(node, "guide_year", award) or (self.guide_year,):
            yield None, replace(whole, guide_year=year)

    def _values(self, node: Earlier, name: str, award: EarlierAward) -> tuple[Any, ...]:
        """Values of an unknown cell between which a limit can tell; none for a cell that it does not ask."""
        window, year, undecided = node.window, self.guide_year, award.state is None
        if name == "offer":
            return (*node.offers, OTHER)
        if name == "state":
            return ("void", "pending", "approved")
        if name == "on":
            edge = months_before(self.on, window.months) if window.over == "rolling" else window.first or self.on
            return tuple(dict.fromkeys((self.on, self.on + 1, self.on - 366, edge, edge - 1, window.last or self.on)))
        if name == "guide_year":
            asked = node.what == "years" or window.over == "guide_year"
            return tuple(year - back for back in range(-1, MANY)) if asked and year is not None else ()
        if name == "capped":
            return (0, _MOST) if undecided or award.state == "pending" else ()
        if not undecided and award.state == "pending":
            return ()
        return (0, _MOST) if name == "approved" else (0, award.approved or _MOST)

    def _years(self, node: Earlier, counted: list[list[tuple[int | None, Witness]]]) -> Any:
        assert self.guide_year is not None
        rule = (self.guide_year, node.streak, node.closed_years_break, node.open_years)
        if prod(len(options) for options in counted) > _TRIED:
            return settled(0, NO_RIGHT if node.streak else len(counted), None, None, _reads(counted))
        found: dict[int, Witness] = {}
        for way in product(*counted):
            used = years_used({year for year, _ in way if year is not None}, *rule)
            by: Witness = ()
            for _, cells in way:
                by = both(by, cells)
            found[used] = best((found.get(used), by))
        low, high = min(found), max(found)
        return settled(low, high, found[low], found[high], _reads(counted))


def _added(counted: list[list[tuple[int | None, Witness]]]) -> Any:
    low = high = 0
    low_by: Witness = ()
    high_by: Witness = ()
    for options in counted:
        sums = [(value or 0, by) for value, by in options]
        least, most = min(value for value, _ in sums), max(value for value, _ in sums)
        low, high = low + least, high + most
        low_by = both(low_by, best(by for value, by in sums if value == least))
        high_by = both(high_by, best(by for value, by in sums if value == most))
    return settled(low, high, low_by, high_by, _reads(counted))


def _reads(counted: list[list[tuple[int | None, Witness]]]) -> frozenset[Any]:
    """The unknown cells of awards that can count in more ways than one."""
    found = [by for options in counted if len(options) > 1 for _, by in options if isinstance(by, Mapping)]
    return frozenset(key for by in found for key in by)


def subject_values(history: list[EarlierAward] | None, key: str) -> tuple[Value, ...]:
    """The values that a history holds for a subject's key."""
    return tuple(dict.fromkeys(value for award in history or () if (value := award.keys.get(key)) is not None))


def missing_cells(nodes: list[Earlier], history: list[EarlierAward]) -> list[tuple[str, int, str]]:
    """The unknown cells of awards that some limit could count."""
    found: dict[tuple[str, int, str], None] = {}
    for node in nodes:
        for index, award in enumerate(history):
            if award.offer not in (None, *node.offers) or award.counted == 0:
                continue
            cells = [name for name in ("offer", "on", "state") if getattr(award, name) is None]
            if award.guide_year is None and (node.what == "years" or node.window.over == "guide_year"):
                cells.append("guide_year")
            if award.state == "pending" and award.capped is None:
                cells.append("capped")
            if award.state in ("approved", "paid"):
                cells += [name for name in ("approved", "recovered") if getattr(award, name) is None]
            cells += [key for key, _ in node.subject if award.keys.get(key) is None]
            found.update({(HISTORY, index, name): None for name in cells})
    return list(found)
