"""A small made-up programme and cases for each of the eight outcomes, for the tests of words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from jarlig.engines.answer import Desk, Determination
from jarlig.engines.interval import Estimate, Missing
from jarlig.ladder.numbers import parse_date
from jarlig.policy.model import Programme
from jarlig.policy.reading import read_programme

FOLDER = Path(__file__).parent / "programme"
RENEW: dict[str, Any] = {
    "uscc": "U1",
    "registered_at": "150204",
    "tax_credit": "a",
    "on_list": False,
    "project_code": "P1",
    "grade": "street",
    "done_on": "2023-01-15",
    "costs": [
        {"invoice_no": "1", "net": "1000000.07", "category": "lamp", "paid_on": "2022-07-01"},
        {"invoice_no": "2", "net": "400000.00", "category": "cable", "paid_on": "2023-02-01"},
        {"invoice_no": "3", "net": "-100000.00", "reverses": "2"},
        {"invoice_no": "4", "net": "80000.00", "category": "other", "paid_on": "2022-07-01"},
        {"invoice_no": "5", "net": "90000.00", "category": "lamp", "paid_on": "2021-07-01"},
    ],
    "history": [
        {"offer": "renew", "on": "2022-08-01", "guide_year": 2022, "state": "paid", "approved": "500000.00",
         "uscc": "U1", "project_code": "P0"},
    ],
}  # fmt: skip


@dataclass
class _Said:
    """Stands for the interval engine: how a range is found is tested there, how it is told is tested here."""

    estimated: Estimate

    def estimate(self, *case: object, ranked: bool) -> Estimate:
        return self.estimated


class LampDesk(Desk):
    """A desk whose estimates are given by the test."""

    said = Estimate(0, None, ())

    def _estimator(self, plan: Any, ladder: Any) -> Any:
        return _Said(self.said)


@cache
def programme() -> Programme:
    """The programme, read once."""
    return read_programme(FOLDER)


@cache
def desk() -> LampDesk:
    """The desk of the programme, made once."""
    return LampDesk(programme())


def ask(
    offer: str, facts: Mapping[str, Any] = RENEW, on: str = "2023-06-01", at: str = "150204",
    said: Estimate = LampDesk.said, **more: Any,
) -> Determination:  # fmt: skip
    """The answer for an offer; ``said`` is what the estimate of a case with unknown facts gives."""
    desk().said = said
    return desk().determine(offer, facts, on=parse_date(on), at=at, **more)


def without(*names: str, **changed: Any) -> dict[str, Any]:
    """The facts of the renewal without some, and with others changed."""
    return {name: value for name, value in {**RENEW, **changed}.items() if name not in names}


def unfinished() -> Determination:
    """A renewal that is a range: history and tax credit unknown, and the category of line 5."""
    costs = [*RENEW["costs"][:4], {"invoice_no": "9", "net": "70000", "paid_on": "2022-08-01"}]
    worth = (("history", 25_000_000), ("tax_credit", 25_000_000), (("costs", 3, "category"), 1_400_000), ("grade", 0))
    said = Estimate(0, 25_000_000, tuple(Missing(key, fen) for key, fen in worth))
    return ask("renew", without("history", "tax_credit", costs=costs), said=said)


def answers() -> dict[str, Determination]:
    """One answer for each of the eight outcomes, and the other shapes an answer can have."""
    unbounded = Estimate(0, None, (Missing("costs", None),))
    return {
        "award": ask("renew"),
        "range": unfinished(),
        "undetermined": ask("renew", without("costs"), said=unbounded),
        "awaiting_guide": ask("model", {"score": "80.5"}),
        "needs_decision": ask("area", {"spent": "9000000"}),
        "not_eligible": ask("renew", without(tax_credit="d", on_list=True)),
        "closed": ask("renew", on="2023-12-01"),
        "lapsed": ask("renew", on="2025-08-01"),
        "no_guide": ask("model", {"score": "80"}, on="2025-05-05"),
        "not_opened": ask("renew", on="2024-05-01"),
        "too_early": ask("model", {"score": "80"}, on="2023-01-05"),
        "what_if": ask("model", {"score": "80"}, guide=2024),
        "information": ask("relief", {"profit": "1000000"}),
        "judged": ask("bonus", {}, said=Estimate(1_000_000, 5_000_000, (Missing("!amount", 4_000_000),))),
    }
