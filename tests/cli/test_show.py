"""``jarlig programmes`` and ``jarlig show``: what a programme and an offer hold, in both languages and each year."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.cli.conftest import Run
from tests.tiny import edited

from jarlig import library
from jarlig.words.layout import width


def squeezed(text: str) -> list[str]:
    """The lines without their padding."""
    return [" ".join(line.split()) for line in text.splitlines()]


def test_the_shipped_programmes_are_listed_with_their_documents(run: Run) -> None:
    for lang in ("zh", "en"):
        done = run("programmes", lang=lang)
        assert done.code == 0
        for name in library.shipped():
            assert name in done.out


def test_no_programme_at_all_is_said(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(library, "shipped", dict)
    assert run("programmes").out == "There is no programme here.\n"


def test_a_programme_tells_its_document_offers_targets_duties_guides_and_clauses(run: Run, folder: Path) -> None:
    lines = squeezed(run("show", folder).out)
    assert lines[0] == "Tiny programme (sample)"
    for line in (
        "document: 测发〔2022〕1号",
        "valid: 6 June 2022 to 5 June 2025",
        "Offers (2)",
        "id title for 2023",
        "1a new platform enterprise open",
        "3-events events ≥ 6 event validity",
        "4-publicity publicity Department of Commerce standing",
        "2023 guide (sample) 1 March 2023–31 October 2023 2",
        "1502 local rules (sample) 1 January 2023–31 December 2024 1",
        "Clauses (8)",
        "1.1 summary offer",
        "0 summary not encodable",
    ):
        assert line in lines, line


def test_a_programme_is_told_in_chinese_too(run: Run, folder: Path) -> None:
    lines = squeezed(run("show", folder, lang="zh").out)
    for line in (
        "测试方案（示例）",
        "编号 标题 对象 2023",
        "1a 新建平台补助 企业 开放",
        "3-events 活动 ≥ 6 场 有效期内",
    ):
        assert line in lines, line


@pytest.mark.parametrize(
    ("edit", "told"),
    [
        (('opens: ["1a", "2"]', 'opens: ["2"]'), "not open"),
        (("1a: {costs_from: 2022-06-06, eligible: [hardware]}", "1a: {costs_from: 2022-06-06}"), "awaits guide"),
    ],
)
def test_each_year_tells_how_an_offer_stands_in_it(run: Run, tmp_path: Path, edit: tuple[str, str], told: str) -> None:
    folder = edited(tmp_path, ("guides/2023.yaml", *edit))
    assert f"1a new platform enterprise {told}" in squeezed(run("show", folder).out)


def test_a_term_that_a_place_fills_waits_for_the_place(run: Run, tmp_path: Path) -> None:
    folder = edited(
        tmp_path,
        ("measures/01.yaml", "costs_from: {open: date,", "costs_from: {open: date, filled_by: local,"),
        ("guides/2023.yaml", "costs_from: 2022-06-06, ", ""),
    )
    assert "1a new platform enterprise awaits place" in squeezed(run("show", folder).out)
    page = squeezed(run("show", folder, "1a").out)
    assert "costs_from costs from the league or city 2023" in page


def test_an_offer_tells_who_gets_what_on_which_conditions_and_who_verifies(run: Run, folder: Path) -> None:
    done = run("show", folder, "1a")
    lines = squeezed(done.out)
    assert done.code == 0
    for piece in (
        "1a new platform",
        "clause 1.1: summary",
        "for: enterprise",
        "claimed: once",
        "2023 application guide (sample): open (1 March 2023 to 31 October 2023)",
        "level regional: CNY 4,000,000.00",
        "level industry: CNY 3,000,000.00",
        "costs_from costs from the yearly guide none",
        "newly_built newly built yes/no list",
        ".invoice_no invoice number invoice number",
    ):
        assert piece in lines, piece
    assert any(line.endswith("hardware hardware") for line in lines)
    assert "history earlier awards list; [] for none" in lines
    assert "✓ newly built [clause 1.1]" in lines
    assert any("20%" in line for line in lines)
    assert any("paid on" in line and line.startswith("–") for line in lines)


def test_what_an_offer_asks_without_defining_it_is_told_too(run: Run, tmp_path: Path) -> None:
    folder = edited(
        tmp_path,
        ("measures/01.yaml", "when: [newly_built, recognised_on <= on]", "when: [registered_at.league = at.league]"),
    )
    assert any(line.startswith("--at the place of") for line in squeezed(run("show", folder, "1a").out))
    assert not any(line.startswith("--at") for line in squeezed(run("show", folder, "2").out))


def test_bands_are_told_with_both_edges(run: Run, folder: Path) -> None:
    zh = squeezed(run("show", folder, "2", lang="zh").out)
    assert any("60分以上、不足80分" in line and "100,000.00元" in line for line in zh)


def test_a_year_like_the_one_before_is_not_told_again(run: Run, tmp_path: Path) -> None:
    guide = (edited(tmp_path / "a") / "guides/2023.yaml").read_text("utf-8")
    again = (
        guide.replace("guide: 2023", "guide: 2024").replace("from: 2023", "from: 2024").replace("to: 2023", "to: 2024")
    )
    folder = edited(tmp_path / "b", ("guides/2024.yaml", "", again.replace("（示例）", "（示例二）")))
    out = run("show", folder, "2").out
    assert "open (1 March 2024 to 31 October 2024)" in out
    assert out.count("as in the year before") == 1
    assert out.count("registered in the region") == 1


def test_the_notices_words_stand_beside_clauses_and_figures(run: Run, folder: Path, notice: Path) -> None:
    out = run("show", folder, "--notice", notice).out
    assert "“四、各地加强宣传。”" in out
    assert "“20%”" in run("show", folder, "1a", "--notice", notice).out
    assert "“20%”" not in run("show", folder, "1a").out


def test_a_clause_whose_text_has_changed_is_not_quoted(run: Run, folder: Path, notice: Path) -> None:
    notice.write_text(notice.read_text("utf-8").replace("各地加强", "各地应加强"), "utf-8")
    out = run("show", folder, "--notice", notice).out
    assert "各地" not in out
    assert out.count("not the text that was encoded") == 1


@pytest.mark.parametrize("name", library.shipped())
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_every_page_of_a_shipped_programme_fits_eighty_columns(run: Run, name: str, lang: str) -> None:
    read = library.load(name)
    for arguments in ([], *([offer] for offer in read.offers)):
        done = run("show", name, *arguments, lang=lang)
        assert (done.code, done.err) == (0, "")
        wide = [line for line in done.out.splitlines() if width(line) > 80 and "jarlig" not in line]
        assert wide == []


@pytest.mark.parametrize(
    ("offer", "code", "near"), [("1b", "E811", "1a"), ("3-events", "E813", ""), ("\x1b[2J", "E811", "")]
)
def test_what_is_no_offer_is_refused(run: Run, folder: Path, offer: str, code: str, near: str) -> None:
    done = run("show", folder, offer)
    assert (done.code, done.out) == (2, "")
    assert f"error[{code}]" in done.err
    assert near in done.err
    assert "\x1b" not in done.err


def test_a_broken_programme_is_told_with_line_and_caret(run: Run, tmp_path: Path) -> None:
    folder = edited(tmp_path, ("measures/01.yaml", "rate: 20%", "rate: 2o%"))
    for arguments in ([], ["1a"]):
        done = run("show", folder, *arguments)
        assert done.code == 2
        assert "   |   rate: 2o%\n   |         ^^^\n" in done.err


def test_a_folder_without_a_programme_is_told(run: Run, tmp_path: Path) -> None:
    done = run("show", tmp_path, lang="zh")
    assert (done.code, done.out) == (2, "")
    assert "错误[E111]" in done.err
