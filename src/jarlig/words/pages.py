"""What is told of a programme a part at a time (分页说明): an offer, the guides, the places, the clauses.

The handbook sets all of it on one page; a site gives each part an address of its own. Links inside are places of the
handbook (``#offer-2a``, ``#clause-2.1``, ``#guide-2023``, ``#target-1``); whoever lays them out says where those are.
"""

from __future__ import annotations

from functools import cached_property

from jarlig.engines.answer import Desk
from jarlig.policy import model
from jarlig.policy.cases import WorkedCase, read_cases
from jarlig.words.handbook_page import example, rest
from jarlig.words.handbook_page.book import Book
from jarlig.words.handbook_page.offers import OfferView, offer_view
from jarlig.words.handbook_page.overlays import GuideView, LocalView, guide_view, local_view
from jarlig.words.handbook_page.rest import Rest


class Pages:
    """The parts of a programme in one language, each made when it is first asked for and then kept.

    Args:
        programme: the rules; every word and figure comes from them.
        lang: ``zh`` or ``en``.
        desk: the engines for the worked examples; made when not given.
    """

    def __init__(self, programme: model.Programme, lang: str, desk: Desk | None = None) -> None:
        self.book = Book(programme, lang)
        self._desk = desk or Desk(programme)
        self._offers: dict[str, OfferView] = {}

    @cached_property
    def _cases(self) -> dict[str, WorkedCase]:
        return dict(read_cases(self.book.programme))

    def offer(self, name: str) -> OfferView:
        """An offer with an example worked by the engine.

        Raises:
            PolicyError: there is no such offer; what is wrong in it, in an overlay or in a worked case.
        """
        if name not in self._offers:
            worked = example.best(self._desk, self._cases, name)
            shown = None if worked is None else example.example(self.book, self._desk, worked, self._cases)
            self._offers[name] = offer_view(self.book, name, shown)
        return self._offers[name]

    def guides(self) -> list[GuideView]:
        """The yearly guides, the first year first."""
        views = {name: self.offer(name) for name in self.book.programme.offers}
        return [
            guide_view(self.book, plan, {name: view.years[index] for name, view in views.items()})
            for index, plan in enumerate(self.book.years.values())
        ]

    def locals(self) -> list[LocalView]:
        """The rules of places, in the order of their names."""
        return [local_view(self.book, local) for _, local in sorted(self.book.programme.locals.items())]

    def rest(self) -> Rest:
        """Targets, duties, registers, closing rules, readings, parameters and clauses."""
        return rest.rest(self.book)
