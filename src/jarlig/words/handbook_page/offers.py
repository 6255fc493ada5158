"""One offer as a section of the handbook."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from jarlig.ladder import nodes as n
from jarlig.ladder.kinds import Number, Rows
from jarlig.ladder.steps import Words
from jarlig.policy import model
from jarlig.policy.plans import Plan
from jarlig.words import fmt
from jarlig.words.handbook_page.book import Book, Line, Link, Tag
from jarlig.words.handbook_page.changes import Change, changes
from jarlig.words.handbook_page.example import Example
from jarlig.words.handbook_page.figures import Table
from jarlig.words.handbook_page.rules import Rule, Rung
from jarlig.words.handbook_page.sayings import LABELS


@dataclass(frozen=True)
class Fact:
    """A fact that is asked for: options or columns below it, why, by which evidence, verified by whom."""

    title: str
    detail: str
    why: str
    proof: str
    by: str


@dataclass(frozen=True)
class Year:
    """An offer in one guide year."""

    link: Link
    tag: Tag
    window: str
    lines: tuple[str, ...]
    money: tuple[str, ...]


@dataclass(frozen=True)
class Route:
    """The steps of review that a guide sets out: act, who, and how long."""

    title: str
    cite: Link
    steps: tuple[tuple[str, str, str], ...]


@dataclass(frozen=True)
class OpenTerm:
    """A term that a later document must set."""

    offer: Link
    term: str
    filler: str
    bounds: str
    still: str


@dataclass(frozen=True)
class OfferView:
    """Everything the page says about an offer."""

    id: str
    title: str
    summary: str
    cites: tuple[Link, ...]
    payee: str
    nature: Tag | None
    note: str
    formula: str
    most: str
    most_plain: str
    tags: tuple[Tag, ...]
    claims: str
    gates: tuple[Line, ...]
    guide_gates: tuple[Link, ...]
    rungs: tuple[Rung, ...]
    tables: tuple[Table, ...]
    after: tuple[Line, ...]
    facts: tuple[Fact, ...]
    bodies: str
    route: Route | None
    terms: tuple[OpenTerm, ...]
    years: tuple[Year, ...]
    example: Example | None


def offer_view(book: Book, name: str, example: Example | None) -> OfferView:
    """An offer laid out."""
    rule = Rule(book, book.notice, name)
    offer = rule.offer
    clause = book.programme.clauses.get(offer.cites)
    nature = offer.nature
    return OfferView(
        id=name,
        title=book.title(offer.title),
        summary=book.title(clause.summary) if clause else "",
        cites=book.clause(offer.cites),
        payee=book.say("payee." + offer.to),
        nature=None if nature == "award" else Tag(book.title(LABELS["nature." + nature]), "info"),
        note="" if nature == "award" else book.say(f"nature.{nature}.note"),
        formula=fmt.sentence(rule.formula(), book.lang),
        most=_most(book, rule, fmt.money),
        most_plain=_most(book, rule, lambda fen, lang: fmt.plain_money(fen)),
        tags=tuple(book.tag(plan, name) for plan in book.years.values()),
        claims=fmt.sentence(book.say("claims." + offer.claims.per), book.lang),
        gates=tuple(rule.gates()),
        guide_gates=_guides_with_gates(book, offer),
        rungs=tuple(rule.rungs()),
        tables=tuple(rule.tables()),
        after=_after(book, rule),
        facts=tuple(_facts(book, offer)),
        bodies=book.bodies(offer.bodies),
        route=_route(book, offer),
        terms=open_terms(book, name),
        years=tuple(_year(book, rule, plan) for plan in book.years.values()),
        example=example,
    )


def unset(book: Book, name: str) -> str:
    """Who sets the sum of an offer, and within which bounds; empty where the notice itself says the most."""
    rule = Rule(book, book.notice, name)
    return "" if rule.most() is not None else _most(book, rule, fmt.money)


def _most(book: Book, rule: Rule, sum_of: Callable[[int, str], str]) -> str:
    """The highest sum as ``sum_of`` writes it, or why there is none."""
    if rule.offer.nature == "inform":
        return fmt.sentence(book.say("most.inform"), book.lang)
    most = rule.most()
    if most is not None:
        return sum_of(most, book.lang)
    fillers = {term.filled_by for term in rule.ladder.open_terms}
    why = "most.guide" if "guide" in fillers else "most.local" if "local" in fillers else "most.none"
    name = rule.offer.offer
    speaker = book.speaker(book.notice, name)
    terms = [(speaker.term(term.term), _bounds(book, name, term)) for term in rule.ladder.open_terms]
    bounded = [(term, told) for term, told in terms if told]
    if len(bounded) != 1:
        return fmt.sentence(book.say(why), book.lang)
    term, told = bounded[0]
    return fmt.sentence(book.say("most.bounded", who=book.say(why), term=term, bounds=told), book.lang)


def _guides_with_gates(book: Book, offer: model.Offer) -> tuple[Link, ...]:
    if offer.nature != "award":
        return ()
    return tuple(
        book.overlay_link(guide)
        for plan in book.years.values()
        if (guide := plan.guide)
        and guide.gates
        and book.state(plan, offer.offer) != "closed"
        and (not guide.gates_for or offer.offer in guide.gates_for)
    )


def _after(book: Book, rule: Rule) -> tuple[Line, ...]:
    """What else belongs to the sum: questions for a person, instalments, the report afterwards."""
    lines = [book.say("decide", label=doubt.label[book.lang]) for doubt in rule.ladder.doubts]
    if rule.ladder.pay:
        parts = (_part(book, *part) for part in rule.ladder.pay)
        lines.append(book.say("pay", parts=book.listed(parts)))
    if rule.offer.report:
        lines.append(book.say("report", text=rule.offer.report[book.lang]))
    return (*rule.later(), *(Line(fmt.sentence(line, book.lang)) for line in lines))


def _part(book: Book, title: Words, share: int, scale: int) -> str:
    """One part of a payment: its share, or the rest."""
    told = fmt.percent(share, scale) if share else book.say("pay.rest")
    return book.say("pay.part", title=title[book.lang], share=told)


def _facts(book: Book, offer: model.Offer) -> list[Fact]:
    """The offer's own facts, and the shared ones that any of its ladders reads."""
    read: set[str] = set(offer.facts)
    plans = [book.notice, *book.years.values()]
    defs = plans[-1].fact_defs(offer.offer)
    for plan in plans:
        ladder = plan.ladder(offer.offer)
        read |= set(ladder.facts) | {node.rows for node in ladder.nodes() if isinstance(node, n.Sum)}
    return [_fact(book, fact) for name, fact in defs.items() if name in read]


def _fact(book: Book, fact: model.FactDef) -> Fact:
    detail = ""
    if fact.labels:
        labels = [label[book.lang] for label in fact.labels.values()]
        detail = book.say("evidence.options", options=book.listed(labels))
    elif isinstance(fact.kind, Rows):
        titles = [column.title[book.lang] for column in fact.columns.values()]
        detail = book.say("evidence.columns", columns=book.listed(titles))
    known = book.programme.evidence
    proofs = [known[name][book.lang] if name in known else name for name in fact.evidence]
    why = fmt.sentence(fact.why[book.lang], book.lang) if fact.why else ""
    by = book.bodies([fact.verified_by]) if fact.verified_by else ""
    proof = fmt.sentence(book.listed(proofs), book.lang)
    return Fact(book.title(fact.title), detail, why, proof, fmt.sentence(by, book.lang))


def _route(book: Book, offer: model.Offer) -> Route | None:
    """The route of the latest guide that has one for the offer."""
    for plan in reversed(book.years.values()):
        guide = plan.guide
        for route in guide.routes.values() if guide else ():
            if guide and isinstance(route, Mapping) and offer.offer in route.get("for", ()):
                steps = tuple(_step(book, step, offer) for step in route.get("steps", ()) if isinstance(step, Mapping))
                title = route.get("title", {})
                words = title.get(book.lang, "") if isinstance(title, Mapping) else str(title)
                return Route(fmt.sentence(words, book.lang), book.overlay_link(guide), steps)
    return None


def _step(book: Book, step: Mapping[str, Any], offer: model.Offer) -> tuple[str, str, str]:
    name, by = str(step.get("step", "")), str(step.get("by", ""))
    known = f"route.{name}"
    try:
        act = book.say(known)
    except KeyError:
        act = name.replace("_", " ")
    who = book.bodies(offer.bodies) if by == "bodies_of_the_offer" else book.bodies([by]) if by else ""
    days = book.say("decides.days", days=str(step["workdays"])) if "workdays" in step else ""
    return fmt.sentence(act, book.lang), fmt.sentence(who, book.lang), days


def open_terms(book: Book, name: str) -> tuple[OpenTerm, ...]:
    """The terms that the notice leaves to a later document, and the guide years in which each is still open."""
    ladder, speaker = book.notice.ladder(name), book.speaker(book.notice, name)
    found = []
    for term in ladder.open_terms:
        if term.filled_by == "parameter":
            continue
        still = [
            str(year) for year, plan in book.years.items()
            if book.state(plan, name) != "closed" and any(t.term == term.term for t in plan.ladder(name).open_terms)
        ]  # fmt: skip
        title = fmt.sentence(speaker.term(term.term), book.lang)
        filler = fmt.sentence(book.say("filler." + term.filled_by), book.lang)
        bounds = fmt.sentence(_bounds(book, name, term), book.lang)
        found.append(OpenTerm(book.offer_link(name), title, filler, bounds, book.listed(still)))
    return tuple(found)


def _bounds(book: Book, name: str, term: n.Open) -> str:
    """The bounds that the notice sets on a term, read from the kind of its node."""
    kind = term.kind
    if not isinstance(kind, Number):
        return ""
    offer, speaker = book.programme.offers[name], book.speaker(book.notice, name)
    definition = offer.terms.get(term.term)
    share = not kind.unit
    free = Number(kind.unit, kind.scale, 0, 10**14 - 1 if kind.scale == 2 and kind.unit else 10 ** (6 + kind.scale))
    told = []
    if kind.low > 0:
        told.append(book.say("open.at_least", bound=speaker.figure(kind.low, kind, share)))
    if kind.high < free.high and (definition is None or definition.at_most is not None):
        told.append(book.say("open.at_most", bound=speaker.figure(kind.high, kind, share)))
    return book.say("comma").join(told)


def _year(book: Book, rule: Rule, plan: Plan) -> Year:
    name, guide = rule.offer.offer, plan.guide
    assert guide is not None and guide.year is not None
    tag = book.tag(plan, name)
    link = Link(str(guide.year), book.overlay_href(guide))
    if book.state(plan, name) in ("closed", "inform"):
        return Year(link, tag, "", (), ())
    ladder = plan.ladder(name)
    window = fmt.period(*ladder.window, book.lang) if ladder.window else ""
    found = changes(rule, Rule(book, plan, name))
    lines = [told(book, change, "change.changed") for change in found]
    speaker = book.speaker(plan, name)
    still = [speaker.term(term.term) for term in ladder.open_terms if term.filled_by != "parameter"]
    if still:
        lines.append(fmt.sentence(book.say("year.open", terms=book.listed(still)), book.lang))
    money = [fmt.sentence(c.says[book.lang], book.lang) for c in ladder.conditions if c.name.startswith("pool_")]
    return Year(link, tag, window, tuple(lines) or (book.say("year.nothing"),), tuple(money))


def told(book: Book, change: Change, changed: str) -> str:
    """A change as a sentence; ``changed`` is the saying for one that had a value before."""
    key = changed if change.before else "change.filled"
    return fmt.sentence(book.say(key, what=change.what, after=change.after, before=change.before), book.lang)
