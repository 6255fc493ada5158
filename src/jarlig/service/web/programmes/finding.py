"""Finding measures (查找措施): by words, place, department, for whom, kind of help, and what is open now.

Words are looked for as they are written, in both languages at once: Chinese has no spaces, two characters are a word.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.http import QueryDict
from django.utils.translation import gettext as _

from jarlig.policy import model
from jarlig.service.ground.kept import Kept
from jarlig.service.web.programmes.listing import Group, Measure, Row

#: The longest words that are looked for; what is longer is cut.
LONGEST = 100
_kept: Kept[tuple[str, str], dict[str, Traits]] = Kept(32)
_LANGUAGES = ("zh", "en")


@dataclass(frozen=True, slots=True)
class Traits:
    """What a measure is found by."""

    text: str
    payees: frozenset[str]
    bodies: frozenset[str]
    kind: str


@dataclass(frozen=True, slots=True)
class Choice:
    """One thing to choose by: its name in the address, its words, its values with theirs, and the chosen one."""

    name: str
    label: str
    values: tuple[tuple[str, str], ...]
    chosen: str


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a reader looks for; empty texts ask for nothing."""

    words: str = ""
    kind: str = ""
    payee: str = ""
    body: str = ""
    place: str = ""
    is_open: bool = False

    @classmethod
    def of(cls, query: QueryDict) -> Wanted:
        """What an address asks for; a value that nobody offers finds nothing, and says so."""
        return cls(
            words=" ".join(query.get("q", "").split())[:LONGEST], kind=query.get("kind", ""),
            payee=query.get("for", ""), body=query.get("body", ""), place=query.get("place", ""),
            is_open=query.get("open", "") == "1",
        )  # fmt: skip

    @property
    def anything(self) -> bool:
        """Whether anything is asked for."""
        return self != Wanted()


def kinds() -> dict[str, str]:
    """The kinds of help (支持方式), with their words."""
    return {
        "award": _("Money"),
        "transfer": _("Transfer to governments"),
        "inform": _("Tax and other information"),
        "register": _("Recognition and registers"),
        "target": _("Target"),
        "duty": _("Duty of government"),
    }


def choices(
    read: model.Programme, sha256: str, found: Sequence[Group], wanted: Wanted, places: Iterable[tuple[str, str]],
    payees: Mapping[str, str], lang: str,
) -> list[Choice]:  # fmt: skip
    """What can be chosen by, as far as the programme has more than one of it."""
    known = traits(read, sha256, found, lang).values()
    there = {one.kind for one in known}
    for_whom = dict.fromkeys(payee for offer in read.offers.values() for payee in (offer.to,))
    at_work = {body for one in known for body in one.bodies}
    departments = tuple((name, words[lang]) for name, words in read.bodies.items() if name in at_work)
    offered = [
        Choice("place", _("Place of registration"), tuple(places), wanted.place),
        Choice("body", _("Department in charge"), departments, wanted.body),
        Choice("for", _("For whom"), tuple((name, payees.get(name, name)) for name in for_whom), wanted.payee),
        Choice("kind", _("Kind of help"), tuple(one for one in kinds().items() if one[0] in there), wanted.kind),
    ]
    return [one for one in offered if len(one.values) > 1 or one.chosen]


def traits(read: model.Programme, sha256: str, found: Sequence[Group], lang: str) -> dict[str, Traits]:
    """What each measure is found by, by its number."""
    return _kept.get((sha256, lang), lambda: {
        one.number: _traits(read, one) for group in found for one in group.measures
    })  # fmt: skip


def _traits(read: model.Programme, measure: Measure) -> Traits:
    def under(cites: str) -> bool:
        return cites == measure.number or cites.startswith(f"{measure.number}.")

    offers = [offer for offer in read.offers.values() if under(offer.cites)]
    clauses = [clause for number, clause in read.clauses.items() if under(number)]
    entries = [
        entry for entries in (read.targets, read.duties, read.registers) for entry in entries.values()
        if under(entry.cites)
    ]  # fmt: skip
    titled = [*offers, *entries]
    texts = [
        measure.number, *(offer.offer for offer in offers),
        *(words[lang] for lang in _LANGUAGES for words in (
            *(one.title for one in titled), *(clause.summary for clause in clauses),
            *(clause.label for clause in clauses),
            *(fact.title for offer in offers for fact in offer.facts.values()),
        )),
    ]  # fmt: skip
    bodies = {body for one in (*titled, *clauses) for body in one.bodies}
    kind = "award" if any(offer.nature == "award" for offer in offers) else measure.kind
    return Traits(folded("\n".join(texts)), frozenset(offer.to for offer in offers), frozenset(bodies), kind)


def folded(text: str) -> str:
    """A text for comparing: full-width letters and capitals make no difference."""
    return unicodedata.normalize("NFKC", text).casefold()


def matching(
    rows: Iterable[tuple[str, Sequence[Row]]], known: Mapping[str, Traits], wanted: Wanted, closed: frozenset[str]
) -> list[tuple[str, list[Row]]]:
    """The parts with the measures that are wanted.

    Args:
        rows: parts with their measures as they stand.
        known: what each is found by.
        wanted: what the reader looks for.
        closed: offers that the chosen place has closed; a measure of nothing else falls out.
    """
    words = folded(wanted.words).split()

    def fits(row: Row) -> bool:
        one = known[row.measure.number]
        offers = {name for name, _title, _figures in row.measure.offers}
        return (
            all(word in one.text for word in words)
            and wanted.kind in ("", one.kind)
            and (not wanted.payee or wanted.payee in one.payees)
            and (not wanted.body or wanted.body in one.bodies)
            and (not wanted.is_open or row.is_open)
            and not (offers and offers <= closed)
        )

    found = [(title, [row for row in of if fits(row)]) for title, of in rows]
    return [(title, of) for title, of in found if of]


def closed_in(read: model.Programme, place: str, today: int) -> frozenset[str]:
    """The offers that a place has closed on a day (ordinal)."""
    return frozenset(
        offer for local in read.locals.values()
        if place and local.at == place and local.start <= today <= local.end for offer in local.closes
    )  # fmt: skip


def changed_in(read: model.Programme, place: str, today: int) -> frozenset[str]:
    """The offers for which a place has rules of its own on a day (ordinal)."""
    found: set[str] = set()
    for local in read.locals.values():
        if place and local.at == place and local.start <= today <= local.end:
            for part in (local.fill, local.lower, local.raise_, local.narrow, local.windows):
                found |= set(part)
            if local.gates:
                found |= set(local.gates_for or read.offers)
    return frozenset(found)
