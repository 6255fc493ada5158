"""The room of applications."""

from __future__ import annotations

from django.apps import AppConfig


class ApplicationsConfig(AppConfig):
    """No start-up work."""

    name = "jarlig.service.applications"
    label = "applications"
