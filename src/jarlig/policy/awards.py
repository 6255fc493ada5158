"""The history of a case: earlier awards, their offers and the keys of their subjects.

A key is read as the fact it names, so that one enterprise, project or month is the same however it is spelt.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Set
from functools import partial
from typing import Any

from jarlig.ladder.history import STATES, EarlierAward
from jarlig.ladder.kinds import MONTH, Choice, Code, Date, Division, Kind, Number, integer
from jarlig.ladder.nodes import NONE, Value
from jarlig.policy.casefile import Facts, dotted
from jarlig.policy.messages import nearest
from jarlig.policy.model import Programme
from jarlig.policy.values import convert

Path = tuple[str | int, ...]
#: Reads a key of an award: the name of the key, the value and where it stands.
ReadKey = Callable[[str, Any, Path], Value | None]
#: Keys of subjects that are no facts of a programme.
BUILT_IN_KEYS: dict[str, Kind] = {
    "at": Division("county"),
    "guide_year": integer(1950, 2199),
    "claim_year": integer(1, 100),
    "claim_month": MONTH,
}
_HISTORY_MONEY = ("capped", "approved", "paid", "recovered")
_NO_KEYS = ("offer", "on", "state", "id", *_HISTORY_MONEY)


def read_history(facts: Facts, value: Any, path: Path, programme: Programme | None = None) -> list[EarlierAward]:
    """Earlier awards, sorted by ``(on, id)``. Every key besides the known ones is a subject's key.

    An award whose ``recovered`` is not mentioned had nothing recovered; ``recovered: null`` is not known.

    Raises:
        PolicyError: E801 for a key of no subject, E802 and E803 for bad values, E811 for an offer there is not.
    """
    if not isinstance(value, list):
        raise facts.error("E802", path, path=dotted(path), expected="a list of earlier awards", got="something else")
    read = partial(_key_text, facts) if programme is None else _Keys(facts, programme).read
    awards = [_award(facts, row, (*path, index), read) for index, row in enumerate(value)]
    if programme is not None:
        for index, row in enumerate(value):
            if row.get("offer") is not None:
                check_offer(facts, row["offer"], programme.offers.keys(), (*path, index, "offer"))
    return sorted(awards, key=lambda award: (award.on is None, award.on or 0, award.id))


class _Keys:
    """The keys of subjects in a history, read as the facts that they name."""

    def __init__(self, facts: Facts, programme: Programme) -> None:
        self.facts, self.programme = facts, programme
        self.names = frozenset(key for keys in programme.subjects.values() for key in keys)

    def read(self, name: str, value: Any, path: Path) -> Value | None:
        if name not in self.names:
            if name == "guide_year":
                return None
            raise self.facts.error(
                "E801", path, text=name, name=name, near=nearest(name, {*self.names, *_NO_KEYS}) or ""
            )
        kind, or_none = self._kind(name)
        if or_none and value == "none":
            return NONE
        found: Value | None = convert(self.facts, kind, value, path)
        return found

    def _kind(self, name: str) -> tuple[Kind, bool]:
        """Of any fact of this name: as a key of subjects it is of one kind in all offers (E306)."""
        if name in BUILT_IN_KEYS:
            return BUILT_IN_KEYS[name], False
        for known in (self.programme.facts, *(one.facts for one in self.programme.offers.values())):
            if name in known:
                return known[name].kind, known[name].or_none
        return Code("text"), False


def _key_text(facts: Facts, _name: str, value: Any, path: Path) -> str | None:
    return _text(facts, value, path)


def _award(facts: Facts, row: Any, path: Path, read: ReadKey) -> EarlierAward:
    if not isinstance(row, Mapping):
        raise facts.error("E802", path, path=dotted(path), expected="a mapping", got=str(row)[:40])
    money = {
        name: convert(facts, Number((("CNY", 1),), 2, 0, 10**14), row.get(name), (*path, name))
        for name in _HISTORY_MONEY
    }
    if "recovered" not in row:
        money["recovered"] = 0
    offer = _text(facts, row.get("offer"), (*path, "offer"))
    return EarlierAward(
        offer=offer,
        on=convert(facts, Date(), row.get("on"), (*path, "on")),
        guide_year=convert(facts, BUILT_IN_KEYS["guide_year"], row.get("guide_year"), (*path, "guide_year")),
        state=convert(facts, Choice(STATES), row.get("state"), (*path, "state")),
        id=_text(facts, row.get("id"), (*path, "id")) or "",
        keys={k: read(k, v, (*path, k)) for k, v in row.items() if k not in _NO_KEYS},
        **money,
    )


def _text(facts: Facts, value: Any, path: Path) -> str | None:
    if value is None or isinstance(value, str):
        return value
    raise facts.error("E802", path, path=dotted(path), expected="a text", got="something else")


def check_offer(facts: Facts, offer: Any, offers: Set[str], path: Path) -> None:
    """Refuse what is no offer of the programme; E802 or E811."""
    if not isinstance(offer, str):
        raise facts.error("E802", path, path=dotted(path), expected="a text", got="something else")
    if offer not in offers:
        near, valid = nearest(offer, offers) or "", ", ".join(sorted(offers))
        raise facts.error("E811", path, text=offer, name=offer, near=near, valid=valid)
