"""Every page that somebody is shown: in one language, without words of the machine, and with no link into a wall."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urljoin, urlsplit
from xml.etree.ElementTree import Element

import html5lib
import pytest
from babel.messages.pofile import read_po
from django.db import connection
from django.urls import Resolver404, resolve, reverse
from tests.service.test_matrix import asks, expected
from tests.service.things import THINGS, Reader, World, apart

from jarlig.service.bodies.log import title
from jarlig.service.launch.cluster import Cluster
from jarlig.service.web.messages import path
from jarlig.service.web.permissions import Route, load_rules, routes

load_rules()
#: Pages for people to look at; the gallery of components says all in both languages.
ROUTES = [one for one in routes() if not one.path.startswith(("components", "/components"))]
LANGUAGES = ("zh-hans", "en")
#: What only the machine calls so. Words in ``code``, ``pre`` and fields are meant to be typed or compared.
MACHINE = re.compile(
    r"\b(?:bodies|catalogue|enterprises|documents|ground|audit)\.[a-z]+\b|\b(?!of_the_offer)[a-z]{2,}_[a-z_]{2,}\b"
    r"|<[A-Za-z_.]+ object|Traceback|\{\{|%\(\w+\)s"
)
#: Where words of data are shown to those who write data: keys of programmes and of columns, and what an act recorded.
OF_DATA = {"policy-route-new", "policy-recognition-import", "admin-act", "policy-version", "policy-compare"}
SENT, FILE = "is only sent to, from a form on another page", "answers with a file or data"
#: Addresses that show no page to anybody in this world, and why; each is looked at by the tests of its room.
NO_PAGE = {
    **dict.fromkeys(("language", "account_logout", "policy-route-in-force", "policy-confirm", "estimate-forget",
                     "estimate-again", "estimate-today",
                     "policy-import-again"), SENT),
    **dict.fromkeys(("admin-acts-xlsx", "admin-acts-json", "file", "file-elsewhere", "apply-rows-empty",
                     "policy-recognition-answered",
                     "policy-recognitions-empty", "policy-recognitions-register"), FILE),
    **dict.fromkeys(("openid_connect_login", "openid_connect_callback"), "leads to a provider, of whom there is none"),
    **dict.fromkeys(("mfa_authenticate", "mfa_reauthenticate", "mfa_deactivate_totp", "mfa_view_recovery_codes"),
                    "asks for a second factor, which nobody has set up"),
    **dict.fromkeys(("account_reauthenticate", "account_change_password"), "asks for a password, which nobody has"),
    "account_reset_password": "needs mail, which is not set up",
    "account_invitation": "needs the link of an invitation",
    "setup": "there is an account already",
    **dict.fromkeys(("enterprise-account", "enterprise-account-refuse"), "is for a second person of the enterprise"),
    "workbench-letter-dispute": "nobody else claims the enterprise: it leads back to the letter",
}  # fmt: skip
NOT_READ = {"code", "pre", "script", "style", "textarea", "input", "option", "template", "svg"}


def texts() -> tuple[set[str], set[str]]:
    """Texts of the interface that stand alone, in Chinese and in English."""
    catalogue = read_po(io.BytesIO(path("po").read_bytes()), locale="zh_Hans")
    whole = [one for one in catalogue if isinstance(one.id, str) and one.id and "%(" not in one.id]
    chinese = {str(one.string) for one in whole if re.search(r"[\u4e00-\u9fff]{2}", str(one.string))}
    english = {str(one.id) for one in whole if re.search(r"[A-Za-z]{2}", str(one.id)) and one.id != one.string}
    return chinese, english - {str(one.string) for one in whole}


CHINESE, ENGLISH = texts()


@dataclass
class Shown:
    """A page as a reader got it: its pieces of text, its links."""

    text: list[str] = field(default_factory=list)
    links: list[str] = field(default_factory=list)
    goes_on: bool = False


def read(content: str, address: str) -> Shown:
    """The page without what is marked as another language, as data to type or as no words."""
    tree = html5lib.parse(content, namespaceHTMLElements=False)
    shown, language = Shown(), tree.get("lang", "")

    def walk(one: Element, quiet: bool) -> None:
        quiet = quiet or one.tag in NOT_READ or one.get("translate") == "no" or one.get("lang", language) != language
        if one.tag == "a" and one.get("href", "").startswith(("/", "?")):
            shown.links.append(urljoin(address, one.get("href")))
        if not quiet:
            shown.text += [words.strip() for words in (one.text, one.get("aria-label"), one.get("title")) if words]
        for child in one:
            if isinstance(child.tag, str):
                walk(child, quiet)
            if child.tail and not quiet:
                shown.text.append(child.tail.strip())

    walk(tree, False)
    parts = [*tree.iter("main"), *(one for one in tree.iter("nav") if "jl-crumbs" in str(one.get("class")))]
    parts += [one for one in tree.iter("div") if "jl-crumbs" in str(one.get("class"))]
    shown.goes_on = any(True for part in parts for one in part.iter() if one.tag in ("a", "form", "button"))
    return shown


@pytest.fixture(scope="module")
def here(server: Cluster) -> Iterator[World]:
    """The world of the matrix, in a database of its own."""
    with apart(server, "pages") as made:
        THINGS["programme"](made)
        yield made


def ask(reader: Reader, address: str, language: str = "zh-hans") -> Any:
    """One request, after which the rows are as before."""
    connection.connection.execute("SAVEPOINT page")
    try:
        return reader.ask("get", address, language)
    finally:
        connection.connection.execute("ROLLBACK TO SAVEPOINT page")


def readers(here: World, route: Route) -> list[Reader]:
    """Who is asked: those who should be served, the highest and the nearest first."""
    able = [one for one in here.readers if asks(route, one) and "served" in expected(route, one, "get")]
    return sorted(able, key=lambda one: {"top": 0, "own": 1}.get(one.relation, 2))[:8]


@pytest.mark.parametrize("route", ROUTES, ids=lambda route: route.name or route.path)
def test_a_page_speaks_one_language_and_leads_into_no_wall(here: World, route: Route) -> None:
    address = reverse(route.name, kwargs=THINGS[route.name](here) if route.parts else {})
    reader = next((one for one in readers(here, route) if is_page(ask(one, address))), None)
    if route.name in NO_PAGE:
        assert reader is None, f"{address} is a page now: take it off the list"
        return
    assert reader is not None, f"{address} was shown to nobody"
    wrong: list[str] = []
    for language in LANGUAGES:
        shown = read(ask(reader, address, language).content.decode(), address)
        wrong += foreign(shown, language, route.name)
        wrong += [] if shown.goes_on else [f"{language}: nothing on the page leads on"]
        if language == LANGUAGES[0]:  # where a link leads does not depend on the language
            wrong += walls(reader, shown)
    assert wrong == [], f"{address}:\n" + "\n".join(wrong)


def is_page(response: Any) -> bool:
    """Whether an answer is something for people to read."""
    return response.status_code == 200 and "text/html" in response["Content-Type"]


def foreign(shown: Shown, language: str, name: str) -> list[str]:
    """Texts of the other language, and words of the machine."""
    other = ENGLISH if language == "zh-hans" else CHINESE
    found = [f"{language}: {text!r} is of the other language" for text in shown.text if text in other]
    if name not in OF_DATA:
        found += [f"{language}: {text!r} is a word of the machine" for text in shown.text if MACHINE.search(text)]
    return found


def walls(reader: Reader, shown: Shown) -> list[str]:
    """Links at the end of which this reader is refused or finds nothing; one of each kind of address is followed."""
    kinds: dict[str, str] = {}
    for link in shown.links:
        try:
            kinds.setdefault(str(resolve(urlsplit(link).path).view_name), link)
        except Resolver404:
            kinds[link] = link
    answers = {link: ask(reader, link).status_code for link in kinds.values()}
    return [f"{link} answers {status} to {reader.role} {reader.relation}" for link, status in answers.items()
            if status >= 400]  # fmt: skip


def test_a_text_of_the_other_language_a_word_of_the_machine_and_a_wall_are_found(here: World) -> None:
    content = (
        '<html lang="zh-Hans"><p>Sign out</p><p lang="en">Sign out</p><p>bodies.seat</p><code>put_in_force</code>'
        '<a href="/nothing/">好</a></html>'
    )
    shown = read(content, "/")
    assert len(foreign(shown, "zh-hans", "x")) == 2
    assert len(walls(here.readers[0], shown)) == 1


def test_everything_that_can_be_written_down_has_words(here: World) -> None:
    """What acts are called, what they are done to, and what the worker does."""
    from django.apps import apps
    from tests.service.test_house import SERVICE

    from jarlig.service.ground.jobs import JOBS
    from jarlig.service.web.admin import words

    source = "\n".join(one.read_text("utf-8") for one in SERVICE.rglob("*.py"))
    acts = set(re.findall(r'\b(?:record|_note)\(\s*"([a-z_]+)"', source))
    assert {"put_in_force", "sign_in", "store_file"} <= acts
    assert [act for act in acts if title(act) == act] == []
    things = {model._meta.label_lower for model in apps.get_models()}
    assert set(words.THINGS) <= things
    assert {name for name in JOBS if name not in ("look", "give_seat")} <= set(words.JOBS)


@pytest.mark.parametrize("name", ["workbench-letters", "workbench-disputes", "workbench-names", "workbench-accounts"])
def test_the_navigation_says_where_one_is(here: World, name: str) -> None:
    receiver = next(one for one in here.readers if (one.role, one.relation) == ("receiver", "own"))
    page = ask(receiver, reverse(name)).content.decode()
    assert re.findall(r'href="[^"]*" aria-current="true">([^<]+)<', page) == ["企业事项"]


def test_the_log_is_offered_to_people_and_to_programs_as_it_was_filtered(here: World) -> None:
    auditor = next(one for one in here.readers if (one.role, one.relation) == ("auditor", "top"))
    page = ask(auditor, reverse("admin-acts") + "?act=appoint").content.decode()
    found = re.findall(r'href="(/admin/acts/export\.json[^"]*)"', page)
    assert found == ["/admin/acts/export.json?act=appoint"] and "export.xlsx?act=appoint" in page
    assert {one["act"] for one in ask(auditor, found[0]).json()} == {"appoint"}
