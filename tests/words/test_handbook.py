"""The handbook: one page a programme and language, complete, well formed and safe, made from the rules alone."""

from __future__ import annotations

import re
from functools import cache
from itertools import pairwise
from pathlib import Path

import pytest
from tests.words import lamps
from tests.words.pages import Page

import jarlig
from jarlig.ladder import nodes as n
from jarlig.ladder.kinds import CNY, Number
from jarlig.policy import model
from jarlig.policy.plans import Plan
from jarlig.policy.reading import read_files, read_programme
from jarlig.words import fmt
from jarlig.words.expressions import Speaker
from jarlig.words.handbook import render
from jarlig.words.handbook_page.book import fingerprint
from jarlig.words.handbook_page.sayings import LABELS

SHIPPED = sorted(path.parent for path in (Path(jarlig.__file__).parent / "programmes").glob("*/programme.yaml"))
FOLDERS = [lamps.FOLDER, *SHIPPED]
LANGUAGES = ("zh", "en")


@cache
def programme(folder: Path) -> model.Programme:
    return read_programme(folder)


@cache
def source(folder: Path, lang: str) -> str:
    return render(programme(folder), lang)


@cache
def page(folder: Path, lang: str) -> Page:
    return Page(source(folder, lang))


every_page = pytest.mark.parametrize(
    ("folder", "lang"), [pytest.param(f, lang, id=f"{f.name}-{lang}") for f in FOLDERS for lang in LANGUAGES]
)
every_programme = pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)


def lamp_files(**changed: str) -> dict[str, bytes]:
    """The files of the lamps programme with texts replaced, and files added under ``cases``."""
    files = dict(programme(lamps.FOLDER).files)
    return {**files, **{f"cases/{name}.yaml": text.encode() for name, text in changed.items()}}


# how the page is written


@every_page
def test_tags_are_balanced_and_carry_no_script_or_style_of_their_own(folder: Path, lang: str) -> None:
    assert page(folder, lang).faults == []
    assert source(folder, lang).startswith("<!DOCTYPE html>\n")


@every_page
def test_every_id_stands_once_and_every_link_leads_to_one(folder: Path, lang: str) -> None:
    seen = page(folder, lang)
    assert len(seen.ids) == len(set(seen.ids))
    assert {href for href in seen.hrefs if not href.startswith("#")} == set()
    assert {href[1:] for href in seen.hrefs} <= set(seen.ids)


@every_page
def test_the_page_asks_nothing_of_the_network(folder: Path, lang: str) -> None:
    text = source(folder, lang)
    found = re.findall(r"https?:|//[a-z]|url\(|@import|@font-face|<script|<link|<img|<iframe|\ssrc=|srcset", text)
    assert found == []


@every_page
def test_one_first_heading_and_none_skips_a_level(folder: Path, lang: str) -> None:
    levels = [level for level, _ in page(folder, lang).headings]
    assert levels.count(1) == 1
    after_first = levels[levels.index(1) :]
    assert all(later <= earlier + 1 for earlier, later in pairwise(after_first))


@every_page
def test_every_table_has_a_caption_rows_and_scoped_heads(folder: Path, lang: str) -> None:
    tables = page(folder, lang).tables
    assert tables
    assert [table for table in tables if not table.caption or table.unscoped or table.rows < 2] == []


@every_page
def test_a_skip_link_and_landmarks_lead_to_the_text(folder: Path, lang: str) -> None:
    tags = page(folder, lang).tags
    html = next(attributes for tag, attributes in tags if tag == "html")
    assert html["lang"] == {"zh": "zh-Hans", "en": "en"}[lang]
    first_link = next(attributes for tag, attributes in tags if tag == "a")
    assert first_link["href"] == "#text"
    assert ("main", {"id": "text"}) in tags
    assert [tag for tag, _ in tags if tag in ("header", "nav", "main", "footer")] == ["header", "nav", "main", "footer"]


@pytest.mark.parametrize("folder", SHIPPED, ids=lambda folder: folder.name)
def test_chinese_on_an_english_page_is_marked_as_chinese(folder: Path) -> None:
    assert page(folder, "en").foreign == []


def test_every_saying_has_both_languages_with_the_same_values() -> None:
    for key, words in LABELS.items():
        names = [sorted(re.findall(r"\{(\w+)\}", text)) for text in (words.zh, words.en)]
        assert names[0] == names[1] or key == "reading_copy", key
        assert words.en and (words.zh or key == "reading_copy"), key


@every_page
def test_the_same_rules_give_the_same_page(folder: Path, lang: str) -> None:
    assert render(read_files(programme(folder).files), lang) == source(folder, lang)


def test_a_change_of_any_file_changes_the_hash_on_the_page() -> None:
    files = lamp_files()
    before = fingerprint(files)
    assert before in source(lamps.FOLDER, "zh")
    assert all(fingerprint({**files, name: files[name] + b"\n"}) != before for name in files)
    assert fingerprint(dict(reversed(files.items()))) == before


# what the page says


@every_page
def test_every_offer_guide_place_target_duty_and_clause_has_its_place(folder: Path, lang: str) -> None:
    rules, seen = programme(folder), page(folder, lang)
    wanted = {
        *(f"offer-{name}" for name in rules.offers),
        *(f"guide-{year}" for year in rules.guides),
        *(f"local-{name}" for name in rules.locals),
        *(f"target-{name}" for name in rules.targets),
        *(f"duty-{name}" for name in rules.duties),
        *(f"register-{name}" for name in rules.registers),
        *(f"reading-{name}" for name in rules.readings),
        *(f"clause-{name}" for name in rules.clauses),
        *(f"closing-{rule.rule}" for rule in rules.closing),
        *(f"parameter-{name}" for name in rules.parameters),
    }
    assert wanted - set(seen.ids) == set()
    for titled in (*rules.offers.values(), *rules.targets.values(), *rules.duties.values()):
        assert fmt.sentence(titled.title[lang], lang) in seen.text


@every_page
def test_every_open_term_is_named_with_who_must_fill_it(folder: Path, lang: str) -> None:
    rules, text = programme(folder), source(folder, lang)
    start = text.index('<h2 id="open">')
    section = Page("<div>" + text[start : text.index("</section>", start)] + "</div>").text
    plan = Plan(rules, None)
    for name, offer in rules.offers.items():
        ladder = plan.ladder(name)
        speaker = Speaker(rules, offer, plan.fact_defs(name), lang, ladder)
        for term in ladder.open_terms:
            if term.filled_by != "parameter":
                assert fmt.sentence(speaker.term(term.term), lang) in section
                assert fmt.sentence(LABELS["filler." + term.filled_by][lang], lang) in section


def figures(rules: model.Programme) -> set[tuple[int, int, bool]]:
    """Every number that the notice writes as a figure of an offer: value, scale, and whether it is money."""
    plan, found = Plan(rules, None), set()
    for name in rules.offers:
        for step in plan.ladder(name).steps:
            if step.role in ("rate", "each", "formula", "cap", "limit", "floor", "base"):
                for node in n.walk(step.node):
                    if isinstance(node, n.Literal) and isinstance(node.kind, Number) and isinstance(node.value, int):
                        found.add((node.value, node.kind.scale, node.kind.unit == CNY))
    return {figure for figure in found if figure[0]}


@every_page
def test_every_figure_of_the_notice_stands_on_the_page(folder: Path, lang: str) -> None:
    text = page(folder, lang).text
    missing = []
    for value, scale, money in figures(programme(folder)):
        ways = [fmt.number(value, scale), fmt.percent(value, scale)]
        if money:
            ways.append(fmt.plain_money(value, scale))
        if not any(way in text for way in ways):
            missing.append((value, scale))
    assert missing == []


@every_page
def test_targets_pools_and_windows_stand_on_the_page_with_their_figures(folder: Path, lang: str) -> None:
    rules, text = programme(folder), page(folder, lang).text
    assert all(f"{target.at_least:,}" in text for target in rules.targets.values())
    for guide in rules.guides.values():
        assert fmt.period(guide.start, guide.end, lang) in text
        for pool in guide.pools.values():
            whole, _, part = pool.amount.text.replace("_", "").partition(".")
            assert f"{int(whole):,}.{part:0<2}" in text


@every_page
def test_illustrative_documents_are_marked_at_the_head(folder: Path, lang: str) -> None:
    rules, text = programme(folder), source(folder, lang)
    head = text[text.index("<body>") : text.index("<main")]
    samples = [overlay for overlay in rules.overlays() if overlay.sample]
    assert ('class="demo"' in head) is bool(samples or rules.sample)
    assert (LABELS["sample.programme"][lang] in head) is rules.sample


def test_chinese_binds_and_the_english_page_says_so() -> None:
    assert "the Chinese text binds" in source(lamps.FOLDER, "en")
    assert LABELS["reading_copy"].zh == ""


@every_page
def test_all_eight_answers_are_explained(folder: Path, lang: str) -> None:
    text = page(folder, lang).text
    assert sum(LABELS[key][lang] in text for key in LABELS if key.startswith("outcome.")) == 12 - 1


def test_conditions_are_told_with_their_window_and_subject() -> None:
    zh, en = page(lamps.FOLDER, "zh").text, page(lamps.FOLDER, "en").text
    assert "只支持1次（不限时间，按统一社会信用代码、项目编号累计）" in zh
    assert "Supported once (over all time, counted by credit code and project code)" in en
    assert "A sum from CNY 10,000.00 to CNY 50,000.00 that a person decides" in en
    assert "分期支付：验收后60%、一年后其余" in zh


# hostile texts

HOSTILE = """</title></style><script>alert(1)</script><b onmouseover="x">'&amp;"""


@pytest.mark.parametrize("lang", LANGUAGES)
def test_texts_of_a_hostile_programme_stay_texts(lang: str) -> None:
    quoted = "'" + HOSTILE.replace("'", "''") + "'"
    text_of_a_language = re.compile(rb"(?<![a-z_])(zh|en): (?:\"[^\"]*\"|[^{},\n]+)")
    files = {
        name: text_of_a_language.sub(lambda found: found.group(1) + b": " + quoted.encode(), text)
        for name, text in lamp_files().items()
    }
    files["programme.yaml"] = files["programme.yaml"].replace("甲政发〔2022〕7号".encode(), quoted.encode())
    made = render(read_files(files), lang)
    assert "<script" not in made and "<b onmouseover" not in made
    assert "&lt;/title&gt;&lt;/style&gt;&lt;script&gt;" in made
    seen = Page(made)
    assert seen.faults == []
    assert {href[1:] for href in seen.hrefs} <= set(seen.ids)
    assert HOSTILE in seen.text


# colours


def luminance(colour: str) -> float:
    digits = colour.lstrip("#")
    digits = "".join(c * 2 for c in digits) if len(digits) == 3 else digits
    parts = [int(digits[at : at + 2], 16) / 255 for at in (0, 2, 4)]
    red, green, blue = (p / 12.92 if p <= 0.03928 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


def test_every_text_colour_stands_out_on_its_ground() -> None:
    style = source(lamps.FOLDER, "zh")
    named = dict(re.findall(r"--([a-z0-9-]+): (#[0-9a-f]{3,6});", style))
    grounds = {
        "ink": ("paper", "felt", "dai-0", "ochre-0", "focus"),
        "ink-2": ("paper", "white", "felt", "dai-0"),
        "dai-6": ("paper", "white"),
        "dai-7": ("paper", "white", "dai-0"),
        "white": ("dai-9", "ink"),
    }
    for text, over in grounds.items():
        for ground in over:
            assert contrast(named[text], named[ground]) >= 4.5, (text, ground)
    tags = re.findall(
        r"\.tag[a-z-]* \{[^}]*background: (#[0-9a-f]{6}|var\(--[a-z0-9-]+\)); color: (#[0-9a-f]{6})", style
    )
    assert len(tags) >= 3
    for ground, text in tags:
        known = named[ground[6:-1]] if ground.startswith("var") else ground
        assert contrast(text, known) >= 4.5, (ground, text)
