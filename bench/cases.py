"""The five shared rules: random cases and their exact answers in fen, by integer arithmetic that knows no engine."""

from __future__ import annotations

import random
from dataclasses import dataclass

CAPS = {"regional": 500_000_000, "industry": 400_000_000, "enterprise": 300_000_000}


@dataclass(frozen=True)
class Case:
    """One enterprise. Money in fen; the parcel rate in ten-thousandths of a yuan."""

    level: str
    newly_built: bool
    approved: bool
    invested: int
    interconnected: bool
    warehouse: int
    warehouse_before: int
    service_cost: int
    parcels: int
    parcel_rate: int


def cases(count: int, seed: int = 20220606) -> list[Case]:
    """So many cases, the same for the same seed."""
    r = random.Random(seed)
    return [
        Case(
            level=r.choice(list(CAPS)),
            newly_built=r.random() < 0.8,
            approved=r.random() < 0.7,
            invested=r.randrange(1_000_000, 5_000_000_000),
            interconnected=r.random() < 0.1,
            warehouse=r.randrange(1_000_000, 2_000_000_000),
            warehouse_before=r.randrange(0, 300_000_001),
            service_cost=r.randrange(10_000, 1_500_000_000),
            parcels=r.randrange(0, 2_000_000),
            parcel_rate=r.randrange(500, 6_000),
        )
        for _ in range(count)
    ]


def half_up(value: int, unit: int) -> int:
    """Whole units, a tie going up; values here are never negative."""
    return (2 * value + unit) // (2 * unit)


def answers(case: Case) -> tuple[int, int, int, int, int]:
    """The five awards in fen."""
    return (
        min(half_up(case.invested * 20, 100), CAPS[case.level]) if case.newly_built and case.approved else 0,
        500_000_000 if case.interconnected else 0,
        min(half_up(case.warehouse * 30, 100), 300_000_000 - case.warehouse_before),
        min(half_up(case.service_cost * 20, 100), 200_000_000),
        half_up(case.parcels * min(case.parcel_rate, 3_000), 100),
    )
