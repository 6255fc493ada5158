"""The room of enterprises."""

from __future__ import annotations

from django.apps import AppConfig


class EnterprisesConfig(AppConfig):
    """No start-up work."""

    name = "jarlig.service.enterprises"
    label = "enterprises"
