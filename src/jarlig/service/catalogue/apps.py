"""The room of the catalogue."""

from __future__ import annotations

from django.apps import AppConfig


class CatalogueConfig(AppConfig):
    """No start-up work."""

    name = "jarlig.service.catalogue"
    label = "catalogue"
