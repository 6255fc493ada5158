"""What a guide sets (指南填定的数值), in the words of the handbook, beside what the notice says of it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

from jarlig.library import Programme as Rules
from jarlig.policy import model
from jarlig.policy.overlay_grammar import plain
from jarlig.service.catalogue.kinds import is_chinese
from jarlig.words import fmt
from jarlig.words.handbook_page.book import Book
from jarlig.words.handbook_page.changes import changes
from jarlig.words.handbook_page.rules import Rule


class Set(NamedTuple):
    """A figure of an offer as a guide sets it; ``before`` is empty where the notice leaves it open."""

    offer: str
    what: str
    before: str
    after: str


def words_of(words: Any) -> str:
    """Words of a programme in the language of the reader."""
    return str(words.zh if is_chinese() else words.en)


def set_by_guide(read: Rules, year: int) -> list[Set]:
    """Everything that the guide of a year sets, offer by offer, in the language of the reader."""
    book = Book(read.model, "zh" if is_chinese() else "en")
    guide = read.model.guides[year]
    parts = (guide.fill, guide.lower, guide.raise_, guide.narrow)
    return [
        one for offer in read.offers if any(part.get(offer) for part in parts)
        for one in _of_offer(Rule(book, book.notice, offer), Rule(book, book.years[year], offer), guide)
    ]  # fmt: skip


def between(before: Rule, after: Rule) -> Iterator[Set]:
    """What an offer says otherwise under the second rule: figures and terms, how often and for how many years."""
    offer, lang = before.offer.offer, before.book.lang
    for change in changes(before, after):
        yield Set(offer, change.what, change.before, change.after)
    told = _limits(before)
    for key, limit in _limits(after).items():
        if told.get(key, limit) != limit:
            yield Set(offer, fmt.sentence(before.book.words("place.limit"), lang), told[key], limit)


def _of_offer(notice: Rule, year: Rule, guide: model.Overlay) -> Iterator[Set]:
    offer, lang = notice.offer.offer, notice.book.lang
    yield from between(notice, year)
    pool, split = notice.offer.pool, guide.fill.get(offer, {}).get("split")
    if split is not None and pool is not None and pool.factors:  # the weights enter an allocation, no ladder
        weights = [f"{notice.speaker.title(fact)} {share}" for fact, share in plain(split).items()]
        yield Set(offer, fmt.sentence(notice.speaker.term("split"), lang), "", notice.book.listed(weights))


def _limits(rule: Rule) -> dict[str, str]:
    """How often and for how many years, each as a whole sentence, by the key of its step."""
    steps = [rule.ladder.step(name) for name in rule.ladder.gates]
    return {step.key: rule.gate(step).text for step in steps if step.key.startswith("limit.")}
