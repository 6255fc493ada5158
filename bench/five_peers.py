"""The five shared rules in whole numbers, which say what is right, and in engines that are not ours.

What is right is said by whole numbers in numpy (`reference`), and those by Python's own on some cases (`plain`).
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow.parquet as pq
from made import FIVE, LEVELS
from measuring import CORES, peak_mb, timed

OFFERS = ("a", "b", "c", "d", "e")
AWARD, NOT_ELIGIBLE, UNDETERMINED = 0, 1, 2
OUTCOMES = ("award", "not_eligible", "undetermined")
CAPS = np.array([500_000_000, 400_000_000, 300_000_000])
#: Rows of a block that stays in the cache of a core.
BLOCK = 1 << 15
#: Cases for the engines that take one at a time.
SINGLE = 50_000

# what is right


def cells(folder: Path) -> dict[str, np.ndarray]:
    """The cases as scaled whole numbers; ``NAME?`` says whether a cell is known."""
    table = pq.read_table(folder / "five.parquet", columns=list(FIVE))
    found: dict[str, np.ndarray] = {}
    for name in FIVE:
        column = table[name].combine_chunks()
        found[name + "?"] = column.is_valid().to_numpy(zero_copy_only=False)
        if name == "level":
            texts = column.cast("string").fill_null("").to_numpy(zero_copy_only=False)
            found[name] = sum((at * (texts == word) for at, word in enumerate(LEVELS)), np.zeros(len(texts), np.int8))
        elif column.type == "bool":
            found[name] = column.fill_null(False).to_numpy(zero_copy_only=False)
        elif column.type == "int64":
            found[name] = column.fill_null(0).to_numpy(zero_copy_only=False)
        else:  # the low half of a decimal is its scaled whole number
            wide = np.frombuffer(column.buffers()[1], np.int64)[2 * column.offset :: 2][: len(column)]
            found[name] = np.where(found[name + "?"], wide, 0)
    found["earlier"] = np.load(folder / "earlier.npy")
    return found


def reference(d: dict[str, np.ndarray]) -> list[tuple[np.ndarray, np.ndarray, np.ndarray]]:
    """Outcome, formula amount and award of each rule, in fen; -1 where there is none."""

    def half_up(value: np.ndarray, unit: int) -> np.ndarray:
        return (2 * value + unit) // (2 * unit)

    def known(*names: str) -> np.ndarray:
        found: np.ndarray = np.logical_and.reduce([d[name + "?"] for name in names])
        return found

    no = {name: d[name + "?"] & ~d[name] for name in ("newly_built", "approved", "interconnected")}
    formulas = (
        half_up(d["invested"] * 20, 100), np.full(len(d["level"]), 500_000_000), half_up(d["warehouse"] * 30, 100),
        half_up(d["service_cost"] * 20, 100), half_up(d["parcels"] * np.minimum(d["parcel_rate"], 3_000), 100),
    )  # fmt: skip
    awards = (
        np.minimum(formulas[0], CAPS[d["level"]]), formulas[1],
        np.minimum(formulas[2], np.maximum(300_000_000 - d["earlier"], 0)), np.minimum(formulas[3], 200_000_000),
        formulas[4],
    )  # fmt: skip
    refused = (no["newly_built"] | no["approved"], no["interconnected"], False, False, False)
    sure = (
        known("newly_built", "approved", "level", "invested"), known("interconnected"), known("warehouse"),
        known("service_cost"), known("parcels", "parcel_rate"),
    )  # fmt: skip
    found = []
    for formula, award, no_, yes in zip(formulas, awards, refused, sure, strict=True):
        outcome = np.where(no_, NOT_ELIGIBLE, np.where(yes, AWARD, UNDETERMINED)).astype(np.int8)
        given = outcome == AWARD
        found.append((outcome, np.where(given, formula, -1), np.where(given, award, -1)))
    return found


def plain(d: dict[str, np.ndarray], at: int) -> list[tuple[int, int, int]]:
    """The same for one case, by the whole numbers of Python and decisions in words."""
    one = {name: int(d[name][at]) if d[name + "?"][at] else None for name in FIVE}

    def said(gates: list[int | None], reads: list[int | None], formula: Any) -> tuple[int, int, int]:
        if 0 in gates:
            return NOT_ELIGIBLE, -1, -1
        if None in gates or None in reads:
            return UNDETERMINED, -1, -1
        made, most = formula(*reads)
        return AWARD, made, made if most is None else min(made, most)

    def share(value: int, per_cent: int) -> int:
        whole, rest = divmod(value * per_cent, 100)
        return whole + (rest >= 50)

    left = max(300_000_000 - int(d["earlier"][at]), 0)

    def parcels(count: int, rate: int) -> tuple[int, None]:
        whole, rest = divmod(count * min(rate, 3_000), 100)
        return whole + (rest >= 50), None

    return [
        said([one["newly_built"], one["approved"]], [one["level"], one["invested"]],
             lambda level, fen: (share(fen, 20), int(CAPS[level]))),
        said([one["interconnected"]], [], lambda: (500_000_000, None)),
        said([], [one["warehouse"]], lambda fen: (share(fen, 30), left)),
        said([], [one["service_cost"]], lambda fen: (share(fen, 20), 200_000_000)),
        said([], [one["parcels"], one["parcel_rate"]], parcels),
    ]  # fmt: skip


# others


def numpy_(folder: Path, check: bool) -> dict[str, Any]:
    """Whole numbers in numpy, block by block on both cores: near what memory allows."""
    d = cells(folder)
    rows = len(d["level"])
    made = [(np.empty(rows, np.int8), np.empty(rows, np.int64), np.empty(rows, np.int64)) for _ in OFFERS]
    ends = [*range(0, rows, BLOCK), rows]

    def block(span: tuple[int, int]) -> None:
        low, high = span
        found = reference({name: values[low:high] for name, values in d.items()})
        for mine, theirs in zip(made, found, strict=True):
            for target, source in zip(mine, theirs, strict=True):
                target[low:high] = source

    def run() -> None:
        with ThreadPoolExecutor(CORES) as pool:
            list(pool.map(block, pairwise(ends)))

    run()
    seconds, _ = timed(run)
    found: dict[str, Any] = {"engine": "numpy int64", **seconds, "peak_mb": peak_mb()}
    if check:
        some = range(0, rows, max(1, rows // 20_000))
        wrong = sum(
            tuple(int(part[at]) for part in mine) != right
            for at in some for mine, right in zip(made, plain(d, at), strict=True)
        )  # fmt: skip
        found |= {"wrong": wrong, "wrong_totals": 0, "checked_by": f"Python's whole numbers on {len(some):,} cases"}
    return found


def openfisca(folder: Path, check: bool) -> dict[str, Any]:
    """OpenFisca-core: one simulation of all cases, five variables calculated; it knows no empty cell."""
    from openfisca_core.indexed_enums import EnumArray
    from openfisca_core.simulations import SimulationBuilder
    from peers import Level, openfisca_system

    system = openfisca_system()
    d = cells(folder)
    inputs: dict[str, Any] = {name: d[name] for name in ("newly_built", "approved", "interconnected", "parcels")}
    inputs |= {name: d[name] / 100 for name in ("invested", "warehouse", "service_cost")}
    inputs |= {"warehouse_before": d["earlier"] / 100, "parcel_rate": d["parcel_rate"] / 10_000}
    inputs["level"] = EnumArray(d["level"].astype(np.int16), Level)
    del d

    def run() -> list[np.ndarray]:
        simulation = SimulationBuilder().build_default_simulation(system, len(inputs["level"]))
        for name, values in inputs.items():
            simulation.set_input(name, "2023", values)
        return [simulation.calculate(name, "2023") for name in OFFERS]

    run()
    seconds, made = timed(run)
    found: dict[str, Any] = {"engine": "OpenFisca-core", **seconds, "peak_mb": peak_mb()}
    if check:
        wrong = totals = 0
        for got, (outcome, _, award) in zip(made, reference(cells(folder)), strict=True):
            known = outcome != UNDETERMINED
            mine, right = got[known].astype(np.float64) * 100, np.maximum(award[known], 0)
            wrong += int((np.round(mine).astype(np.int64) != right).sum())
            totals += round(float(mine.sum())) != int(right.sum())
        found |= {"wrong": wrong, "wrong_totals": totals}
    return found


def zen(folder: Path, check: bool) -> dict[str, Any]:
    """GoRules zen-engine: one call a case, on the first cases of the table."""
    from peers import zen_decision

    decision = zen_decision()
    d = {name: values[:SINGLE] for name, values in cells(folder).items()}
    columns = {name: d[name].tolist() for name in ("newly_built", "approved", "interconnected", "parcels")}
    columns |= {name: (d[name] / 100).tolist() for name in ("invested", "warehouse", "service_cost")}
    columns |= {"warehouse_before": (d["earlier"] / 100).tolist(), "parcel_rate": (d["parcel_rate"] / 10_000).tolist()}
    columns["level"] = [LEVELS[level] for level in d["level"].tolist()]
    inputs = [dict(zip(columns, row, strict=True)) for row in zip(*columns.values(), strict=True)]
    for given in inputs[:1000]:
        decision.evaluate(given)
    seconds, made = timed(lambda: [decision.evaluate(given)["result"] for given in inputs])
    found: dict[str, Any] = {"engine": "zen-engine", **seconds, "peak_mb": peak_mb(), "rows": len(inputs)}
    if check:
        right = reference(d)
        wrong, totals = 0, [0] * len(OFFERS)
        for at, result in enumerate(made):
            for which, name in enumerate(OFFERS):
                outcome, _, award = (int(part[at]) for part in right[which])
                if outcome != UNDETERMINED:
                    off = round(result[name] * 100) - max(award, 0)
                    wrong += off != 0
                    totals[which] += off
        found |= {"wrong": wrong, "wrong_totals": sum(total != 0 for total in totals)}
    return found
