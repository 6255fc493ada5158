"""Static files as a browser gets them: kept for good under a name that says what is in them."""

from __future__ import annotations

import gzip
import hashlib
import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from typing import Any

import pytest

from jarlig.service.web.assets import MADE, build

#: What a server process says of some addresses, and what pages call the files; it reads the manifest as it starts.
ASKED = """
import json, sys, django
django.setup()
from django.conf import settings
from django.templatetags.static import static
from django.test import Client
client, said = Client(), {}
for name in json.loads(sys.argv[1]):
    for address in (static(name), "/static/" + name):
        answer = client.get(address, headers={"accept-encoding": "gzip"})
        body = b"".join(answer.streaming_content) if answer.streaming else answer.content
        said[address] = {"name": name, "status": answer.status_code, "body": body.hex(),
                         **{key.lower(): value for key, value in answer.items()}}
print(json.dumps(said))
"""


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, dict[str, Any]]]:
    """Every file of ours and one of another package, collected into an empty folder and asked for."""
    build()
    files = tmp_path_factory.mktemp("files")
    (files / "static").mkdir()
    environ = {**os.environ, "JARLIG_FILES": str(files)}
    subprocess.run([sys.executable, "-m", "django", "collectstatic", "--noinput", "-v0"], env=environ, check=True)
    names = json.dumps([*(f"jarlig/{name}" for name in MADE), "django_htmx/htmx-2.min.js"])
    done = subprocess.run([sys.executable, "-c", ASKED, names], env=environ, check=True, capture_output=True, text=True)
    yield json.loads(done.stdout)


def contents(answer: dict[str, Any]) -> bytes:
    raw = bytes.fromhex(answer["body"])
    return gzip.decompress(raw) if answer.get("content-encoding") == "gzip" else raw


def test_a_page_names_each_file_by_what_is_in_it_and_a_browser_keeps_it_for_good(
    told: dict[str, dict[str, Any]],
) -> None:
    hashed = {address: answer for address, answer in told.items() if address != f"/static/{answer['name']}"}
    assert len(hashed) == len(MADE) + 1
    for address, answer in hashed.items():
        assert re.search(r"\.[0-9a-f]{12}\.\w+$", address) and answer["status"] == 200
        assert "immutable" in answer["cache-control"] and "max-age=315360000" in answer["cache-control"]
        digest = hashlib.md5(contents(answer), usedforsecurity=False).hexdigest()[:12]
        assert f".{digest}." in address, "the name is that of other contents"


def test_the_plain_name_works_too_and_is_asked_for_again(told: dict[str, dict[str, Any]]) -> None:
    plain = [answer for address, answer in told.items() if address == f"/static/{answer['name']}"]
    assert len(plain) == len(MADE) + 1
    assert all(answer["status"] == 200 and "immutable" not in answer["cache-control"] for answer in plain)


def test_style_sheet_and_scripts_are_sent_compressed(told: dict[str, dict[str, Any]]) -> None:
    sizes = {answer["name"]: (len(answer["body"]) // 2, len(contents(answer))) for answer in told.values()}
    assert sizes["jarlig/jarlig.css"][0] < sizes["jarlig/jarlig.css"][1] / 4


def test_where_nothing_was_collected_pages_name_files_plainly() -> None:
    from django.templatetags.static import static

    assert static("jarlig/jarlig.css") == "/static/jarlig/jarlig.css"
