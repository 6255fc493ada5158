"""Hostile files handed in one by one, as a person would: refused with a sentence, or kept and harmless where served."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from tests.service.browsing import Browser
from tests.service.conftest import CLUSTER
from tests.service.documents.clamd import Clamd
from tests.service.documents.hostile import NEUTRALISED, REFUSED
from tests.service.enterprises.town import town

from jarlig.service.documents.models import StoredFile

ROOT = Path(__file__).parents[3]
MOST_MEGABYTES, MOST_SECONDS = 256, 5
EVERY = {**REFUSED, **NEUTRALISED}


@pytest.fixture
def files(tmp_path: Path) -> Iterator[Path]:
    """A folder of files of the test's own."""
    before, settings.FILES = settings.FILES, tmp_path / "files"
    yield tmp_path / "files"
    settings.FILES = before


@pytest.fixture
def scanner(tmp_path: Path) -> Iterator[str]:
    """A scanner that answers."""
    one = Clamd(tmp_path / "clamd")
    settings.SCANNER = one.path
    yield one.path
    settings.SCANNER = ""
    one.close()


def handed_in(name: str, person: str, files: Path, scanner: str, folder: Path) -> dict[str, dict[str, Any]]:
    """What each file of the corpus came to, measured in a process of its own."""
    orders = []
    for number, (called, made) in enumerate(EVERY.values()):
        path = folder / f"{number}"
        path.write_bytes(made() if callable(made) else made)
        orders.append({"person": person, "name": called, "path": str(path)})
    (folder / "list").write_text(json.dumps(orders), encoding="utf-8")
    env = {**os.environ, "JARLIG_DATABASE_URL": CLUSTER.addresses(name)[1], "JARLIG_FILES": str(files),
           "JARLIG_SCANNER": scanner, "PYTHONPATH": os.pathsep.join([str(ROOT / "src"), str(ROOT)])}  # fmt: skip
    done = subprocess.run([sys.executable, "-m", "tests.service.documents.handing_in", str(folder / "list")],
                          env=env, cwd=ROOT, capture_output=True, text=True, check=False)  # fmt: skip
    assert done.returncode == 0, done.stderr
    return dict(zip(EVERY, map(json.loads, done.stdout.splitlines()), strict=True))


def test_hostile_files_are_refused_or_can_do_nothing_and_take_little(
    own_db: str, files: Path, scanner: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    place = town()
    ana = place.people["ana"]
    came_to = handed_in(own_db, str(ana.pk), files, scanner, tmp_path)
    memory, processor = (max(one[what] for one in came_to.values()) for what in ("megabytes", "processor"))
    sys.stdout.write(f"\n{len(came_to)} hostile files: at most {memory} MB and {processor} s of the processor\n")
    assert [trick for trick in REFUSED if "refused" not in came_to[trick]] == []
    assert [trick for trick in NEUTRALISED if "kept" not in came_to[trick]] == []
    assert all(len(one["refused"]) > 5 for one in came_to.values() if "refused" in one)
    assert {trick: one for trick, one in came_to.items() if one["megabytes"] > MOST_MEGABYTES} == {}
    assert {trick: one for trick, one in came_to.items() if one["processor"] > MOST_SECONDS} == {}

    with place.acts("ana"):
        assert {str(pk) for pk in StoredFile.objects.filter(purpose="trial").values_list("pk", flat=True)} == {
            one["kept"] for one in came_to.values() if "kept" in one
        }
    monkeypatch.setattr(settings, "FILES_HOST", "localhost")
    browser, stranger = Browser(), Client(headers={"host": "localhost"})
    browser.sign_in("ana")
    for trick, (called, made) in NEUTRALISED.items():
        sent = browser.get(f"/files/{came_to[trick]['kept']}/")
        assert sent.status_code == 302 and sent["Location"].startswith("http://localhost/files/"), trick
        answer = stranger.get(sent["Location"].removeprefix("http://localhost"))
        assert answer.status_code == 200, trick
        assert b"".join(answer.streaming_content) == (made() if callable(made) else made), trick
        harmless(trick, called, answer.headers)


def harmless(trick: str, called: str, headers: Any) -> None:
    """Headers with which a browser saves bytes and runs nothing of them."""
    assert headers["Content-Security-Policy"] == "sandbox; default-src 'none'", trick
    assert headers["X-Content-Type-Options"] == "nosniff", trick
    assert headers["Content-Type"] in ("application/pdf", "image/png", "image/jpeg", "application/octet-stream"), trick
    said = headers["Content-Disposition"]
    assert said.startswith("attachment;") and said.isascii() and "\n" not in said and "\r" not in said, trick
    assert said.count('filename="') <= 1 or '\\"' in said, trick  # a quotation mark of the name is no end of it


def test_the_corpus_has_every_kind_that_is_taken_and_both_outcomes() -> None:
    endings = {called.rpartition(".")[2].lower() for called, _made in EVERY.values()}
    assert {"pdf", "jpg", "png", "xlsx", "csv", "ofd", "xml"} <= endings
    assert len(EVERY) >= 80 and len(NEUTRALISED) >= 15
