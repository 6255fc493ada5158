"""How long ten million claims in seven pools take, pro rata and exact: in memory and in SQL, and whether both agree.

    python bench/allocation.py            ten million claims
    python bench/allocation.py 200000     as many as said

Claims, days and pools are random but the same on every run; each pool holds between 60% and 66% of what is asked. The
clock runs from columns in memory (a table in the database) to the approved fen, remainder and reason of every row.
Medians of three; core seconds tell more where other work runs on the machine. Printed as JSON and written to
bench/results/allocation.json.
"""

from __future__ import annotations

import json
import os
import platform
import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
import pyarrow as pa

from jarlig.allocation import arrays, sql
from jarlig.allocation.model import WHYS, Terms

HERE = Path(__file__).parent
POOLS, CORES, RUNS = 7, 2, 3
#: At most so long, in seconds.
BARS = {"in_memory": 1.0, "sql": 6.0}
ORDER = ('"on"', '"case"')


def claims(count: int, seed: int = 20230601) -> dict[str, np.ndarray]:
    """Random claims: pool, capped amount in fen up to 5 million yuan, day, and the number of the case."""
    random = np.random.default_rng(seed)
    return {
        "pool": random.integers(0, POOLS, count).astype(np.int8),
        "amount_fen": random.integers(0, 500_000_001, count),
        "on": random.integers(0, 300, count).astype(np.int64),
        "case": random.permutation(count).astype(np.int64),
    }


def median(run: Callable[[], Any]) -> tuple[float, float, Any]:
    """Median seconds by the clock and of all cores together, and what the last run gave."""
    times, worked, made = [], [], None
    for _ in range(RUNS):
        start, work = time.perf_counter(), time.process_time()
        made = run()
        times.append(time.perf_counter() - start)
        worked.append(time.process_time() - work)
    return statistics.median(times), statistics.median(worked), made


def database(columns: dict[str, np.ndarray], sizes: list[int]) -> duckdb.DuckDBPyConnection:
    """The same claims as a table."""
    base = duckdb.connect(config={"threads": CORES, "memory_limit": "8GB"})
    made = pa.table({name: pa.array(values) for name, values in columns.items()})
    base.register("made", made)
    base.execute("CREATE TABLE claims AS SELECT *, '1a' AS offer, 0::BIGINT AS floor_fen, true AS firm FROM made")
    base.execute("CREATE TABLE pools (pool TINYINT, size_fen BIGINT, share VARCHAR, partial VARCHAR)")
    base.executemany("INSERT INTO pools VALUES (?, ?, 'pro_rata', 'cut')", list(enumerate(sizes)))
    return base


def main(count: int) -> None:
    """Run both, compare every row and every sum, print."""
    columns = claims(count)
    asked = [int(columns["amount_fen"][columns["pool"] == pool].sum()) for pool in range(POOLS)]
    sizes = [total * (60 + pool) // 100 for pool, total in enumerate(asked)]
    terms = [Terms(str(pool), size, "pro_rata") for pool, size in enumerate(sizes)]
    keys = (columns["on"], columns["case"])
    batch = arrays.Batch(columns["pool"], columns["amount_fen"], [keys] * POOLS)
    in_memory, memory_work, made = median(lambda: arrays.allocate(batch, terms, CORES))

    base = database(columns, sizes)
    text = sql.pro_rata("claims", "pools", ORDER)
    in_sql, sql_work, _ = median(lambda: base.execute(f"CREATE OR REPLACE TABLE shared AS {text}"))

    mine = pa.table({
        "case": columns["case"], "approved": made.approved, "remainder": made.remainders,
        "why": pa.DictionaryArray.from_arrays(pa.array(made.why), list(WHYS)),
    })  # fmt: skip
    base.register("mine", mine)
    (same,) = base.execute(
        'SELECT count(*) FROM mine m JOIN shared s USING ("case") WHERE m.approved = s.approved_fen '
        "AND m.remainder = s.remainder AND m.why = s.why"
    ).fetchone() or (0,)
    sums = dict(base.execute("SELECT pool, sum(approved_fen) FROM shared GROUP BY pool").fetchall())
    results = {
        "python": platform.python_version(),
        "machine": f"{platform.machine()}, {platform.system()}, {CORES} cores used",
        "claims": count,
        "pools": POOLS,
        "seconds": {"in_memory": round(in_memory, 3), "sql": round(in_sql, 3)},
        "core_seconds": {"in_memory": round(memory_work, 3), "sql": round(sql_work, 3)},
        "load_of_the_machine": [round(load, 1) for load in os.getloadavg()],
        "bars": BARS,
        "rows_equal": int(same),
        "all_rows_equal": int(same) == count,
        "sums_equal_pools": [int(sums[pool]) == size for pool, size in enumerate(sizes)],
        "sums_in_memory_equal_pools": [account.approved == account.size for account in made.accounts],
    }
    print(json.dumps(results, indent=1))
    (HERE / "results").mkdir(exist_ok=True)
    if count >= 10_000_000:
        (HERE / "results" / "allocation.json").write_text(json.dumps(results, indent=1) + "\n", "utf-8")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 10_000_000)
