"""What every page knows: language, navigation, who is signed in, whether this is a demonstration."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest


def page(request: HttpRequest) -> dict[str, Any]:
    """The values that the layout needs."""
    return {}
