"""The past of a made-up population: earlier awards of a share of its enterprises, in the years that had a guide."""

from __future__ import annotations

from functools import cached_property
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from jarlig.ladder.dates import month_of, month_text
from jarlig.ladder.history import STATES
from jarlig.ladder.kinds import Code, Kind, Number, money
from jarlig.policy import model
from jarlig.policy.awards import BUILT_IN_KEYS
from jarlig.whatif import synth_arrays as arrays
from jarlig.whatif.synth_arrays import Ints
from jarlig.whatif.synth_people import PAST, Batch, Maker, place_at

#: Pending, approved, paid and void, out of a hundred.
_STATE_ENDS = np.array([10, 45, 95, 100])
_LEAST, _MOST = 2_000_000, 200_000_000


class Past:
    """The history table of a population, batch by batch."""

    def __init__(self, maker: Maker) -> None:
        self.maker, self.written = maker, 0

    @cached_property
    def guides(self) -> list[tuple[model.Overlay, list[str]]]:
        """The guides before the year asked for, each with the offers of enterprises that it opened."""
        rules, offers = self.maker.rules, self.maker.rules.programme.offers
        found = []
        for year, guide in sorted(rules.programme.guides.items()):
            opened = [o for o in guide.opens or () if o not in guide.closes and offers[o].nature == "award"]
            if year < (rules.guide.year or 0) and opened:
                found.append((guide, opened))
        return found

    @cached_property
    def kinds(self) -> dict[str, Kind]:
        """The keys of subjects, each with its kind."""
        programme = self.maker.rules.programme
        known = {name: fact.kind for offer in programme.offers.values() for name, fact in offer.facts.items()}
        known.update({name: fact.kind for name, fact in programme.facts.items()})
        keys = dict.fromkeys(key for keys in programme.subjects.values() for key in keys)
        return {key: BUILT_IN_KEYS.get(key) or known.get(key) or Code("text") for key in keys if key != "guide_year"}

    def table(self, batch: Batch) -> Any:
        """The earlier awards of the enterprises of a batch."""
        rng, share = self.maker.rng(PAST, batch.number), self.maker.profile.history
        count = (
            rng.poisson(1.2, batch.size) * (rng.random(batch.size) < share)
            if self.guides
            else np.zeros(batch.size, int)
        )
        who: Ints = np.repeat(np.arange(batch.size), count)
        n = len(who)
        guides = self.guides or [(self.maker.rules.guide, [""])]
        which = rng.integers(0, len(guides), n)
        names = list(dict.fromkeys(offer for _, opened in guides for offer in opened))
        opened = [np.array([names.index(offer) for offer in offers]) for _, offers in guides]
        offer = np.array(
            [opened[at][int(roll * len(opened[at]))] for at, roll in zip(which, rng.random(n), strict=True)], np.int64
        )
        first = np.array([guide.start for guide, _ in guides])[which]
        last = np.array([guide.end for guide, _ in guides])[which]
        on: Ints = first + (rng.random(n) * (last - first + 1)).astype(np.int64)
        year = np.array([guide.year or 0 for guide, _ in guides])[which]
        state = np.searchsorted(_STATE_ENDS, rng.integers(0, 100, n), side="right")
        capped: Ints = np.clip(batch.turnover[who] * 10 * np.exp(rng.standard_normal(n) * 0.5), _LEAST, _MOST).astype(
            np.int64
        )
        approved: Ints = np.where(rng.random(n) < 0.8, capped, capped * rng.integers(70, 100, n) // 100)
        back = rng.random(n)
        recovered: Ints = np.where((state == 2) & (back < 0.04), np.where(back < 0.02, approved, approved // 4), 0)
        decided, fen = state > 0, money()
        columns = {
            "id": arrays.named("SYN-H", self.written + np.arange(n, dtype=np.int64), 9),
            "offer": arrays.labels(offer, names),
            "on": arrays.days(on),
            "guide_year": pa.array(year, pa.int64()),
            "state": arrays.labels(state.astype(np.int64), list(STATES)),
            "capped": arrays.numbers(capped, fen),
            "approved": arrays.numbers(approved, fen, decided),
            "recovered": arrays.numbers(recovered, fen),
            "paid": arrays.numbers(approved, fen, state == 2),
        }
        for key, kind in self.kinds.items():
            columns[key] = self._key(key, kind, batch, who, on)
        self.written += n
        return pa.table(columns)

    def _key(self, key: str, kind: Kind, batch: Batch, who: Ints, on: Ints) -> Any:
        if key == "claim_month":
            return arrays.words([month_text(month_of(int(day)) - 1) for day in on])
        if key == "at":
            words = [place_at(at, "county") for at in self.maker.places]
            return arrays.labels(batch.place[who], words)
        if isinstance(kind, Number):
            return arrays.numbers(np.full(len(who), max(kind.low, 1)), kind)
        form = kind.form if isinstance(kind, Code) else "text"
        if form == "uscc":
            return arrays.texts(arrays.codes(batch.ids[who]))
        if form == "sha256":
            return arrays.texts(arrays.digests(batch.ids[who], self.maker.rng(PAST + 16, batch.number)))
        shared = any(one.column == key and not one.offers for one in self.maker.rules.facts)
        same = arrays.named("SYN-", batch.ids[who], 8)
        if shared and key != "project_code":
            return same
        return pc.binary_join_element_wise(same, arrays.named("", on, 6), "-")
