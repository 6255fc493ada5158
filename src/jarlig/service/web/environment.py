"""The template environment of every page: escaped, strict, bilingual."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import Any

from django.conf import settings
from django.templatetags.static import static
from django.urls import get_script_prefix, get_urlconf, reverse
from django.utils import translation
from jinja2 import ChainableUndefined, Environment, PackageLoader, PrefixLoader, StrictUndefined
from markupsafe import Markup

from jarlig.service.web import cells, figures, forms, status, svg


def environment(**options: Any) -> Environment:
    """The environment in which pages are made; a name that nobody gave is an error, never an empty place."""
    options |= {"undefined": StrictUndefined, "autoescape": True, "trim_blocks": True, "lstrip_blocks": True}
    env = Environment(extensions=["jinja2.ext.i18n"], **options)
    # The extension above adds this method to the object, where no type tells of it.
    env.install_gettext_callables(  # type: ignore[attr-defined]
        translation.gettext, translation.ngettext, newstyle=True,
        pgettext=translation.pgettext, npgettext=translation.npgettext,
    )  # fmt: skip
    env.globals.update(
        static=static, url=address, lang=language, govuk=govuk, field=forms.field, hidden=forms.hidden,
        formset=forms.formset, error_summary=forms.error_summary, tones=status.TONES,
        words_of_tone=status.of_tone,
        svg=svg, cell=cells.cell, tag=cells.tag,
    )  # fmt: skip
    env.filters.update(
        money=figures.money, number=figures.number, day=figures.day, moment=figures.moment, deadline=figures.deadline,
        phrases=figures.phrases, iso=figures.whole,
    )  # fmt: skip
    return env


def address(name: str, args: Sequence[Any] = ()) -> str:
    """The address of a page by its name; a list asks for the same ones again and again, so they are kept."""
    return _address(get_urlconf() or settings.ROOT_URLCONF, get_script_prefix(), name, tuple(map(str, args)))


@lru_cache(maxsize=4096)
def _address(urlconf: str, _prefix: str, name: str, args: tuple[str, ...]) -> str:
    return reverse(name, urlconf, args=args)


def language() -> str:
    """The language of this page as HTML names it: ``zh-Hans`` or ``en``."""
    return "zh-Hans" if (translation.get_language() or "zh").startswith("zh") else "en"


class Govuk:
    """The kept components (govuk-frontend), by name: ``govuk.button({'text': …})``.

    Their templates ask for parameters that nobody gave, so they live in an environment of their own that allows it.
    """

    def __init__(self) -> None:
        loader = PrefixLoader({"govuk_frontend_jinja": PackageLoader("govuk_frontend_jinja")})
        self._env = Environment(loader=loader, undefined=ChainableUndefined, autoescape=True)
        self._known: dict[str, Callable[..., Markup]] = {}

    def __getattr__(self, name: str) -> Callable[..., Markup]:
        """The component of this name, in snake case.

        Raises:
            AttributeError: when there is none.
        """
        if name.startswith("_"):
            raise AttributeError(name)
        if name not in self._known:
            path = f"govuk_frontend_jinja/components/{name.replace('_', '-')}/macro.html"
            if path not in self._env.list_templates():
                raise AttributeError(name)
            camel = "govuk" + re.sub(r"(?:^|_)(\w)", lambda found: found[1].upper(), name)
            self._known[name] = getattr(self._env.get_template(path).module, camel)
        return self._known[name]


govuk = Govuk()
