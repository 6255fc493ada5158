"""Class views of allauth as pages of ours (页面外壳): one form, its words, and 422 when something is wrong with it."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import Any

from django.http import HttpResponse
from django.views.generic.base import ContextMixin, TemplateResponseMixin

from jarlig.service.web.forms import UNPROCESSABLE


class FormPage(TemplateResponseMixin, ContextMixin, ABC):
    """Goes before a view of allauth that shows one form; gives its template the words it needs."""

    template_name = "form.html"

    @abstractmethod
    def words(self) -> dict[str, Any]:
        """Title, button and, where there is one, an introduction."""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """What the template is given."""
        given: dict[str, Any] = super().get_context_data(**kwargs)
        return {"intro": "", "back": "", "caption": "", "action": "", **given, **self.words()}

    def render_to_response(self, context: dict[str, Any], **more: Any) -> HttpResponse:
        """The page; 422 when the form has errors."""
        form = context.get("form")
        if form is not None and form.is_bound and form.errors:
            context["bad"] = True
            more.setdefault("status", UNPROCESSABLE)
        return super().render_to_response(context, **more)


class WordsPage(TemplateResponseMixin, ContextMixin, ABC):
    """Goes before a view of allauth that only says something."""

    template_name = "account/words.html"

    @abstractmethod
    def words(self) -> dict[str, Any]:
        """Title and text; ``href`` and ``link`` where there is somewhere to go."""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """What the template is given."""
        given: dict[str, Any] = super().get_context_data(**kwargs)
        return {"href": "", "link": "", **given, **self.words()}
