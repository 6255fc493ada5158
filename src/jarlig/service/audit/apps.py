"""The room of the act log."""

from __future__ import annotations

from django.apps import AppConfig


class AuditConfig(AppConfig):
    """No start-up work."""

    name = "jarlig.service.audit"
    label = "audit"
