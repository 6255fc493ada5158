"""Earlier awards in a proof: what a limit counts is a free number inside its kind, held to the others of its ladder.

A history that gives such numbers is made for a counterexample; one that cannot be made fails to replay.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import z3

from jarlig.engines.exact.closures import scalar
from jarlig.engines.proof.terms import Term, both, implied, is_plain
from jarlig.engines.proof.world import World, number, samples
from jarlig.ladder import nodes as n
from jarlig.ladder.dates import months_before
from jarlig.ladder.history import EarlierAward
from jarlig.ladder.kinds import Code, Division, Kind

if TYPE_CHECKING:
    from jarlig.engines.proof.encode import Encoder

#: No history of a counterexample is longer.
MOST_AWARDS = 400


class Past:
    """What the limits of a ladder read of earlier awards."""

    def __init__(self, root: Encoder) -> None:
        self.root = root
        self._made: list[tuple[n.Earlier, Any]] = []

    def earlier(self, encoder: Encoder, node: n.Earlier) -> Term:
        """How many, how much or how many years; another number where the subject is another."""
        keys = [encoder.node(key) for _, key in node.subject]
        known = both(*(key.known for key in keys))
        if not is_plain(known):  # without earlier awards nothing is asked of the keys
            known = encoder.world.boolean("history known")
        if encoder.base is not None:
            return Term(encoder.world.integer("earlier", node.kind.low, node.kind.high), known)
        found = next((value for other, value in self._made if other == node), None)
        if found is None:
            found = encoder.world.integer("earlier", node.kind.low, node.kind.high)
            for other, value in self._made:
                _hold_together(encoder.world, (node, found), (other, value))
            self._made.append((node, found))
        return Term(found, known)

    def read(self) -> list[tuple[n.Earlier, Any]]:
        """What is read of earlier awards, with the free number that it is."""
        return list(self._made)

    def friendly(self) -> list[Any]:
        """No earlier awards at all."""
        return [value == 0 for _, value in self._made]

    def history(self, model: z3.ModelRef, env: Mapping[str, Any]) -> list[EarlierAward]:
        """Earlier awards that give the numbers of a model, as far as some can be made."""
        groups: dict[tuple[Any, ...], dict[str, tuple[n.Earlier, int]]] = {}
        for node, value in self._made:
            groups.setdefault((node.offers, node.subject), {})[node.what] = node, number(model, value)
        if not any(value for found in groups.values() for _, value in found.values()):
            return []
        keys = {key: value for (_, subject) in groups for key, value in subject}
        own = {key: scalar(value)(dict(env)) for key, value in keys.items()}
        others = {key: _another(own[key], value.kind) for key, value in keys.items()}
        awards: list[EarlierAward] = []
        for found in sorted(groups.values(), key=_subject_size, reverse=True):
            awards += _awards(found, env, awards, own, others)
        return sorted(awards, key=lambda award: (award.on, award.id))


def _hold_together(world: World, one: tuple[n.Earlier, Any], other: tuple[n.Earlier, Any]) -> None:
    """An award counted in one way is counted in every wider way, and an award counts at least a fen."""
    for (a, few), (b, many) in ((one, other), (other, one)):
        if not (set(a.offers) <= set(b.offers) and set(b.subject) <= set(a.subject)):
            continue
        if a.window != b.window and b.window.over != "ever":
            continue
        if (a.what == b.what and not (a.streak or b.streak)) or (a.what, b.what) == ("awards", "amount"):
            world.hold(few <= many)
        elif b.what != "years":
            world.hold(implied(few > 0, many > 0))


def _subject_size(found: Mapping[str, tuple[n.Earlier, int]]) -> int:
    return len(next(iter(found.values()))[0].subject)


def _awards(
    found: Mapping[str, tuple[n.Earlier, int]],
    env: Mapping[str, Any],
    made: list[EarlierAward],
    own: Mapping[str, Any],
    others: Mapping[str, Any],
) -> list[EarlierAward]:
    """Awards to one subject, beside those of finer subjects that count for it already."""
    values = {what: value for what, (_, value) in found.items()}
    node = next(iter(found.values()))[0]
    named = {key for key, _ in node.subject}
    before = [a for a in made if a.offer in node.offers and all(a.keys[key] == own[key] for key in named)]
    years = min(values.get("years", 0), 50)
    amount = values["amount"] - sum(a.approved or 0 for a in before) if "amount" in values else None
    count = values["awards"] - len(before) if "awards" in values else max(years - len(before), 1 if amount else 0)
    if not 0 < count <= MOST_AWARDS or (amount is not None and amount < count):
        return []  # so many awards of at least a fen each do not come to so little
    keys = {key: own[key] if key in named else others[key] for key in own}
    awards = []
    for at in range(count):
        back = min(at + 1, years) if years else 0
        sum_ = 100 if amount is None else (amount - (count - 1) if at == 0 else 1)
        day = months_before(env["on"], 12 * back) if back else env["on"]
        year = None if env.get("guide_year") is None else env["guide_year"] - back
        name = f"H{len(made) + at + 1}"
        awards.append(EarlierAward(node.offers[0], day, year, "approved", sum_, sum_, id=name, keys=keys))
    return awards


def _another(value: Any, kind: Kind) -> Any:
    """A value of a key that is not the case's own."""
    if isinstance(kind, Code):
        return next(text for text in samples(kind.form) if text != value)
    if isinstance(kind, Division):
        return "110000" if value != "110000" else "120000"
    return value + 1 if isinstance(value, int) else value
