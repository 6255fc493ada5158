"""The check of a folder that nobody has looked at yet, in a process of its own (受限校验).

``python -m jarlig.service.catalogue.check_child`` reads the files from its input and writes a report to its output;
it opens no other file, no socket and no database. Its limits are set before the first byte is read.
"""

from __future__ import annotations

import base64
import ctypes
import json
import os
import resource
import sys
from typing import Any

#: Seconds of processor time for reading the files, and for everything; bytes of memory; open files.
READING, CHECKING, MEMORY, OPEN = 10, 120, 2 << 30, 64
#: At most so many problems are told, and so many characters of each sentence.
MOST_TOLD, MOST_SAID = 500, 2_000
#: Seconds for each property, when a solver proves.
SECONDS = 5.0
_NEW_USER, _NEW_NET = 0x10000000, 0x40000000


def main() -> int:
    """Reads, checks, writes; exit code 0 when a report was written, whatever it says."""
    network = _limit()
    asked = json.loads(sys.stdin.buffer.read())
    files = {name: base64.b64decode(data) for name, data in asked["files"].items()}
    try:
        said = _report(files, bool(asked.get("prove")))
    except (MemoryError, RecursionError) as error:
        said = {"ended": type(error).__name__}
    said["network"] = network
    sys.stdout.buffer.write(json.dumps(said, ensure_ascii=False).encode("utf-8", "replace"))
    sys.stdout.buffer.flush()
    return 0


def _limit() -> str:
    """Sets the limits; says whether the network is cut off."""
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (READING, CHECKING + 5))
    resource.setrlimit(resource.RLIMIT_NOFILE, (OPEN, OPEN))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    if hasattr(os, "sched_setaffinity"):  # on one core the solver starts no processes, and the server keeps the others
        os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
    try:
        done = ctypes.CDLL(None, use_errno=True).unshare(_NEW_USER | _NEW_NET)
    except (OSError, AttributeError):  # a platform without namespaces
        done = -1
    return "apart" if done == 0 else "shared"


def _report(files: dict[str, bytes], prove: bool) -> dict[str, Any]:
    from jarlig.engines.check import check
    from jarlig.policy.messages import PolicyError
    from jarlig.policy.reading import read_files

    rules = {name: data for name, data in files.items() if name.endswith(".yaml")}
    try:
        programme = read_files(rules, "")
        resource.setrlimit(resource.RLIMIT_CPU, (CHECKING, CHECKING + 5))
        notice = _notice(files)
        report = check(programme, notice[1] if notice else None, notice[0] if notice else "notice", None,
                       SECONDS if prove else None)  # fmt: skip
    except PolicyError as error:
        return {"ok": False, "identity": None, "problems": [_told(one) for one in error.problems[:MOST_TOLD]],
                "count": len(error.problems)}  # fmt: skip
    cases = report.cases
    return {
        "ok": report.ok,
        "identity": _identity(programme),
        "problems": [_told(one) for one in (*report.problems, *report.warnings)[:MOST_TOLD]],
        "count": len(report.problems),
        "warnings": len(report.warnings),
        "proof": {
            "solver": report.solver,
            **{status: report.count(status) for status in ("proved", "not_proved", "refuted")},
            "offers": len(programme.offers),
            "ladders": report.ladders,
            "cases": cases.run if cases else 0,
            "failed": len(cases.failed) if cases else 0,
        },
    }


def _notice(files: dict[str, bytes]) -> tuple[str, str] | None:
    """The notice's text, where the folder brings it along."""
    for name in ("notice.zh.txt", "notice.txt"):
        if name in files:
            return name, files[name].decode("utf-8-sig", "replace")
    return None


def _identity(programme: Any) -> dict[str, Any]:
    from datetime import date

    def day(ordinal: int) -> str:
        return date.fromordinal(ordinal).isoformat()

    return {
        "key": programme.programme,
        "title_zh": programme.title.zh,
        "title_en": programme.title.en,
        "document": programme.document.number,
        "valid": [day(programme.valid[0]), day(programme.valid[1])],
        "region": programme.region,
        "leads": programme.interpreter,
        "guides": [
            {"year": guide.year, "title_zh": guide.title.zh, "title_en": guide.title.en, "document": guide.document,
             "file": guide.place.file, "sample": guide.sample, "first": day(guide.start), "last": day(guide.end)}
            for guide in programme.guides.values()
        ],
    }  # fmt: skip


def _told(problem: Any) -> dict[str, Any]:
    from jarlig.policy.messages import visible

    return {
        "code": problem.code,
        "file": problem.place.file[:MOST_SAID],
        "line": problem.place.line,
        "column": problem.place.column,
        "severity": problem.severity,
        "source": visible(problem.source_line, 200),
        **{name: getattr(problem, name)[:MOST_SAID] for name in ("zh", "en", "hint_zh", "hint_en")},
    }


if __name__ == "__main__":
    status = main()
    sys.stdout.flush()
    os._exit(status)  # nothing that a solver left behind is waited for
