"""The room of bodies."""

from __future__ import annotations

from django.apps import AppConfig


class BodiesConfig(AppConfig):
    """Reads every rule at the start: a rule that nobody has read would allow nothing and be told nowhere."""

    name = "jarlig.service.bodies"
    label = "bodies"

    def ready(self) -> None:
        """Reads the rules."""
        from jarlig.service.bodies.permission import read_rules

        read_rules()
