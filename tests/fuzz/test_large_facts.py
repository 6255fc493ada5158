"""Facts files of a million rows: answered to the fen, or refused with the line that is wrong."""

from __future__ import annotations

import json
import random
from pathlib import Path

import pytest

from jarlig.engines.answer import Desk
from jarlig.ladder.numbers import parse_date
from jarlig.policy.facts import read_facts
from jarlig.policy.messages import PolicyError
from jarlig.policy.reading import read_programme

PROGRAMME = Path(__file__).parents[2] / "src/jarlig/programmes/nmg-ecommerce-2022"
ROWS = 1_000_000
SELLER = "91350100M000100Y43"


@pytest.fixture(scope="module")
def desk() -> Desk:
    return Desk(read_programme(PROGRAMME))


def parcels(path: Path, extra: str = "") -> Path:
    """A file of parcels to one village, half of them in the month that is claimed."""
    head = {
        "uscc": SELLER,
        "registered_at": "150202",
        "tax_credit": "a",
        "on_dishonesty_list": False,
        "on_abnormal_list": False,
        "commitment_signed": True,
        "claim_month": "2023-04",
        "history": [],
    }
    with path.open("w", encoding="utf-8") as file:
        file.write(json.dumps(head)[:-1] + ', "parcels": [')
        for number in range(ROWS):
            month = "2023-04" if number % 2 else "2023-03"
            comma = "," if number else ""
            place = f'"gacha": "150221102001", "month": "{month}", "distance_band": "far"'
            file.write(f'{comma}\n{{"waybill_hash": "{number:064x}", {place}}}')
        file.write(f"{extra}]}}")
    return path


def test_a_million_parcels_are_paid_to_the_fen(desk, tmp_path):
    answer = desk.determine("14", read_facts(parcels(tmp_path / "p.json")), on=parse_date("2023-05-10"), at="150200")
    assert answer.outcome == "award"
    assert answer.amount == ROWS // 2 * 28
    rows = next(step.rows for step in answer.trace if step.rows)
    assert (rows.read, rows.counted) == (ROWS, ROWS // 2)


def test_a_repeated_parcel_among_a_million_names_both_lines(desk, tmp_path):
    again = f',\n{{"waybill_hash": "{7:064x}", "gacha": "150221102001", "month": "2023-04", "distance_band": "far"}}'
    path = parcels(tmp_path / "p.json", again)
    with pytest.raises(PolicyError) as caught:
        desk.determine("14", read_facts(path), on=parse_date("2023-05-10"), at="150200")
    (problem,) = caught.value.problems
    assert problem.code == "E805" and f"line {ROWS + 1} repeats line 8" in problem.en


def costs(seed: int) -> dict:
    """Two thousand invoices in any order, each third one cancelled in part, with a history in any order."""
    r = random.Random(seed)
    rows = []
    for number in range(1_500):
        invoice = f"23152{number:015d}"
        line = {
            "invoice_no": invoice,
            "seller": SELLER,
            "net": "100.00",
            "category": "hardware",
            "paid_on": "2023-02-01",
        }
        rows.append(line)
        if number % 3 == 0:
            rows.append(
                {**line, "invoice_no": f"23153{number:015d}", "net": "-40.00", "reverses": invoice, "paid_on": None}
            )
    r.shuffle(rows)
    history = [
        {
            "offer": "17",
            "uscc": SELLER,
            "on": f"2023-{month:02d}-01",
            "guide_year": 2023,
            "state": "approved",
            "approved": "100000",
            "recovered": "0",
            "id": str(month),
        }
        for month in range(1, 5)
    ]
    r.shuffle(history)
    gates = {
        "registered_at": "150102",
        "tax_credit": "a",
        "on_dishonesty_list": False,
        "on_abnormal_list": False,
        "commitment_signed": True,
    }
    return {"uscc": SELLER, **gates, "investment": rows, "history": history}


def test_the_order_of_lines_and_of_the_history_changes_nothing(desk):
    answers = [desk.determine("17", costs(seed), on=parse_date("2023-05-10")) for seed in range(3)]
    assert {answer.amount for answer in answers} == {(1_500 * 10_000 - 500 * 4_000) * 30 // 100}
