"""A programme told a part at a time says what the handbook says."""

from __future__ import annotations

from html import unescape

import pytest

from jarlig.library import load
from jarlig.policy.messages import PolicyError
from jarlig.words.handbook import render
from jarlig.words.pages import Pages

PROGRAMMES = ("nmg-ecommerce-2022", "sample-district-2024")


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("name", PROGRAMMES)
def test_each_offer_stands_in_the_handbook_word_for_word(name: str, lang: str) -> None:
    programme = load(name)
    pages, whole = Pages(programme.model, lang, programme.desk), unescape(render(programme.model, lang))
    for offer in programme.offers:
        view = pages.offer(offer)
        assert view.title in whole and view.payee in whole
        for rung in view.rungs:
            assert rung.text in whole
        if view.example:
            assert view.example.title in whole and view.example.rows[-1].amount in whole


def test_an_offer_is_made_once() -> None:
    pages = Pages(load("sample-district-2024").model, "zh")
    first = next(iter(pages.book.programme.offers))
    assert pages.offer(first) is pages.offer(first)


def test_an_unknown_offer_is_none() -> None:
    with pytest.raises(PolicyError, match="no such offer"):
        Pages(load("sample-district-2024").model, "zh").offer("no such offer")
