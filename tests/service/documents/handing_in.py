"""A process that hands files in, each in a process of its own, and says what each came to and what it took.

``python -m tests.service.documents.handing_in LIST``: of a JSON list of ``{person, name, path}`` each gives a line.
Memory is the most that the process held, the service in it counted in.
"""

from __future__ import annotations

import json
import os
import resource
import sys
import time
from pathlib import Path
from typing import Any
from uuid import UUID

import django

SECONDS = 60  # of the processor, after which the system ends a process: far more than is allowed


def main() -> None:
    """Does what the list says."""
    django.setup()
    from jarlig.service.documents.acts import store_file as _ready  # noqa: F401 - each process begins with it

    for one in json.loads(Path(sys.argv[1]).read_text(encoding="utf-8")):
        sys.stdout.write(json.dumps(measured(one)) + "\n")
        sys.stdout.flush()


def measured(one: dict[str, str]) -> dict[str, Any]:
    """One file in a process of its own."""
    reads, writes = os.pipe()
    began = time.monotonic()
    child = os.fork()
    if child == 0:
        resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
        os.write(writes, json.dumps(handed_in(one)).encode())
        os._exit(0)
    os.close(writes)
    _child, status, used = os.wait4(child, 0)
    took = time.monotonic() - began
    with os.fdopen(reads, "rb") as told:
        said = told.read()
    found: dict[str, Any] = json.loads(said) if said else {"fault": f"ended with {status}"}
    return {**found, "seconds": round(took, 3), "processor": round(used.ru_utime + used.ru_stime, 3),
            "megabytes": used.ru_maxrss // 1024}  # fmt: skip


def handed_in(one: dict[str, str]) -> dict[str, str]:
    """What the act says of one file."""
    from jarlig.service.documents.acts.store_file import store_file
    from jarlig.service.ground.context import Who, acting
    from jarlig.service.ground.errors import Invalid

    with Path(one["path"]).open("rb") as source:
        try:
            with acting(Who(role="jarlig_person", person=UUID(one["person"]))):
                return {"kept": str(store_file(source, one["name"], purpose="trial").pk)}
        except Invalid as refused:
            return {"refused": str(refused), "remedy": refused.remedy}
        except Exception as fault:  # noqa: BLE001 - whatever it is, it is what the trial looks for
            return {"fault": repr(fault)}


if __name__ == "__main__":
    main()
