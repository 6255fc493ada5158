"""The room of kept estimates."""

from __future__ import annotations

from django.apps import AppConfig


class EstimatesConfig(AppConfig):
    """No start-up work."""

    name = "jarlig.service.estimates"
    label = "estimates"
