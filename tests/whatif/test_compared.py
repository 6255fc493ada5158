"""What a comparison says of pools: which of them would pay another sum."""

import pytest

from jarlig.whatif.compared import PoolLine, Shares


def shares(size: int, approved: int | None) -> Shares:
    return Shares(size, 3, 900, "pro_rata", approved=approved)


@pytest.mark.parametrize(
    ("one", "other", "differs"),
    [
        (shares(600, 600), shares(300, 300), True),
        (shares(600, 600), shares(600, 600), False),
        (shares(600, 600), shares(300, None), False),  # an order or a person decides: nothing is said
        (shares(600, 600), None, False),
    ],
)
def test_a_pool_differs_where_both_sides_are_known_and_pay_another_sum(one, other, differs):
    assert PoolLine(2023, "industrial", ("2a",), (one, other)).differs is differs


def test_what_is_not_known_is_paid_as_nothing_in_no_sentence():
    assert PoolLine(2023, "industrial", ("2a",), (shares(600, 600), None)).paid == (600, 0)
