"""Who walks a story: somebody without scripts, and somebody with a real browser."""

from __future__ import annotations

import os
import shutil
import threading
from collections.abc import Callable, Iterator
from wsgiref.simple_server import make_server

import pytest
from django.contrib.staticfiles.handlers import StaticFilesHandler
from django.core.wsgi import get_wsgi_application
from django.db import connection
from tests.service.chromium import ChromiumWalker
from tests.service.walker import Walker
from tests.service.web.conftest import CHROMIUM, Quiet, Threads

from jarlig.service.web.assets import build

NewWalker = Callable[[str], Walker]


@pytest.fixture(params=["plain", "chromium"])
def walker(request: pytest.FixtureRequest, own_db: str) -> Iterator[NewWalker]:
    """Makes walkers over a database of the test's own, each with cookies of their own."""
    if request.param == "plain":
        yield Walker
        return
    where = shutil.which("chromium")
    if where is None:
        assert os.environ.get("JARLIG_NEEDS") != "all", "Chromium is missing: install chromium and fonts-noto-cjk"
        pytest.skip("no Chromium on this machine")
    from playwright.sync_api import sync_playwright

    build()
    server = make_server("127.0.0.1", 0, StaticFilesHandler(get_wsgi_application()), Threads, Quiet)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    address = f"http://127.0.0.1:{server.server_port}"
    try:
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=where, args=list(CHROMIUM))
            yield lambda language="zh-hans": ChromiumWalker(browser, address, language)
            # Beside the browser's loop this thread has a connection of its own, and the next story would find it dead.
            connection.close()
            browser.close()
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
