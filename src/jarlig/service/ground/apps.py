"""The room of the ground."""

from __future__ import annotations

from django.apps import AppConfig


class GroundConfig(AppConfig):
    """Watches every connection from its first moment: see ``context``."""

    name = "jarlig.service.ground"
    label = "ground"

    def ready(self) -> None:
        from django.db.backends.signals import connection_created

        from jarlig.service.ground.context import watch

        connection_created.connect(watch, dispatch_uid="jarlig.ground.watch")
