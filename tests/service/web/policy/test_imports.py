"""The page of a folder that is being checked: it looks again by itself, says what stands still, and offers a way on."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from tests.service.catalogue.office import files, jobs_done, packed
from tests.service.ground.test_jobs import eventually, working
from tests.service.people import Installation
from tests.service.web.policy.conftest import Officer

from jarlig.service.launch.cluster import Cluster
from jarlig.service.web.security import POLICY

Sits = Callable[..., Officer]


def sent(author: Officer) -> str:
    folder = SimpleUploadedFile("tiny.zip", packed(files()), "application/zip")
    return str(author.send("/policy/import/", {"folder": folder}).headers["Location"])


@pytest.mark.parametrize(
    ("language", "words"), [("zh-hans", ("后台未运行", "文件夹已保存")), ("en", ("not running", "folder is kept"))]
)
def test_a_worker_that_is_down_is_told_and_the_page_looks_again(
    officer: Sits, language: str, words: tuple[str, ...]
) -> None:
    author = officer("author", language)
    page = author.page(sent(author))
    assert all(word in page for word in words)
    assert re.search(r'<meta http-equiv="refresh" content="15">', page) and "<noscript" not in page
    assert author.get("/policy/").headers["Content-Security-Policy"] == POLICY and "<script>" not in page
    assert words[0] in author.page("/policy/")


def test_nobody_else_sees_a_folder(officer: Sits) -> None:
    page = sent(officer("author"))
    for seat in ("second author", "publisher", "auditor", "author below"):
        assert officer(seat).get(page).status_code in (403, 404)
        assert page not in officer(seat).page("/policy/")


def test_the_page_leads_to_the_version_when_there_is_one(officer: Sits) -> None:
    author = officer("author")
    page = sent(author)
    jobs_done()
    answer = author.get(page)
    assert answer.status_code == 302 and answer.headers["Location"] == "/policy/tiny/versions/1/"
    assert "/policy/imports/" not in author.page("/policy/")


def test_a_check_that_was_cut_off_is_shown_and_done_again(officer: Sits, own_db: str, server: Cluster) -> None:
    author = officer("author", "en")
    page = sent(author)
    with server.superuser(own_db) as root:
        root.execute("DELETE FROM procrastinate_jobs")
    shown = author.page(page)
    assert "cut off" in shown and "refresh" not in shown and "Check again" in shown
    again = author.send(f"{page}again/", {}, page=page)
    assert again.headers["Location"] == page and jobs_done() == 1
    assert author.get(page).headers["Location"] == "/policy/tiny/versions/1/"


def test_a_real_worker_brings_the_page_from_waiting_to_its_version(
    officer: Sits, made: Installation, own_db: str, server: Cluster
) -> None:
    author = officer("author")
    page = sent(author)
    seen: set[str] = set()

    def through() -> bool:
        answer = author.get(page)
        if answer.status_code == 302:
            return True
        seen.update(word for word in ("等待校验", "正在校验", "后台未运行") if word in answer.content.decode())
        return False

    with working(server, own_db):
        eventually(through)
    assert seen - {"后台未运行"} and "已校验" in author.page("/policy/tiny/versions/1/")
