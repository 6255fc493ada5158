"""How long the exact engine takes for one case: beside two peers on five rules, and on the shipped programme.

    python bench/exact.py            both parts; needs requirements/bench.txt for the peers
    python bench/exact.py programme  the shipped programme alone

Facts are typed before the clock starts, as a service keeps them; every case is a fresh set of objects. Medians of
single cases. Results are printed and written to bench/results/exact.json.
"""

from __future__ import annotations

import gc
import json
import platform
import statistics
import sys
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

from cases import Case, answers, cases

from jarlig.engines.answer import Desk, Question, environment
from jarlig.engines.exact import Climber
from jarlig.policy.facts import read_facts, typed_facts
from jarlig.policy.plans import Plan
from jarlig.policy.reading import read_programme

HERE = Path(__file__).parent
ON = date(2023, 6, 1).toordinal()
FIRM = "91350100M000100Y43"
Run = Callable[[list[dict[str, Any]]], Any]


def yuan(fen: int) -> str:
    """Fen as the text of a facts file."""
    return f"{fen // 100}.{fen % 100:02d}"


def environments(plan: Plan, facts: dict[str, Any], offers: list[str], at: str) -> list[dict[str, Any]]:
    """The typed facts of each offer, made anew."""
    case = read_facts(facts)
    year = plan.guide.year if plan.guide else None
    return [
        environment(typed_facts(case, plan.fact_defs(o), o, None, plan.programme), Question(o, ON, year, at))
        for o in offers
    ]


def median(run: Callable[[Any], Any], inputs: list[Any]) -> float:
    """Median seconds of one call; the first tenth warms up."""
    warm = len(inputs) // 10
    for given in inputs[:warm]:
        run(given)
    gc.collect()
    gc.disable()
    times = []
    for given in inputs[warm:]:
        start = time.perf_counter()
        run(given)
        times.append(time.perf_counter() - start)
    gc.enable()
    return statistics.median(times)


def climb_all(climbers: list[Climber], traced: bool) -> Run:
    """All offers of one case."""
    if traced:
        return lambda envs: [climber.trace(env) for climber, env in zip(climbers, envs, strict=True)]
    return lambda envs: [climber.climb(env) for climber, env in zip(climbers, envs, strict=True)]


def five_rules(count: int = 3_000) -> list[dict[str, Any]]:
    """The five shared rules in three engines, side by side in one run."""
    from peers import openfisca, zen_engine

    desk = Desk(read_programme(HERE / "five-rules"))
    plan = desk.plans.plan(ON)
    offers = ["a", "b", "c", "d", "e"]
    climbers = [desk.climber(plan.ladder(offer)) for offer in offers]
    data = cases(count)
    expected = [answers(case) for case in data]
    rows = []
    inputs: list[Any]
    run: Callable[[Any], Any]
    for traced in (False, True):
        for name in ("jarlig", "jarlig with reading of facts", "openfisca", "zen"):
            if name == "jarlig with reading of facts":
                inputs = [_facts(case) for case in data]
                climb = climb_all(climbers, traced)
                run = _reading_first(plan, offers, climb)
                got = [_fen(run(given) if not traced else [answer for answer, _ in run(given)]) for given in inputs]
            elif name == "jarlig":
                inputs = [environments(plan, _facts(case), offers, "") for case in data]
                run = climb_all(climbers, traced)
                got = [_fen(climb_all(climbers, False)([dict(env) for env in envs])) for envs in inputs]
            else:
                engine = (openfisca if name == "openfisca" else zen_engine)()
                inputs, run = data, lambda case, engine=engine, traced=traced: engine(case, traced)
                got = [tuple(round(value * 100) for value in engine(case, False)) for case in data]
            wrong = sum(
                a != b for mine, right in zip(got, expected, strict=True) for a, b in zip(mine, right, strict=True)
            )
            rows.append(
                {"engine": name, "traced": traced, "us": median(run, inputs) * 1e6, "wrong": wrong, "of": 5 * count}
            )
    return rows


def _reading_first(plan: Plan, offers: list[str], climb: Run) -> Callable[[dict[str, Any]], Any]:
    return lambda facts: climb(environments(plan, facts, offers, ""))


def _facts(case: Case) -> dict[str, Any]:
    before = {
        "offer": "c",
        "uscc": FIRM,
        "on": "2023-01-02",
        "guide_year": "2023",
        "state": "approved",
        "approved": yuan(case.warehouse_before),
        "recovered": "0",
    }
    return {
        "uscc": FIRM,
        "level": case.level,
        "newly_built": case.newly_built,
        "approved": case.approved,
        "invested": yuan(case.invested),
        "interconnected": case.interconnected,
        "warehouse": yuan(case.warehouse),
        "service_cost": yuan(case.service_cost),
        "parcels": case.parcels,
        "history": [before],
        "parcel_rate": f"0.{case.parcel_rate:04d}",
    }


def _fen(results: list[Any]) -> tuple[int, ...]:
    return tuple(0 if result.refused else result.award for result in results)


def programme(count: int = 2_000) -> list[dict[str, Any]]:
    """The shipped programme: every award open, every fact known, cases of several sizes."""
    facts: dict[str, Any] = json.loads((HERE / "complete-case.json").read_text("utf-8"))
    desk = Desk(read_programme(HERE.parent / "src/jarlig/programmes" / facts.pop("programme")))
    at, year = facts.pop("at"), facts.pop("guide")
    plan = desk.plans.plan(ON, year, at)
    offers = [name for name, offer in desk.programme.offers.items() if offer.nature == "award"]
    climbers = [desk.climber(plan.ladder(offer)) for offer in offers]
    shut = [climber.ladder.offer for climber in climbers if climber.ladder.state != "open"]
    rows_of = {name: value for name, value in facts.items() if isinstance(value, list) and value and name != "history"}
    table = []
    for size in (0, 5, 40, 1_000):
        grown = {name: [_nth(value[at % len(value)], at) for at in range(size)] for name, value in rows_of.items()}
        case = {**facts, **grown}
        first = environments(plan, case, offers, at)
        read = sum(env[name].size for env in first for name in rows_of if name in env)
        unknown = [
            c.ladder.offer for c, env in zip(climbers, [dict(e) for e in first], strict=True) if c.climb(env).unknown
        ]
        many = max(30, count // max(1, size // 10))
        for traced in (False, True):
            inputs = [environments(plan, case, offers, at) for _ in range(many)]
            took = median(climb_all(climbers, traced), inputs) * 1e6
            bar = 1_000 + 2 * read if traced else 60 + 0.25 * read
            row = {"offers": len(offers), "not_open": shut, "unknown": unknown, "rows": read, "traced": traced}
            table.append({**row, "us": took, "bar_us": bar, "share_of_bar": took / bar})
    return table


def _nth(row: dict[str, Any], at: int) -> dict[str, Any]:
    """A row with its own key: the last digits of each number that identifies it are its position."""
    made = dict(row)
    for name, width in (("invoice_no", 20), ("contract_no", 20), ("waybill_hash", 64)):
        if name in made:
            made[name] = made[name][: width - 8] + f"{at:08d}"
    made.pop("reverses", None)
    return made


def main(arguments: list[str]) -> None:
    """Run, print, and keep the figures."""
    results: dict[str, Any] = {
        "python": platform.python_version(),
        "machine": f"{platform.machine()}, {platform.system()}",
    }
    results["programme"] = programme()
    if arguments != ["programme"]:
        results["five_rules"] = five_rules()
    for part in ("programme", "five_rules"):
        for row in results.get(part, []):
            print(part, " ".join(f"{k}={v:.2f}" if isinstance(v, float) else f"{k}={v}" for k, v in row.items()))
    (HERE / "results").mkdir(exist_ok=True)
    (HERE / "results" / "exact.json").write_text(json.dumps(results, indent=1) + "\n", "utf-8")


if __name__ == "__main__":
    main(sys.argv[1:])
