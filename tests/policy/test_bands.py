"""Bands in words: both edges visible, no gap, no overlap, nothing left out."""

import pytest

from jarlig.ladder.numbers import parse_decimal
from jarlig.policy.bands import edges, read_bands
from jarlig.policy.messages import PolicyError
from jarlig.policy.text import read_tree


def bands(*texts: str):
    lines = "\n".join(f"{text}: {at}" for at, text in enumerate(texts))
    return read_bands(read_tree(lines.encode(), "bands.yaml"), lambda key, text: parse_decimal(text)[0])


@pytest.mark.parametrize(
    ("texts", "cuts"),
    [
        (("under 20", "from 20"), ((20, False),)),
        (("up to 20", "over 20"), ((20, True),)),
        (("under 20", "20 to under 50", "from 50"), ((20, False), (50, False))),
        (("under 20", "20 to 50", "over 50"), ((20, False), (50, True))),
        (("up to 20", "over 20 to 50", "over 50 to under 80", "from 80"), ((20, True), (50, True), (80, False))),
        (("from 50", "under 20", "20 to under 50"), ((20, False), (50, False))),
    ],
)
def test_bands_are_read_in_order_whatever_order_they_are_written_in(texts, cuts):
    assert edges(bands(*texts)) == cuts


@pytest.mark.parametrize(
    ("texts", "what"),
    [
        (("under 20", "over 20"), "gap"),
        (("under 20", "from 30"), "gap"),
        (("up to 20", "from 20"), "edge is also in"),
        (("under 30", "from 20"), "overlap"),
        (("20 to under 50", "from 50"), "nothing below"),
        (("under 20", "20 to 50"), "nothing above"),
        (("under 20", "under 30", "from 30"), "overlap"),
    ],
)
def test_a_gap_or_an_overlap_is_told(texts, what):
    with pytest.raises(PolicyError) as caught:
        bands(*texts)
    (problem,) = caught.value.problems
    assert problem.code == "E602" and what in problem.en


@pytest.mark.parametrize("text", ["20", "below 20", "20-50", "50 to 20", "from", "under twenty", "<20"])
def test_a_band_that_cannot_be_read_shows_how_to_write_one(text):
    with pytest.raises(PolicyError) as caught:
        bands(text, "from 99")
    (problem,) = caught.value.problems
    assert problem.code == "E601" and "under B" in problem.hint_en
