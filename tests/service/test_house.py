"""House rules of the service that no other linter knows; each is tried on a line that breaks it."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import yaml

import jarlig
from jarlig.service.config.environment import SETTINGS

SERVICE = Path(jarlig.__file__).parent / "service"
PROGRAMMES = SERVICE.parent / "programmes"
ROOT = SERVICE.parents[2]
TESTS = ROOT / "tests" / "service"

Found = Iterator[tuple[int, str]]
#: Names by which a clock other than ``ground.clock`` is asked, and the file in which that is right.
CLOCKS = {
    "datetime.now", "datetime.utcnow", "datetime.today", "dt.datetime.now", "datetime.datetime.now", "date.today",
    "dt.date.today", "datetime.date.today", "time.time", "timezone.now", "django.utils.timezone.now",
}  # fmt: skip
#: Words of programmes that are also plain words of ours; a word of five letters and more is looked for in quotes.
COMMON = {
    "commerce",  # in docstrings as the example of what a department is
    "auditor", "finance",  # a role of officers, whatever the department is called
    "leagues", "banner", "third_party", "reviewers",  # who they are is a word of the glossary
}  # fmt: skip


def sources(*, below: str = "", but: tuple[str, ...] = ()) -> list[Path]:
    """The Python of the service."""
    found = sorted((SERVICE / below).rglob("*.py"))
    return [path for path in found if not any(part in path.relative_to(SERVICE).as_posix() for part in but)]


def dotted(node: ast.AST) -> str:
    """``a.b.c`` of an expression; empty when it is none."""
    if isinstance(node, ast.Name):
        return node.id
    if isinstance(node, ast.Attribute):
        inner = dotted(node.value)
        return f"{inner}.{node.attr}" if inner else ""
    return ""


def other_clocks(tree: ast.Module) -> Found:
    """Calls of a clock that is not the database's."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and dotted(node.func) in CLOCKS:
            yield node.lineno, f"{dotted(node.func)}(): ask jarlig.service.ground.clock"


def queries_on_screens(tree: ast.Module) -> Found:
    """Queries made on a screen; the class of a thing may be named there, to say what a function takes."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and node.attr in ("objects", "_base_manager", "_default_manager"):
            yield node.lineno, f"{dotted(node)}: a screen calls acts and queries"


def request_into_query(tree: ast.Module) -> Found:
    """``**request.GET`` and the like as arguments: whoever writes the address would write the query."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            for keyword in node.keywords:
                words = ast.unparse(keyword.value)
                if keyword.arg is None and re.search(r"\brequest\.(GET|POST|COOKIES|META|headers|FILES|body)\b", words):
                    yield node.lineno, f"**{words}: take each value by its name"


def faults(paths: list[Path], rule: Callable[[ast.Module], Found]) -> list[str]:
    return [
        f"{path.relative_to(SERVICE)}:{line}: {what}"
        for path in paths
        for line, what in rule(ast.parse(path.read_text(encoding="utf-8")))
    ]


# The clock ------------------------------------------------------------------------------------------------------------


def test_nothing_asks_another_clock() -> None:
    """The files of ``launch`` run before there is a database; what allauth keeps of a sign-in has its own clock."""
    assert faults(sources(but=("ground/clock.py", "launch/", "web/account/adapter.py")), other_clocks) == []


@pytest.mark.parametrize("call", ["datetime.now(UTC)", "dt.date.today()", "time.time()", "timezone.now()"])
def test_another_clock_is_found(call: str) -> None:
    assert list(other_clocks(ast.parse(f"x = {call}")))


# Screens and models ---------------------------------------------------------------------------------------------------


def test_no_screen_touches_a_model() -> None:
    assert faults(sources(below="web"), queries_on_screens) == []


@pytest.mark.parametrize("line", ["Seat.objects.get(pk=1)", "models.Act.objects.count()", "x = Area._base_manager"])
def test_a_screen_that_does_is_found(line: str) -> None:
    assert list(queries_on_screens(ast.parse(line)))


def test_no_address_writes_a_query() -> None:
    assert faults(sources(), request_into_query) == []


@pytest.mark.parametrize("call", ["f(**request.GET)", "Seat.objects.filter(**dict(request.POST.items()))"])
def test_an_address_that_does_is_found(call: str) -> None:
    assert list(request_into_query(ast.parse(call)))


# Acts -----------------------------------------------------------------------------------------------------------------

#: Files of ``acts`` that hold what several acts share.
SHARED = {"__init__", "doing"}
#: Acts that no rule of roles answers, and why.
NO_RULE = {
    "found": "done once by the sign-in, while there is no account at all",
    "accept_invitation": "done by whoever holds the link, before there is a password",
    "sign_in": "done by whoever stands at the door",
    "sign_up": "done by anybody",
    "accept_by_proof": "done by the sign-in on the word of a provider",
    "store_file": "done by whoever is signed in, into what is their own",
    "read_file": "done by whoever the database shows the file to",
    "scan_file": "done by the worker",
    "lapse_correction": "done by the worker, when the days are over",
    **dict.fromkeys(("begin_estimate", "keep_answers", "resume_estimate", "delete_estimate"),
                    "done by anybody who has the code, which the database asks for"),
}  # fmt: skip
#: Acts that stand in no log, and why.
NOT_WRITTEN = dict.fromkeys(
    ("begin_estimate", "keep_answers", "resume_estimate", "delete_estimate"),
    "readers without a name were promised that nothing remains of what they answered",
)


def acts() -> list[Path]:
    return [path for path in sorted(SERVICE.glob("*/acts/*.py")) if path.stem not in SHARED]


@pytest.mark.parametrize("path", acts(), ids=lambda path: f"{path.parts[-3]}.{path.stem}")
def test_each_act_has_a_rule_is_written_down_and_is_tried(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    if path.stem not in NO_RULE:
        assert re.search(r"\brule\(", text) or re.search(r"\brequire\(", text), "no rule says who may do it"
    written = re.search(r"\brecord\(|\bnote\w*\(|\bchange_password\(", text)
    assert bool(written) != (path.stem in NOT_WRITTEN), "it is not written down, or needs no reason why not"
    names = "|".join([path.stem, *re.findall(r"^def ([a-z]\w+)", text, re.MULTILINE)])
    tests = [one for one in TESTS.rglob("test_*.py") if re.search(rf"\b({names})\b", one.read_text(encoding="utf-8"))]
    assert tests, "no test names it"


def test_an_act_that_needs_no_rule_has_none() -> None:
    by_name = {path.stem: path.read_text(encoding="utf-8") for path in acts()}
    assert [name for name in NO_RULE if re.search(r"\brule\(", by_name.get(name, ""))] == []
    assert "found" in by_name


# Programmes -----------------------------------------------------------------------------------------------------------


def programme_words() -> set[str]:
    """Ids of programmes, offers, departments and places, as the shipped programmes have them."""
    words = {path.name for path in PROGRAMMES.iterdir() if path.is_dir()}
    for file in PROGRAMMES.glob("*/programme.yaml"):
        said = yaml.safe_load(file.read_text(encoding="utf-8"))
        words |= set(said.get("bodies", {})) | {str(said.get("region", ""))}
    for file in PROGRAMMES.glob("*/measures/*.yaml"):
        words |= set(
            re.findall(
                r'^- *(?:offer|duty|register): *"?([a-z0-9_-]+)"?', file.read_text(encoding="utf-8"), re.MULTILINE
            )
        )
    for file in PROGRAMMES.glob("*/local/*.yaml"):
        words.add(file.stem)
    return {word for word in words if len(word) > 1 and not word.isdigit()} - COMMON


def quoted(text: str, words: set[str]) -> set[str]:
    """Words that stand in a text as a whole string; an example in a docstring is none."""
    return {found for found in re.findall(r"[\"']([A-Za-z0-9_-]{2,})[\"']", text) if found in words}


def places(text: str) -> set[str]:
    """Six digits that are a division of the region, as a string."""
    return set(re.findall(r"[\"'](15\d{4})[\"']", text))


def test_no_programme_offer_department_or_place_stands_in_the_service() -> None:
    """What the demonstration plays stands in ``cast.yaml``, which is data."""
    words = programme_words()
    assert len(words) > 15
    paths = [*sources(), *SERVICE.rglob("*.html")]
    said = {path.relative_to(SERVICE).as_posix(): path.read_text(encoding="utf-8") for path in paths}
    found = {path: quoted(text, words) | places(text) for path, text in said.items()}
    assert {path: what for path, what in found.items() if what} == {}


def test_an_offer_a_department_and_a_place_are_found() -> None:
    words = programme_words()
    department = next(word for word in sorted(words) if "_" in word)
    assert quoted(f"x = '{department}'", words) and places('area == "150421"')
    assert not quoted(f"x = 'about {department} here'", words)


# Settings -------------------------------------------------------------------------------------------------------------

GUIDE = ROOT / "docs" / "guide" / "operate.md"


def test_every_setting_is_told_to_whoever_operates_the_service() -> None:
    told = GUIDE.read_text(encoding="utf-8")
    assert [one.name for one in SETTINGS if f"`{one.name}`" not in told] == []


def test_only_the_settings_read_the_environment() -> None:
    """The launcher and the making of styles run before there are settings."""
    reading = [
        path.relative_to(SERVICE).as_posix()
        for path in sources(but=("config/environment.py", "launch/", "__main__.py", "web/assets.py"))
        if re.search(r"\bos\.(environ|getenv)\b", path.read_text(encoding="utf-8"))
    ]
    assert reading == []
