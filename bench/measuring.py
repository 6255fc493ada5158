"""What every bench of many cases needs: engines in processes of their own, by turns, and facts of the machine."""

from __future__ import annotations

import gc
import json
import os
import platform
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Mapping
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
#: Cores that an engine may use.
CORES = 2
ROUNDS = 3
_LIBRARIES = ("duckdb", "pyarrow", "numpy", "pyspark", "openfisca-core", "zen-engine")


def timed(run: Callable[[], Any]) -> tuple[dict[str, float], Any]:
    """Seconds by the clock and of all cores together, and what came out."""
    gc.collect()
    start, work = time.perf_counter(), time.process_time()
    found = run()
    return {"seconds": time.perf_counter() - start, "core_seconds": time.process_time() - work}, found


def peak_mb() -> int:
    """The most memory that this process has held, in MB; what it was started from does not count."""
    for line in Path("/proc/self/status").read_text("ascii").splitlines():
        if line.startswith("VmHWM"):
            return int(line.split()[1]) // 1024
    raise OSError("VmHWM")


def java_peak_mb() -> int:
    """The most memory that Java processes started by this one have held, in MB."""
    total = 0
    for status in Path("/proc").glob("[0-9]*/status"):
        try:
            lines = status.read_text("ascii", "replace").splitlines()
        except OSError:  # it has ended since
            continue
        fields = dict(line.split(":", 1) for line in lines if ":" in line)
        if fields["Name"].strip() == "java" and int(fields["PPid"]) == os.getpid():
            total += int(fields["VmHWM"].split()[0]) // 1024
    return total


def child(script: str, task: Mapping[str, Any]) -> dict[str, Any]:
    """A task in a fresh process; its last line is what it found."""
    run = subprocess.run(
        [sys.executable, str(HERE / script), "--child", json.dumps(task)], stdout=subprocess.PIPE, text=True, check=True
    )
    found: dict[str, Any] = json.loads(run.stdout.splitlines()[-1])
    return found


def by_turns(script: str, tasks: Iterable[Mapping[str, Any]], rounds: int = ROUNDS) -> list[dict[str, Any]]:
    """Each task once a round, so that noise of the machine hits all alike; the first round checks what came out.

    A task that ``may_fail`` and does is left out with a word on stderr; its other rounds count.
    """
    tasks = list(tasks)
    found: list[list[dict[str, Any]]] = [[] for _ in tasks]
    for turn in range(rounds):
        for at, task in enumerate(tasks):
            try:
                found[at].append(child(script, {**task, "check": turn == 0}))
            except subprocess.CalledProcessError as error:
                if not task.get("may_fail"):
                    raise
                print(f"{task['engine']}: exit code {error.returncode}, left out of round {turn + 1}", file=sys.stderr)
    return [merged(runs) for runs in found if runs]


def merged(runs: list[dict[str, Any]]) -> dict[str, Any]:
    """The median of what is measured in seconds, the most of what is memory, all else from the first run."""
    result = dict(runs[0])
    for name, value in runs[0].items():
        if name.endswith("seconds"):
            result[name] = round(statistics.median(run[name] for run in runs), 3)
        elif name == "peak_mb":
            result[name] = max(run[name] for run in runs)
        elif isinstance(value, dict) and name == "steps":
            result[name] = {step: round(statistics.median(run[name][step] for run in runs), 2) for step in value}
    return result


def machine() -> dict[str, Any]:
    """Processor, cores, memory, versions and load: no name and no path."""
    processor = next(
        (line.split(":")[1].strip() for line in Path("/proc/cpuinfo").read_text("utf-8").splitlines()
         if line.startswith("model name")), platform.machine(),
    )  # fmt: skip
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") // 2**30
    versions = {}
    for name in _LIBRARIES:
        try:
            versions[name] = version(name)
        except PackageNotFoundError:
            continue
    return {
        "processor": processor,
        "cores": len(os.sched_getaffinity(0)),
        "memory_gb": memory,
        "python": platform.python_version(),
        "versions": versions,
        "load": [round(load, 1) for load in os.getloadavg()],
    }


def table(rows: list[Mapping[str, Any]], columns: Mapping[str, str]) -> str:
    """Rows as a small table; ``columns`` are keys and their headings."""
    cells = [list(columns.values()), *([shown(row.get(name)) for name in columns] for row in rows)]
    widths = [max(len(row[at]) for row in cells) for at in range(len(columns))]
    lines = []
    for first, *rest in cells:
        aligned = (cell.rjust(width) for cell, width in zip(rest, widths[1:], strict=True))
        lines.append("  ".join([first.ljust(widths[0]), *aligned]))
    return "\n".join(lines)


def shown(value: Any) -> str:
    """A figure as text."""
    if value is None:
        return "-"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int):
        return f"{value:,}"
    if isinstance(value, float):
        return f"{value:,.0f}" if abs(value) >= 1_000 else f"{value:.3g}"
    return str(value)
