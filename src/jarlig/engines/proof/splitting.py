"""The gain from splitting a project in two, with its figure: how much more two halves get than the whole.

Asked where a limit counts projects and none counts the applicant's total. All costs of the project are divided between
the halves; whatever else is known of it is known of both. What is paid whatever the cost is not counted as a gain.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from jarlig.engines.check_offers import LEAST_GAIN
from jarlig.engines.directions import BUILT_IN
from jarlig.engines.findings import NOT_PROVED, PROVED, REFUTED
from jarlig.engines.proof.encode import Encoder, Totals
from jarlig.engines.proof.judge import NEVER, NOT_TOLD, SOMETIMES, Answer
from jarlig.engines.proof.proof import UNSHARED, Found, Proof, unproved
from jarlig.engines.proof.standing import Env
from jarlig.engines.proof.sums import COUNT
from jarlig.engines.proof.terms import Term, chosen, is_plain
from jarlig.engines.proof.world import Free, World, number
from jarlig.ladder import nodes as n
from jarlig.ladder.kinds import Kind, Number
from jarlig.ladder.numbers import format_scaled
from jarlig.ladder.steps import Words


@dataclass
class _Share:
    """A part of the project: its own costs, and what it gets."""

    facts: dict[str, Free]
    totals: dict[str, Totals]
    encoder: Encoder

    @property
    def award(self) -> Any:
        """The award, nothing where a gate fails."""
        return chosen(self.encoder.eligible(), self.encoder.award().value, 0)


def splitting(proof: Proof, costs: list[str]) -> None:
    """Find the largest gain from splitting a project, tell it with its figure, and prove that none is larger."""
    if not _may_split(proof) or not costs:
        return
    split = _Split(proof, costs)
    says = Words("项目拆分不会多得", "splitting a project gains nothing")
    first = split.ask(LEAST_GAIN)
    if first.found != SOMETIMES:
        status = PROVED if first.found == NEVER else NOT_PROVED
        proof.find("splitting", status, says if status == PROVED else unproved(says, proof.judge.late))
        return
    most, sure = split.most(first)
    answer = split.smallest(most)
    cases = split.cases(answer)
    if cases is None:
        proof.find("splitting", NOT_PROVED, unproved(says, UNSHARED))
        return
    gain = format_scaled(most, 2, group=True)
    bound = Words("最多" if sure else "至少", "up to" if sure else "at least")
    words = Words(f"项目拆分{bound.zh}多得 {gain} 元", f"splitting a project gains {bound.en} CNY {gain}")
    values = {"gain": gain, "bound": bound, **split.told}
    proof.found.append(Found("splitting", REFUTED, words, "E956", gain, "splitting", values, cases))


def _may_split(proof: Proof) -> bool:
    """Whether a limit counts by something finer than the applicant, and nothing limits the applicant's total."""
    subjects = proof.standing.desk.programme.subjects
    owns = {name: [key for key in keys if key not in BUILT_IN] for name, keys in subjects.items()}
    limits = proof.offer.limits
    finer = [limit for limit in limits if limit.awards and len(owns.get(limit.per, ())) > 1]
    total = [limit for limit in limits if limit.amount is not None or (limit.awards and limit not in finer)]
    return bool(finer) and not total


class _Split:
    """The whole project, its two halves, and a project without any cost, side by side."""

    def __init__(self, proof: Proof, costs: list[str]) -> None:
        self.proof, self.world = proof, World(proof.world)
        lists = {name.partition(".")[0] for name in costs if "." in name}
        self.plain = [name for name in costs if "." not in name]
        self.lists = sorted(lists)
        self.one, self.other = self._half(), self._half()
        self.nothing = self._share({name: _zero() for name in self.plain}, self._all_totals(lambda total: 0))
        self.whole = self._together()
        self.gain = self.one.award + self.other.award - self.whole.award - self.nothing.award
        self.size = self._size()
        self.told: dict[str, Any] = {}

    def _share(self, facts: dict[str, Free], totals: dict[str, Totals]) -> _Share:
        terms = {name: free.term for name, free in facts.items()}
        return _Share(facts, totals, self.proof.encoder.beside(self.world, facts=terms, totals=totals))

    def _half(self) -> _Share:
        facts = {}
        for name in self.plain:
            node = self._fact(name)
            facts[name] = self.world.free(name, node.kind)
            self.world.hold(facts[name].term.value >= 0)
        return self._share(facts, self._all_totals(lambda total: self.world.integer("half", 0)))

    def _all_totals(self, make: Any) -> dict[str, Totals]:
        made: dict[str, Totals] = {}
        for rows in self.lists:
            group = self.proof.encoder.sums.group(rows)
            own: dict[tuple[int, int | str], Any] = {}
            for at, one in enumerate(group.classes):
                if one.count is not None:
                    own[at, COUNT] = make(one.count)
                for index, total in one.totals.items():
                    counted = one.count is not None and not _reads_row(group.values[index])
                    each = self.proof.encoder.node(group.values[index]).value if counted else None
                    own[at, index] = own[at, COUNT] * each if counted else make(total)
            made[rows] = own
        return made

    def _together(self) -> _Share:
        """The whole: the facts and rows of the proof itself, held to the sum of both halves."""
        facts: dict[str, Free] = {}
        for name in self.plain:
            whole = self.proof.encoder.node(self._fact(name)).value
            self.world.hold(whole == self.one.facts[name].term.value + self.other.facts[name].term.value)
        for rows in self.lists:
            for at, one in enumerate(self.proof.encoder.sums.group(rows).classes):
                own: dict[int | str, Any] = dict(one.totals.items())
                if one.count is not None:
                    own[COUNT] = one.count
                for index, total in own.items():
                    self.world.hold(total == self.one.totals[rows][at, index] + self.other.totals[rows][at, index])
        return _Share(facts, {}, self.proof.encoder)

    def _fact(self, name: str) -> n.Fact:
        return next(below for below in self.proof.ladder.nodes() if isinstance(below, n.Fact) and below.name == name)

    def _size(self) -> Any:
        """All costs of the first half together, to look for a small example."""
        values = [free.term.value for free in self.one.facts.values()]
        values += [total for own in self.one.totals.values() for (_, index), total in own.items() if index != COUNT]
        return sum(values[1:], values[0])

    def ask(self, least: int, *more: Any) -> Answer:
        """Whether splitting can gain so much."""
        return self.proof.judge.ask(self.world, self.gain >= least, *more)

    def most(self, found: Answer) -> tuple[int, bool]:
        """The largest gain, and whether it is sure that there is none larger."""
        kind = self.proof.ladder.step(self.proof.ladder.award).node.kind
        assert isinstance(kind, Number)
        low, high, sure = self._gain_of(found), kind.high + 1, True
        middle = kind.high
        while high - low > 1:
            answer = self.ask(middle)
            if answer.found == SOMETIMES:
                low = max(self._gain_of(answer), middle)
            else:
                high, sure = middle, sure and answer.found == NEVER
                if answer.found == NOT_TOLD:
                    break
            middle = (low + high) // 2
        return low, sure

    def _gain_of(self, answer: Answer) -> int:
        assert answer.model is not None
        return number(answer.model, self.gain)

    def smallest(self, gain: int) -> Answer:
        """A small example of a gain, its halves alike where they can be."""
        pairs = [(self.one.facts[name].term.value, self.other.facts[name].term.value) for name in self.plain]
        pairs += [(self.one.totals[rows][key], self.other.totals[rows][key]) for rows in self.lists
                  for key in self.one.totals[rows]]  # fmt: skip
        alike = [one == other for one, other in pairs if not is_plain(one == other)]
        for unit, (one, _) in zip(self._units(), pairs, strict=True):
            if not is_plain(one):
                alike.append(one == unit * self.world.integer("round", 0))
        friendly = self.proof.standing.friendly()
        found = self.ask(gain, *alike)
        asked: list[Any] = alike if found.found == SOMETIMES else []
        found = found if found.found == SOMETIMES else self.ask(gain)
        if found.model is None:
            return found
        high, low = number(found.model, self.size), 0
        while high - low > max(1, high >> 20):
            middle = (low + high) // 2
            answer = self.ask(gain, *asked, self.size <= middle)
            if answer.model is None:
                low = middle
            else:
                high = number(answer.model, self.size)
        answer = self.proof.judge.ask(self.world, self.gain >= gain, *asked, self.size <= high, friendly=friendly)
        return answer if answer.model is not None else found

    def _units(self) -> list[int]:
        """A hundred of each cost that is divided: an example is easier to read in round numbers."""
        kinds: list[Kind | None] = [self._fact(name).kind for name in self.plain]
        for rows in self.lists:
            values = self.proof.encoder.sums.group(rows).values
            kinds += [values[index].kind if isinstance(index, int) else None for _, index in self.one.totals[rows]]
        return [100 * 10**kind.scale if isinstance(kind, Number) and kind.scale else 1 for kind in kinds]

    def cases(self, answer: Answer) -> tuple[Env, ...] | None:
        """The whole and its halves as cases that the exact engine pays as the solver says."""
        if answer.model is None:
            return None
        standing, found = self.proof.standing, []
        for share in (self.whole, self.one, self.other, self.nothing):
            env = standing.env(answer.model, changed=share.facts, totals=share.totals)
            if env is None:
                return None
            found.append(env)
        awards = [exact or 0 for exact in self.proof.awards(answer.model, found)]
        if awards[1] + awards[2] - awards[0] - awards[3] < LEAST_GAIN or not self.proof.replayable(found[:3]):
            return None
        shown = [format_scaled(sum_, 2, group=True) for sum_ in (awards[0], awards[1] + awards[2])]
        self.told = {"whole": self._costs(found[0]), "half": self._costs(found[1]), "one": shown[0], "two": shown[1]}
        self.told["other"] = Words("", "") if found[1:2] == found[2:3] else self._costs(found[2])
        if self.told["other"] == self.told["half"]:
            self.told["other"] = Words("", "")
        return tuple(found[:2]) if self.told["other"] == Words("", "") else tuple(found[:3])

    def _costs(self, env: Mapping[str, Any]) -> Words:
        """The costs of a case in words."""
        zh: list[str] = []
        en: list[str] = []
        for name in self.plain:
            kind = self._fact(name).kind
            assert isinstance(kind, Number)
            self._say(zh, en, self.proof.title(name), format_scaled(env[name], kind.scale, group=True))
        for rows in self.lists:
            for node in self.proof.encoder.sums.group(rows).sums:
                value = self.proof.standing.exact_sum(node, env)
                if value is not None:
                    self._say(zh, en, self.proof.title(rows), format_scaled(value, node.kind.scale, group=True))
        return Words("，".join(zh), ", ".join(en))

    def _say(self, zh: list[str], en: list[str], title: Words, shown: str) -> None:
        zh.append(f"{title.zh} {shown}")
        en.append(f"{title.en} {shown}")


def _zero() -> Free:
    return Free(Term(0), lambda model: 0)


def _reads_row(node: n.Node) -> bool:
    return any(isinstance(below, n.Column) for below in n.walk(node))
