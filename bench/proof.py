"""How long `jarlig check --prove` takes on the programmes that come with the package, beside `jarlig check` alone.

    python bench/proof.py [RUNS]

Each run is a fresh process, the whole command from start to exit, so the import of the solver is in it; seconds are
medians of the runs, both commands by turns. Counts of findings are those of the last run. Needs the extra `prove`.
Results are printed as JSON and written to bench/results/proof.json.
"""

from __future__ import annotations

import json
import os
import platform
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


def seconds(*arguments: str) -> float:
    """The seconds of one run of the command."""
    start = time.perf_counter()
    subprocess.run([sys.executable, "-m", "jarlig", *arguments], check=True, stdout=subprocess.DEVNULL)
    return time.perf_counter() - start


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
        "check_s": round(statistics.median(plain), 2),
        "check_prove_s": round(statistics.median(proved), 2),
        "ratio": round(statistics.median(proved) / statistics.median(plain), 2),
        "ladders": report.ladders,
        "findings": {status: found[status] for status in ("proved", "refuted", "not_proved", "none")},
        "warnings": Counter(warning.code for warning in report.warnings),
        "counterexamples": len(report.counterexamples),
        "worked_cases": report.cases.run if report.cases else 0,
    }


def main() -> None:
    """Measures both programmes."""
    runs = int(sys.argv[1]) if len(sys.argv) > 1 else 5
    machine = {"python": platform.python_version(), "cores": len(os.sched_getaffinity(0)), "runs": runs}
    result = {"machine": machine, "programmes": [measured(name, runs) for name in shipped()]}
    text = json.dumps(result, ensure_ascii=False, indent=2)
    (HERE / "results/proof.json").write_text(text + "\n", "utf-8")
    print(text)


if __name__ == "__main__":
    main()
