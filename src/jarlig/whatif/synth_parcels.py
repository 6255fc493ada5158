"""Parcels of a made-up population: up to a thousand million rows, streamed in batches of bounded size.

Carriers are the enterprises that apply under the offer of parcels; how many each carried is settled first, so that a
batch is known from the seed and its number alone.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import pyarrow as pa

from jarlig.ladder.dates import month_text
from jarlig.ladder.kinds import Choice, Code, Date, Division, Kind, Month, Number
from jarlig.policy import model
from jarlig.policy.messages import Place, PolicyError, problem
from jarlig.policy.plans import places_of
from jarlig.policy.text import Mapping as TreeMapping
from jarlig.whatif import synth_arrays as arrays
from jarlig.whatif.synth_arrays import Ints
from jarlig.whatif.synth_fit import Listed
from jarlig.whatif.synth_people import PARCELS, Maker, drawn, spread

BATCH = 500_000
#: Out of a hundred: parcels of another month, and parcels to a village elsewhere.
OTHER_MONTH, ELSEWHERE = 3, 2
_VILLAGES = 40


class Parcels:
    """The rows of the parcels list. ``carriers`` are ids, places (indexes) and months of those who apply."""

    def __init__(self, maker: Maker, listed: Listed, carriers: tuple[Ints, Ints, Ints]) -> None:
        self.maker, self.listed, self.total = maker, listed, maker.parcels
        total = maker.parcels
        self.ids, self.places, self.months = carriers
        most = listed.kind.most
        if len(self.ids) * most < total:
            place = Place(maker.rules.programme.programme, 0, 0)
            raise PolicyError((problem("E865", place, str(total), count=total, cases=len(self.ids), most=most),))
        rng = maker.rng(PARCELS, 0)
        weights = np.exp(rng.standard_normal(len(self.ids)) * 0.8)
        self.ends = np.cumsum(shared_out(total, weights, most))

    def tables(self) -> Iterator[Any]:
        """The rows, batch by batch, sorted by case."""
        for number, start in enumerate(range(0, self.total, BATCH), 1):
            serial: Ints = np.arange(start, min(start + BATCH, self.total), dtype=np.int64)
            yield self._table(self.maker.rng(PARCELS, number), serial, np.searchsorted(self.ends, serial, side="right"))

    def _table(self, rng: np.random.Generator, serial: Ints, who: Ints) -> Any:
        columns: dict[str, Any] = {"case": pa.array(self.ids[who], pa.int64())}
        for name, kind in self.listed.kind.columns:
            columns[name] = self._column(rng, name, kind, serial, who)
        return pa.table(columns)

    def _column(self, rng: np.random.Generator, name: str, kind: Kind, serial: Ints, who: Ints) -> Any:
        count = len(serial)
        if isinstance(kind, Code):
            chars = arrays.digests(serial + 1, rng)
            return arrays.texts(chars if kind.form in ("sha256", "text") else arrays.decimal_digits(serial, 12))
        if isinstance(kind, Division):
            return self._villages(rng, who)
        if isinstance(kind, Month):
            low = int(self.months.min()) - 1
            month = self.months[who] - (rng.integers(0, 100, count) < OTHER_MONTH)
            words = [month_text(at) for at in range(low, int(self.months.max()) + 1)]
            return arrays.labels(month - low, words)
        if isinstance(kind, Choice):
            return self._choice(rng, name, kind, who)
        if isinstance(kind, Date):
            return arrays.days(np.full(count, self.maker.rules.guide.start))
        if isinstance(kind, Number):
            return arrays.numbers(rng.integers(max(kind.low, 0), min(kind.high, 10 ** (kind.scale + 2)), count), kind)
        return arrays.flags(rng.random(count) < 0.9)

    def _villages(self, rng: np.random.Generator, who: Ints) -> Any:
        """A village near the carrier's place; a few lie anywhere."""
        codes = self.maker.places
        place = self.places[who].copy()
        stray = rng.integers(0, 100, len(who)) < ELSEWHERE
        place[stray] = rng.integers(0, len(codes), len(who))[stray]
        villages = [
            f"{at:0<6}"[:6] + f"{101 + number // 10}{201 + number % 10}" for at in codes for number in range(_VILLAGES)
        ]
        return arrays.labels(place * _VILLAGES + rng.integers(0, _VILLAGES, len(who)), villages)

    def _choice(self, rng: np.random.Generator, name: str, kind: Choice, who: Ints) -> Any:
        """A choice of the list, or of the list that the rules of the carrier's place give."""
        lists = [self._list_at(name, at) or kind.values or ("open",) for at in self.maker.places]
        words = list(dict.fromkeys(word for options in lists for word in options))
        wide = max(len(options) for options in lists)
        index = np.array([[words.index(options[at % len(options)]) for at in range(wide)] for options in lists])
        lengths = np.array([len(options) for options in lists])
        rank = drawn(rng, spread([1 / (1 + at) for at in range(wide)]), len(who)) % lengths[self.places[who]]
        return arrays.labels(index[self.places[who], rank], words)

    def _list_at(self, name: str, at: str) -> tuple[str, ...]:
        on = self.maker.rules.guide.start
        for overlay in (self.maker.rules.guide, *places_of(self.maker.rules.programme, on, at)):
            found = _filled(overlay, self.listed.offers, name)
            if found:
                return found
        return ()


def _filled(overlay: model.Overlay, offers: tuple[str, ...], name: str) -> tuple[str, ...]:
    for offer in offers:
        tree = overlay.fill.get(offer, {}).get(name)
        if isinstance(tree, TreeMapping):
            return tuple(tree.entries)
    return ()


def shared_out(total: int, weights: Any, most: int) -> Ints:
    """A whole number divided by weights, none above a bound; the rest goes to those who have room, from the first."""
    shares: Ints = np.minimum(np.floor(total * weights / weights.sum()).astype(np.int64), most)
    left = total - int(shares.sum())
    room = most - shares
    before = np.cumsum(room) - room
    found: Ints = shares + np.clip(left - before, 0, room)
    return found
