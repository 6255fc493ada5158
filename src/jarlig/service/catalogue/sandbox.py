"""Running the check of an uploaded folder apart from the server (隔离校验): with limits, and no way to the database.

Whatever the folder does to the process that reads it, the answer here is a report or a sentence.
"""

from __future__ import annotations

import base64
import contextlib
import importlib.util
import json
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from jarlig.service.ground.errors import Refused

#: Seconds by the clock on the wall, and how often the waiting side says that it is still there.
PATIENCE, TICK = 150.0, 2.0
#: Bytes of a report; more is none of ours.
MOST_REPORT = 8 << 20
MODULE = "jarlig.service.catalogue.check_child"
#: Characters that no text of the database can hold.
_UNKEPT = re.compile("[\x00\ud800-\udfff]")
_ROOT = Path(__file__).resolve().parents[3]


class Ended(Refused):
    """The check came to no report: the folder asks for more time or memory than a check is given, or broke it."""

    status = 422


def can_prove() -> bool:
    """Whether the solver of ``jarlig[prove]`` is there."""
    return importlib.util.find_spec("z3") is not None


def checked(
    files: Mapping[str, bytes], *, patience: float = PATIENCE, tick: Callable[[], object] | None = None,
    program: Sequence[str] = ("-m", MODULE),
) -> dict[str, Any]:  # fmt: skip
    """What the check says of the files of a folder.

    Args:
        files: contents by name.
        patience: seconds until the check is broken off.
        tick: called every other second while it runs, so that who waits is not taken for idle.
        program: what Python runs to check.

    Raises:
        Ended: when it was broken off, ran out of memory, or fell.
    """
    asked = {"files": {name: base64.b64encode(data).decode() for name, data in files.items()}, "prove": can_prove()}
    process = subprocess.Popen(
        [sys.executable, "-s", "-P", *program], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
        stderr=subprocess.PIPE, cwd="/", env=_environment(), start_new_session=True, close_fds=True,
    )  # fmt: skip
    try:
        out = _wait(process, json.dumps(asked).encode(), time.monotonic() + patience, tick)
    finally:
        _end(process)
    if process.returncode < 0 or (process.returncode and not out):
        raise _fallen(process.returncode)
    try:
        said = json.loads(out[:MOST_REPORT])
    except ValueError:
        raise _fallen(process.returncode) from None
    if not isinstance(said, dict) or "ended" in said:
        raise Ended(_("The check needs more memory than it is given."), field="folder", remedy=_remedy())
    kept: dict[str, Any] = _keepable(said)
    return kept


def _keepable(said: Any) -> Any:
    """The same with a sign in place of each character that no text of the database can hold."""
    if isinstance(said, dict):
        return {_keepable(name): _keepable(value) for name, value in said.items()}
    if isinstance(said, list):
        return [_keepable(value) for value in said]
    return _UNKEPT.sub("\ufffd", said) if isinstance(said, str) else said


def _environment() -> dict[str, str]:
    """No setting of the service: no address of a database, no key."""
    return {"PYTHONPATH": str(_ROOT), "PATH": os.defpath, "LANG": "C.UTF-8", "PYTHONDONTWRITEBYTECODE": "1",
            "OMP_NUM_THREADS": "1"}  # fmt: skip


def _wait(
    process: subprocess.Popen[bytes], asked: bytes, until: float, tick: Callable[[], object] | None
) -> bytes:  # fmt: skip
    given: bytes | None = asked
    while True:
        left = until - time.monotonic()
        if left <= 0:
            raise Ended(_("The check took too long and was broken off."), field="folder", remedy=_remedy())
        try:
            out, _errors = process.communicate(given, timeout=min(TICK, left))
        except subprocess.TimeoutExpired:
            given = None  # what was begun is sent on by itself
            if tick is not None:
                tick()
        else:
            return out


def _end(process: subprocess.Popen[bytes]) -> None:
    """Nothing of it runs on, whatever it started."""
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()
    for pipe in (process.stdin, process.stdout, process.stderr):
        if pipe is not None:
            with contextlib.suppress(BrokenPipeError):
                pipe.close()


def _fallen(code: int) -> Ended:
    if code == -signal.SIGXCPU or code == -signal.SIGKILL:
        return Ended(_("The check took too long and was broken off."), field="folder", remedy=_remedy())
    return Ended(_("The check broke on this folder; nothing was imported."), field="folder", remedy=_remedy())


def _remedy() -> Promise:
    return _("Run the check on the folder at your desk first: jarlig check FOLDER --prove.")
