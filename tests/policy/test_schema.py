"""The JSON Schemas that editors use accept what we ship and refuse what the reader refuses."""

import re
from pathlib import Path

import jsonschema
import pytest
import yaml

from jarlig.policy.reading import schemas

PROGRAMMES = Path(__file__).parents[2] / "src/jarlig/programmes"
SCHEMAS = schemas()
KINDS = {
    "programme.yaml": "programme",
    "clauses.yaml": "clauses",
    "measures": "measures",
    "guides": "guide",
    "local": "local",
    "cases": "cases",
}
FILES = [p for p in sorted(PROGRAMMES.glob("*/**/*.yaml")) if p.relative_to(PROGRAMMES).parts[1] in KINDS]


class AsAnEditorReads(yaml.SafeLoader):
    """YAML 1.2 as an editor hands it to a schema: dates stay text, and only true and false are yes and no."""


AsAnEditorReads.yaml_implicit_resolvers = {
    first: [
        (tag, pattern)
        for tag, pattern in resolvers
        if tag not in ("tag:yaml.org,2002:timestamp", "tag:yaml.org,2002:bool")
    ]
    for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}
AsAnEditorReads.add_implicit_resolver("tag:yaml.org,2002:bool", re.compile(r"(?:true|false)\Z"), list("tf"))


def check(kind: str, text: str) -> None:
    jsonschema.Draft202012Validator(SCHEMAS[kind]).validate(yaml.load(text, AsAnEditorReads))


@pytest.mark.parametrize("path", FILES, ids=lambda path: "/".join(path.relative_to(PROGRAMMES).parts))
def test_a_shipped_file_fits_its_schema(path):
    check(KINDS[path.relative_to(PROGRAMMES).parts[1]], path.read_text("utf-8"))


@pytest.mark.parametrize("kind", SCHEMAS)
def test_a_schema_is_itself_valid(kind):
    jsonschema.Draft202012Validator.check_schema(SCHEMAS[kind])


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        ("programme", "programme: x\n"),
        ("clauses", "clauses: {'1': {paragraph: 1}}\n"),
        ("measures", "- offer: x\n  titel: {zh: 甲, en: a}\n"),
        ("measures", "- duty: x\n  title: {zh: 甲}\n"),
        ("guide", "guide: 2023\nopen: [a]\n"),
        ("local", "local: x\nat: here\n"),
        ("cases", "- case: x\n"),
    ],
)
def test_a_file_that_the_reader_refuses_is_marked_by_the_schema(kind, text):
    with pytest.raises(jsonschema.ValidationError):
        check(kind, text)
