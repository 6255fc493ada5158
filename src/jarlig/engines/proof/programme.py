"""All proofs about a programme: each ladder once, however many guides and places have it, and on all cores.

What is found of a ladder holds wherever the same ladder stands on the same days and places, so it is shared. Messages
are told, and cases written down, by the stand in which they were found first.
"""

from __future__ import annotations

import multiprocessing
import os
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, fields, replace
from typing import Any

from jarlig.engines.answer import Desk
from jarlig.engines.check_files import rows_on
from jarlig.engines.check_settings import Stand
from jarlig.engines.findings import PROVED, REFUTED, Finding, Ledger
from jarlig.engines.proof.apart import tiers, title_of, twice
from jarlig.engines.proof.judge import Judge
from jarlig.engines.proof.offer import compare, prove
from jarlig.engines.proof.proof import Found
from jarlig.engines.witness import Search
from jarlig.ladder import nodes as n
from jarlig.ladder.steps import PARAMETER, Ladder, Words
from jarlig.policy import model
from jarlig.policy.messages import problem

#: Fewer ladders than this are proved in this process: starting another would take longer.
FEW = 8
#: What stands for a case that cannot be written down before the guide has filled its terms.
_LATER = Words("（待填写后方可运行）", "(runs once its terms are filled)")
Progress = Callable[[str], None]
#: A case, and the stand that it is of.
Written = tuple[Stand, Mapping[str, Any]]


@dataclass(frozen=True)
class Task:
    """A ladder to prove, or to compare with that of the document above it."""

    stand: Stand
    above: Ladder | None = None


class Proofs:
    """The proofs of a programme, gathered stand by stand and made together."""

    def __init__(self, desk: Desk, seconds: float) -> None:
        self.desk, self.seconds = desk, seconds
        self.stands: list[tuple[Stand, Ladder]] = []

    def add(self, stand: Stand, above: Ladder) -> None:
        """A stand to be looked at, with the ladder of the document above."""
        self.stands.append((stand, above))

    def run(self, ledger: Ledger, progress: Progress) -> None:
        """Prove all that was gathered, and say what was found."""
        asked = [(Task(stand), Task(stand, above)) for stand, above in self.stands]
        keys = [tuple(_signature(self.desk.programme, task) for task in pair) for pair in asked]
        first: dict[tuple[Any, ...], Task] = {}
        for pair, own in zip(asked, keys, strict=True):
            for task, key in zip(pair, own, strict=True):
                first.setdefault(key, task)
        found = dict(zip(first, self._found(list(first.values()), progress), strict=True))
        for (stand, _), (proved, compared) in zip(self.stands, keys, strict=True):
            for one in (*found[proved], *(found[compared] if _may_pay(found[proved]) else ())):
                self._say(one, stand, ledger)
        self._tiers(ledger)

    def _found(self, tasks: list[Task], progress: Progress) -> Iterator[list[Found]]:
        cores = min(len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1, 4)
        alone = threading.active_count() == 1  # a process with threads is not forked
        if len(tasks) < FEW or cores < 2 or not alone or "fork" not in multiprocessing.get_all_start_methods():
            for task in tasks:
                progress(_name(task.stand))
                yield _answer(self.desk, task, self.seconds)
            return
        global _shared
        _shared = self.desk, tasks, self.seconds
        with ProcessPoolExecutor(cores, mp_context=multiprocessing.get_context("fork")) as pool:
            for task, found in zip(tasks, pool.map(_prove, range(len(tasks))), strict=True):
                progress(_name(task.stand))
                yield found
        _shared = None

    # what is said

    def _say(self, found: Found, stand: Stand, ledger: Ledger) -> None:
        if found.subject:
            ledger.findings.append(Finding(stand.offer.offer, stand.where, found.subject, found.status, found.says))
        if found.code:
            cases: list[Written] = [(stand, env) for env in found.cases] if _is_open(stand) else []
            self._tell(ledger, found.code, found.about, found.what, cases, stand, found.values)

    def _tell(
        self,
        ledger: Ledger,
        code: str,
        about: str,
        what: str,
        cases: Sequence[Written],
        stand: Stand,
        values: Mapping[str, Any],
    ) -> None:
        known, offer = ledger.counterexamples, stand.offer
        names = [f"{one.offer.offer}-{what}-{len(known) + at}" for at, (one, _) in enumerate(cases, 1)]
        case: Any = names[0] if names else _LATER
        told = problem(code, offer.place, offer.offer, offer=offer.offer, where=stand.where, case=case, **values)
        if ledger.tell(told, offer.offer, about):
            for name, (one, env) in zip(names, cases, strict=True):
                known.append(self._written(name, one, env))

    def _written(self, name: str, stand: Stand, env: Mapping[str, Any]) -> dict[str, Any]:
        plan = self.desk.plans.plan(env["on"], stand.guide.year, env["at"])
        search = Search(self.desk, plan, stand.ladder, env["on"], env["at"])
        title = stand.offer.title
        return search.case(name, dict(env), {"zh": f"检查发现：{title.zh}", "en": f"Found by check: {title.en}"})

    # offers beside each other

    def _tiers(self, ledger: Ledger) -> None:
        for found in tiers(self.desk, Judge(self.seconds), [stand for stand, _ in self.stands]):
            code, what = ("E954", "overlap") if found.overlap else ("E958", "gap")
            other = found.other.offer.offer
            values = {"other": other, "fact": title_of(self.desk, found.one, found.fact), "value": found.value}
            about = f"{found.fact} {other}"
            self._tell(ledger, code, about, what, found.cases, found.one, values)

    def evidence(self, ledger: Ledger) -> Evidence:
        """What is proved of evidence that two offers take."""
        return Evidence(self, ledger)

    def stands_of(self, offer: model.Offer) -> list[Stand]:
        """Where an offer is open, whatever the place."""
        stands = [stand for stand, _ in self.stands if stand.offer.offer == offer.offer]
        return [stand for stand in stands if not stand.places and _is_open(stand)]

    def write(self, ledger: Ledger, what: str, cases: Iterable[Written]) -> None:
        """Write down cases under names of their own."""
        for stand, env in cases:
            name = f"{stand.offer.offer}-{what}-{len(ledger.counterexamples) + 1}"
            ledger.counterexamples.append(self._written(name, stand, env))


class Evidence:
    """Proofs about two offers that take the same evidence: by a rule, or by what each of them counts."""

    def __init__(self, proofs: Proofs, ledger: Ledger) -> None:
        self.proofs, self.ledger = proofs, ledger

    def apart(self, one: model.Offer, other: model.Offer, evidence: str) -> bool:
        """Whether no piece of some evidence could be counted under both; one that could is written down for each."""
        judge = Judge(self.proofs.seconds)
        stands = [self.proofs.stands_of(offer) for offer in (one, other)]
        apart = True
        for a in rows_on(one, evidence):
            for b in rows_on(other, evidence):
                found = twice(self.proofs.desk, judge, stands[0], stands[1], (a, b))
                self.proofs.write(self.ledger, "twice", found.cases if apart else ())
                apart = apart and found.apart
        return apart

    def say(self, one: model.Offer, other: model.Offer, told: bool) -> None:
        """Write down how it stands with two offers."""
        zh = f"同一凭证不会在 {one.offer} 与 {other.offer} 中重复获得"
        en = f"no piece of evidence is paid under both {one.offer} and {other.offer}"
        if told:
            zh = f"同一凭证可在 {one.offer} 与 {other.offer} 中申报"
            en = f"{one.offer} and {other.offer} take the same evidence"
        status = REFUTED if told else PROVED
        self.ledger.findings.append(Finding(other.offer, Words("", ""), "twice", status, Words(zh, en)))


#: The desk, the tasks and the seconds, as a forked process finds them.
_shared: tuple[Desk, list[Task], float] | None = None


def _prove(index: int) -> list[Found]:
    assert _shared is not None
    desk, tasks, seconds = _shared
    return _answer(desk, tasks[index], seconds)


def _answer(desk: Desk, task: Task, seconds: float) -> list[Found]:
    if task.above is None:
        return prove(desk, task.stand, seconds)
    return compare(desk, task.stand, task.above, seconds)


def _may_pay(found: list[Found]) -> bool:
    """Whether more than the question who can be paid was asked: without a paying case nothing is claimed."""
    return any(one.subject not in ("", "can_pay") for one in found)


def _name(stand: Stand) -> str:
    return f"{stand.offer.offer}{stand.where.en}"


def _is_open(stand: Stand) -> bool:
    awaited = [term for term in stand.ladder.open_terms if term.filled_by != "parameter"]
    return stand.ladder.state == "open" and not awaited


def _signature(programme: model.Programme, task: Task) -> tuple[Any, ...]:
    """What a proof depends on: the ladder without its sources, and the days and places it reads."""
    stand, ladder = task.stand, task.stand.ladder
    read = set(ladder.facts)
    on = (stand.first, stand.last) if read & {"on", "at"} else ()
    at = (tuple(place.id for place in stand.places), stand.at) if "at" in read else ()
    year = stand.guide.year if "guide_year" in read else None
    labels = {name: fact.kind for name, fact in _defs(programme, stand).items()}
    above = () if task.above is None else (bool(stand.places), _shape(task.above))
    return (ladder.offer, ladder.state, _shape(ladder), above, on, at, year, tuple(labels.items()))


def _defs(programme: model.Programme, stand: Stand) -> Mapping[str, model.FactDef]:
    from jarlig.policy.ground import open_lists

    return open_lists(stand.offer, (stand.guide, *stand.places))


def _shape(ladder: Ladder) -> tuple[Any, ...]:
    steps = tuple((s.name, s.role, s.key, s.label, _plain(s.node)) for s in ladder.steps)
    return (steps, tuple((doubt.name, _plain(doubt.node)) for doubt in ladder.doubts))


def _plain(node: n.Node) -> n.Node:
    """The node without the sources of its figures; a published parameter stays one."""
    if isinstance(node, n.Literal):
        return node if not node.source or node.source.startswith(PARAMETER) else replace(node, source="")
    changed = {}
    for field in fields(node):
        value = getattr(node, field.name)
        inner = _plain_in(value)
        if inner is not value:
            changed[field.name] = inner
    return replace(node, **changed) if changed else node


def _plain_in(value: Any) -> Any:
    if isinstance(value, n.Node):
        return _plain(value)
    if isinstance(value, tuple):
        items = tuple(_plain_in(item) for item in value)
        return value if all(a is b for a, b in zip(items, value, strict=True)) else items
    return value
