"""The room of documents."""

from __future__ import annotations

from django.apps import AppConfig


class DocumentsConfig(AppConfig):
    """No start-up work."""

    name = "jarlig.service.documents"
    label = "documents"
