"""From a form to an act and back (表单办理): what is wrong stands at its field, and nothing is kept."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from django import forms
from django.http import HttpRequest

from jarlig.service.ground.errors import Invalid

Done = TypeVar("Done")


def attempt(request: HttpRequest, form: forms.Form, does: Callable[[], Done]) -> Done | None:
    """What came of an act; None when the form was wrong, which is then told at its field, and nothing was changed."""
    if not form.is_valid():
        return None
    try:
        return does()
    except Invalid as wrong:
        request.undone = True
        form.add_error(wrong.field if wrong.field in form.fields else None, str(wrong))
        return None
