"""Parcels are shared out to the last one, nobody has more than he may claim, and they come in batches."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, strategies as st

import jarlig
from jarlig.policy.messages import PolicyError
from jarlig.whatif import synth_parcels
from jarlig.whatif.synth_fit import Listed, Rules, rules_of
from jarlig.whatif.synth_parcels import Parcels, shared_out
from jarlig.whatif.synth_people import Maker
from jarlig.whatif.synth_profile import profile_for

NMG = jarlig.load("nmg-ecommerce-2022")
RULES: Rules = rules_of(NMG.desk, 2023)


def parcels(total: int, carriers: int = 5, seed: int = 3) -> Parcels:
    maker = Maker(RULES, profile_for("150000"), seed, 100, False, False, False, parcels=total)
    assert isinstance(RULES.parcels, Listed)
    ids = np.arange(10, 10 + carriers)
    return Parcels(maker, RULES.parcels, (ids, np.arange(carriers), np.full(carriers, 2023 * 12 + 4)))


@given(
    weights=st.lists(st.floats(0.01, 1e6), min_size=1, max_size=30),
    most=st.integers(1, 10**6),
    share=st.floats(0, 1),
)
def test_a_number_is_shared_out_whole_and_nobody_gets_more_than_the_bound(
    weights: list[float], most: int, share: float
) -> None:
    total = int(most * len(weights) * share)
    found = shared_out(total, np.array(weights), most)
    assert int(found.sum()) == total
    assert found.min() >= 0
    assert found.max() <= most


def test_a_heavier_carrier_has_more_parcels() -> None:
    assert list(shared_out(100, np.array([1.0, 3.0]), 1000)) == [25, 75]
    assert list(shared_out(100, np.array([1.0, 3.0]), 60)) == [40, 60]


def test_rows_come_sorted_by_case_and_add_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(synth_parcels, "BATCH", 700)
    tables = list(parcels(3_000).tables())
    assert [table.num_rows for table in tables] == [700, 700, 700, 700, 200]
    cases = [case for table in tables for case in table["case"].to_pylist()]
    assert cases == sorted(cases)
    assert set(cases) <= set(range(10, 15))
    digests = [one for table in tables for one in table["waybill_hash"].to_pylist()]
    assert len(set(digests)) == 3_000


def test_a_batch_is_known_from_the_seed_alone() -> None:
    one, same = (list(parcels(2_000).tables()) for _ in range(2))
    other = list(parcels(2_000, seed=4).tables())
    assert one[0].equals(same[0])
    assert not one[0].equals(other[0])


def test_a_distance_band_is_one_that_the_rules_of_the_place_know() -> None:
    places = Maker(RULES, profile_for("150000"), 1, 100, False, False, False).places
    (table,) = parcels(4_000, carriers=len(places)).tables()
    own = {10 + at: code[:4] for at, code in enumerate(places)}
    bands: dict[str, set[str]] = {}
    for row in table.to_pylist():
        bands.setdefault(own[row["case"]], set()).add(row["distance_band"])
    assert bands["1502"] == {"near", "middle", "far"}
    assert bands["1504"] == {"near", "middle", "far", "remote"}


def test_more_parcels_than_the_carriers_may_claim_are_refused() -> None:
    with pytest.raises(PolicyError) as error:
        parcels(5 * 20_000_000 + 1)
    assert error.value.problems[0].code == "E865"
    assert parcels(5 * 20_000_000).ends[-1] == 100_000_000


def test_a_thousand_million_parcels_are_begun_without_being_held() -> None:
    first = next(iter(parcels(10**9, carriers=60).tables()))
    assert first.num_rows == synth_parcels.BATCH
