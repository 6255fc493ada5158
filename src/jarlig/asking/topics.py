"""What can be asked about a programme: its facts, each once, however many offers read it.

Two offers that define a fact of one name, kind and title mean the same fact, and it is asked once. Rows are never asked
cell by cell: of each list an offer reads, the total that counts is asked, or how many rows count.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from jarlig.ladder.kinds import MONTH, Kind, Rows, integer
from jarlig.ladder.steps import Words
from jarlig.policy.messages import Place, PolicyError, nearest, problem
from jarlig.policy.model import FactDef, Programme

#: Ids of questions that are no facts; all are reserved words of the language, so that no fact can bear them.
SHORTLIST, PLACE, HISTORY = "for", "at", "history"
BUILT_IN: dict[str, Kind] = {"claim_month": MONTH, "claim_year": integer(1, 100)}
FACT, TOTAL, COUNT = "fact", "total", "count"


@dataclass(frozen=True)
class Topic:
    """Something to ask about: ``form`` is ``fact``, ``total``, ``count``, or the id itself for what is no fact.

    ``offers`` are those whose own fact it is, empty for what all share; ``order`` is its place in the files.
    """

    id: str
    form: str
    name: str
    offers: tuple[str, ...]
    order: int


@dataclass
class Topics:
    """The topics of a programme by id, in the order of its files."""

    programme: Programme
    by_id: dict[str, Topic] = field(default_factory=dict)
    _of: dict[tuple[str, str, str], Topic] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._add(SHORTLIST, SHORTLIST, SHORTLIST)
        for fact in self.programme.facts.values():
            for form in _forms(fact):
                self._add(fact.name if form == FACT else f"{fact.name}.{form}", form, fact.name)
        for name in (PLACE, *BUILT_IN, HISTORY):
            self._add(name, FACT if name in BUILT_IN else name, name)
        groups: dict[object, list[str]] = {}
        for offer in self.programme.offers.values():
            for fact in offer.facts.values():
                groups.setdefault(_same(offer.offer, fact), []).append(offer.offer)
        for offer in self.programme.offers.values():
            for fact in offer.facts.values():
                offers = tuple(groups[_same(offer.offer, fact)])
                if offers[0] != offer.offer:
                    continue
                for form in _forms(fact):
                    end = "" if form == FACT else f".{form}"
                    self._add(f"{offer.offer}.{fact.name}{end}", form, fact.name, offers)

    def _add(self, id_: str, form: str, name: str, offers: tuple[str, ...] = ()) -> None:
        topic = self.by_id[id_] = Topic(id_, form, name, offers, len(self.by_id))
        for offer in offers or ("",):
            self._of[offer, name, form] = topic

    def of(self, offer: str, name: str, form: str = FACT) -> Topic | None:
        """The topic of a fact as an offer reads it: the offer's own, else the one that all share."""
        return self._of.get((offer, name, form)) or self._of.get(("", name, form))

    def topic(self, id_: object) -> Topic:
        """The topic of that id.

        Raises:
            PolicyError: E970 when there is none.
        """
        found = self.by_id.get(id_) if isinstance(id_, str) else None
        if found is None:
            name = str(id_)[:80]
            place = Place(self.programme.programme, 0, 0)
            raise PolicyError((problem("E970", place, name, name=name, near=nearest(name, self.by_id) or ""),))
        return found

    def __iter__(self) -> Iterator[Topic]:
        return iter(self.by_id.values())


def _forms(fact: FactDef) -> tuple[str, ...]:
    return (TOTAL, COUNT) if isinstance(fact.kind, Rows) else (FACT,)


def _same(offer: str, fact: FactDef) -> object:
    """What makes facts of several offers one; what counts of a list is each offer's own."""
    if isinstance(fact.kind, Rows):
        return offer, fact.name
    labels = tuple((name, label.zh, label.en) for name, label in fact.labels.items())
    title: Words = fact.title
    return fact.name, fact.kind, title.zh, title.en, labels, fact.or_none, fact.open_kind
