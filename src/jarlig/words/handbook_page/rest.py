"""The parts of the handbook that are lists: head, targets, duties, registers, closing rules, readings, clauses."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from jarlig.ladder.numbers import NumberError, parse_decimal, parse_percent
from jarlig.policy import model
from jarlig.words import fmt
from jarlig.words.handbook_page.book import Book, Line, Link


@dataclass(frozen=True)
class Head:
    """The notice itself: title, marks, and what is known of the document."""

    title: str
    notes: tuple[str, ...]
    entries: tuple[tuple[str, str], ...]
    hash: str


@dataclass(frozen=True)
class Entry:
    """One line of a list: anchor, title, cells, and what it rests on."""

    id: str
    title: str
    cells: tuple[str, ...]
    cites: tuple[Link, ...]


@dataclass(frozen=True)
class ParameterView:
    """A dated parameter with its values: period, value, basis."""

    id: str
    title: str
    values: tuple[tuple[str, str, str], ...]


@dataclass(frozen=True)
class ClauseView:
    """A clause in our own words, what it became, and where."""

    id: str
    label: str
    summary: str
    encoded: str
    why: str
    used: tuple[Link, ...]


@dataclass(frozen=True)
class Rest:
    """Every list of the handbook."""

    targets: tuple[Entry, ...]
    duties: tuple[Entry, ...]
    registers: tuple[Entry, ...]
    closing: tuple[Line, ...]
    closing_ids: tuple[str, ...]
    readings: tuple[Entry, ...]
    parameters: tuple[ParameterView, ...]
    clauses: tuple[ClauseView, ...]


def head(book: Book, fingerprint: str) -> Head:
    """What stands at the head of the page."""
    programme, lang = book.programme, book.lang
    document = programme.document
    entries = [
        (book.say("head.number"), document.number),
        (book.say("head.issuer"), document.issued_by[lang]),
        (book.say("head.issued"), fmt.day(document.issued_on, lang)),
        (book.say("head.valid"), fmt.period(*programme.valid, lang)),
    ]
    if programme.interpreter:
        interpreter = fmt.sentence(book.bodies([programme.interpreter]), lang)
        entries.append((book.say("head.interpreter"), interpreter))
    return Head(book.title(programme.title), tuple(_notes(book)), tuple(entries), fingerprint)


def _notes(book: Book) -> Iterator[str]:
    """The marks of what is only illustrative."""
    if book.programme.sample:
        yield book.say("sample.programme")
    samples = [book.overlay_name(overlay) for overlay in book.programme.overlays() if overlay.sample]
    if samples:
        yield book.say("sample.overlays", names=book.listed(samples))


def rest(book: Book) -> Rest:
    """Every list, in the order of the programme."""
    programme = book.programme
    return Rest(
        targets=tuple(_target(book, target) for target in programme.targets.values()),
        duties=tuple(_duty(book, duty) for duty in programme.duties.values()),
        registers=tuple(_register(book, register) for register in programme.registers.values()),
        closing=tuple(Line(rule.says[book.lang], book.clause(rule.cites)) for rule in programme.closing),
        closing_ids=tuple(rule.rule for rule in programme.closing),
        readings=tuple(_reading(book, reading) for reading in programme.readings.values()),
        parameters=tuple(_parameter(book, parameter) for parameter in programme.parameters.values()),
        clauses=tuple(_clause(book, clause, _uses(book)) for clause in programme.clauses.values()),
    )


def _target(book: Book, target: model.Target) -> Entry:
    low = f"{target.at_least:,}"
    if target.at_most is None:
        goal = book.say("target.least", low=low)
    else:
        goal = book.say("target.range", low=low, high=f"{target.at_most:,}")
    goal += ("" if book.lang == "zh" else " ") + target.unit[book.lang]
    notes = [target.note[book.lang]] if target.note else []
    when, bodies = fmt.sentence(book.say("goal." + target.every), book.lang), book.bodies(target.bodies)
    cells = (fmt.sentence(goal, book.lang), when, bodies, "\n".join(notes))
    return Entry(target.target, book.title(target.title), cells, book.clause(target.cites))


def _duty(book: Book, duty: model.Duty) -> Entry:
    deliverable = fmt.sentence(duty.deliverable[book.lang], book.lang)
    rhythm = fmt.sentence(book.say("rhythm." + duty.rhythm), book.lang)
    cells = (deliverable, rhythm, book.bodies(duty.bodies))
    return Entry(duty.duty, book.title(duty.title), cells, book.clause(duty.cites))


def _register(book: Book, register: model.Register) -> Entry:
    records = book.say("register.records", records=book.listed(words[book.lang] for words in register.records.values()))
    bodies = book.say("decides.bodies", bodies=book.bodies(register.bodies)) if register.bodies else ""
    return Entry(register.register, book.title(register.title), (records, bodies), book.clause(register.cites))


def _reading(book: Book, reading: model.Reading) -> Entry:
    made = book.say("reading.by", by=_maker(book, reading.by), day=fmt.day(reading.on, book.lang))
    return Entry(reading.reading, reading.says[book.lang], (fmt.sentence(made, book.lang),), book.clause(reading.cites))


def _maker(book: Book, by: str) -> str:
    """Who made a reading: the editors, a body by its id or by its name, or a name as it is written."""
    if by == "editors":
        return book.say("by.editors")
    named = [words for name, words in book.programme.bodies.items() if by in (name, words.zh, words.en)]
    return named[0][book.lang] if named else by


def _parameter(book: Book, parameter: model.Parameter) -> ParameterView:
    values = tuple(
        (_period(book, value), _value(value.value.text, parameter.form, book.lang), value.basis[book.lang])
        for value in parameter.values
    )
    return ParameterView(parameter.parameter, book.title(parameter.title), values)


def _period(book: Book, value: model.DatedValue) -> str:
    if value.end is None:
        return fmt.sentence(book.say("band.since", day=fmt.day(value.start, book.lang)), book.lang)
    return fmt.period(value.start, value.end, book.lang)


def _value(text: str, form: str, lang: str) -> str:
    """A parameter's value as people write it; one that is no plain number stands as written."""
    try:
        if form == "ratio":
            return fmt.percent(*(parse_percent(text) if text.endswith("%") else parse_decimal(text)))
        value, scale = parse_decimal(text)
    except NumberError:
        return text
    return fmt.money(value, lang, scale) if form == "money" else fmt.number(value, scale)


def _uses(book: Book) -> dict[str, list[Link]]:
    """Where each clause is used: offers, targets, duties, registers, closing rules."""
    programme = book.programme
    found: dict[str, list[Link]] = {}
    for name, offer in programme.offers.items():
        found.setdefault(offer.cites, []).append(Link(name, f"#offer-{name}"))
    for name, target in programme.targets.items():
        found.setdefault(target.cites, []).append(Link(name, f"#target-{name}"))
    for name, duty in programme.duties.items():
        found.setdefault(duty.cites, []).append(Link(name, f"#duty-{name}"))
    for name, register in programme.registers.items():
        found.setdefault(register.cites, []).append(Link(name, f"#register-{name}"))
    for rule in programme.closing:
        found.setdefault(rule.cites, []).append(Link(rule.rule, f"#closing-{rule.rule}"))
    return found


def _clause(book: Book, clause: model.Clause, uses: dict[str, list[Link]]) -> ClauseView:
    why = clause.why[book.lang] if clause.why else ""
    label = fmt.sentence(clause.label[book.lang] or clause.clause, book.lang)
    encoded = fmt.sentence(book.say("encoded." + clause.encoded), book.lang)
    return ClauseView(clause.clause, label, clause.summary[book.lang], encoded, why, tuple(uses.get(clause.clause, ())))
