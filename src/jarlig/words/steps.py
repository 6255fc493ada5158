"""Every step of a ladder in words: what it is about, its figure, why, and what it changed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from jarlig.ladder import nodes as n
from jarlig.ladder.history import NO_RIGHT, EarlierAward, in_window, matches
from jarlig.ladder.kinds import Number, YesNo
from jarlig.ladder.steps import Cite, Step
from jarlig.words import fmt
from jarlig.words.case import Case
from jarlig.words.expressions import is_money, plain

#: What the last figure says when it is not what is due.
_NOT_DUE = {"not_eligible": "award.refused", "needs_decision": "award.undecided", "range": "award.unsettled",
            "undetermined": "award.unsettled", "awaiting_guide": "award.unsettled"}  # fmt: skip
#: Gates of the whole answer and conditions of one component are told alike.
_TESTS = ("gate", "part_gate")


@dataclass(frozen=True)
class Told:
    """One step told.

    ``head`` says what the step is about, ``figure`` its value as a column of money shows it (sums without their unit),
    ``value`` the same with its unit, ``details`` the sentences that explain it, ``cites`` what it rests on in this
    case, ``holds`` the verdict of a condition.
    """

    step: Step
    head: str
    figure: str
    value: str
    details: tuple[str, ...]
    says: str
    cites: tuple[Cite, ...]
    holds: bool | None = None

    @property
    def is_test(self) -> bool:
        """Whether the step is a condition and not a figure."""
        return self.step.role in _TESTS


def told_steps(case: Case) -> list[Told]:
    """The steps of an answer in order; none when nothing was computed (closed, lapsed)."""
    teller = _Teller(case)
    return [teller.tell(step) for step in case.answer.ladder.steps if step.name in case.traced]


class _Teller:
    def __init__(self, case: Case) -> None:
        self.case, self.say = case, case.say

    def tell(self, step: Step) -> Told:
        value = self.case.trace(step).value
        if step.role in _TESTS or isinstance(step.node.kind, YesNo):
            return self._test(step, value)
        head, details = _HEADS.get(step.role, _Teller._labelled)(self, step, value)
        if value is None:
            details = [*details, *self.causes(step.node)]
        part = self._part(step)
        if part:
            head = self.say("of_part", part=part, what=head)
        figure, shown = self._figure(step.node, value)
        key = "sentence.known" if value is not None else "sentence.unknown"
        sentence = self.say(key, head=head, value=shown)
        says = self._joined([sentence, *details])
        return Told(step, head, figure, shown, tuple(details), says, self.case.cites(step))

    def _joined(self, sentences: list[str]) -> str:
        return self.say("sentence.join").join(
            self.say("sentence.end", text=fmt.sentence(text, self.case.lang)) for text in sentences
        )

    def _figure(self, node: n.Node, value: Any) -> tuple[str, str]:
        """A value for a column of money, and for a sentence."""
        shown = self.case.speaker.value(value, node.kind)
        if value is None:
            return self.say("unknown_mark"), self.say("unknown")
        if is_money(node.kind):
            assert isinstance(node.kind, Number)
            return fmt.plain_money(value, node.kind.scale), shown
        if isinstance(node.kind, Number) and not node.kind.unit and _is_share(node):
            shown = fmt.percent(value, node.kind.scale)
        return shown, shown

    def _part(self, step: Step) -> str:
        """The component that a step belongs to, unless the step is the component's own result."""
        for part in self.case.offer.parts:
            if step.name.startswith(part.name + "_") and step.role not in ("part", "part_gate"):
                return part.title[self.case.lang]
        return ""

    # conditions

    def _test(self, step: Step, holds: bool | None) -> Told:
        own = step.label[self.case.lang]
        phrase = own or self.case.speaker.phrase(step.node)
        if step.role == "part_gate":
            phrase = self.say("part_test", part=own, test=self.case.speaker.phrase(step.node))
        details = []
        actual = self._actual(step.node, bool(own), own)
        if holds is None:
            missing = self.causes(step.node)
            text = self.say("gate.unknown", phrase=phrase, why=self.say("list_stop").join(missing))
        else:
            key = "gate.holds" if holds else "gate.fails"
            if step.role == "part_gate" and not holds:
                key = "part_test.fails"
            text = self.say(key, phrase=phrase, actual=self.say("gate.actual", actual=actual) if actual else "")
        if holds is not True:
            details = self._verifiers(step.node)
        if holds is False:
            spent = [item for item in n.walk(step.node) if isinstance(item, n.Earlier)]
            details += [self._earlier_award(award) for item in spent for award in self._counted(item)]
        verdict = self.case.speaker.value(holds, step.node.kind)
        says = self._joined([text, *details])
        return Told(step, text, "", verdict, tuple(details), says, self.case.cites(step), holds)

    def _actual(self, node: n.Node, labelled: bool, label: str) -> str:
        """What is the case: the values of the facts that a condition reads."""
        found = []
        if self._plain_yes_no(node) and self.case.value(node):
            return ""
        facts = self.case.read_facts(node)
        alone = len(facts) == 1 and (not labelled or facts[0].name in self.case.facts)
        for fact in facts:
            value = self.case.value(fact)
            if value is None or (fact.name in ("on", "guide_year") and len(facts) > 1):
                continue
            shown = self.case.speaker.value(value, fact.kind, fact)
            title = self.case.speaker.title(fact.name)
            bare = alone and (not labelled or title in label)
            found.append(self.say("is_value", value=shown) if bare else self.say("fact_is", title=title, value=shown))
        for item in n.walk(node):
            if isinstance(item, n.Earlier):
                count = self.case.value(item)
                if count is not None:
                    found = [self._found_earlier(item, count)]
        return self.say("list_stop").join(found)

    def _plain_yes_no(self, node: n.Node) -> bool:
        """Whether a condition is one yes/no fact: when it holds, its value says nothing more."""
        return isinstance(node.item if isinstance(node, n.Not) else node, n.Fact)

    def _found_earlier(self, node: n.Earlier, count: int) -> str:
        if node.what == "amount":
            return self.say("found.amount", value=self.case.money(count, node))
        if node.what == "years" and node.streak == "no_restart" and count == NO_RIGHT:
            return self.say("found.broken_run")
        return self.say("found." + node.what, count=str(count))

    def _verifiers(self, node: n.Node) -> list[str]:
        """Who verifies the facts of a condition, and by which evidence."""
        sentences = []
        for fact in self.case.read_facts(node):
            definition = self.case.facts.get(fact.name)
            body = self.case.body(definition.verified_by) if definition else ""
            if definition and body:
                title = definition.title[self.case.lang]
                sentences.append(self.say("verified_by", title=title, body=body))
        return list(dict.fromkeys(sentences))

    def causes(self, node: n.Node) -> list[str]:
        """Why a value is not known: facts not given, terms not filled, decisions not taken."""
        found = []
        for item in self.case.reached(node):
            if isinstance(item, n.Open):
                found.append(self.say("cause.open." + item.filled_by, term=self.case.speaker.term(item.term)))
            elif isinstance(item, n.Judged) and self.case.value(item) is None:
                found.append(self.say("cause.judged", term=self.case.speaker.term(item.name)))
            elif isinstance(item, n.Earlier) and self.case.value(item) is None:
                found.append(self.say("cause.history"))
            elif isinstance(item, n.Fact) and self.case.value(item) is None:
                found.append(self._not_given(item.name, item))
            elif isinstance(item, n.Sum) and self.case.table(item.rows) is None:
                found.append(self._not_given(item.rows, None))
        return list(dict.fromkeys(found))

    def _not_given(self, name: str, fact: n.Fact | None) -> str:
        typed, title = self.case.answer.typed, self.case.speaker.title(name)
        ends = typed.ranges.get(name) or typed.totals.get(name)
        if ends is None:
            return self.say("cause.fact", title=title)
        kind = fact.kind if fact else Number((("CNY", 1),), 2, 0, 0)
        low, high = (self.case.speaker.value(end, kind) for end in ends)
        return self.say("cause.about" if low == high else "cause.range", title=title, low=low, high=high)

    # figures

    def _labelled(self, step: Step, value: Any) -> tuple[str, list[str]]:
        return step.label[self.case.lang], self._reasons(step.node)

    def _reasons(self, node: n.Node) -> list[str]:
        return self.case.speaker.reason(node, self.case.value)

    def _formula(self, step: Step, value: Any) -> tuple[str, list[str]]:
        inner = [self.case.speaker.phrase(node) for node in n.walk(step.node) if isinstance(node, n.Marginal)]
        reasons = [*self._reasons(step.node), *inner]
        if step.key.endswith("amount") and not reasons and not isinstance(step.node, n.Literal | n.Open | n.Judged):
            return self.say("place.amount"), [self.case.speaker.phrase(step.node)]
        return step.label[self.case.lang], reasons

    def _base(self, step: Step, value: Any) -> tuple[str, list[str]]:
        label, node = step.label[self.case.lang], plain(step.node)
        if isinstance(node, n.Sum):
            return self._sum(step, label, node)
        phrase = self.case.speaker.phrase(node)
        open_pool = isinstance(node, n.Literal | n.Open)
        reasons = self._reasons(node)
        return label, reasons if phrase == label or open_pool or reasons else [phrase]

    def _sum(self, step: Step, label: str, node: n.Sum) -> tuple[str, list[str]]:
        speaker = self.case.speaker
        details = []
        if isinstance(node.value, n.Literal):
            head = self.say("head.count", label=label)
        elif isinstance(node.value, n.Column):
            head = self.say("head.sum", label=label, value=speaker.phrase(node.value))
        else:
            head = self.say("head.each", label=label)
            details.append(self.say("each_row", value=speaker.phrase(node.value)))
        if node.where:
            tests = self.say("list_stop").join(speaker.phrase(test, True) for test in node.where)
            details.append(self.say("row_tests", tests=tests))
        rows = self.case.trace(step).rows
        table = self.case.table(node.rows)
        if rows is not None and table is not None:
            counts = {
                "counted": rows.counted,
                "left_out": rows.left_out,
                "netted": table.netted,
                "unknown": rows.unknown,
            }
            told = [self.say("rows." + key, count=str(count)) for key, count in counts.items()
                    if count or key in ("counted", "left_out")]  # fmt: skip
            lines = self.say("list_stop").join(told)
            details.append(self.say("rows.read", count=str(rows.read + table.netted), lines=lines))
        return head, details

    def _kept(self, step: Step, value: Any) -> tuple[str, list[str]]:
        return self._changed(step, value, "kept", step.label[self.case.lang])

    def _bounded(self, step: Step, value: Any) -> tuple[str, list[str]]:
        """What a cap, a limit or a floor did to the sum so far."""
        return self._changed(step, value, {"floored": "floored", "limited": "limited"}.get(step.role, "capped"), "")

    def _changed(self, step: Step, value: Any, key: str, label: str) -> tuple[str, list[str]]:
        node = plain(step.node)
        before = self.case.value(node.left) if isinstance(node, n.Least | n.Greatest) else None
        if value is None or before is None:
            return label or self.say(key + ".unknown"), []
        if before == value:
            return self.say(key + ".unchanged"), []
        was = self.case.money(before, node)
        return self.say(key + ".changed"), [
            self.say(key + ".by", was=was, by=self.case.money(abs(before - value), node))
        ]

    def _limit(self, step: Step, value: Any) -> tuple[str, list[str]]:
        """A limit over several awards, with the window and the subject it counts by."""
        steps = self.case.answer.ladder.steps
        after = steps[steps.index(step) + 1 :]
        node = next((s.node for s in after if isinstance(s.node, n.Earlier)), None)
        if not isinstance(node, n.Earlier):
            return step.label[self.case.lang], []
        details = [self._window(node.window)]
        if node.subject:
            keys = fmt.listed([self.case.speaker.title(key) for key, _ in node.subject], self.case.lang)
            details.append(self.say("per_subject", keys=keys))
        if len(node.offers) > 1:
            details.append(self.say("across", offers=fmt.listed(list(node.offers), self.case.lang)))
        return step.label[self.case.lang], details

    def _window(self, window: n.Window) -> str:
        if window.over == "validity":
            return self.say("window.validity", period=fmt.period(window.first, window.last, self.case.lang))
        return self.say("window." + window.over, months=str(window.months))

    def _less(self, step: Step, value: Any) -> tuple[str, list[str]]:
        """What earlier awards used up, award by award."""
        label, node = step.label[self.case.lang], step.node
        if not isinstance(node, n.Earlier) or value is None:
            return label, []
        return label, [self._earlier_award(award) for award in self._counted(node)] or [self.say("no_earlier")]

    def _counted(self, node: n.Earlier) -> list[EarlierAward]:
        question = self.case.answer.question
        subject = {key: self.case.value(value) for key, value in node.subject}
        return [
            award
            for award in self.case.answer.typed.values.get("history", ())
            if award.counted
            and matches(award, node.offers, subject)
            and in_window(award, node.window, question.on, question.guide)
        ]

    def _earlier_award(self, award: EarlierAward) -> str:
        assert award.on is not None and award.counted is not None
        day, counted = fmt.day(award.on, self.case.lang), fmt.money(award.counted, self.case.lang)
        key = "earlier_award.pending" if award.state == "pending" else "earlier_award"
        return self.say(key, day=day, offer=award.offer or "", amount=counted)

    def _award(self, step: Step, value: Any) -> tuple[str, list[str]]:
        node = step.node
        key = _NOT_DUE.get(self.case.answer.outcome) if value is not None else None
        note = [self.say(key)] if key else []
        if isinstance(node, n.Rounded) and value is not None:
            inner, kind = self.case.value(node.item), node.item.kind
            assert isinstance(kind, Number)
            if inner is not None and inner != value * 10 ** (kind.scale - node.kind.scale):
                was = self.case.speaker.figure(inner, kind)
                return self.say("rounded"), [self.say("rounded.from", was=was), *note]
        return self.say("rounded.unchanged") if value is not None else self.say("rounded"), note


def _is_share(node: n.Node) -> bool:
    kind = node.kind
    return isinstance(kind, Number) and not kind.unit and bool(kind.scale)


_HEADS: dict[str, Callable[[_Teller, Step, Any], tuple[str, list[str]]]] = {
    "base": _Teller._base,
    "count": _Teller._base,
    "kept": _Teller._kept,
    "formula": _Teller._formula,
    "part": lambda teller, step, value: (step.label[teller.case.lang], []),
    "capped": _Teller._bounded,
    "limited": _Teller._bounded,
    "floored": _Teller._bounded,
    "limit": _Teller._limit,
    "less": _Teller._less,
    "award": _Teller._award,
}
