"""``python -m jarlig.service seed``."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from jarlig.service.demo.seed import seed


class Command(BaseCommand):
    """Makes the data of a demonstration; what is there already stays."""

    help = "Makes the data of the demonstration by acts. May be run again."

    def handle(self, *_: Any, **_options: Any) -> None:
        """Makes what is missing and says what was made."""
        for title, count in seed():
            self.stdout.write(f"{title}: {count}")
