"""Made-up cases of one offer, built to find where two engines part: the exact engine says what is right.

Tables in the shape of ``docs/guide/many-cases.md``: cases of every outcome, on both sides of every edge, with unknown
cells, reversals, earlier awards and hostile texts; how well they cover the offer is counted, never hoped for.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
from hypothesis import strategies as st
from tests.engines.many.edges import SIDES, Edges
from tests.engines.many.scenes import Scene, scenes
from tests.engines.many.strategies import seeds
from tests.engines.many.writer import Writer

from jarlig.engines.answer import Desk, Question, environment
from jarlig.engines.exact.closures import scalar
from jarlig.ladder import nodes as n
from jarlig.ladder.history import EarlierAward, in_window, matches
from jarlig.ladder.kinds import Rows, Some
from jarlig.ladder.numbers import parse_date
from jarlig.policy.awards import read_history
from jarlig.policy.casefile import Facts
from jarlig.policy.facts import typed_facts

#: How cases spread over what governs them, where the offer has such scenes; the rest goes to scenes that pay.
SHARES = {"lapsed": 0.03, "closed": 0.06, "awaiting": 0.06, "blocked": 0.04, "doubtful": 0.08}
#: How cases of a scene that pays are made.
MODES = (("plain", 0.5), ("shared", 0.2), ("refused", 0.08), ("unknown", 0.12), ("wild", 0.1))
MOST_EDGES = 0.45
Row = dict[str, str | None]


@dataclass
class Made:
    """Tables of made-up cases of one offer, and what they cover."""

    offer: str
    cases: list[Row]
    rows: dict[str, list[Row]]
    history: list[Row]
    coverage: dict[str, Any] = field(default_factory=dict)

    def lines(self) -> dict[str, dict[str, list[Row]]]:
        """The rows of each list by case."""
        found: dict[str, dict[str, list[Row]]] = {name: defaultdict(list) for name in self.rows}
        for name, rows in self.rows.items():
            for row in rows:
                found[name][str(row["case"])].append({key: value for key, value in row.items() if key != "case"})
        return found


def made(desk: Desk, offer: str, count: int, seed: int) -> Made:
    """So many cases of an offer; the same for the same seed.

    Args:
        desk: the programme.
        offer: id of the offer.
        count: how many cases.
        seed: of the numpy generator.
    """
    rng = np.random.default_rng([seed, sum(offer.encode())])
    by_class: dict[str, list[Scene]] = defaultdict(list)
    for scene in scenes(desk, offer):
        by_class[scene.what].append(scene)
    writer = Writer(desk, offer, rng, [scene for group in by_class.values() for scene in group])
    shots = _shots(by_class["live"])
    asked = [shots[key][side] for key in shots for side in shots[key]]
    aimed = min(int(count * MOST_EDGES), max(len(asked), count // 5)) if asked else 0
    for at in range(aimed):
        scene, shot = asked[at % len(asked)]
        writer.edge(scene, shot.env)
    kinds = [what for what in SHARES if by_class[what]]
    rest = "live" if by_class["live"] else kinds[-1] if kinds else "blocked"
    for what in kinds:
        for _ in range(max(2, int(count * SHARES[what]))):
            writer.case(_one_of(by_class[what], rng), "wild" if rng.random() < 0.3 else "plain", unknown=0.1)
    names, weights = zip(*MODES, strict=True)
    for _ in range(count - len(writer.cases)):
        mode = str(rng.choice(names, p=weights)) if rest == "live" else "wild"
        writer.case(_one_of(by_class[rest], rng), mode, unknown=0.0 if mode == "plain" else 0.15)
    writer.finish()
    found = Made(offer, writer.shuffled(), writer.rows, writer.history)
    found.coverage = covered(desk, found, shots, by_class)
    return found


def made_cases(desk: Desk, offer: str, most: int = 40) -> st.SearchStrategy[Made]:
    """Small tables of an offer for hypothesis."""
    return st.builds(made, st.just(desk), st.just(offer), st.integers(1, most), seeds())


def _one_of(group: list[Scene], rng: np.random.Generator) -> Scene:
    """Each ladder as likely as the next, whatever number of days and places it has."""
    by_ladder: dict[int, list[Scene]] = defaultdict(list)
    for scene in group:
        by_ladder[id(scene.ladder)].append(scene)
    ladders = list(by_ladder.values())
    chosen = ladders[int(rng.integers(len(ladders)))]
    return chosen[int(rng.integers(len(chosen)))]


def _shots(live: list[Scene]) -> dict[str, dict[int, Any]]:
    """For every edge of every ladder that pays, a case on each side; the first scene that gives one is taken."""
    found: dict[str, dict[int, Any]] = {}
    seen: set[int] = set()
    for scene in live:
        if id(scene.ladder) in seen:
            continue
        seen.add(id(scene.ladder))
        for key, sides in Edges(scene.ladder).shots(scene.bases(), scene.search.kinds).items():
            known = found.setdefault(key, {})
            for side, shot in sides.items():
                if side not in known or (known[side][1].near and not shot.near):
                    known[side] = scene, shot
    return found


# the exact engine's answers

Answer = tuple[str, int | None, int | None]


@dataclass
class Asked:
    """A case as the exact engine sees it."""

    scene: Any
    ladder: Any
    env: dict[str, Any]
    answer: Answer


def exact(desk: Desk, offer: str, made: Made, *, history: bool = True) -> list[Answer]:
    """What the exact engine says of each case: outcome (a range is undetermined), formula amount and amount in fen.

    The history is the whole table (unknown without ``history``), and earlier cases count for later ones: a claim of
    the same subject, earlier by ``on`` and then by its place in the table, is a pending award at its capped amount.
    While its amount is not known it is a pending award of unknown amount; one that is refused, closed, lapsed or
    awaits a guide is none. A claim whose subject is not known is held against the table alone.
    """
    return [asked.answer for asked in climbed(desk, offer, made, history=history)]


def climbed(desk: Desk, offer: str, made: Made, *, history: bool = True) -> list[Asked]:
    """The cases with the facts as read and the answers, in the order of the table."""
    programme = desk.programme
    awards = read_history(Facts({}), made.history, ("history",), programme) if history else None
    lines = made.lines()
    order = sorted(range(len(made.cases)), key=lambda at: (parse_date(str(made.cases[at]["on"])), at))
    run: dict[Any, list[EarlierAward]] = defaultdict(list)
    answers: dict[int, Asked] = {}
    for at in order:
        case = made.cases[at]
        facts = facts_of(desk, offer, case, lines)
        if awards is not None:
            facts.read[f"history {programme.programme}"] = awards
        asked = _ask(desk, offer, facts, case, known=awards is not None)
        subject = claimed_subject(asked, offer) if awards is not None else None
        if subject is not None and run[subject]:
            facts = facts_of(desk, offer, case, lines)
            facts.read[f"history {programme.programme}"] = [*(awards or ()), *run[subject]]
            asked = _ask(desk, offer, facts, case, known=True)
        answers[at] = asked
        if subject is not None:
            run[subject].extend(_claimed(asked, offer))
    return [answers[at] for at in range(len(made.cases))]


def claimed_subject(asked: Asked, offer: str) -> tuple[Any, ...] | None:
    """What all the offer's own limits know a claim's subject by; None where it is not known.

    Claims that agree in it are held against each other; limits that share no key make one queue, ``()``.
    """
    nodes = [node for node in asked.ladder.nodes() if isinstance(node, n.Earlier) and offer in node.offers]
    if not nodes:
        return None
    shared = [key for key, _ in nodes[0].subject if all(key in dict(node.subject) for node in nodes)]
    found = tuple(scalar(dict(nodes[0].subject)[key])(asked.env) for key in shared)
    return None if None in found else found


def facts_of(desk: Desk, offer: str, case: Row, lines: Mapping[str, Mapping[str, list[Row]]]) -> Facts:
    """One row of the cases, with its lines, as the facts of one case."""
    plan = desk.plans.plan(parse_date(str(case["on"])), None, _place(desk, case))
    kinds = {name: fact.kind for name, fact in plan.fact_defs(offer).items()}
    plain: dict[str, Any] = {"history": []}
    for column, text in case.items():
        name = column.removeprefix(f"{offer}.")
        if column in ("case", "on", "at") or column.startswith("group.") or text is None:
            continue
        if column.startswith("decisions."):
            plain.setdefault("decisions", {})[column.split(".")[-1]] = text
        elif isinstance(kinds.get(name), Rows):
            plain[name] = lines[name].get(str(case["case"]), [])
        elif isinstance(kinds.get(name), Some):
            plain[name] = [item for item in text.split(";") if item]
        else:
            plain[name] = text
    return Facts(plain)


def _place(desk: Desk, case: Row) -> str:
    applied = desk.programme.applied_at
    return case.get("at") or (case.get(applied) if applied else None) or ""


def _ask(desk: Desk, offer: str, facts: Facts, case: Row, *, known: bool) -> Asked:
    on, at = parse_date(str(case["on"])), _place(desk, case)
    plan = desk.plans.plan(on, None, at)
    ladder = plan.ladder(offer)
    if not known:
        facts = replace(facts, plain={key: value for key, value in facts.plain.items() if key != "history"})
    judged = {node.name: node.kind for node in ladder.judged} if "decisions" in facts.plain else {}
    typed = typed_facts(facts, plan.fact_defs(offer), offer, judged, desk.programme)
    env = environment(typed, Question(offer, on, plan.guide.year if plan.guide else None, at))
    said = _answer(desk, offer, ladder, env, on)
    if said is None:
        said = _asked_whole(desk, offer, _with_own_past(desk, facts, ladder, env), on, at)
    return Asked(plan, ladder, env, said)


def _answer(desk: Desk, offer: str, ladder: Any, env: dict[str, Any], on: int) -> Answer | None:
    """The answer straight from the climber; None where only the desk can tell what is awaited from what is unknown."""
    if not ladder.valid[0] <= on <= ladder.valid[1]:
        return "lapsed", None, None
    if ladder.state == "closed" or (ladder.window and not ladder.window[0] <= on <= ladder.window[1]):
        return "closed", None, None
    said = desk.climber(ladder).climb(dict(env))
    if said.refused:
        return "not_eligible", None, None
    if ladder.state == "no_guide" or (said.unknown and ladder.judged) or ladder.open_terms:
        return None
    if said.unknown:
        return "undetermined", None, None
    if said.doubts:
        return "needs_decision", said.formula, None
    return "award", said.formula, said.award


def _with_own_past(desk: Desk, facts: Facts, ladder: Any, env: dict[str, Any]) -> Facts:
    """The case with the earlier awards that its limits may count; what is unknown of others is not missing here."""
    if env.get("history") is None:
        return facts
    nodes = [(node, {key: scalar(value)(env) for key, value in node.subject})
             for node in ladder.nodes() if isinstance(node, n.Earlier)]  # fmt: skip
    own = [
        award
        for award in env["history"]
        if award.counted != 0
        and any(
            matches(award, node.offers, keys) is not False
            and in_window(award, node.window, env["on"], env["guide_year"]) is not False
            for node, keys in nodes
        )
    ]
    facts = replace(facts)
    facts.read[f"history {desk.programme.programme}"] = own
    return facts


def _asked_whole(desk: Desk, offer: str, facts: Facts, on: int, at: str) -> Answer:
    told = desk.determine(offer, facts, on=on, at=at)
    outcome = "undetermined" if told.outcome == "range" else told.outcome
    return outcome, told.formula_amount, told.amount


def _claimed(asked: Asked, offer: str) -> Iterable[EarlierAward]:
    """The pending award that a case is for later cases of its subject."""
    outcome, _, amount = asked.answer
    if outcome not in ("award", "undetermined", "needs_decision"):
        return ()
    nodes = [node for node in asked.ladder.nodes() if isinstance(node, n.Earlier) and offer in node.offers]
    keys = {key: scalar(value)(asked.env) for node in nodes for key, value in node.subject}
    shown = {key: object() if value is None else value for key, value in keys.items()}
    if not nodes:
        return ()
    return (EarlierAward(offer, asked.env["on"], asked.env["guide_year"], "pending", amount, keys=shown),)


# what is covered


def covered(
    desk: Desk, made: Made, shots: dict[str, dict[int, Any]], by_class: Mapping[str, list[Scene]]
) -> dict[str, Any]:
    """How the cases of an offer cover it, by the exact engine."""
    asked = climbed(desk, made.offer, made)
    compiled: dict[int, Edges] = {}

    def edges_of(ladder: Any) -> Edges:
        if id(ladder) not in compiled:
            compiled[id(ladder)] = Edges(ladder)
        return compiled[id(ladder)]

    hits: dict[str, Counter[int]] = defaultdict(Counter)
    for one in asked:
        if one.answer[0] in ("closed", "lapsed"):
            continue
        known = edges_of(one.ladder)
        for edge in known.all:
            for side in edge.sides(one.env):
                hits[known.key(edge, one.env)][side] += 1
    reversible = {
        name: scene.search.kinds[name].reverses
        for group in by_class.values() for scene in group for name in made.rows if name in scene.search.kinds
    }  # fmt: skip
    lines = [(row, reversible[name]) for name, rows in made.rows.items() if reversible.get(name) for row in rows]
    facts = sorted({name for case in made.cases for name in case})
    cells = [text for row in (*made.cases, *made.history) for text in row.values() if text]
    days = Counter(row["on"] for row in made.history if row["on"])
    return {
        "answers": [one.answer for one in asked],
        "outcomes": Counter(one.answer[0] for one in asked),
        "edges": {key: {side: hits[key][side] for side in sides} for key, sides in shots.items() if sides},
        "near": {(key, side) for key, sides in shots.items() for side, (_, shot) in sides.items() if shot.near},
        "missed": {(key, side) for key, sides in shots.items() for side in SIDES if side not in sides},
        "hostile": sum(not text.isascii() or text != text.strip() or "'" in text or ";" in text for text in cells),
        "rows": len(lines),
        "reversed": sum(row[column] not in (None, "none") for row, column in lines),
        "ties": sum(count - 1 for count in days.values()),
        "unknown": {name: sum(case[name] is None for case in made.cases) / len(made.cases) for name in facts},
        "places": len({case["at"] for case in made.cases}),
        "days": {str(case["on"]) for case in made.cases},
        "reads_history": any(isinstance(node, n.Earlier) for one in asked for node in one.ladder.nodes()),
    }  # fmt: skip
