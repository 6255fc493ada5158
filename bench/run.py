"""Every bench, one after the other, and the page of their figures.

    PYTHONPATH=src python bench/run.py              all that can run here
    PYTHONPATH=src python bench/run.py many proof   some of them

Each writes its figures to bench/results/NAME.json; then bench/table.py makes docs/guide/benchmarks.md. What cannot run
here (a library or Java is missing) is told and left out; a bench that fails is told at the end, with exit code 1.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import time
from importlib.util import find_spec
from pathlib import Path

HERE = Path(__file__).parent
#: What each bench needs besides the package: libraries, and "java" the program.
BENCHES: dict[str, tuple[str, ...]] = {
    "exact": ("openfisca_core", "zen"),
    "many": ("duckdb", "openfisca_core", "zen"),
    "allocation": ("duckdb",),
    "proof": ("z3",),
    "simulate": ("duckdb",),
    "spark": ("pyspark", "java"),
}


def missing(name: str) -> list[str]:
    """What a bench needs and is not here."""
    found = [need for need in BENCHES[name] if not (shutil.which(need) if need == "java" else find_spec(need))]
    return found if (HERE / f"{name}.py").exists() else [f"bench/{name}.py", *found]


def main(asked: list[str]) -> int:
    """Run what was asked for, or all."""
    if unknown := set(asked) - set(BENCHES):
        print(f"no such bench: {', '.join(sorted(unknown))}; there are {', '.join(BENCHES)}", file=sys.stderr)
        return 2
    failed = []
    for name in asked or BENCHES:
        if needs := missing(name):
            print(f"\n== {name}: left out, there is no {', '.join(needs)}", flush=True)
            continue
        print(f"\n== {name}", flush=True)
        start = time.perf_counter()
        done = subprocess.run([sys.executable, str(HERE / f"{name}.py")], check=False)
        print(f"== {name}: {time.perf_counter() - start:,.0f} s", flush=True)
        if done.returncode:
            failed.append(name)
    subprocess.run([sys.executable, str(HERE / "table.py")], check=True)
    if failed:
        print(f"\nfailed: {', '.join(failed)}", file=sys.stderr)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
