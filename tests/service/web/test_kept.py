"""The kept components give the markup that govuk-frontend's own examples ask for, at the version we lock."""

from __future__ import annotations

import json
import re
from importlib import metadata
from typing import Any

import html5lib
import pytest

from jarlig.service.web.assets import Places, build
from jarlig.service.web.environment import govuk

KEPT = (
    "button", "breadcrumbs", "checkboxes", "date-input", "details", "error-message", "error-summary", "fieldset",
    "file-upload", "hint", "input", "inset-text", "label", "notification-banner", "pagination", "panel",
    "password-input", "radios", "select", "summary-list", "tabs", "tag", "task-list", "textarea", "warning-text",
)  # fmt: skip


def examples(name: str) -> list[dict[str, Any]]:
    build()
    file = Places().packages / "govuk-frontend" / "dist" / "govuk" / "components" / name / "fixtures.json"
    return json.loads(file.read_text("utf-8"))["fixtures"]


def plain(markup: str) -> list[Any]:
    """What a reader of the markup sees: elements, attributes in any order, words."""
    tree = html5lib.parseFragment(markup)
    walker = html5lib.getTreeWalker("etree")
    seen: list[Any] = []
    for token in walker(tree):
        if token["type"] in ("StartTag", "EmptyTag"):
            attributes = {key[1]: re.sub(r"\s+", " ", value).strip() for key, value in token["data"].items()}
            seen.append((token["name"], sorted(attributes.items())))
        elif token["type"] in ("Characters", "SpaceCharacters"):
            words = re.sub(r"\s+", " ", token["data"]).strip()
            if words and seen and isinstance(seen[-1], str):
                seen[-1] += " " + words
            elif words:
                seen.append(words)
        elif token["type"] == "EndTag":
            seen.append(("/" + token["name"],))
    return seen


@pytest.mark.parametrize("name", KEPT)
def test_a_component_gives_what_its_examples_ask_for(name: str) -> None:
    different = []
    for one in examples(name):
        made = getattr(govuk, name.replace("-", "_"))(one["options"])
        if plain(made) != plain(one["html"]):
            different.append(one["name"])
    assert different == []


def test_the_locked_version_is_the_one_that_the_templates_were_written_for() -> None:
    said = re.search(r"GOV\.UK%20Frontend-v([\d.]+)-", metadata.metadata("govuk-frontend-jinja").get_payload())
    locked = json.loads((Places().theme / "package.json").read_text("utf-8"))["dependencies"]["govuk-frontend"]
    assert said is not None and said[1] == locked
    assert f"govuk-frontend {locked}" in (Places().theme / "NOTICE.txt").read_text("utf-8")
