"""What the tests of screens share: settings without a database, a reader in either language, a real browser."""

from __future__ import annotations

import os
import shutil
import threading
from collections.abc import Callable, Iterator
from socketserver import ThreadingMixIn
from typing import Any
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

import pytest
from django.contrib.staticfiles.handlers import StaticFilesHandler
from django.core.wsgi import get_wsgi_application
from django.db import connections
from django.test import Client, RequestFactory
from django.utils import translation

from jarlig.service.launch.cluster import Cluster
from jarlig.service.web.assets import build

LANGUAGES = ("zh-hans", "en")
CHROMIUM = (
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
)  # fmt: skip


@pytest.fixture(autouse=True)
def in_chinese() -> Iterator[None]:
    """Each test begins in the default language."""
    with translation.override("zh-hans"):
        yield


@pytest.fixture
def rf() -> RequestFactory:
    """Requests that no server has seen."""
    return RequestFactory()


@pytest.fixture
def reader(server: Cluster) -> Callable[[str], Client]:
    """A reader of a language, without a session."""

    def make(language: str = "zh-hans") -> Client:
        client = Client(raise_request_exception=False)
        client.cookies["django_language"] = language
        return client

    return make


class Quiet(WSGIRequestHandler):
    """A server that does not talk."""

    def log_message(self, *_words: Any) -> None:
        """Says nothing."""


class Threads(ThreadingMixIn, WSGIServer):
    """A server that a browser may ask several things at once."""

    daemon_threads = True

    def process_request_thread(self, request: Any, client_address: Any) -> None:
        """Answers, and leaves no connection to the database with a thread that ends."""
        try:
            super().process_request_thread(request, client_address)
        finally:
            connections.close_all()


@pytest.fixture(scope="session")
def site(server: Cluster) -> Iterator[str]:
    """The address of the site with its style sheet and script made."""
    build()
    server = make_server("127.0.0.1", 0, StaticFilesHandler(get_wsgi_application()), Threads, Quiet)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.fixture(scope="session")
def chromium(site: str) -> Iterator[Any]:
    """A real browser, which ends before the site; where there is none its tests are left out, unless all must run."""
    where = shutil.which("chromium")
    if where is None:
        assert os.environ.get("JARLIG_NEEDS") != "all", "Chromium is missing: install chromium and fonts-noto-cjk"
        pytest.skip("no Chromium on this machine")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=where, args=list(CHROMIUM))
        yield browser
        browser.close()


@pytest.fixture
def look(chromium: Any, site: str) -> Iterator[Callable[..., Any]]:
    """Opens a page in a language and at a width; afterwards nothing may have broken the security policy."""
    contexts: list[Any] = []
    wrong: list[str] = []

    def note(kind: str, text: str) -> None:
        if "Failed to load resource" not in text and "autocomplete" not in text:
            wrong.append(f"{kind}: {text}")

    def open_page(path: str, language: str = "zh-hans", width: int = 1280, script: bool = True) -> Any:
        context = chromium.new_context(viewport={"width": width, "height": 900}, java_script_enabled=script)
        context.add_cookies([{"name": "django_language", "value": language, "url": site}])
        contexts.append(context)
        page = context.new_page()
        page.on("console", lambda message: note(message.type, message.text))
        page.on("pageerror", lambda error: note("error", str(error)))
        if script:
            page.add_init_script(
                "document.addEventListener('securitypolicyviolation', e => console.error(e.violatedDirective))"
            )
        page.goto(site + path)
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert wrong == []
