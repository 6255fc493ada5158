"""The handbook (办事手册): one self-contained page for a programme and a language, made from the rules alone."""

from __future__ import annotations

from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined

from jarlig.ladder.outcome import OUTCOMES
from jarlig.policy import model
from jarlig.words.handbook_page import rest
from jarlig.words.handbook_page.book import Book, fingerprint
from jarlig.words.pages import Pages

_PACKAGE, _FOLDER = "jarlig.words", "handbook_page"


def render(programme: model.Programme, lang: str) -> str:
    """The handbook of a programme as an HTML page that needs nothing else: no script, no font, no request.

    Args:
        programme: the rules; every word and figure of the page comes from them.
        lang: ``zh`` or ``en``. Chinese binds; the English page says that it is a reading copy.

    Raises:
        PolicyError: what is wrong in an offer, an overlay or a worked case.
    """
    loader = PackageLoader(_PACKAGE, _FOLDER)
    page = Environment(
        loader=loader,
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    style, _, _ = loader.get_source(page, "style.css")
    view = _view(Book(programme, lang))
    return page.get_template("page.html.jinja").render(style=style, **view)


def _view(book: Book) -> dict[str, Any]:
    pages = Pages(book.programme, book.lang)
    views = [pages.offer(name) for name in book.programme.offers]
    return {
        "book": book,
        "say": book.say,
        "lang": book.lang,
        "programme": book.programme,
        "head": rest.head(book, fingerprint(book.programme.files)),
        "offers": views,
        "years": list(book.years),
        "guides": pages.guides(),
        "locals": pages.locals(),
        "rest": pages.rest(),
        "outcomes": [(book.words("outcome." + name), book.say("outcome." + name)) for name in OUTCOMES],
    }
