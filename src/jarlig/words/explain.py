"""An answer told so that an applicant understands it and an officer can defend it: plain text for a terminal."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from jarlig.engines.answer import Determination
from jarlig.ladder import nodes as n
from jarlig.ladder.kinds import MOST_FEN, Number
from jarlig.ladder.steps import Cite
from jarlig.policy.context import MOST_RATE
from jarlig.words import fmt
from jarlig.words.case import Case
from jarlig.words.expressions import is_money, plain
from jarlig.words.layout import beside, pad, width as columns_of, wrap
from jarlig.words.missing import Asked, asked
from jarlig.words.outcomes import next_steps, verdict
from jarlig.words.steps import Told, told_steps

#: The mark of each outcome, beside its name and never instead of it.
MARKS = {"award": "✓", "range": "◐", "undetermined": "?", "awaiting_guide": "?", "needs_decision": "?",
         "not_eligible": "✕", "closed": "○", "lapsed": "○"}  # fmt: skip
_VERDICTS = {True: "✓", False: "✕", None: "?"}
_BADGES = {
    "zh": {"base": "基", "count": "量", "kept": "基", "rate": "率", "each": "价", "formula": "算", "part": "项",
           "cap": "顶", "capped": "顶", "less": "减", "limit": "限", "remaining": "余", "limited": "限",
           "floor": "底", "floored": "底", "award": "奖"},
    "en": {"base": "Σ", "count": "#", "kept": "Σ", "rate": "×", "each": "×", "formula": "=", "part": "+",
           "cap": "≤", "capped": "≤", "less": "\u2212", "limit": "≤", "remaining": "=", "limited": "≤",
           "floor": "≥", "floored": "≥", "award": "="},
}  # fmt: skip
#: Outcomes without a sum to show: what a failing condition would have earned is not told as if it were due.
_NO_SUM = ("not_eligible", "closed", "lapsed")


def explain(determination: Determination, lang: str, spans: Mapping[str, str] | None = None, width: int = 80) -> str:
    """The answer in words.

    Args:
        determination: the answer.
        lang: ``zh`` or ``en``.
        spans: the clause's own words by anchor key (``rate``, ``cap``, ``when.1``), printed beside their step.
        width: columns of a line; a Chinese character takes two.
    """
    return _Teller(determination, lang, spans or {}, width).text()


def sentences(determination: Determination, lang: str) -> list[dict[str, Any]]:
    """One entry a step: ``name``, ``value`` as people write it, ``says`` a sentence, ``cites`` in brackets."""
    case = Case(determination, lang)
    return [
        {"name": told.step.name, "value": told.value, "says": told.says, "cites": [case.cited([c]) for c in told.cites]}
        for told in told_steps(case)
    ]


class _Teller:
    def __init__(self, answer: Determination, lang: str, spans: Mapping[str, str], columns: int) -> None:
        self.case, self.answer, self.lang = Case(answer, lang), answer, lang
        self.say, self.spans, self.columns = self.case.say, spans, columns
        self.steps = told_steps(self.case)
        self.told_readings: set[Cite] = set()

    def text(self) -> str:
        sections = [
            self._head(),
            self._verdict(),
            self._section("settle", self._missing()),
            self._section("open", self._open_terms()),
            self._section("decide", self._decisions()),
            self._section("refused", self._tests(refused=True)),
            self._section("tests", self._tests(refused=False)),
            self._section("sum", self._sum()),
            self._section("amounts", self._amounts()),
            self._section("pay", self._payments()),
            self._section("later", self._later()),
            self._section("next", self._items(next_steps(self.case))),
            self._section("notes", self._items(self._notes())),
        ]
        return "\n\n".join("\n".join(lines) for lines in sections if lines) + "\n"

    def _wrap(self, text: str, indent: str = "", hanging: str | None = None, room: int = 0) -> list[str]:
        return wrap(fmt.sentence(text, self.lang), room or self.columns, indent, hanging)

    def _section(self, name: str, lines: Iterable[str]) -> list[str]:
        body = list(lines)
        return [self.say("section." + name), *body] if body else []

    def _items(self, sentences: Iterable[str]) -> Iterator[str]:
        for sentence in sentences:
            yield from self._wrap(sentence, "  ")

    # head

    def _head(self) -> list[str]:
        asked_for, programme = self.answer.question, self.case.programme
        guide = self.case.plan.guide
        named = self.case.guide_name(guide) if guide else self.say("head.no_guide")
        if asked_for.what_if:
            named = self.say("head.what_if", guide=named)
        context = [self.say("head.applied", day=fmt.day(asked_for.on, self.lang))]
        if asked_for.at:
            context.append(self.say("head.at", at=self.case.place(asked_for.at)))
        if self.answer.nature != "inform":
            context += [named, *map(self.case.guide_name, self.case.plan.places)]
        title = self.case.programme_name()
        return [
            *wrap(f"{self.answer.question.offer}  {self.answer.title[self.lang]}", self.columns),
            *self._wrap(self.say("head.stop").join([title, programme.document.number])),
            *self._wrap(self.say("head.stop").join(context)),
        ]

    def _verdict(self) -> list[str]:
        name = self.case.outcome_name
        text = self.say("verdict", name=name, text=verdict(self.case))
        return self._wrap(text, MARKS[self.answer.outcome] + " ", "  ")

    # what is missing, open, to be decided

    def _missing(self) -> Iterator[str]:
        for index, missing in enumerate(asked(self.case), 1):
            yield from self._question(index, missing)

    def _question(self, index: int, missing: Asked) -> Iterator[str]:
        indent = f"  {index}. "
        hanging = " " * len(indent)
        yield from self._wrap(missing.says, indent, hanging)
        for detail in missing.details:
            yield from self._wrap(detail, hanging)

    def _open_terms(self) -> Iterator[str]:
        for term in self.case.open_terms:
            most = self._most(term)
            yield from self._wrap(
                self.say("open." + term.filled_by, term=self.case.speaker.term(term.term)) + most, "  ? ", "    "
            )

    def _most(self, term: n.Open) -> str:
        """The bound that the notice sets on a term, when it sets one."""
        kind = term.kind
        if not isinstance(kind, Number) or kind.high >= (MOST_FEN if is_money(kind) else MOST_RATE * 10**kind.scale):
            return ""
        return self.say("open.at_most", most=self.case.speaker.figure(kind.high, kind))

    def _decisions(self) -> Iterator[str]:
        if self.answer.outcome != "needs_decision":
            return
        for doubt in self.answer.doubts:
            text = self.say("doubt", label=doubt.label[self.lang], cites=self.case.cited(doubt.cites))
            yield from self._wrap(text, "  ? ", "    ")
        for judged in self.answer.ladder.judged:
            if self.case.value(judged) is None:
                low, high = (self.case.speaker.figure(end, judged.kind) for end in (judged.kind.low, judged.kind.high))
                text = self.say("judged", term=self.case.speaker.term(judged.name), low=low, high=high)
                yield from self._wrap(text, "  ? ", "    ")

    # conditions and the sum

    def _tests(self, refused: bool) -> Iterator[str]:
        for told in self.steps:
            if told.step.role != "gate" or (told.holds is False) is not refused:
                continue
            yield from self._wrap(self._with_cites(told.head, told.cites), f"  {_VERDICTS[told.holds]} ", "    ")
            if refused:
                for detail in told.details:
                    yield from self._wrap(detail, "    ")
            yield from self._span(told)

    def _sum(self) -> Iterator[str]:
        if self.answer.outcome in _NO_SUM:
            return
        for told in self.steps:
            if told.step.role == "gate":
                continue
            badge = _VERDICTS[told.holds] if told.is_test else _BADGES[self.lang].get(told.step.role, "=")
            indent = pad(f"  {badge} ", 5)
            yield from self._rung(told, indent)
            yield from self._span(told)

    def _rung(self, told: Told, indent: str) -> Iterator[str]:
        """Head and figure on one line, then why; the citations follow the last words, or stand below a full line."""
        room = max(20, self.columns - (columns_of(told.figure) + 2 if told.figure else 0))
        head, *details = told.head, *told.details
        cites = self._cited(told.cites)
        if details:
            details[-1] = self._joined(details[-1], cites)
        elif columns_of(self._joined(indent + head, cites)) <= room:
            head = self._joined(head, cites)
        else:
            details = [cites]
        yield from beside(self._wrap(head, indent, " " * 5, room), told.figure, self.columns)
        for detail in details:
            yield from self._wrap(detail, " " * 5)

    def _with_cites(self, text: str, of: Iterable[Cite]) -> str:
        return self._joined(text, self._cited(of))

    def _joined(self, text: str, cites: str) -> str:
        return text + cites if self.lang == "zh" or not cites else f"{text} {cites}"

    def _cited(self, of: Iterable[Cite]) -> str:
        """Citations in their brackets; a reading is told in full the first time only."""
        marks = []
        for cite in of:
            above = cite in self.told_readings
            marks.append(self.say("cite_reading_above") if above else self.case.cited([cite]))
            if cite.source == "reading":
                self.told_readings.add(cite)
        return ("" if self.lang == "zh" else " ").join(dict.fromkeys(marks))

    def _span(self, told: Told) -> Iterator[str]:
        """The clause's own words, by the key of the step or of the branch of it that was taken."""
        keys = [told.step.key]
        node = plain(told.step.node)
        if isinstance(node, n.Choose):
            keys.append(f"{told.step.key}.{self.case.value(node.by)}")
        for key in keys:
            if key in self.spans:
                yield from self._wrap(self.say("span", words=self.spans[key]), " " * 5)

    # amounts, payments, what comes later

    def _amounts(self) -> Iterator[str]:
        answer = self.answer
        if answer.nature != "award" or answer.outcome not in ("award", "needs_decision"):
            return
        capped = self._sum_of(answer.amount) if answer.outcome == "award" else self.say("amount.capped.undecided")
        lines = (("formula", self._sum_of(answer.formula_amount)), ("capped", capped),
                 ("approved", self.say("amount.approved.later")))  # fmt: skip
        names = [self.say("amount." + name) for name, _ in lines]
        name_width, figure_width = max(map(columns_of, names)), max(columns_of(figure) for _, figure in lines)
        for name, (key, figure) in zip(names, lines, strict=True):
            left = f"  {pad(name, name_width)}  {pad('', figure_width - columns_of(figure))}{figure}  "
            yield from self._wrap(self.say(f"amount.{key}.note"), left, " " * columns_of(left))

    def _sum_of(self, fen: int | None) -> str:
        return self.say("unknown_mark") if fen is None else fmt.plain_money(fen)

    def _payments(self) -> Iterator[str]:
        if not self.answer.payments:
            return
        names = [title[self.lang] for title, _ in self.answer.payments]
        figures = [fmt.plain_money(fen) for _, fen in self.answer.payments]
        columns = 4 + max(map(columns_of, names)) + max(map(columns_of, figures)) + 2
        for name, figure in zip(names, figures, strict=True):
            yield from beside(["  " + name], figure, min(columns, self.columns))

    def _later(self) -> Iterator[str]:
        if self.answer.outcome in _NO_SUM or not self.answer.conditions:
            return
        for condition in self.answer.conditions:
            text = self._with_cites(condition.says[self.lang], condition.cites)
            yield from self._wrap(text, "  · ", "    ")
        yield from self._wrap(self.say("later.note"), "  ")

    def _notes(self) -> Iterator[str]:
        answer = self.answer
        if answer.nature in ("inform", "transfer"):
            yield self.say("note." + answer.nature)
        elif answer.outcome in ("award", "range"):
            yield self.say("note.estimate")
        if answer.question.what_if:
            yield self.say("note.what_if")
        if not answer.question.at and self.case.programme.locals and answer.nature != "inform":
            yield self.say("note.no_place")
        samples = self.case.sample_names()
        if samples:
            yield self.say("note.samples", names=fmt.listed(samples, self.lang))
