"""The room of bodies."""

from __future__ import annotations

from django.apps import AppConfig


class BodiesConfig(AppConfig):
    """No start-up work."""

    name = "jarlig.service.bodies"
    label = "bodies"
