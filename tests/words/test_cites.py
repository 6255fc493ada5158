"""Citations: clause, guide, place, reading and default rule, marked when only illustrative."""

from dataclasses import replace

import pytest
from tests.words.lamps import programme

from jarlig.ladder.steps import Cite, Words
from jarlig.words.cites import citation, citations, overlay_name


@pytest.mark.parametrize(
    ("cite", "zh", "en"),
    [
        (Cite("notice", "1.1"), "〔第一条第一款〕", "[clause 1, sentence 1]"),
        (Cite("notice", "77"), "〔通知第77条〕", "[the notice, article 77]"),
        (Cite("guide:2023", "3", True), "〔2023年申报指南（示例）第3条〕",
         "[2023 application guide (sample), article 3]"),
        (Cite("guide:2023", "3.2", True), "〔2023年申报指南（示例）第3.2条〕",
         "[2023 application guide (sample), article 3.2]"),
        (Cite("guide:2024", ""), "〔2024年申报指南〕", "[2024 application guide]"),
        (Cite("guide:2024", "附件二"), "〔2024年申报指南“附件二”〕", "[2024 application guide, “附件二”]"),
        (Cite("guide:1999", "1", True), "〔1999年申报指南（示例）第1条〕",
         "[1999 application guide (sample), article 1]"),
        (Cite("local:x", "2"), "〔地方细则x第2条〕", "[local rules x, article 2]"),
        (Cite("reading", "r-1"), "〔解释口径：三年累计指通知有效期内累计〕",
         "[reading: Three years means the validity of the notice]"),
        (Cite("reading", "gone"), "〔解释口径：gone〕", "[reading: gone]"),
        (Cite("default", "1.1"), "〔默认规则，通知没有规定〕", "[default rule, the notice does not say]"),
    ],
)  # fmt: skip
def test_a_source_is_cited_as_an_office_cites(cite, zh, en):
    assert (citation(cite, programme(), "zh"), citation(cite, programme(), "en")) == (zh, en)


def test_a_citation_stands_once_and_in_order():
    cites = [Cite("notice", "2"), Cite("notice", "1.1"), Cite("notice", "2")]
    assert citations(cites, programme(), "zh") == "〔第二条〕〔第一条第一款〕"
    assert citations(cites, programme(), "en") == "[clause 2] [clause 1, sentence 1]"


def test_a_sample_is_marked_once_however_it_is_titled():
    guide = programme().guides[2023]
    local = replace(guide, kind="local", title=Words("实施细则（示例）", "local rules (sample)"))
    assert overlay_name(local, "zh") == "实施细则（示例）" and overlay_name(local, "en") == "local rules (sample)"
    plain = replace(local, title=Words("实施细则", "local rules"))
    assert overlay_name(plain, "zh") == "实施细则（示例）" and overlay_name(plain, "en") == "local rules (sample)"
    assert overlay_name(replace(plain, sample=False), "zh") == "实施细则"
    illustrative = replace(plain, title=Words("实施细则（虚构示例）", "local rules (illustrative)"))
    assert overlay_name(illustrative, "en") == "local rules (illustrative)"
