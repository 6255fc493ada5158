"""The handbook in a real browser: nothing runs off a phone's screen, and it prints on A4."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
from html import unescape
from pathlib import Path

import pytest
from tests.words.test_handbook import FOLDERS, LANGUAGES, source

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
QUIET = (
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
)  # fmt: skip
#: Says how wide the page is, which elements stick out of it, and whether tables that fold are still tables.
MEASURE = """
<script>
addEventListener("load", () => {
  const wide = document.documentElement.clientWidth;
  const inScroll = (one) => one.closest(".scroll, .contents") !== null;
  const out = [...document.querySelectorAll("main *, header *, footer *")]
    .filter((one) => one.getBoundingClientRect().right > wide + 1 && !inScroll(one))
    .map((one) => one.tagName + "." + one.className + " " + one.textContent.trim().slice(0, 40));
  const regions = [...document.querySelectorAll(".scroll")].map((one) => one.scrollWidth - one.clientWidth);
  const told = {wide, page: document.documentElement.scrollWidth, out: out.slice(0, 5), regions};
  parent.postMessage(JSON.stringify(told), "*");
});
</script>
"""


#: A window cannot be as narrow as a phone, a frame can.
FRAME = """<!DOCTYPE html><meta charset="utf-8"><body style="margin:0"><pre id="measured"></pre>
<script>
addEventListener("message", (told) => { document.getElementById("measured").textContent = told.data; });
</script>
<iframe src="framed.html" style="border:0;width:WIDTHpx;height:1500px"></iframe>
"""


@pytest.fixture(scope="module")
def browser() -> str:
    """The browser of this machine; passed over where there is none, unless CI is set."""
    found = next(filter(None, map(shutil.which, NAMES)), None)
    if found is None:
        assert "CI" not in os.environ, f"CI needs a browser: {', '.join(NAMES)}"
        pytest.skip("no Chromium on this machine, so pages are not laid out")
    return found


def run(browser: str, folder: Path, html: str, *options: str) -> str:
    """The browser's answer for a page, from a profile of its own."""
    page = folder / "page.html"
    page.write_text(html, encoding="utf-8")
    command = [browser, *QUIET, f"--user-data-dir={folder / 'profile'}", *options, page.as_uri()]
    return subprocess.run(command, check=True, capture_output=True, text=True, timeout=120).stdout


def measured(browser: str, folder: Path, html: str, width: int) -> dict[str, object]:
    """What the page says of its own width in a frame of so many pixels."""
    (folder / "framed.html").write_text(html.replace("</body>", MEASURE + "</body>"), encoding="utf-8")
    frame = FRAME.replace("WIDTH", str(width))
    dom = run(
        browser,
        folder,
        frame,
        "--window-size=1400,1600",
        "--hide-scrollbars",
        "--virtual-time-budget=5000",
        "--dump-dom",
    )
    found = re.search(r'<pre id="measured">(.+?)</pre>', dom)
    assert found, "the page never said how wide it is"
    told: dict[str, object] = json.loads(unescape(found.group(1)))
    return told


pages = pytest.mark.parametrize(
    ("folder", "lang"), [pytest.param(f, lang, id=f"{f.name}-{lang}") for f in FOLDERS for lang in LANGUAGES]
)


@pages
def test_nothing_runs_off_a_phone_of_360_pixels(browser: str, tmp_path: Path, folder: Path, lang: str) -> None:
    told = measured(browser, tmp_path, source(folder, lang), 360)
    assert told["wide"] == 360
    assert told["out"] == []
    assert told["page"] == 360


@pytest.mark.parametrize("lang", LANGUAGES)
def test_nothing_runs_off_a_desktop_and_no_table_needs_scrolling(browser: str, tmp_path: Path, lang: str) -> None:
    for folder in FOLDERS:
        told = measured(browser, tmp_path, source(folder, lang), 1280)
        assert (told["page"], told["out"]) == (1280, [])
        assert told["regions"] == [0]


def test_a_page_that_is_too_wide_would_be_noticed(browser: str, tmp_path: Path) -> None:
    plain = source(FOLDERS[0], "en")
    wide = plain.replace('<main id="text">', '<main id="text"><p class="num">' + "W" * 200 + "</p>")
    assert measured(browser, tmp_path, plain, 360)["page"] == 360
    assert measured(browser, tmp_path, wide, 360)["page"] != 360


@pytest.mark.parametrize("lang", LANGUAGES)
def test_it_prints_on_a4(browser: str, tmp_path: Path, lang: str) -> None:
    printed = tmp_path / "handbook.pdf"
    run(browser, tmp_path, source(FOLDERS[0], lang), "--no-pdf-header-footer", f"--print-to-pdf={printed}")
    content = printed.read_bytes()
    assert content.startswith(b"%PDF-")
    boxes = re.findall(rb"/MediaBox \[0 0 ([0-9.]+) ([0-9.]+)\]", content)
    assert len(boxes) > 1
    assert {(round(float(width)), round(float(height))) for width, height in boxes} == {(595, 842)}


@pytest.mark.parametrize("lang", LANGUAGES)
def test_nothing_runs_off_the_printed_page(browser: str, tmp_path: Path, lang: str) -> None:
    """The rules for paper are laid out on a screen as wide as A4 without its margins: 178 mm."""
    for folder in FOLDERS:
        on_paper = (
            source(folder, lang).replace("@media print", "@media all").replace("max-width: 640px", "max-width: 0")
        )
        told = measured(browser, tmp_path, on_paper, 673)
        assert (told["page"], told["out"], told["regions"]) == (673, [], [0])
