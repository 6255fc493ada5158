"""A person at a browser without scripts: reads pages strictly, follows links by their words, fills in forms."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from urllib.parse import urljoin, urlsplit
from xml.etree.ElementTree import Element

import html5lib
from django.http import HttpResponse
from django.test import Client

Page = Element


class Walker:
    """Goes from page to page as links and forms allow, and from nowhere else.

    Every page must be sound HTML; every form is sent with its token, its hidden fields and what stood in it.
    """

    def __init__(self, language: str = "zh-hans") -> None:
        self.client = Client(enforce_csrf_checks=True, raise_request_exception=True)
        self.client.cookies["django_language"] = language
        self.address = "/"
        self.page = Element("html")
        self.response = HttpResponse()

    # what is seen

    def text(self, inside: Element | None = None) -> str:
        """The words of the page, or of a part of it."""
        return " ".join("".join((self.page if inside is None else inside).itertext()).split())

    @property
    def title(self) -> str:
        """The first heading."""
        found = self.page.find(".//h1")
        return "" if found is None else self.text(found)

    def errors(self) -> list[str]:
        """What the error summary says."""
        return [self.text(one) for one in self._by_class("ul", "govuk-error-summary__list")]

    def buttons(self) -> list[str]:
        """The words on the buttons that can be pressed."""
        return [self.text(one) for one in self.page.iter("button") if one.get("disabled") is None]

    def has_button(self, words: str) -> bool:
        """Whether there is a button that says this."""
        return words in self.buttons()

    # what is done

    def go(self, address: str) -> Walker:
        """Types an address."""
        return self._arrive(self.client.get(address, follow=True), address)

    def click(self, words: str) -> Walker:
        """Follows the link that says this."""
        links = [one for one in self.page.iter("a") if self.text(one) == words or words in self.text(one).split(" · ")]
        assert links, f"no link {words!r} at {self.address}: {[self.text(one) for one in self.page.iter('a')]}"
        return self.go(urljoin(self.address, links[0].get("href", "")))

    def press(self, button: str, **values: Any) -> Walker:
        """Sends the form with that button; ``values`` by the names of fields, files as open files."""
        form, pressed = self._form(button)
        lists: dict[str, list[str]] = {}
        for name, value in self._fields(form):
            lists.setdefault(name, []).append(value)
        data: dict[str, Any] = {**{n: v if len(v) > 1 else v[0] for n, v in lists.items()}, **values}
        unknown = set(values) - self._names(form)
        assert not unknown, f"no fields {unknown} in the form {button!r}: {sorted(self._names(form))}"
        if pressed.get("name"):
            data[pressed.get("name", "")] = pressed.get("value", "")
        action = urljoin(self.address, pressed.get("formaction") or form.get("action") or self.address)
        if form.get("method", "get").lower() != "post":
            return self._arrive(self.client.get(action, data, follow=True), action)
        return self._arrive(self.client.post(action, data, follow=True), action)

    # how

    def _arrive(self, response: Any, address: str) -> Walker:
        if response.redirect_chain:
            address = urljoin(address, response.redirect_chain[-1][0])
        parts = urlsplit(address)
        self.address = parts.path + (f"?{parts.query}" if parts.query else "")
        self.response = response
        if "text/html" in response.get("Content-Type", ""):
            reader = html5lib.HTMLParser(strict=True, namespaceHTMLElements=False)
            self.page = reader.parse(response.content.decode())
        return self

    def _form(self, button: str) -> tuple[Element, Element]:
        seen = []
        for form in self.page.iter("form"):
            identity = form.get("id")
            inside = list(form.iter("button"))
            linked = [one for one in self.page.iter("button") if identity and one.get("form") == identity]
            for one in [*inside, *linked]:
                seen.append(self.text(one))
                if self.text(one) == button and one.get("disabled") is None:
                    return form, one
        raise AssertionError(f"no button {button!r} at {self.address}: {seen}; {self.title}; {self.errors()}")

    def _names(self, form: Element) -> set[str]:
        return {one.get("name", "") for one in form.iter() if one.tag in ("input", "select", "textarea")}

    def _fields(self, form: Element) -> Iterator[tuple[str, str]]:
        for one in form.iter():
            name = one.get("name", "")
            if not name or one.get("disabled") is not None:
                continue
            if one.tag == "input":
                kind = one.get("type", "text")
                if kind in ("checkbox", "radio") and one.get("checked") is None:
                    continue
                if kind not in ("submit", "button", "file", "image"):
                    yield name, one.get("value", "on" if kind == "checkbox" else "")
            elif one.tag == "textarea":
                yield name, "".join(one.itertext()).removeprefix("\n")
            elif one.tag == "select":
                options = list(one.iter("option"))
                chosen = [option for option in options if option.get("selected") is not None]
                for option in chosen or options[:1]:
                    yield name, option.get("value", self.text(option))

    def _by_class(self, tag: str, name: str) -> list[Element]:
        return [one for one in self.page.iter(tag) if name in one.get("class", "").split()]
