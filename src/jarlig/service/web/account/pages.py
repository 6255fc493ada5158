"""Class views of allauth as pages of ours (页面外壳): one form, its words, and 422 when something is wrong with it."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse

from jarlig.service.web.forms import UNPROCESSABLE


class FormPage:
    """Goes before a view of allauth that shows one form; gives its template the words it needs."""

    template_name = "form.html"

    def words(self) -> dict[str, Any]:
        """Title, button and, where there is one, an introduction."""
        raise NotImplementedError

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """What the template is given."""
        given: dict[str, Any] = super().get_context_data(**kwargs)  # type: ignore[misc]
        return {"intro": "", "back": "", "caption": "", "action": "", **given, **self.words()}

    def render_to_response(self, context: dict[str, Any], **more: Any) -> HttpResponse:
        """The page; 422 when the form has errors."""
        form = context.get("form")
        if form is not None and form.is_bound and form.errors:
            context["bad"] = True
            more.setdefault("status", UNPROCESSABLE)
        return super().render_to_response(context, **more)  # type: ignore[misc]


class WordsPage:
    """Goes before a view of allauth that only says something."""

    template_name = "account/words.html"

    def words(self) -> dict[str, Any]:
        """Title and text; ``href`` and ``link`` where there is somewhere to go."""
        raise NotImplementedError

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """What the template is given."""
        given: dict[str, Any] = super().get_context_data(**kwargs)  # type: ignore[misc]
        return {"href": "", "link": "", **given, **self.words()}
