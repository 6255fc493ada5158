"""How fast many cases are answered: beside peers on five rules, all offers over a population, and parcels.

    PYTHONPATH=src python bench/many.py                  all three parts, full size
    PYTHONPATH=src python bench/many.py five parcels     some of them
    PYTHONPATH=src python bench/many.py --rows 100000    another size; figures are printed, and kept only with --json

Data are made anew by a seed, in a folder that is deleted after. Each engine runs in a process of its own on two cores;
engines take turns, and figures are medians of the rounds.
"""

from __future__ import annotations

import argparse
import json
import math
import shutil
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import made
from measuring import CORES, HERE, ROUNDS, by_turns, child, machine, table

Part = dict[str, Any]
FULL = {"five": 10_000_000, "population": 10_000_000, "parcels": 100_000_000}
#: Engines on the five rules; the first is ours, the next are by hand with the same columns of answers.
KNOWN = "by hand, nothing unknown, awards alone"
ENGINES = ("jarlig", "by hand, fen", "by hand, decimal", "by hand, fen kept as fen", "by hand, one pass, wide", KNOWN,
           "numpy int64", "OpenFisca-core", "zen-engine", "jarlig on Spark")  # fmt: skip
BY_HAND = ("by hand, fen", "by hand, decimal")
GB = 1_000
#: A thousand million parcels, and about as many as a nation sends in a year.
LARGE = {"1e9": 10**9, "1.7e11": 17 * 10**10}


def bar(what: str, measured: float, limit: float, *, least: bool = True) -> Part:
    """A bar and whether it is met."""
    met = measured >= limit if least else measured <= limit
    return {"what": what, "measured": round(measured, 3), "bar": limit, "least": least, "met": met}


def five(folder: Path, rows: int, rounds: int) -> Part:
    """The five shared rules."""
    made.five(folder, rows)
    read = child("many_five.py", {"folder": str(folder), "engine": "intake", "check": False})
    engines_here = [engine for engine in ENGINES if "Spark" not in engine or shutil.which("java")]
    tasks = [{"folder": str(folder), "engine": engine, "may_fail": "Spark" in engine} for engine in engines_here]
    engines = by_turns("many_five.py", tasks, rounds)
    for found in engines:
        found["rows"] = found.get("rows", rows)
        found["rows_per_second"] = round(found["rows"] / found["seconds"])
    named = {found["engine"]: found for found in engines}
    ours, fisca = named["jarlig"], named["OpenFisca-core"]

    def least(name: str) -> float:
        return min(named[engine][name] for engine in BY_HAND)

    def ratio(name: str) -> float:
        return least(name) / ours[name]

    return {
        "rows": rows, "rounds": rounds, "intake": read, "engines": engines,
        "ratios": {
            "to by hand": ratio("seconds"), "to by hand, core seconds": ratio("core_seconds"),
            "to by hand, awards alone": ratio("awards_seconds"), "to by hand, totals": ratio("totals_seconds"),
            "to OpenFisca": fisca["seconds"] / ours["seconds"],
            "to OpenFisca, awards alone": fisca["seconds"] / ours["awards_seconds"],
            "to OpenFisca, totals": fisca["seconds"] / ours["totals_seconds"],
            "by hand to OpenFisca": fisca["seconds"] / least("seconds"),
            "by hand to OpenFisca, awards alone": fisca["seconds"] / least("awards_seconds"),
            "by hand to OpenFisca, nothing unknown": fisca["seconds"] / named[KNOWN]["seconds"],
            "numpy to OpenFisca": fisca["seconds"] / named["numpy int64"]["seconds"],
        },
        "bars": [
            bar("rows a second, to SQL by hand", ratio("seconds"), 0.9),
            bar("rows a second, to OpenFisca-core", fisca["seconds"] / ours["seconds"], 10),
            bar("wrong totals", ours["wrong_totals"], 0, least=False),
            bar("wrong rows", ours["wrong"], 0, least=False),
        ],
    }  # fmt: skip


def population(folder: Path, rows: int, rounds: int) -> Part:
    """All offers of the shipped programme over enterprises with five cost lines each, a tenth of them and all."""
    sizes = []
    for size in (max(1, rows // 10), rows):
        inside = folder / str(size)
        inside.mkdir()
        made.population(inside, size)
        (found,) = by_turns("many_runs.py", [{"folder": str(inside), "run": "population"}], rounds)
        found["lines_per_second"] = round(found["lines"] / found["row_stage_seconds"])
        sizes.append(found)
        for file in inside.iterdir():
            file.unlink()
    small, large = sizes
    exponent = math.log(large["seconds"] / small["seconds"]) / math.log(large["enterprises"] / small["enterprises"])
    return {
        "rounds": rounds, "sizes": sizes, "exponent": round(exponent, 3),
        "bars": [
            bar("cost lines a second in the row stage", large["lines_per_second"], 10_000_000),
            bar("seconds of the whole run", large["seconds"], 300, least=False),
            bar("peak memory, GB", large["peak_mb"] / GB, 4, least=False),
            bar("exponent from a tenth to all", exponent, 1.05, least=False),
            bar("wrong sums and answers", large["wrong_sums"] + large["wrong_answers"], 0, least=False),
        ],
    }  # fmt: skip


def parcels(folder: Path, rows: int, rounds: int) -> Part:
    """Parcels priced for each carrier, league and month, and told where they stand again."""
    sizes = []
    for size in (rows // 10, rows):
        inside = folder / str(size)
        inside.mkdir()
        made.parcels(inside, size, size // 10)
        tasks = [{"folder": str(inside), "run": run} for run in ("parcels", "by hand")]
        ours, by_hand = by_turns("many_runs.py", tasks, rounds)
        keys = ours["parcels"] + ours["paid"]
        sizes.append({
            **ours, "priced_per_second": round(size / ours["pricing_seconds"]), "keys": keys,
            "keys_per_second": round(keys / ours["duplicates_seconds"]), "by_hand": by_hand,
        })  # fmt: skip
        for file in inside.iterdir():
            file.unlink()
    small, large = sizes
    slope = {
        step: (large[f"{step}seconds"] - small[f"{step}seconds"]) / (large["parcels"] - small["parcels"])
        for step in ("", "pricing_", "duplicates_")
    }
    beyond = [
        {
            "parcels": name, "hours": round(slope[""] * count / 3600, 1),
            "pricing_hours": round(slope["pricing_"] * count / 3600, 2),
            "duplicates_hours": round(slope["duplicates_"] * count / 3600, 2),
            "hashes_gb": round(8 * count / 1e9, 1), "machines_for_a_day": math.ceil(slope[""] * count / 86_400),
        }
        for name, count in LARGE.items()
    ]  # fmt: skip
    off = sum(large[name] for name in ("wrong_sums", "missed", "false"))
    return {
        "rounds": rounds, "sizes": sizes, "extrapolated": beyond,
        "bars": [
            bar("parcels priced a second", large["priced_per_second"], 50_000_000),
            bar("keys looked for a second", large["keys_per_second"], 8_000_000),
            bar("peak memory, GB", large["peak_mb"] / GB, 4, least=False),
            bar("wrong sums, missed and false duplicates", off, 0, least=False),
        ],
    }  # fmt: skip


PARTS: dict[str, Callable[[Path, int, int], Part]] = {"five": five, "population": population, "parcels": parcels}


def printed(name: str, part: Part) -> None:
    """The tables of a part."""
    print(f"\n{name}, {part['rounds']} rounds, load {part['machine']['load'][0]}")
    if name == "five":
        columns = {"engine": "", "rows": "rows", "seconds": "s", "core_seconds": "core s", "rows_per_second": "rows/s",
                   "awards_seconds": "awards s", "totals_seconds": "totals s", "peak_mb": "MB", "wrong": "wrong",
                   "wrong_totals": "wrong totals"}  # fmt: skip
        print(table(part["engines"], columns))
        print("intake", part["intake"]["seconds"], "s")
        print(table([{"ratio": key, "is": value} for key, value in part["ratios"].items()], {"ratio": "", "is": ""}))
    elif name == "population":
        columns = {"enterprises": "enterprises", "lines": "lines", "row_stage_seconds": "row stage s",
                   "row_stage_core_seconds": "core s", "seconds": "s",
                   "core_seconds": "core s", "lines_per_second": "lines/s", "peak_mb": "MB",
                   "sums_checked": "sums", "wrong_sums": "wrong", "answers_checked": "answers",
                   "wrong_answers": "wrong"}  # fmt: skip
        print(table(part["sizes"], columns))
        print("exponent", part["exponent"])
        print(table([{"step": step, "s": s} for step, s in part["sizes"][-1]["steps"].items()], {"step": "", "s": "s"}))
    else:
        columns = {"parcels": "parcels", "paid": "earlier", "pricing_seconds": "pricing s",
                   "pricing_core_seconds": "core s", "priced_per_second": "priced/s", "duplicates_seconds": "keys s",
                   "duplicates_core_seconds": "core s", "keys_per_second": "keys/s",
                   "seconds": "s", "peak_mb": "MB", "told": "told", "missed": "missed", "false": "false",
                   "wrong_sums": "wrong sums"}  # fmt: skip
        print(table(part["sizes"], columns))
        by_hand = part["sizes"][-1]["by_hand"]
        print(
            f"by hand {by_hand['pricing_seconds']} s, {by_hand['pricing_core_seconds']} core s, "
            f"{by_hand['wrong_sums']} wrong sums"
        )
        print(f"extrapolated from the slope between the two sizes, machines of {CORES} cores as this one:")
        print(table(part["extrapolated"], {name: name.replace("_", " ") for name in part["extrapolated"][0]}))
    columns = {"what": "bar", "measured": "measured", "bar": "bar", "met": "met"}
    print(table(part["bars"], columns))


def main() -> None:
    """Run, print, and keep the figures."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("parts", nargs="*", metavar="PART", help=f"{', '.join(PARTS)}; all when none is named")
    parser.add_argument("--rows", type=int, help="cases, enterprises or parcels")
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    parser.add_argument("--data", type=Path, help="where the data are made and deleted; 15 GB at full size")
    parser.add_argument("--json", type=Path, help="where the figures are kept")
    given = parser.parse_args()
    if unknown := set(given.parts) - set(PARTS):
        parser.error(f"no such part: {', '.join(sorted(unknown))}")
    target = given.json or (HERE / "results" / "many.json" if given.rows is None else None)
    kept: dict[str, Any] = json.loads(target.read_text("utf-8")) if target and target.exists() else {}
    for name in given.parts or PARTS:
        before = machine()
        with tempfile.TemporaryDirectory(prefix="jarlig-bench-", dir=given.data) as folder:
            part = PARTS[name](Path(folder), given.rows or FULL[name], given.rounds)
        kept[name] = {"machine": before, **part}
        printed(name, kept[name])
        if target:
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text(json.dumps(kept, indent=1, ensure_ascii=False) + "\n", "utf-8")


if __name__ == "__main__":
    main()
