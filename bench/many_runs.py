"""Whole runs from files to file: all offers of the shipped programme over a population, and parcels with duplicates.

Sums over lines are computed again in numpy for every award that rests on them; of every offer some cases are asked of
the engine for one case. Parcels were counted and planted when they were made.
"""

from __future__ import annotations

import csv
import json
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow.compute as pc
import pyarrow.parquet as pq
from made import SPEC, digests
from measuring import CORES, peak_mb, timed

from jarlig.engines.answer import Question, environment
from jarlig.engines.sql import running
from jarlig.engines.sql.backend import Backend
from jarlig.engines.sql.duck import DuckBackend
from jarlig.engines.sql.repeated import Keys
from jarlig.ladder.steps import Words
from jarlig.library import load
from jarlig.policy.casefile import Facts
from jarlig.policy.facts import typed_facts

#: Cases that are asked again one by one, under every offer.
SAMPLE = 300


class Watched:
    """An engine that notes how long each table took."""

    def __init__(self, engine: Backend) -> None:
        self._engine = engine
        self.took: dict[str, dict[str, float]] = {}

    def __getattr__(self, name: str) -> Any:
        return getattr(self._engine, name)

    def keep(self, name: str, select: str) -> None:
        """See `Backend.keep`."""
        self._note(name, timed(lambda: self._engine.keep(name, select))[0])

    def add_up(self, name: str, rows: str, totals: Any) -> None:
        """See `Backend.add_up`."""
        self._note(name, timed(lambda: self._engine.add_up(name, rows, totals))[0])

    def _note(self, name: str, seconds: dict[str, float]) -> None:
        before = self.took.get(name, {})
        self.took[name] = {what: before.get(what, 0) + value for what, value in seconds.items()}

    def sum(self, start: str, name: str) -> dict[str, float]:
        """Seconds of the tables whose names begin so, as ``NAME_seconds`` and ``NAME_core_seconds``."""
        found = [one for table, one in self.took.items() if table.startswith(start)]
        return {f"{name}_{what}": sum(one[what] for one in found) for what in ("seconds", "core_seconds")}


class Steps:
    """Seconds from each thing that a run tells to the next."""

    def __init__(self) -> None:
        self.told: list[tuple[str, float]] = []

    def __call__(self, words: Words) -> None:
        self.told.append((words.en, time.perf_counter()))

    def seconds(self) -> dict[str, float]:
        """What was told, with its seconds; the last ends now."""
        ends = [at for _, at in self.told[1:]] + [time.perf_counter()]
        return {name: round(end - at, 2) for (name, at), end in zip(self.told, ends, strict=True)}


def ran(files: running.Files, offers: tuple[str, ...], options: running.Options) -> tuple[dict[str, Any], Any, Watched]:
    """A run on DuckDB within its usual memory."""
    model, steps, engines = load(SPEC["programme"]).model, Steps(), list[Watched]()

    def engine(folder: Path, inputs: Any) -> Any:
        engines.append(Watched(DuckBackend(folder, inputs, threads=CORES)))
        return engines[0]

    def run() -> running.Report:
        report = running.run(model, offers, files, options, engine, steps)
        told.update(steps.seconds())
        return report

    told: dict[str, float] = {}
    seconds, report = timed(run)
    return {**seconds, "peak_mb": peak_mb(), "steps": told}, report, engines[0]


# a population


def population(folder: Path, check: bool) -> dict[str, Any]:
    """All offers over all enterprises."""
    offers = tuple(load(SPEC["programme"]).model.offers)
    files = running.Files(
        folder / "cases.parquet", folder / "answer.parquet", history=folder / "history.parquet",
        rows={name: folder / f"{name}.parquet" for name in SPEC["lists"]},
    )  # fmt: skip
    found, report, engine = ran(files, offers, running.Options())
    found |= {
        "engine": "jarlig", "enterprises": report.cases, "offers": len(offers), "lines": sum(report.rows.values()),
        **engine.sum("sums_", "row_stage"), "answers": sum(line.cases for line in report.lines),
        "put_aside": report.rejects, "answer_gb": round(files.out.stat().st_size / 1e9, 2),
        "outcomes": outcomes(report),
    }  # fmt: skip
    if check:
        again, wrong = summed_again(folder)
        asked, parted = asked_again(folder, offers)
        found |= {"sums_checked": again, "wrong_sums": wrong, "answers_checked": asked, "wrong_answers": parted}
    files.out.unlink()
    return found


def outcomes(report: Any) -> dict[str, int]:
    """How many answers have each outcome."""
    found: dict[str, int] = {}
    for line in report.lines:
        found[line.outcome] = found.get(line.outcome, 0) + line.cases
    return found


def column(path: Path, name: str, read: Any) -> np.ndarray:
    """A column of a file as whole numbers, batch by batch."""
    file = pq.ParquetFile(path)
    return np.concatenate([read(batch.column(0)) for batch in file.iter_batches(1 << 20, columns=[name])])


def fen_of(cells: Any) -> np.ndarray:
    """The low halves of decimals with two decimals."""
    return np.frombuffer(cells.buffers()[1], np.int64)[2 * cells.offset :][: 2 * len(cells) : 2]


def day_of(cells: Any) -> np.ndarray:
    """Days since 1970; -1 where the cell is empty."""
    return pc.fill_null(cells.cast("int32"), -1).to_numpy(zero_copy_only=False)


def text_is(*words: str) -> Any:
    """Which of some words a cell is, from 0; -1 is none of them."""
    def read(cells: Any) -> np.ndarray:
        return pc.fill_null(pc.index_in(cells.cast("string"), value_set=pc.cast(list(words), "string")), -1).to_numpy()

    return read


def summed_again(folder: Path) -> tuple[int, int]:
    """Formula amounts that rest on sums over lines, computed in numpy: how many there are, and how many are wrong."""
    import duckdb

    on = column(folder / "cases.parquet", "on", day_of)
    checked = wrong = 0
    for one in SPEC["sums"]:
        path = folder / f"{one['list']}.parquet"
        case = column(path, "case", lambda cells: cells.to_numpy())
        net, paid = column(path, "net", fen_of).copy(), column(path, "paid_on", day_of)
        takes = column(path, "reverses", text_is("none")) < 0
        net[:-1] += np.where(takes[1:], net[1:], 0)  # what is taken back belongs to the line before
        low, high = (day.toordinal() - 719_163 for day in (one["from"], one["to"]))
        counted = np.where(~takes & (paid >= low) & (paid <= np.minimum(high, on[case])), net, 0)
        size = np.bincount(case, minlength=len(on))
        ends = np.cumsum(size)
        running_sum = np.append(0, np.cumsum(counted))
        sums = running_sum[ends] - running_sum[ends - size]
        share: Any = one["per_cent"]
        if isinstance(share, dict):
            share = np.array(list(share.values()))[column(folder / "cases.parquet", one["by"], text_is(*share))]
        formula = (2 * sums * share + 100) // 200
        got = duckdb.connect().execute(
            f"SELECT \"case\" AS n, CAST(formula_amount * 100 AS BIGINT) AS fen FROM '{folder / 'answer.parquet'}' "
            "WHERE offer = ? AND outcome = 'award'", [one["offer"]]
        ).fetchnumpy()  # fmt: skip
        checked += len(got["n"])
        wrong += int((formula[got["n"]] != got["fen"]).sum())
    return checked, wrong


def asked_again(folder: Path, offers: tuple[str, ...]) -> tuple[int, int]:
    """Some cases answered one by one: how many answers, and how many are others."""
    import duckdb

    base = duckdb.connect()
    total = pq.ParquetFile(folder / "cases.parquet").metadata.num_rows
    chosen = ", ".join(str(at) for at in range(0, total, max(1, total // SAMPLE)))

    def rows(name: str, where: str) -> list[dict[str, Any]]:
        found = base.execute(f"SELECT * FROM '{folder / name}.parquet' WHERE {where}")
        names = [column[0] for column in found.description]
        return [dict(zip(names, row, strict=True)) for row in found.fetchall()]

    cases = rows("cases", f'"case" IN ({chosen})')
    codes = ", ".join(f"'{case['uscc']}'" for case in cases)
    history = rows("history", f"uscc IN ({codes})")
    lists = {name: rows(name, f'"case" IN ({chosen})') for name in SPEC["lists"]}
    said = {
        (row["case"], row["offer"]): (row["outcome"], fen(row["formula_amount"]), fen(row["amount"]))
        for row in rows("answer", f'"case" IN ({chosen})')
    }
    wrong = 0
    programme = load(SPEC["programme"])
    for case in cases:
        plain: dict[str, Any] = facts(case)
        plain["history"] = [facts(row) for row in history if row["uscc"] == case["uscc"]]
        for name, lines in lists.items():
            plain[name] = [facts(line) for line in lines if line["case"] == case["case"]]
        for offer in offers:
            right = answer(programme.desk, offer, plain, case["on"].toordinal(), case["registered_at"])
            wrong += said[case["case"], offer] != right
    return len(cases) * len(offers), wrong


def facts(row: dict[str, Any]) -> dict[str, Any]:
    """Cells as a facts file has them."""
    return {
        name: str(value).lower() if isinstance(value, bool) else str(value)
        for name, value in row.items() if value is not None and name not in ("case", "on")
    } | ({"on": str(row["on"])} if "state" in row else {})  # fmt: skip


def fen(value: Any) -> int | None:
    """Yuan as fen."""
    return None if value is None else int(value * 100)


def answer(desk: Any, offer: str, plain: dict[str, Any], on: int, at: str) -> tuple[str, int | None, int | None]:
    """The answer of the engine for one case, strict: with anything unknown it is undetermined."""
    plan = desk.plans.plan(on, None, at)
    ladder = plan.ladder(offer)
    if not ladder.valid[0] <= on <= ladder.valid[1]:
        return "lapsed", None, None
    if ladder.state == "closed" or (ladder.window and not ladder.window[0] <= on <= ladder.window[1]):
        return "closed", None, None
    case = Facts(plain)
    typed = typed_facts(case, plan.fact_defs(offer), offer, None, desk.programme)
    said = desk.climber(ladder).climb(environment(typed, Question(offer, on, plan.guide.year, at)))
    if said.refused:
        return "not_eligible", None, None
    if ladder.state == "no_guide" or ladder.open_terms or (said.unknown and ladder.judged):
        told = desk.determine(offer, case, on=on, at=at)
        return "undetermined" if told.outcome == "range" else told.outcome, told.formula_amount, told.amount
    if said.unknown:
        return "undetermined", None, None
    return ("needs_decision", said.formula, None) if said.doubts else ("award", said.formula, said.award)


# parcels


@contextmanager
def watched_keys() -> Iterator[list[dict[str, float]]]:
    """Takes down the seconds of the search for keys that stand again."""
    took, find = list[dict[str, float]](), Keys.find

    def timed_find(self: Keys, *arguments: Any) -> None:
        seconds, _ = timed(lambda: find(self, *arguments))
        took.append(seconds)

    Keys.find = timed_find  # type: ignore[method-assign]
    try:
        yield took
    finally:
        Keys.find = find  # type: ignore[method-assign]


def parcels(folder: Path, check: bool) -> dict[str, Any]:
    """Parcels priced for each carrier, league and month, and told where a digest stands again."""
    spec = SPEC["parcels"]
    files = running.Files(
        folder / "carriers.parquet", folder / "answer.parquet", {"parcels": folder / "parcels.parquet"},
        paid={"parcels": folder / "paid.parquet"},
    )  # fmt: skip
    with watched_keys() as took:
        found, report, engine = ran(files, (spec["offer"],), running.Options(guide=spec["guide"]))
    rows = report.rows["parcels"]
    paid = pq.ParquetFile(folder / "paid.parquet").metadata.num_rows
    found |= {"engine": "jarlig", "parcels": rows, "paid": paid, "cases": report.cases, "told": report.repeated,
              **engine.sum("sums_0", "pricing"),
              **{f"duplicates_{name}": value for name, value in took[0].items()}}  # fmt: skip
    if check:
        found |= {"wrong_sums": wrong_sums(folder), **told_again(files.repeated, folder, rows)}
    files.out.unlink()
    files.repeated.unlink(missing_ok=True)
    return found


def wrong_sums(folder: Path) -> int:
    """Cases whose sum is another than what was counted when the parcels were made."""
    right = np.load(folder / "sums.npy")
    table = pq.read_table(folder / "answer.parquet", columns=["case", "amount"]).to_pydict()
    got = {case: fen(amount) for case, amount in zip(table["case"], table["amount"], strict=True)}
    return sum(got.get(case) != int(sum_) for case, sum_ in enumerate(right))


def told_again(path: Path, folder: Path, rows: int) -> dict[str, int]:
    """Planted parcels that were not told, and told ones that were not planted, by line and full key."""
    lines = planted(folder)
    right = {("within", line, key(line - 1 - rows // 2)) for line in lines["within"]}
    right |= {("against", line, key(line - 1)) for line in lines["against"]}
    with path.open(newline="", encoding="utf-8-sig") as stream:
        told = list(csv.DictReader(stream))
    got = {("within" if row["other"] else "against", int(row["line"]), row["key"]) for row in told}
    return {"planted": len(right), "missed": len(right - got), "false": len(got - right)}


def planted(folder: Path) -> dict[str, list[int]]:
    """The rows, from 1, whose digest an earlier row has, and those whose digest the earlier file has."""
    found = {}
    for name in ("within", "against"):
        with (folder / f"{name}.csv").open(newline="") as stream:
            found[name] = [int(row[0]) for row in csv.reader(stream)]
    return found


def key(serial: int) -> str:
    """The digest of a serial number."""
    return digests(np.array([serial])).tobytes().decode()


def priced_by_hand(folder: Path, check: bool) -> dict[str, Any]:
    """The same sums by hand-written SQL from the same file."""
    import duckdb

    leagues = SPEC["parcels"]["leagues"]
    base = duckdb.connect(config={"threads": CORES, "memory_limit": "3000MiB"})
    rates = " ".join(
        f"WHEN c.at = '{at}' AND p.distance_band = '{band}' THEN {rate}"
        for at, one in leagues.items() for band, rate in one["bands"].items()
    )  # fmt: skip
    query = (
        f'SELECT p."case", (sum(CASE {rates} END) + 50) // 100 AS fen, bool_or(p.distance_band IS NULL) AS unknown '
        f"FROM '{folder / 'parcels.parquet'}' p JOIN '{folder / 'carriers.parquet'}' c ON c.\"case\" = p.\"case\" "
        "WHERE substr(p.gacha, 1, 4) = substr(c.at, 1, 4) AND p.month = c.claim_month GROUP BY ALL"
    )
    run = f"CREATE OR REPLACE TABLE sums AS {query}"
    seconds, _ = timed(lambda: base.execute(run))
    found = {"engine": "by hand", **{f"pricing_{name}": value for name, value in seconds.items()},
             "peak_mb": peak_mb()}  # fmt: skip
    if check:
        right = np.load(folder / "sums.npy")
        got = dict(base.execute('SELECT "case", fen FROM sums').fetchall())
        found["wrong_sums"] = sum(int(got.get(case, 0)) != int(sum_) for case, sum_ in enumerate(right))
    return found


def main() -> None:
    """One task in this process."""
    task = json.loads(sys.argv[2])
    tasks = {"population": population, "parcels": parcels, "by hand": priced_by_hand}
    print(json.dumps(tasks[task["run"]](Path(task["folder"]), task["check"])))


if __name__ == "__main__":
    main()
