"""Days are read exactly or not at all: never a part of what stands there."""

from __future__ import annotations

from datetime import date

import pytest

from jarlig.service.ground.days import read_day


@pytest.mark.parametrize("text", [
    "2024-05-10", "2024/5/10", "2024.05.10", "2024年5月10日", " 2024-05-10 ", "2024-05-10 00:00:00", "2024-05-10T00:00",
])  # fmt: skip
def test_a_day_is_read_as_people_write_it(text: str) -> None:
    assert read_day(text) == date(2024, 5, 10)


@pytest.mark.parametrize("text", [
    "", "2024-05-10 至 2025-05-10", "2024-05-10x", "2024-W19-5", "2024-05", "20240510", "2024-02-30", "2024-13-01",
    "0000-01-01", "2024-05-10 13:00:00", "٢٠٢٤-05-10", "2024-05-10\x00",
])  # fmt: skip
def test_what_is_no_day_is_not_guessed(text: str) -> None:
    assert read_day(text) is None
