"""Prints the code with which an empty installation is set up; nothing where it is set up."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from jarlig.service.bodies.setup_code import issue


class Command(BaseCommand):
    """For whoever migrates or starts an installation."""

    help = "Print the code with which this installation is set up, while it is empty."

    def handle(self, *args: Any, **options: Any) -> None:
        """Makes the code; the one before it is gone."""
        self.stdout.write(issue() or "", ending="")
