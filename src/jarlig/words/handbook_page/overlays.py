"""Guides and local rules as sections of the handbook."""

from __future__ import annotations

from dataclasses import dataclass

from jarlig.ladder.numbers import parse_scaled
from jarlig.ladder.steps import Cite
from jarlig.policy import model
from jarlig.policy.plans import Plan, layers
from jarlig.words import fmt
from jarlig.words.handbook_page.book import Book, Line, Link
from jarlig.words.handbook_page.changes import changes
from jarlig.words.handbook_page.offers import Year, told
from jarlig.words.handbook_page.rules import Rule
from jarlig.words.naming import division_name


@dataclass(frozen=True)
class Pool:
    """Money set aside by a guide, and what happens when it is short."""

    offers: tuple[Link, ...]
    amount: str
    share: str


@dataclass(frozen=True)
class GuideView:
    """A yearly guide: when, for which offers, with which conditions and money."""

    id: str
    title: str
    sample: bool
    document: str
    window: str
    gates: tuple[Line, ...]
    gates_for: str
    offers: tuple[tuple[Link, Year], ...]
    closed: tuple[Link, ...]
    pools: tuple[Pool, ...]


@dataclass(frozen=True)
class LocalView:
    """A place's own rules: where, when, and what they change for each offer."""

    id: str
    title: str
    sample: bool
    document: str
    place: str
    valid: str
    gates: tuple[Line, ...]
    gates_for: str
    offers: tuple[tuple[Link, tuple[str, ...]], ...]


def guide_view(book: Book, plan: Plan, years: dict[str, Year]) -> GuideView:
    """A guide laid out; ``years`` are the offers in its year."""
    guide = plan.guide
    assert guide is not None
    open_ones = {name: year for name, year in years.items() if book.state(plan, name) not in ("closed", "inform")}
    closed = tuple(book.offer_link(name) for name in years if book.state(plan, name) == "closed")
    return GuideView(
        id=guide.id,
        title=book.overlay_name(guide),
        sample=guide.sample,
        document=guide.document,
        window=fmt.period(guide.start, guide.end, book.lang),
        gates=_gates(book, plan, guide),
        gates_for=book.listed(guide.gates_for),
        offers=tuple((book.offer_link(name), year) for name, year in open_ones.items()),
        closed=closed,
        pools=tuple(_pool(book, pool) for pool in guide.pools.values()),
    )


def _pool(book: Book, pool: model.GuidePool) -> Pool:
    offers = tuple(Link(name, f"#offer-{name}") for name in pool.offers)
    return Pool(offers, fmt.plain_money(parse_scaled(pool.amount.text, 2)), book.say("share." + pool.share))


def _gates(book: Book, plan: Plan, overlay: model.Overlay) -> tuple[Line, ...]:
    """The conditions of a guide or a place, worded as in the first ladder that has them."""
    cites = book.links((Cite(overlay.source, overlay.gates_cites, overlay.sample),))
    for name, offer in book.programme.offers.items():
        if offer.nature == "award" and (not overlay.gates_for or name in overlay.gates_for):
            rule = Rule(book, plan, name)
            steps = [rule.ladder.step(gate) for gate in rule.ladder.gates]
            own = [step for step in steps if step.key.startswith(f"{overlay.kind}_gates")]
            return tuple(Line(rule.gate(step).text, cites) for step in own)
    return ()


def local_view(book: Book, local: model.Overlay) -> LocalView:
    """A place's rules laid out."""
    offers = []
    for name in book.programme.offers:
        lines = ([book.say("local.closes")] if name in local.closes else []) + _local_lines(book, local, name)
        if lines:
            offers.append((book.offer_link(name), tuple(lines)))
    place = division_name(local.at, book.lang)
    return LocalView(
        id=local.id,
        title=book.overlay_name(local),
        sample=local.sample,
        document=local.document,
        place=place,
        valid=fmt.period(local.start, local.end, book.lang),
        gates=_gates(book, Plan(book.programme, None, (local,)), local),
        gates_for=book.listed(local.gates_for),
        offers=tuple(offers),
    )


def _local_lines(book: Book, local: model.Overlay, name: str) -> list[str]:
    """What the place changes in an offer; a change that only some guide years know says in which."""
    years: dict[str, list[int]] = {}
    chains = {
        year: layers(book.programme, local, guide.start, guide.end) for year, guide in book.programme.guides.items()
    }
    pairs = [
        (year, _under(book, year, chain[:-1]), _under(book, year, chain))
        for year in book.years
        for chain in chains[year][:1]
    ]
    open_years = [year for year, plan, _ in pairs if book.state(plan, name) != "closed"]
    for year, before, after in pairs or [(0, book.notice, Plan(book.programme, None, (local,)))]:
        if year in open_years or not open_years:
            for change in changes(Rule(book, before, name), Rule(book, after, name)):
                years.setdefault(told(book, change, "change.changed.place"), []).append(year)
    lines = []
    for text, found in years.items():
        everywhere = len(found) >= len(open_years or found)
        listed = book.listed(str(year) for year in found)
        lines.append(text if everywhere else book.say("change.years", text=text, years=listed))
    return lines


def _under(book: Book, year: int, places: tuple[model.Overlay, ...]) -> Plan:
    return Plan(book.programme, book.programme.guides[year], places) if places else book.years[year]
