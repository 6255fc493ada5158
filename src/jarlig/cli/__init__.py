"""The command line."""

from __future__ import annotations

import sys


def main() -> None:
    """Runs the command ``jarlig`` with the arguments of this process and ends the process with its exit code."""
    from jarlig.cli.app import run

    sys.exit(run(sys.argv[1:]))
