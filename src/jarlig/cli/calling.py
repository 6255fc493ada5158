"""How this command was started, so that a command which is printed can be pasted and runs."""

from __future__ import annotations

import os
import shlex
import shutil
import sys
from pathlib import Path

#: Set by the start script of a checkout, which nobody has on the path.
COMMAND = "JARLIG_COMMAND"


def pasteable(*arguments: str) -> str:
    """A command line that does what ``jarlig ARGUMENTS`` does, here and now."""
    return f"{_command()} {shlex.join(arguments)}"


def shown(path: Path) -> str:
    """A path as short as it can be said from where the user stands."""
    try:
        return str(path.relative_to(Path.cwd()))
    except ValueError:
        return str(path)


def _command() -> str:
    given = os.environ.get(COMMAND)
    if given:
        return given
    return "jarlig" if shutil.which("jarlig") else f"{shlex.quote(sys.executable)} -m jarlig"
