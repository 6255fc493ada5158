"""The first programme, read once for all its tests."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import jarlig
from jarlig.engines.answer import Desk, Determination
from jarlig.ladder.numbers import parse_date
from jarlig.policy import model
from jarlig.policy.plans import Plan
from jarlig.policy.reading import read_programme

FOLDER = Path(jarlig.__file__).parent / "programmes" / "nmg-ecommerce-2022"
APPLICANT = {
    "uscc": "91150102MA0JRL1G6D",
    "registered_at": "150102",
    "registered_on": "2019-01-01",
    "tax_credit": "a",
    "on_dishonesty_list": False,
    "on_abnormal_list": False,
    "commitment_signed": True,
}

PLATFORM = {
    "project_code": "P1",
    "platform_level": "regional",
    "newly_built": True,
    "recognised_on": "2023-01-31",
}


@cache
def programme() -> model.Programme:
    """The programme as shipped."""
    return read_programme(FOLDER)


@cache
def desk() -> Desk:
    """A desk that answers under it."""
    return Desk(programme())


def plans() -> Iterator[Plan]:
    """Every guide, and none, with every city, and none."""
    found = programme()
    for guide in (None, *found.guides.values()):
        for places in ((), *((local,) for local in found.locals.values())):
            yield Plan(found, guide, places)


def ask(
    offer: str, facts: dict[str, Any], on: str = "2023-06-15", at: str = "150100", history: tuple[Any, ...] = ()
) -> Determination:
    """The answer for an applicant in good standing, with these facts besides."""
    case = {**APPLICANT, "history": list(history), **facts}
    return desk().determine(offer, case, on=parse_date(on), at=at)


def yuan(offer: str, facts: dict[str, Any], **asked: Any) -> str:
    """The award in yuan, or the outcome when there is none."""
    answer = ask(offer, facts, **asked)
    return answer.outcome if answer.amount is None else f"{answer.amount // 100:,}.{answer.amount % 100:02}"


def invoices(*nets: str, **columns: Any) -> list[dict[str, Any]]:
    """Cost lines of these sums, all paid in May 2023 to one seller for hardware, unless columns say otherwise."""
    common = {"seller": "91150102MA0JRL1G6D", "paid_on": "2023-05-10", "category": "hardware", **columns}
    return [{"invoice_no": f"2315200000{number:010d}", "net": net, **common} for number, net in enumerate(nets, 1)]


def services(*nets: str, **columns: Any) -> list[dict[str, Any]]:
    """The same lines as services paid for."""
    lines = invoices(*nets, **columns)
    return [{"payee": x["seller"], **{k: v for k, v in x.items() if k not in ("seller", "category")}} for x in lines]


def award(offer: str, on: str, approved: str, **keys: Any) -> dict[str, Any]:
    """An earlier award that was paid."""
    paid = {"approved": approved, "capped": approved, "recovered": "0", "state": "paid"}
    return {"offer": offer, "on": on, "guide_year": on[:4], "uscc": APPLICANT["uscc"], **paid, **keys}


def parcels(*bands: str, gacha: str = "150223102201", month: str = "2023-05") -> list[dict[str, str]]:
    """Parcels into one village, one for each band named."""
    return [
        {"waybill_hash": f"{number:064x}", "gacha": gacha, "month": month, "distance_band": band}
        for number, band in enumerate(bands, 1)
    ]
