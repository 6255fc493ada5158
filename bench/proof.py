"""How long `jarlig check --prove` takes on the programmes that come with the package, beside `jarlig check` alone.

    python bench/proof.py [RUNS]

Each run is a fresh process, the whole command from start to exit, so the import of the solver is in it; seconds are
medians of the runs, both commands by turns, by the clock and of all cores together (the clock also shows what else the
machine was doing: see the load). Counts of findings are those of the last run. Needs the extra `prove`.
Results are printed as JSON and written to bench/results/proof.json.
"""

from __future__ import annotations

import json
import os
import platform
import resource
import statistics
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path
from typing import Any

from jarlig.engines.check import check
from jarlig.policy.reading import read_programme
from jarlig.policy.shipped import shipped

HERE = Path(__file__).parent


def seconds(*arguments: str) -> tuple[float, float]:
    """The seconds of one run of the command, by the clock and of all cores together."""
    start, before = time.perf_counter(), resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run([sys.executable, "-m", "jarlig", *arguments], check=True, stdout=subprocess.DEVNULL)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return time.perf_counter() - start, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def measured(name: str, runs: int) -> dict[str, Any]:
    """Both commands on one programme, and what the proofs come to."""
    plain, proved = [], []
    for _ in range(runs):
        plain.append(seconds("check", name))
        proved.append(seconds("check", "--prove", name))
    report = check(read_programme(shipped()[name]), seconds=5)
    found = Counter(finding.status for finding in report.findings)
    return {
        "programme": name,
        "check_s": _median(plain, 0),
        "check_prove_s": _median(proved, 0),
        "ratio": round(_median(proved, 0) / _median(plain, 0), 2),
        "check_cpu_s": _median(plain, 1),
        "check_prove_cpu_s": _median(proved, 1),
        "ladders": report.ladders,
        "findings": {status: found[status] for status in ("proved", "refuted", "not_proved", "none")},
        "warnings": Counter(warning.code for warning in report.warnings),
        "counterexamples": len(report.counterexamples),
        "worked_cases": report.cases.run if report.cases else 0,
    }


def _median(runs: list[tuple[float, float]], which: int) -> float:
    return round(statistics.median(run[which] for run in runs), 2)


def main() -> None:
    """Measures both programmes."""
    runs = int(sys.argv[1]) if len(sys.argv) > 1 else 5
    load = round(os.getloadavg()[0], 1)
    cores = len(os.sched_getaffinity(0))
    machine = {"load_before": load, "python": platform.python_version(), "cores": cores, "runs": runs}
    result = {"machine": machine, "programmes": [measured(name, runs) for name in shipped()]}
    text = json.dumps(result, ensure_ascii=False, indent=2)
    (HERE / "results/proof.json").write_text(text + "\n", "utf-8")
    print(text)


if __name__ == "__main__":
    main()
