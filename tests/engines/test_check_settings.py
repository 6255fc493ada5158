"""Where a programme is looked at: which rules concern an offer, on which days, and at which place."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.tiny import tiny

from jarlig.engines.check_settings import Stand, concerns, days, settings, somewhere, where
from jarlig.ladder.dates import day_text
from jarlig.policy.plans import Plan, Plans

GUIDE, LOCAL = "guides/2023.yaml", "local/1502.yaml"


def test_a_place_concerns_the_offers_that_it_names_and_all_that_it_puts_gates_on(tmp_path: Path) -> None:
    programme = tiny(tmp_path / "a")
    (_, guide, local) = settings(programme)
    named = [offer for offer in programme.offers.values() if concerns(offer, local[1])]
    assert [offer.offer for offer in named] == ["1a"]
    assert all(concerns(offer, guide[1]) for offer in programme.offers.values())
    gates = (LOCAL, "lower:\n", "gates: {when: [registered_at.region = 150000], cites: '1'}\nlower:\n")
    programme = tiny(tmp_path / "b", gates)
    places = list(settings(programme))[2][1]
    assert all(concerns(offer, places) for offer in programme.offers.values())


@pytest.mark.parametrize(
    ("period", "want"),
    [
        ("from: 2023-01-01, to: 2024-12-31", ("2023-03-01", "2023-10-31")),
        ("from: 2023-05-01, to: 2023-06-30", ("2023-05-01", "2023-06-30")),
        ("from: 2023-10-31, to: 2024-12-31", ("2023-10-31", "2023-10-31")),
    ],
)
def test_all_documents_hold_on_the_days_that_they_share(tmp_path: Path, period: str, want: tuple[str, str]) -> None:
    programme = tiny(tmp_path, (LOCAL, "from: 2023-01-01, to: 2024-12-31", period))
    guide, places = list(settings(programme))[2]
    found = days(Plan(programme, guide, places).ladder("1a"), places)
    assert found is not None
    assert tuple(map(day_text, found)) == want


def test_rules_that_end_before_the_window_share_no_day_with_it(tmp_path: Path) -> None:
    programme = tiny(tmp_path, (GUIDE, "opens:", 'windows: {"1a": {from: 2023-09-01, to: 2023-09-30}}\nopens:'),
                     (LOCAL, "to: 2024-12-31", "to: 2023-08-31"))  # fmt: skip
    guide, places = list(settings(programme))[2]
    assert days(Plan(programme, guide, places).ladder("1a"), places) is None


def test_a_place_without_rules_of_its_own_is_found_and_first_among_those_a_pool_is_shared_by(tmp_path: Path) -> None:
    programme = tiny(tmp_path)
    guide = programme.guides[2023]
    plans = Plans(programme)
    code = somewhere(plans, programme.offers["1a"], guide, guide.start)
    assert plans.plan(guide.start, 2023, code).places == ()
    assert code.startswith("15") and code != "150200"


def test_a_stand_is_named_by_its_guide_and_place(tmp_path: Path) -> None:
    programme = tiny(tmp_path)
    assert where(None, ()).en == " (notice alone)"
    guide, places = list(settings(programme))[2]
    assert guide is not None
    ladder = Plan(programme, guide, places).ladder("1a")
    stand = Stand(programme.offers["1a"], ladder, guide, places, guide.start, guide.end, "150200")
    assert (stand.where.zh, stand.where.en) == ("（2023 年指南，1502）", " (guide 2023, 1502)")
