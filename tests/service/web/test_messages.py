"""Interface texts: each has its Chinese, and the compiled file is the one that belongs to the readable one."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

from jarlig.service.web.messages import SERVICE, gather, path

PLACES = re.compile(r"%\(\w+\)s|\{\w+\}")


def test_both_files_are_fresh() -> None:
    found = gather()
    assert path("po").read_bytes() == found.po
    assert path("mo").read_bytes() == found.mo


def test_every_text_has_its_chinese() -> None:
    assert gather().missing == ()


def test_chinese_keeps_the_places_that_are_filled_in() -> None:
    text = path("po").read_text("utf-8")
    for source, chinese in re.findall(r'^msgid "(.+)"\nmsgstr "(.+)"$', text, re.M):
        assert sorted(PLACES.findall(source)) == sorted(PLACES.findall(chinese)), source


def test_chinese_is_written_with_chinese_signs() -> None:
    text = path("po").read_text("utf-8")
    for chinese in re.findall(r'^msgstr(?:\[0\])? "(.+)"$', text, re.M):
        assert not re.search(r"[\u4e00-\u9fff][,;:!?()]", chinese), chinese


def test_a_new_text_waits_for_its_chinese_and_an_old_one_leaves(tmp_path: Path) -> None:
    service = tmp_path / "service"
    shutil.copytree(SERVICE / "locale", service / "locale")
    (service / "web" / "templates").mkdir(parents=True)
    (service / "web" / "templates" / "a.html").write_text('{{ _("Back") }}{{ _("Wholly new") }}', "utf-8")
    found = gather(service)
    assert found.missing == ("Wholly new",)
    assert "返回" in found.po.decode() and "Sign out" not in found.po.decode()
