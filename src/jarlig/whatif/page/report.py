"""The page of a comparison in one language, and the figures on it as people write them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import partial
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined

from jarlig.ladder.numbers import format_scaled, half_up
from jarlig.ladder.steps import Words
from jarlig.whatif.compared import CODES, Band, Comparison, Figures, Line, Shares, SideTold
from jarlig.whatif.page import charts
from jarlig.whatif.page.sayings import SAYINGS, say

_PACKAGE, _FOLDER = "jarlig.whatif", "page"
_MINUS = "\u2212"


def render(comparison: Comparison, lang: str) -> str:
    """The report as an HTML page; everything that a table or a programme says is escaped.

    Args:
        comparison: what two sets of rules came to.
        lang: ``zh`` or ``en``.
    """
    loader = PackageLoader(_PACKAGE, _FOLDER)
    page = Environment(
        loader=loader, autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True,
        keep_trailing_newline=True,
    )  # fmt: skip
    style, _, _ = loader.get_source(page, "style.css")
    words = _Page(comparison, lang)
    template = page.get_template("report.html.jinja")
    return template.render(style=style, c=comparison, page=words, lang=lang, say=words.say)


@dataclass(frozen=True)
class _Page:
    """What the template asks for: words in its language, figures as text, charts on the scale of their table."""

    c: Comparison
    lang: str

    @property
    def say(self) -> partial[str]:
        return partial(say, lang=self.lang)

    # figures

    def money(self, fen: int) -> str:
        """Yuan with two decimals and commas."""
        return format_scaled(fen, 2, 2, group=True).replace("-", _MINUS)

    def signed(self, fen: int) -> str:
        """The same with its sign; nothing has none."""
        return ("+" if fen > 0 else "") + self.money(fen)

    def count(self, number: int) -> str:
        """A count with commas."""
        return f"{number:,}"

    def percent(self, part: Fraction, decimals: int = 1) -> str:
        """A part as a percentage, rounded half-up for reading."""
        scaled = half_up(part.numerator * 10 ** (decimals + 2), part.denominator)
        return format_scaled(scaled, decimals, decimals, group=True).replace("-", _MINUS) + "%"

    def factor(self, shares: Shares) -> str:
        """The exact fraction with its percentage; words where all is paid, or where the order decides."""
        if shares.factor is None:
            return self.say("pool.by_order") if shares.rule != "pro_rata" else self.say("pool.decided")
        if shares.factor == 1:
            return self.say("pool.whole")
        return f"{shares.factor} ≈ {self.percent(shares.factor, 4)}"

    # words

    def t(self, words: Words) -> str:
        """A text of the programme or of the comparison."""
        return words[self.lang]

    def sentence(self, words: Words) -> str:
        """The same as a sentence begins: with a capital in English."""
        text = self.t(words)
        return text[:1].upper() + text[1:] if self.lang == "en" else text

    def entries(self, side: SideTold) -> list[tuple[Words, list[tuple[Words, ...]]]]:
        """The changes of a reform by the entry that they are in."""
        found: dict[Words, list[tuple[Words, ...]]] = {}
        for change in side.changes:
            found.setdefault(change[0], []).append(change)
        return list(found.items())

    def listed(self, names: Sequence[str]) -> str:
        """Several names in one phrase."""
        return self.say("listing").join(names)

    def label(self, name: str) -> str:
        """A label or the name of a group; those that made-up populations bear are translated."""
        key = f"label.{name}"
        return self.say(key) if key in SAYINGS else name

    def line_name(self, line: Line) -> str:
        """The name of a line: what it is called, or its label."""
        title = self.t(line.title)
        return self.label(title) if title == line.key else title

    def lead(self) -> list[str]:
        """The result in a few sentences."""
        total = self.c.total
        before, change = total.cost[0], total.difference
        told = [self.say("lead.cases", cases=self.count(self.c.cases))]
        if not change:
            told.append(self.say("lead.equal"))
        elif not before:
            told.append(self.say("lead.from_nothing", amount=self.money(change)))
        else:
            share = self.percent(Fraction(change, before))
            key = "lead.more" if change > 0 else "lead.less"
            told.append(self.say(key, amount=self.money(abs(change)), share=("+" if change > 0 else "") + share))
        if any(total.open):
            a, b = (self.count(number) for number in total.open)
            told.append(self.say("lead.open", a=a, b=b))
        for line in self.c.pools_that_differ:
            a, b = (self.money(fen) for fen in line.paid)
            told.append(self.say("lead.pool", pool=line.pool, year=str(line.year), a=a, b=b))
        return told

    def band(self, band: Band) -> str:
        """The size of a change in words."""
        least, most = f"{band.least:,}", "" if band.most is None else f"{band.most:,}"
        key = "above" if band.most is None else "below" if not band.least else "between"
        return self.say(f"bands.{key}", least=least, most=most)

    def bands(self) -> list[tuple[str, Band, Band]]:
        """Each size of a change with those that lose and those that gain, the largest first."""
        sides: dict[int, list[Band]] = {side: [band for band in self.c.bands if band.side == side] for side in (-1, 1)}
        pairs = zip(sides[-1], sides[1], strict=True)
        return [(self.band(lose), lose, gain) for lose, gain in reversed(list(pairs))]

    def input_name(self, name: str) -> str:
        """What a table of the run is."""
        kind, _, rest = name.partition(" ")
        return self.say(f"input.{kind}", name=rest) if rest else self.say(f"input.{kind}")

    def amount(self, fen: int | None) -> str:
        """An amount, or that it is not known."""
        return self.say("not_known") if fen is None else self.money(fen)

    # charts

    def most(self, lines: Sequence[Line]) -> int:
        """The scale of a table: its largest cost, in fen."""
        return max((max(line.figures.cost) for line in lines), default=0)

    def pair(self, figures: Figures, most: int) -> Any:
        """The costs under A and B as bars."""
        return charts.pair(*figures.cost, most)

    def pool_scale(self) -> int:
        """The scale of the pools: the largest budget or request, in fen."""
        shares = [one for line in self.c.pools for one in line.shares if one is not None]
        return max((max(one.size, one.requested) for one in shares), default=0)

    def budget(self, shares: Shares, side: int) -> Any:
        """What is requested of a pool against its budget."""
        return charts.budget(shares.requested, shares.size, self.pool_scale(), "ab"[side])

    def band_scale(self) -> int:
        """The scale of the sizes of changes: the most cases in one."""
        return max((band.tally.cases for band in self.c.bands), default=0)

    def diverging(self, lose: Band, gain: Band) -> Any:
        """Cases that lose and that gain."""
        return charts.diverging(lose.tally.cases, gain.tally.cases, self.band_scale())

    # the matrix

    def outcomes(self) -> tuple[list[str], list[str]]:
        """The outcomes that occur under A and under B, awards first."""
        order = list(reversed(CODES))
        before, after = ({getattr(move, side) for move in self.c.moves} for side in ("before", "after"))
        return [name for name in order if name in before], [name for name in order if name in after]

    def moved(self, before: str, after: str) -> str:
        """How many claims went from one outcome to another."""
        found = [move.claims for move in self.c.moves if (move.before, move.after) == (before, after)]
        return self.count(sum(found)) if found else "–"
