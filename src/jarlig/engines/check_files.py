"""What a check asks of the files themselves: clauses, labels, facts, evidence, periods, shared costs."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import fields, is_dataclass
from itertools import combinations
from typing import Any, Protocol

from jarlig.engines.findings import Ledger
from jarlig.ladder.kinds import Code, Division, Rows
from jarlig.ladder.nodes import Fact, Sum
from jarlig.ladder.steps import Ladder, Words
from jarlig.policy import model
from jarlig.policy.messages import Place, nearest, problem
from jarlig.policy.text import Mapping as TreeMapping, Scalar, Sequence

_CHINESE = re.compile(r"[\u3400-\u9fff\U00020000-\U0003ffff]")
#: A code stands alike in both languages: capitals, digits and signs, as A, AAA or 3C.
_CODE = re.compile(r"[A-Z0-9][A-Z0-9 .+/&%-]*\Z")


def check_files(
    programme: model.Programme, ladders: Iterable[Ladder], ledger: Ledger, judged: Judged | None = None
) -> None:
    """Every check that needs no figures; ``judged`` proves of two offers that no piece of evidence counts in both."""
    _clauses(programme, ledger)
    _cited(programme, ledger)
    _labels(programme, ledger)
    _facts(programme, ladders, ledger)
    _periods(programme, ledger)
    _shared_rows(programme, ledger, judged)


# clauses


def _clauses(programme: model.Programme, ledger: Ledger) -> None:
    """Each clause is encoded as it says, or says why not."""
    cited = {
        "offer": _cites(programme.offers.values()),
        "target": _cites(programme.targets.values()),
        "duty": _cites(programme.duties.values()),
        "register": _cites(programme.registers.values()),
        "rule": {rule.cites for rule in programme.closing} | {reading.cites for reading in programme.readings.values()}
        | {table.cites for table in programme.tables.values()} | {test.cites for test in programme.conditions.values()}
        | {programme.valid_cites} | _limits_cite(programme),
    }  # fmt: skip
    for name, clause in programme.clauses.items():
        if clause.encoded in cited and name not in cited[clause.encoded]:
            ledger.tell(problem("E920", clause.place, name, clause=name, encoded=clause.encoded))
        if clause.encoded in ("open", "not_encodable") and clause.why is None:
            ledger.tell(problem("E921", clause.place, name, clause=name, encoded=clause.encoded))
        if clause.encoded == "parts" and not any(other.startswith(f"{name}.") for other in programme.clauses):
            ledger.tell(problem("E922", clause.place, name, clause=name))


def _cites(entries: Iterable[Any]) -> set[str]:
    found = {entry.cites for entry in entries}
    return found | {part.cites for entry in entries for part in getattr(entry, "parts", ())}


def _limits_cite(programme: model.Programme) -> set[str]:
    offers = programme.offers.values()
    return {limit.cites for offer in offers for limit in offer.limits} | {o.floor.cites for o in offers if o.floor}


def _cited(programme: model.Programme, ledger: Ledger) -> None:
    """What is cited exists, and is not marked as impossible to encode."""
    owners: list[tuple[str, str, Place]] = [
        *((rule.rule, rule.cites, programme.place) for rule in programme.closing),
        *((reading.reading, reading.cites, programme.place) for reading in programme.readings.values()),
        ("valid", programme.valid_cites, programme.place),
    ]
    for entries in (programme.offers, programme.targets, programme.duties, programme.registers):
        owners += [(name, entry.cites, entry.place) for name, entry in entries.items()]
    for offer in programme.offers.values():
        tests = [test.cites for test in offer.when] + [part.cites for part in offer.parts]
        limits = [limit.cites for limit in offer.limits] + ([offer.floor.cites] if offer.floor else [])
        owners += [(offer.offer, cites, offer.place) for cites in (*tests, *limits)]
    for name, cites, place in owners:
        clause = programme.clauses.get(cites)
        if cites and clause is None:
            near, valid = nearest(cites, programme.clauses) or "", ", ".join(list(programme.clauses)[:12])
            ledger.tell(problem("E303", place, cites, name=cites, near=near, valid=valid))
        elif clause is not None and clause.encoded == "not_encodable":
            ledger.tell(problem("E923", place, name, name=name, clause=cites))


# labels


def _labels(programme: model.Programme, ledger: Ledger) -> None:
    """Chinese texts are Chinese, English texts are not; a code may stand alike in both."""
    for words, place in words_in(programme, programme.place):
        if not _CHINESE.search(words.zh) and not _CODE.match(words.zh):
            ledger.tell(problem("E924", place, words.zh))
        if _CHINESE.search(words.en):
            ledger.tell(problem("E925", place, words.en))


def words_in(value: Any, place: Place) -> Iterator[tuple[Words, Place]]:
    """Every text in both languages below a value, with the nearest place above it."""
    if isinstance(value, Words):
        if value.zh or value.en:
            yield value, place
    elif isinstance(value, Mapping):
        for item in value.values():
            yield from words_in(item, place)
    elif isinstance(value, tuple):
        for item in value:
            yield from words_in(item, place)
    elif is_dataclass(value) and not isinstance(value, Scalar | Sequence | TreeMapping | Place):
        own = getattr(value, "place", place)
        for part in fields(value):
            yield from words_in(getattr(value, part.name), own)


# facts


def _facts(programme: model.Programme, ladders: Iterable[Ladder], ledger: Ledger) -> None:
    """Each fact has evidence and somebody who verifies it; keys of a subject are identities and need none."""
    identities = {key for keys in programme.subjects.values() for key in keys}
    compiled = list(ladders)
    read, known = _read(programme, compiled), {ladder.offer for ladder in compiled}
    offers = programme.offers.values()
    shared = [(fact, True, known >= programme.offers.keys()) for fact in programme.facts.values()]
    own = [(fact, o.nature == "award", o.offer in known) for o in offers for fact in o.facts.values()]
    for fact, asked, whole in (*shared, *own):  # what an offer reads that cannot be compiled is not known
        identity = fact.name in identities and isinstance(fact.kind, Code | Division)
        if asked and not identity:
            if not fact.evidence:
                ledger.tell(problem("E926", fact.place, fact.name, name=fact.name))
            if not fact.verified_by:
                ledger.tell(problem("E927", fact.place, fact.name, name=fact.name))
        if whole and fact.name not in read | identities and fact.why is None:
            ledger.tell(problem("E928", fact.place, fact.name, name=fact.name))


def _read(programme: model.Programme, ladders: Iterable[Ladder]) -> set[str]:
    """Names that any rule reads, or that a guide may use, rank or share by."""
    read: set[str] = set()
    for ladder in ladders:
        read.update(node.name if isinstance(node, Fact) else node.rows for node in ladder.nodes()
                    if isinstance(node, Fact | Sum))  # fmt: skip
    for offer in programme.offers.values():
        read.update(name for term in offer.terms.values() for name in term.may_use)
        read.update(offer.pool.factors if offer.pool else ())
        read.update(limit.by.text for limit in offer.limits if limit.by is not None)
        read.add(offer.claims.start)
        figures = [offer.formula.amount, offer.formula.rate, offer.formula.each] if offer.formula else []
        for tree in (*figures, *offer.caps):
            uses = tree.entries.get("may_use") if isinstance(tree, TreeMapping) else None
            items = uses.items if isinstance(uses, Sequence) else (uses,)
            read.update(item.text for item in items if isinstance(item, Scalar))
    read.update(name for guide in programme.guides.values() for pool in guide.pools.values() for name in pool.by)
    return read


# periods


def _periods(programme: model.Programme, ledger: Ledger) -> None:
    """One guide a day, one set of local rules for a place a day, and guides inside the validity of the notice."""
    first, last = programme.valid
    for guide in programme.guides.values():
        if guide.start < first or guide.end > last:
            ledger.tell(problem("E930", guide.place, guide.source, one=guide.source))
    for group in (programme.guides.values(), programme.locals.values()):
        for one, other in combinations(group, 2):
            if one.at == other.at and one.start <= other.end and other.start <= one.end:
                ledger.tell(problem("E929", other.place, other.source, one=one.source, other=other.source))


# the same costs twice


def _shared_rows(programme: model.Programme, ledger: Ledger, judged: Judged | None) -> None:
    """Two offers paid on the same kind of evidence need a rule that excludes paying the same piece twice."""
    paid = [offer for offer in programme.offers.values() if offer.nature == "award"]
    for one, other in combinations(paid, 2):
        pairs = [(a, b, names) for a in _rows(one) for b in _rows(other)
                 if (names := [name for name in a.evidence if name in b.evidence])]  # fmt: skip
        if not pairs:
            continue
        shared = _unruled(pairs)
        told: list[str] = []
        if shared and not _excluded(one, other):
            told = shared if judged is None else [name for name in shared if not judged.apart(one, other, name)]
        if told:
            kinds = "、".join(programme.evidence[name].zh for name in told)
            english = ", ".join(programme.evidence[name].en for name in told)
            ledger.tell(problem("E931", other.place, other.offer, one=one.offer, other=other.offer,
                                shared=Words(kinds, english)))  # fmt: skip
        if judged is not None:
            judged.say(one, other, bool(told))


class Judged(Protocol):
    """Proofs about two offers that take the same evidence."""

    def apart(self, one: model.Offer, other: model.Offer, evidence: str) -> bool:
        """Whether no piece of some evidence could be counted under both."""

    def say(self, one: model.Offer, other: model.Offer, told: bool) -> None:
        """Write down how it stands with two offers."""


def rows_on(offer: model.Offer, evidence: str) -> list[str]:
    """The lists of an offer that rest on some evidence."""
    return [fact.name for fact in _rows(offer) if evidence in fact.evidence]


def _rows(offer: model.Offer) -> list[model.FactDef]:
    return [fact for fact in offer.facts.values() if isinstance(fact.kind, Rows) and fact.kind.key]


def _unruled(pairs: list[tuple[model.FactDef, model.FactDef, list[str]]]) -> list[str]:
    """Evidence that rows of both offers rest on, unless both say that a key is paid once ever."""
    found: dict[str, None] = {}
    for a, b, names in pairs:
        if not a.key_once == b.key_once == "ever":
            found.update(dict.fromkeys(names))
    return list(found)


def _excluded(one: model.Offer, other: model.Offer) -> bool:
    return any(a.exclusive is not None and b.offer in a.exclusive.offers for a, b in ((one, other), (other, one)))
