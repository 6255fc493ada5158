"""``python -m jarlig.service worker``."""

from __future__ import annotations

import argparse
from typing import Any

from django.core.management.base import BaseCommand

from jarlig.service.ground.worker import SILENCE, work


class Command(BaseCommand):
    """Runs the worker until it is told to end."""

    help = "Does the jobs that requests have put down. Ends on SIGTERM."

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        """One option, which tests shorten."""
        parser.add_argument(
            "--silence", type=float, default=SILENCE, help="seconds after which a silent worker counts as dead"
        )

    def handle(self, *_: Any, **options: Any) -> None:
        """Works."""
        work(silence=options["silence"])
