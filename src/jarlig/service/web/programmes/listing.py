"""The measures of a programme as its page shows them (措施一览), made from the programme's own data and words.

What never changes for a version is made once and kept; what the clock and windows say is added for each reader.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from django.utils.translation import gettext as _

from jarlig.ladder.steps import Words
from jarlig.library import Programme as Rules
from jarlig.policy import model
from jarlig.policy.text import Mapping as Tree, Scalar, Sequence
from jarlig.service.catalogue.models import Window
from jarlig.service.catalogue.queries import standing
from jarlig.service.ground.clock import SHANGHAI
from jarlig.service.ground.kept import Kept
from jarlig.service.web.figures import day, last_day
from jarlig.words.handbook_page.book import Book
from jarlig.words.handbook_page.offers import unset

#: What a measure shows, best first: of several offers the first of these that holds.
ORDER = ("open", "not_yet", "awaiting_guide", "not_open", "lapsed")
#: Measures without an offer to apply for.
_PLAIN = ("transfer", "inform", "register", "target", "duty")
_WAN = Decimal(10_000)
_kept: Kept[tuple[str, str], tuple[Group, ...]] = Kept(32)


@dataclass(frozen=True, slots=True)
class Measure:
    """A measure (措施): a clause of its own with the offers, targets, duties and registers under it."""

    number: str
    label: str
    title: str
    offers: tuple[tuple[str, str, str], ...]  # id, title, figures
    kind: str  # where it has no offer to apply for: transfer, inform, register, target, duty
    unset: str = ""  # who sets the figures, where the notice writes none


@dataclass(frozen=True, slots=True)
class Group:
    """A part of the notice with its measures."""

    title: str
    measures: tuple[Measure, ...]


@dataclass(frozen=True, slots=True)
class Row:
    """A measure as it stands now."""

    measure: Measure
    status: str
    words: str
    note: str
    dates: tuple[str, ...]
    is_open: bool = False


def groups(rules: Rules, sha256: str, lang: str) -> tuple[Group, ...]:
    """The parts of the notice and their measures, in its order."""
    return _kept.get((sha256, lang), lambda: tuple(_groups(rules.model, lang)))


def rows(
    rules: Rules, found: Iterable[Group], windows: Iterable[Window], instant: datetime
) -> Iterator[tuple[str, list[Row]]]:
    """Each part with its measures as they stand at an instant."""
    by_offer: dict[str, list[Window]] = {}
    for window in sorted(windows, key=lambda window: window.opens_at):
        by_offer.setdefault(window.offer, []).append(window)
    tones, today = _tones(), instant.astimezone(SHANGHAI).date().toordinal()
    for group in found:
        yield group.title, [_row(rules.model, one, by_offer, (instant, today), tones) for one in group.measures]


def _row(
    read: model.Programme, one: Measure, windows: Mapping[str, list[Window]], at: tuple[datetime, int],
    tones: Mapping[str, tuple[str, str]],
) -> Row:  # fmt: skip
    if not one.offers:
        return Row(one, *tones[one.kind], "", ())
    stands = [(_standing(read, offer, windows.get(offer, []), *at), offer) for offer, _title, _figures in one.offers]
    status, until = min((each for each, _offer in stands), key=lambda each: ORDER.index(each[0]))
    best = {offer for (each, _until), offer in stands if each == status}
    told = sorted(one.offers, key=lambda offer: offer[0] not in best)  # figures of what can be applied for come first
    figures = next((text for _offer, _title, text in told if text), one.unset)
    says = {"open": _("until %(day)s"), "not_yet": _("from %(day)s")}.get(status)
    return Row(one, *tones[status], figures, (says % {"day": until},) if says else (), status == "open")


def _standing(
    read: model.Programme, offer: str, windows: list[Window], instant: datetime, today: int
) -> tuple[str, str]:  # fmt: skip
    """How an offer stands: ``open``, ``not_yet``, ``awaiting_guide``, ``not_open`` or ``lapsed``, with a day."""
    if not read.valid[0] <= today <= read.valid[1]:
        return "lapsed", ""
    for window in windows:
        if standing(window, instant) == "open":
            return "open", day(last_day(window.closes_at))
    ahead = [window.opens_at for window in windows if standing(window, instant) == "not_yet"]
    if ahead:
        return "not_yet", day(min(ahead).astimezone(SHANGHAI).date())
    holds = [guide for guide in read.guides.values() if guide.start <= today <= guide.end]
    return ("awaiting_guide", "") if not holds else ("not_open", "")


def _tones() -> dict[str, tuple[str, str]]:
    """Tone by the key of a status word, and the words."""
    return {
        "open": ("under_way", _("Open for applications")),
        "not_yet": ("not_started", _("Not yet open")),
        "awaiting_guide": ("awaiting_guide", ""),
        "not_open": ("not_started", _("Closed for applications")),
        "lapsed": ("lapsed", ""),
        "transfer": ("transfer", ""),
        "inform": ("tax_information", _("Information")),
        "register": ("target", _("Register")),
        "target": ("target", ""),
        "duty": ("not_started", _("Duty of government")),
    }


def _groups(read: model.Programme, lang: str) -> Iterator[Group]:
    """A clause that holds nothing to execute and is no part of another begins a part; measures after it are its own."""
    book, title = Book(read, lang), ""
    measures: list[Measure] = []
    for number, clause in read.clauses.items():
        if "." in number and number.rpartition(".")[0] in read.clauses:
            continue
        if clause.encoded == "not_encodable":
            if measures:
                yield Group(title, tuple(measures))
            title, measures = _said(clause.summary, lang).rstrip("。."), []
            continue
        measure = _measure(book, number)
        if measure is not None:
            measures.append(measure)
    if measures:
        yield Group(title, tuple(measures))


def _measure(book: Book, number: str) -> Measure | None:
    read, lang = book.programme, book.lang

    def under(cites: str) -> bool:
        return cites == number or cites.startswith(f"{number}.")

    offers = [offer for offer in read.offers.values() if under(offer.cites)]
    awards = [offer for offer in offers if offer.nature == "award"]
    others = {
        offers[0].nature if offers else "": bool(offers) and not awards,
        "register": any(under(one.cites) for one in read.registers.values()),
        "target": any(under(one.cites) for one in read.targets.values()),
        "duty": any(under(one.cites) for one in read.duties.values()),
    }
    kind = next((name for name, holds in others.items() if holds), "")
    if not awards and not kind:
        return None
    clause = read.clauses[number]
    return Measure(
        number, book.title(clause.label), _said(clause.summary, lang).rstrip("。."),
        tuple((offer.offer, _said(offer.title, lang), figures(offer, lang)) for offer in awards),
        kind if kind in _PLAIN else "inform",
        next(filter(None, (unset(book, offer.offer) for offer in awards)), ""),
    )  # fmt: skip


def _said(words: Words, lang: str) -> str:
    return words.zh if lang == "zh" else words.en


def figures(offer: model.Offer, lang: str) -> str:
    """The figures that the notice itself writes: rate, sum and ceiling; empty where a guide must say them."""
    formula = offer.formula
    parts = []
    if formula is not None:
        for tree in (formula.rate, formula.amount, formula.each):
            values = _written(tree)
            if values:
                parts.append(" / ".join(_sum(value, lang) for value in values))
                break
    caps = [value for tree in offer.caps for value in _written(tree)]
    if caps:
        most = "最高 {}" if lang == "zh" else "up to {}"
        parts.append(most.format(" / ".join(_sum(value, lang) for value in caps)))
    return ("，" if lang == "zh" else ", ").join(parts)


def _written(tree: Any) -> list[str]:
    if isinstance(tree, Scalar):
        return [tree.text]
    if isinstance(tree, Tree) and "by" in tree.entries:
        return [value.text for key, value in tree.entries.items() if key != "by" and isinstance(value, Scalar)]
    if isinstance(tree, Tree) and isinstance(tree.entries.get("amount"), Scalar):
        return _written(tree.entries["amount"])
    return [value for item in tree.items for value in _written(item)] if isinstance(tree, Sequence) else []


def _sum(text: str, lang: str) -> str:
    """A share as it stands; a sum in ten thousands of yuan in Chinese, in yuan in English."""
    if text.endswith("%"):
        return text
    try:
        value = Decimal(text.replace("_", ""))
    except InvalidOperation:
        return text
    if lang != "zh":
        return f"CNY {value:,f}"
    return f"{(value / _WAN).normalize():f}万元" if value >= _WAN else f"{value:,f}元"
