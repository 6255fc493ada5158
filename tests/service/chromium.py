"""A person at a real browser who walks as ``Walker`` does; nothing may break the page's security policy on the way."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any
from urllib.parse import urljoin, urlsplit
from xml.etree.ElementTree import Element

import html5lib
from tests.service.walker import Walker


class ChromiumWalker(Walker):
    """The same story with scripts, clicks and a keyboard."""

    def __init__(self, browser: Any, site: str, language: str) -> None:
        self.site, self.address, self.page = site, "/", Element("html")
        context = browser.new_context(viewport={"width": 1280, "height": 900})
        context.add_cookies([{"name": "django_language", "value": language, "url": site}])
        self.tab = context.new_page()
        self.tab.set_default_timeout(60_000)
        self.wrong: list[str] = []
        self.tab.on("pageerror", lambda error: self.wrong.append(str(error)))
        self.tab.on("console", lambda said: self._note(said))

    def go(self, address: str) -> Walker:
        """Types an address."""
        return self._seen(self.tab.goto(urljoin(self.site, address)))

    def press(self, button: str, **values: Any) -> Walker:
        """Fills in the form with that button and clicks it."""
        pressed = self.tab.get_by_role("button", name=button, exact=True).first
        form = pressed.locator("xpath=ancestor::form[1]")
        for name, value in values.items():
            fields = form.locator(f'[name="{name}"]')
            kind = fields.first.evaluate("one => one.tagName == 'INPUT' ? one.type : one.tagName.toLowerCase()")
            if kind in ("radio", "checkbox"):
                form.locator(f'[name="{name}"][value="{value}"]' if kind == "radio" else f'[name="{name}"]').check()
            elif kind == "select":
                fields.select_option(value)
            elif kind == "file":
                fields.set_input_files({"name": value.name, "mimeType": "application/zip", "buffer": value.getvalue()})
            else:
                fields.fill(str(value))
        with self.tab.expect_navigation() as going:
            pressed.click()
        return self._seen(going.value)

    def _seen(self, response: Any) -> Walker:
        self.response = SimpleNamespace(status_code=response.status)  # type: ignore[assignment]  # all that stories ask
        parts = urlsplit(self.tab.url)
        self.address = parts.path + (f"?{parts.query}" if parts.query else "")
        self.page = html5lib.HTMLParser(namespaceHTMLElements=False).parse(self.tab.content())
        assert self.wrong == []
        return self

    def _note(self, said: Any) -> None:
        if said.type == "error" and "Failed to load resource" not in said.text:
            self.wrong.append(said.text)
