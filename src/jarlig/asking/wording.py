"""Questions and answers in words: the programme's own titles, reasons, rules and clauses, in both languages."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from jarlig.asking import answering, earlier
from jarlig.asking.question import NO_WORDS, Effect, Option, Question, ends, kind_name, spelled, unit_words
from jarlig.asking.reading import Plain
from jarlig.asking.sayings import say, words
from jarlig.asking.topics import BUILT_IN, COUNT, HISTORY, PLACE, SHORTLIST, TOTAL, Topic
from jarlig.ladder import nodes as n
from jarlig.ladder.kinds import Choice, Kind, Number, Some
from jarlig.ladder.steps import Step, Words
from jarlig.policy.casefile import Facts
from jarlig.policy.model import FactDef
from jarlig.policy.values import convert
from jarlig.words import catalogue, fmt
from jarlig.words.case import Case
from jarlig.words.expressions import Speaker

if TYPE_CHECKING:
    from jarlig.asking.interview import Interview


def both(saying: Callable[[str], str]) -> Words:
    """A saying of one language at a time, in both."""
    return Words(saying("zh"), saying("en"))


def title(interview: Interview, topic: Topic) -> Words:
    """What is asked."""
    if topic.form in (SHORTLIST, PLACE, HISTORY):
        return words(topic.form)
    if topic.name in BUILT_IN:
        return catalogue.words("built_in." + topic.name)
    fact = answering.definition(interview, topic)
    assert fact is not None
    if topic.form == TOTAL:
        node = _sum(interview, topic)
        value = both(lambda lang: _speaker(interview, topic, lang).phrase(node.value)) if node else fact.title
        return words("total", rows=fact.title, value=value)
    return words("count", rows=fact.title) if topic.form == COUNT else fact.title


def worded(interview: Interview, topic: Topic, worth: Mapping[str, int | None], total: int | None) -> Question:
    """A question with all that is shown beside it."""
    fact = None if topic.form in (SHORTLIST, PLACE, HISTORY) else answering.definition(interview, topic)
    model = interview.programme.model
    kind, options, asked_unit = _form(interview, topic, fact)
    of = answering.wanted(interview, topic).kind if topic.form not in (SHORTLIST, HISTORY, TOTAL) else None
    least, most = ends(of) if of is not None else (None, None)
    return Question(
        id=topic.id,
        kind=kind,
        title=title(interview, topic),
        why=_why(interview, topic, fact),
        hint=_hint(interview, topic, fact, kind),
        unit=asked_unit,
        bounds=_bounds(of, least, most),
        least=spelled(of, least) if of is not None else "",
        most=spelled(of, most) if of is not None else "",
        options=options,
        or_none=fact is not None and fact.or_none and kind not in ("total", "count"),
        fact="" if topic.form in (SHORTLIST, PLACE) else topic.name,
        unknown=words("unknown"),
        effects=tuple(_effects(interview, topic, worth)),
        worth=total,
        evidence=tuple(model.evidence[name] for name in (fact.evidence if fact else ()) if name in model.evidence),
        verified_by=model.bodies.get(fact.verified_by, NO_WORDS) if fact else NO_WORDS,
    )  # fmt: skip


def _why(interview: Interview, topic: Topic, fact: FactDef | None) -> Words:
    """Why it is asked: the programme's reason, else the condition that reads it, else that it goes into the sum."""
    if topic.form in (SHORTLIST, PLACE, HISTORY):
        return words("why." + topic.form)
    if fact is not None and fact.why is not None:
        return fact.why
    for offer in topic.offers or interview.programme.offers:
        step = _step(interview, offer, topic)
        if step is not None and step.role == "gate":
            zh, en = (Case(interview.determinations[offer], lang) for lang in ("zh", "en"))
            return words("why.gate", rule=Words(_rule(zh, step), _rule(en, step)))
    return words("why.fact")


def _bounds(kind: Kind | None, least: int | None, most: int | None) -> Words:
    """Between what a number must lie; that a day stands in the calendar goes without saying."""
    if not isinstance(kind, Number) or (least is None and most is None):
        return NO_WORDS
    low, high = (_bound(kind, end) for end in (least, most))
    return words("bounds" if low and high else "bounds.least" if low else "bounds.most", least=low, most=high)


def _bound(kind: Number, value: int | None) -> str:
    if value is None:
        return ""
    return fmt.percent(value, kind.scale) if kind_name(kind) == "ratio" else f"{Decimal(spelled(kind, value)):,}"


def _form(interview: Interview, topic: Topic, fact: FactDef | None) -> tuple[str, tuple[Option, ...], Words]:
    if topic.form == SHORTLIST:
        return "offers", tuple(Option(*item) for item in answering.choices(interview).items()), NO_WORDS
    if topic.form == HISTORY:
        return "history", (), NO_WORDS
    if topic.form == PLACE:
        return "division", (), NO_WORDS
    if topic.form == TOTAL:
        return "total", (), Words("元", "CNY")
    if topic.form == COUNT:
        return "count", (), NO_WORDS
    kind = fact.kind if fact is not None else BUILT_IN[topic.name]
    values = kind.values if isinstance(kind, Choice) else kind.of.values if isinstance(kind, Some) else ()
    labels = fact.labels if fact is not None else {}
    options = tuple(Option(value, labels.get(value, Words(value, value))) for value in values)
    return kind_name(kind), options, unit(interview, kind)


def unit(interview: Interview, kind: Kind) -> Words:
    """The unit of a number as the programme calls it."""
    units = interview.programme.model.units
    return unit_words(kind, lambda name: units.get(name, Words(name.replace("_", " "), name.replace("_", " "))))


def _hint(interview: Interview, topic: Topic, fact: FactDef | None, kind: str) -> Words:
    shown = {"offers": "for", "total": "money", "count": "number"}.get(kind, kind)
    hints = [
        words("hint." + shown, **({"example": earlier.example(interview.programme.model)} if kind == "history" else {}))
    ]
    if kind in ("total", "count"):
        node = _sum(interview, topic)
        if node is not None and node.where:
            where = n.All(node.where)
            hints.insert(
                0, words("hint.lines", where=both(lambda lang: _speaker(interview, topic, lang).phrase(where)))
            )
        others = sum(topic.name in offer.facts for offer in interview.programme.offers.values())
        if fact is not None and fact.key_once == "ever" and others > 1:
            hints.append(words("hint.once"))
    elif fact is not None and fact.or_none:
        hints.append(words("hint.or_none"))
    return both(lambda lang: ("；" if lang == "zh" else "; ").join(hint[lang] for hint in hints))


def _sum(interview: Interview, topic: Topic) -> n.Sum | None:
    offers = topic.offers or tuple(interview.programme.offers)
    found = (interview.reads(offer).sums.get((topic.name, topic.form)) for offer in offers)
    return next((node for node in found if node is not None), None)


def _speaker(interview: Interview, topic: Topic, lang: str) -> Speaker:
    name = next(iter(topic.offers or interview.programme.offers))
    offer, plan = interview.programme.offers[name], interview.plan
    return Speaker(interview.programme.model, offer, plan.fact_defs(name), lang, plan.ladder(name))


def _effects(interview: Interview, topic: Topic, worth: Mapping[str, int | None]) -> list[Effect]:
    found = [_effect(interview, topic, name, fen) for name, fen in worth.items()]
    return sorted(found, key=lambda one: (one.worth is not None, -(one.worth or 0)))


def _effect(interview: Interview, topic: Topic, name: str, fen: int | None) -> Effect:
    title_ = interview.programme.offers[name].title
    step = None if topic.form == SHORTLIST else _step(interview, name, topic)
    if step is None:
        return Effect(name, title_, fen)
    cases = {lang: Case(interview.determinations[name], lang) for lang in ("zh", "en")}
    fact = interview.plan.fact_defs(name).get(topic.name)
    why = fact.why if fact is not None and fact.why is not None else NO_WORDS
    clause = both(lambda lang: cases[lang].cited(step.cites))
    return Effect(name, title_, fen, why, both(lambda lang: _rule(cases[lang], step)), clause)


def _step(interview: Interview, offer: str, topic: Topic) -> Step | None:
    """The first step of an offer that reads what is asked, conditions before figures."""
    ladder = interview.plan.ladder(offer)
    steps = sorted(ladder.steps, key=lambda step: step.role != "gate")
    names = {topic.name, PLACE} if topic.name == interview.programme.model.applied_at else {topic.name}
    return next((step for step in steps if any(_reads(node, names) for node in n.walk(step.node))), None)


def _reads(node: n.Node, names: set[str]) -> bool:
    if isinstance(node, n.Fact):
        return node.name in names
    return (isinstance(node, n.Sum) and node.rows in names) or (isinstance(node, n.Earlier) and HISTORY in names)


def _rule(case: Case, step: Step) -> str:
    return step.label[case.lang] or case.speaker.phrase(step.node)


def said(interview: Interview, topic: Topic, value: Plain | None, lang: str) -> str:
    """An answer as people write it."""
    if value is None:
        return say("unknown", lang)
    offers = interview.programme.offers
    if topic.form == SHORTLIST:
        assert isinstance(value, list)
        return fmt.listed([offers[name].title[lang] for name in value if isinstance(name, str)], lang) or fmt.yes_no(
            False, lang
        )
    if topic.form == HISTORY:
        assert isinstance(value, list)
        return _awards(interview, value, lang) or fmt.yes_no(False, lang)
    wanted = answering.wanted(interview, topic)
    speaker = _speaker(interview, topic, lang)
    about = n.Fact(topic.name, wanted.kind)

    def shown(plain: Any) -> str:
        if plain == "none" and wanted.or_none:
            return catalogue.say("none", lang)
        return speaker.value(convert(Facts({}), wanted.kind, plain, (topic.name,)), wanted.kind, about)

    if isinstance(value, dict):
        if "about" in value:
            return say("about", lang, figure=shown(value["about"]))
        return f"{shown(value['from'])}–{shown(value['to'])}"
    return shown(value)


def _awards(interview: Interview, rows: list[Any], lang: str) -> str:
    found = []
    for row in rows:
        parts = [interview.programme.offers[row["offer"]].title[lang]]
        if "approved" in row:
            fen = convert(Facts({}), earlier.KINDS["approved"], row["approved"], ("approved",))
            parts.append(fmt.money(fen, lang))
        parts += [row[key] for key in ("guide_year", "on") if key in row]
        found.append(" ".join(parts))
    return ("；" if lang == "zh" else "; ").join(found)
