"""What a guide says of its pools, ready to be applied: sizes, orders, places, floors, and what was carried in."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from jarlig.allocation.model import Quota, Terms, carried
from jarlig.ladder.kinds import Number
from jarlig.ladder.nodes import Literal, Node, Rescale, Rounded
from jarlig.ladder.numbers import format_money, round_half_up
from jarlig.ladder.steps import Cite, Words
from jarlig.policy import model
from jarlig.policy.ground import Ground, money_of
from jarlig.policy.messages import Place, PolicyError, Problem, nearest, problem
from jarlig.policy.plans import Plan, Plans

#: Windows that begin anew with every year's guide: what was awarded before does not count.
_YEARLY = ("guide_year", "calendar_year")


@dataclass(frozen=True)
class Places:
    """A quota as it was written: for which offers, per which keys, by which number, and where.

    ``offer`` is the one whose limit it is, empty for the pool's own; ``lacks`` is what must be told before its places
    can be filled: how many were filled in years before.
    """

    quota: Quota
    offer: str
    offers: tuple[str, ...]
    per: tuple[str, ...]
    by: str
    cites: tuple[Cite, ...]
    lacks: Problem | None = None


@dataclass(frozen=True)
class Keep:
    """A floor that scaling keeps: in fen, None where it differs from case to case; and where it is written."""

    fen: int | None
    firm: bool
    cites: tuple[Cite, ...]


@dataclass(frozen=True)
class PoolPlan:
    """A pool of a guide with everything that its claims are put under."""

    pool: model.GuidePool
    terms: Terms
    places: tuple[Places, ...]
    floors: Mapping[str, Keep]
    cite: Cite

    def floor_cites(self, offers: Iterable[str]) -> tuple[Cite, ...]:
        """Where the floors of these offers are written."""
        found = [cite for offer in offers if offer in self.floors for cite in self.floors[offer].cites]
        return tuple(dict.fromkeys([*found, self.cite] if self.pool.floor else found))


class Guided:
    """A programme under the guide of one year: its pools by name.

    Args:
        programme: the programme.
        year: of the guide.
        carried_in: fen that last year's pools left, by the name of the pool.
        taken: awards made before under quotas that count over several years, by offer.
        only: the one pool that is wanted; all when empty.

    Raises:
        PolicyError: E812 no such guide, E845 no such pool; E851, E859 for what cannot be carried or shared.
    """

    def __init__(
        self,
        programme: model.Programme,
        year: int,
        carried_in: Mapping[str, int] | None = None,
        taken: Mapping[str, int] | None = None,
        only: str = "",
    ) -> None:
        carried_in = carried_in or {}
        self.programme, self.year, self.taken, self.only = programme, year, taken or {}, only
        self.plans = Plans(programme)
        guide = self.plans.plan(0, year).guide
        assert guide is not None
        self.guide = guide
        self.owner = {offer: pool.name for pool in guide.pools.values() for offer in pool.offers}
        self.file = Place(guide.place.file, 0, 0)
        for name in (*carried_in, *([only] if only else [])):
            self.known(name)
        wanted = [pool for name, pool in guide.pools.items() if only in ("", name)]
        self.pools = {pool.name: self._plan(pool, carried_in.get(pool.name, 0)) for pool in wanted}

    def known(self, name: str) -> model.GuidePool:
        """The pool of that name.

        Raises:
            PolicyError: E845 when the guide has none.
        """
        found = self.guide.pools.get(name)
        if found is None:
            near, valid = nearest(name, self.guide.pools) or "", ", ".join(self.guide.pools)
            raise PolicyError((problem("E845", self.file, name, year=self.year, name=name, near=near, valid=valid),))
        return found

    def kept(self, offer: str, on: int | None = None, at: str = "") -> Keep | None:
        """The floor of an offer that scaling keeps, under the guide and the rules of a place on a day."""
        plan = self.plans.plan(on if on is not None else self.guide.start, self.year, at)
        return _kept(plan, offer)

    def by_place(self, offer: str) -> bool:
        """Whether some place raises the floor of the offer."""
        return any("floor" in place.raise_.get(offer, {}) for place in self.programme.locals.values())

    def _plan(self, pool: model.GuidePool, carried_in: int) -> PoolPlan:
        self._may_carry(pool, carried_in)
        places = tuple(found for offer in pool.offers for found in self._places(pool, offer))
        cite = Cite(self.guide.source, "", self.guide.sample)
        if pool.most is not None:
            places += (Places(Quota(pool.most), "", pool.offers, (), "", (cite,)),)
        floors = {offer: keep for offer in pool.offers if (keep := self.kept(offer)) is not None}
        terms = Terms(
            pool.name,
            money_of(pool.amount),
            pool.share,
            pool.partial,
            tuple(place.quota for place in places),
            carried_in,
            pool.carry_over,
        )
        return PoolPlan(pool, terms, places, floors, cite)

    def _may_carry(self, pool: model.GuidePool, fen: int) -> None:
        """What is carried in was left by last year's pool of the same name, and allowed to stay (结转)."""
        if not fen:
            return
        before = self.programme.guides.get(self.year - 1)
        last = before.pools.get(pool.name) if before else None
        why = None
        if before is None:
            why = Words(f"没有 {self.year - 1} 年指南", f"there is no guide of {self.year - 1}")
        elif last is None or not last.carry_over:
            why = Words(f"{before.year} 年指南不允许结转", f"the guide of {before.year} lets nothing stay")
        else:
            most = carried(Terms("", money_of(last.amount), "", carry_over=last.carry_over), fen)
            if fen > most:
                money = format_money(most)
                why = Words(f"{before.year} 年指南最多允许 {money} 元", f"the guide of {before.year} allows {money}")
        if why is not None:
            place = Place(self.guide.place.file, pool.place.line, pool.place.column)
            values = {"pool": pool.name, "amount": format_money(fen), "zh": why.zh, "en": why.en}
            raise PolicyError((problem("E851", place, pool.name, **values),))

    def _places(self, pool: model.GuidePool, name: str) -> list[Places]:
        """The quotas that an offer brings along: limits on awards without a subject, or to the best by a number."""
        offer = Ground(self.programme, self.programme.offers[name], self.guide, ()).offer
        found = []
        for limit in offer.limits:
            if limit.awards is None or (limit.per and limit.by is None):
                continue
            offers = limit.across or (name,)
            others = dict.fromkeys(self.owner[one] for one in offers if self.owner.get(one, pool.name) != pool.name)
            if others:
                pools = ", ".join((pool.name, *others))
                raise PolicyError((problem("E859", pool.place, name, offers=", ".join(offers), pools=pools),))
            by = limit.by.text if limit.by is not None else ""
            ordered = bool(by or pool.share != "pro_rata" or pool.by or pool.ties)
            most = max(0, limit.awards - self.taken.get(name, 0))
            per = self.programme.subjects.get(limit.per, ())
            cites = (Cite("notice", limit.cites or offer.cites),)
            found.append(Places(Quota(most, ordered), name, offers, per, by, cites, self._lacks(name, limit, offers)))
        return found

    def _lacks(self, name: str, limit: model.Limit, offers: tuple[str, ...]) -> Problem | None:
        """A quota over several years needs the awards made before; there were none when no earlier guide opened it."""
        earlier = [g for g in self.programme.guides.values() if g.year is not None and g.year < self.year]
        opened = any(one in (g.opens or ()) and one not in g.closes for g in earlier for one in offers)
        if name in self.taken or limit.over in _YEARLY or not opened:
            return None
        over = f"rolling {limit.months} months" if limit.over == "rolling" else limit.over
        return problem("E855", limit.place, name, offer=name, over=over)


def _kept(plan: Plan, offer: str) -> Keep | None:
    floor = plan.offer(offer).floor
    if floor is None or floor.in_scaling != "keep":
        return None
    ladder = plan.ladder(offer)
    step = next((step for step in ladder.steps if step.name == "floor"), None)
    cites = (Cite("notice", floor.cites or plan.offer(offer).cites),) if step is None else step.cites
    return Keep(written_sum(step.node) if step else 0, floor.when_it_cannot_be_kept == "decide", cites)


def written_sum(node: Node) -> int | None:
    """A written sum in fen; None where a case has to be known."""
    while isinstance(node, Rounded | Rescale):
        node = node.item
    if isinstance(node, Literal) and isinstance(node.value, int) and isinstance(node.kind, Number):
        return round_half_up(node.value, node.kind.scale, 2)
    return None

