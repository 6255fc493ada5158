"""Around the table of a match: the day, the place, the documents, and how far it can be relied on."""

from pathlib import Path

import jarlig
from jarlig.words.matching import head, notes

FIRMS = Path(jarlig.__file__).parent / "programmes/nmg-ecommerce-2022/enterprises"
PROGRAMME = jarlig.load("nmg-ecommerce-2022")


def answers(facts, **asked):
    return PROGRAMME.match(facts, on="2023-06-15", **asked)


def test_the_head_tells_programme_day_place_guide_and_local_rules():
    found = answers({"registered_at": "150203"})
    assert head(found, "en") == (
        "Inner Mongolia measures to speed up e-commerce · 内政办发〔2022〕39号",
        "applied for on 15 June 2023 · at Hondlon District (150203) · 2023 application guide (sample) · "
        "Baotou rules on e-commerce awards (illustrative)",
    )
    assert "申请日期2023年6月15日" in head(found, "zh")[1] and "昆都仑区" in head(found, "zh")[1]


def test_what_if_and_no_guide_are_said_in_the_head():
    assert "as if 2024" in head(answers({}, guide=2024), "en")[1]
    assert "no application guide applies" in head(PROGRAMME.match({}, on="2025-05-01"), "en")[1]


def test_the_notes_say_estimate_sample_and_a_missing_place():
    assert len(notes(answers({"registered_at": "150203"}), "zh")) == 2
    without = notes(answers({}), "en")
    assert any("--at" in note for note in without) and any("illustrative" in note for note in without)
