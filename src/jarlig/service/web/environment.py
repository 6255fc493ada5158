"""The template environment of every page."""

from __future__ import annotations

from typing import Any

from django.templatetags.static import static
from django.urls import reverse
from jinja2 import Environment


def environment(**options: Any) -> Environment:
    """The environment in which pages are made: escaped, strict, with the functions that templates may call."""
    env = Environment(**options)
    env.globals.update(static=static, url=reverse)
    return env
