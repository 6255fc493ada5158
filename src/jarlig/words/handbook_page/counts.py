"""What a sum is counted by: units of a number, or every step of it or of its growth, in words."""

from __future__ import annotations

from jarlig.ladder import nodes as n
from jarlig.ladder.kinds import Number, Unit
from jarlig.ladder.numbers import parse_decimal, parse_percent
from jarlig.policy import model
from jarlig.policy.text import Scalar
from jarlig.words import fmt
from jarlig.words.expressions import Speaker
from jarlig.words.handbook_page.book import Book
from jarlig.words.handbook_page.figures import bare


def every_step(book: Book, speaker: Speaker, every: model.Every, count: n.Node) -> str:
    """``every full 5% of growth from A to B above 10%``; ``count`` is the node of the count."""
    if every.grown is not None and every.since is not None:
        now, since = (_side(speaker, text) for text in (every.grown, every.since))
        of = book.say("every.growth", now=now, since=since)
        unit: Unit = ()
        share = True
    else:
        base = _base(count, every.above is not None)
        of, unit, share = speaker.phrase(base), base.kind.unit if isinstance(base.kind, Number) else (), False
    if every.above is not None:
        of = book.say("every.above", of=of, above=_number(speaker, every.above, unit, share))
    return book.say("every." + every.how, of=of, step=_number(speaker, every.step, unit, share))


def _side(speaker: Speaker, text: Scalar) -> str:
    """A side of a growth: mostly a fact by its name; a longer expression stands as it is written."""
    return speaker.title(text.text) if text.text in speaker.facts else text.text


def _base(count: n.Node, above: bool) -> n.Node:
    """The number whose steps are counted, without what must be exceeded first."""
    of = bare(count.of if isinstance(count, n.Steps) else count)
    if isinstance(of, n.Multiply):
        of = bare(of.left)
    return bare(of.left) if above and isinstance(of, n.Subtract) else of


def _number(speaker: Speaker, text: Scalar, unit: Unit, share: bool) -> str:
    if text.text.endswith("%"):
        return fmt.percent(*parse_percent(text.text))
    value, scale = parse_decimal(text.text)
    return fmt.percent(value, scale) if share else speaker.figure(value, Number(unit, scale, value, value))
