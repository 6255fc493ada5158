"""The guides cannot fall behind the language: every key, kind, figure and outcome is told, every example compiles."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml

from jarlig.ladder.history import STATES
from jarlig.ladder.numbers import parse_date
from jarlig.ladder.outcome import OUTCOMES
from jarlig.policy import cases, factkinds, formulas, grammar, overlay_grammar, programme_grammar
from jarlig.policy.expressions import DIVISION_PARTS, FUNCTIONS
from jarlig.policy.figures import FORM_KEYS
from jarlig.policy.offer_parts import WindowShape
from jarlig.policy.plans import Plans
from jarlig.policy.reading import read_programme
from jarlig.policy.shape import OneOf, Record, Shape
from jarlig.policy.text import read_tree

GUIDE = Path(__file__).parents[2] / "docs" / "guide"
LANGUAGE = (GUIDE / "language.md").read_text(encoding="utf-8")
ROOTS: tuple[Shape, ...] = (
    programme_grammar.PROGRAMME, programme_grammar.CLAUSE_FILE, *grammar.ENTRIES.values(),
    overlay_grammar.GUIDE, overlay_grammar.LOCAL, cases.CASE_FILE, formulas.EXCEPTIONS,
)  # fmt: skip


def examples(page: Path) -> list[tuple[str, str]]:
    """The YAML blocks of a page: what each is marked as, and its text."""
    return re.findall(r"^```yaml ?([^\n]*)\n(.*?)^```", page.read_text(encoding="utf-8"), re.M | re.S)


EDITIONS = [pytest.param(page, id=page.stem) for page in sorted(GUIDE.glob("*.zh.md")) if examples(page)]
EXAMPLES = [
    pytest.param(words, text, id=f"{page.stem}-{number}")
    for page in sorted(GUIDE.glob("*.md"))
    for number, (words, text) in enumerate(examples(page))
]


def shapes(start: Shape, seen: dict[int, Shape]) -> Iterator[Shape]:
    """A shape and every shape inside it, each once."""
    if id(start) in seen:
        return
    seen[id(start)] = start
    yield start
    inner = [field.shape for field in start.fields.values()] if isinstance(start, Record) else []
    inner += [value for value in (*vars(start).values(), *vars(type(start)).values()) if isinstance(value, Shape)]
    for shape in inner:
        yield from shapes(shape, seen)


SEEN: dict[int, Shape] = {}
ALL = [shape for root in ROOTS for shape in shapes(root, SEEN)]
RECORDS = [pytest.param(shape, id=shape.name) for shape in ALL if isinstance(shape, Record)]


def section(name: str) -> str:
    """The part of the reference under a heading."""
    found = re.search(rf"^### {re.escape(name)}\n(.*?)(?=^##|\Z)", LANGUAGE, re.M | re.S)
    assert found, f"language.md has no section “{name}”"
    return found[1]


@pytest.mark.parametrize("record", RECORDS)
def test_every_key_of_every_record_has_a_row_in_its_section(record: Record) -> None:
    rows = [line.split("|")[1] for line in section(record.name).splitlines() if line.startswith("|")]
    told = {key for row in rows for key in re.findall(r"`([^`]+)`", row)}
    assert set(record.fields) <= told, sorted(set(record.fields) - told)


@pytest.mark.parametrize("record", RECORDS)
def test_keys_that_must_be_there_and_only_those_are_bold(record: Record) -> None:
    rows = [line.split("|")[1] for line in section(record.name).splitlines() if line.startswith("|")]
    bold = {key for row in rows for key in re.findall(r"\*\*`([^`]+)`\*\*", row)}
    shared = {key for other in ALL if isinstance(other, Record) and other.name == record.name for key in other.fields}
    assert {key for key, field in record.fields.items() if field.required} == bold - (shared - set(record.fields))


def test_every_word_of_a_closed_list_is_told() -> None:
    words = {word for shape in ALL if isinstance(shape, OneOf) for word in shape.values}
    assert not [word for word in sorted(words) if f"`{word}`" not in LANGUAGE]


@pytest.mark.parametrize("words", [
    pytest.param(factkinds.KINDS, id="kinds"), pytest.param(factkinds.CODE_FORMS, id="codes"),
    pytest.param(factkinds.LEVELS, id="levels"), pytest.param(factkinds.COMMON, id="keys of a fact"),
    pytest.param(OUTCOMES, id="outcomes"), pytest.param(STATES, id="states"),
    pytest.param(WindowShape.words, id="windows"),
    pytest.param(("offer", "on", "guide_year", "state", "capped", "approved", "recovered", "paid", "id"), id="history"),
    pytest.param(tuple(f".{part}" for part in DIVISION_PARTS), id="parts"),
])  # fmt: skip
def test_every_word_of_the_language_is_told(words: tuple[str, ...]) -> None:
    assert not [word for word in words if f"`{word}`" not in LANGUAGE]


def test_every_way_to_write_a_figure_and_every_function_is_told() -> None:
    assert not [form for form in FORM_KEYS if not re.search(rf"^\| `\{{(\w+: [^`]*)?{form}: ", LANGUAGE, re.M)]
    assert not [name for name in FUNCTIONS if f"`{name}(" not in LANGUAGE]


@pytest.mark.parametrize(("words", "text"), EXAMPLES)
def test_every_example_is_yaml_that_the_reader_takes(words: str, text: str) -> None:
    assert words in ("", "offer", "guide", "local", "facts"), "say what the block is, or nothing"
    read_tree(text.encode(), "example.yaml")


@pytest.mark.parametrize("edition", EDITIONS)
def test_a_chinese_edition_has_the_examples_of_its_original(edition: Path) -> None:
    theirs, ours = (examples(page) for page in (edition, edition.with_name(edition.name.replace(".zh.md", ".md"))))
    assert [words for words, _ in theirs] == [words for words, _ in ours]
    trees = [[yaml.load(text, Loader=yaml.BaseLoader) for _, text in blocks] for blocks in (theirs, ours)]
    assert trees[0] == trees[1] != []


WHERE = {"offer": "measures/example-{}.yaml", "guide": "guides/2025.yaml", "local": "local/990102-nanqiao.yaml"}


@pytest.mark.parametrize("words", WHERE)
def test_whole_examples_compile_inside_the_sample_district(words: str, tmp_path: Path) -> None:
    sample = GUIDE.parents[1] / "src" / "jarlig" / "programmes" / "sample-district-2024"
    shutil.copytree(sample, tmp_path / "sample", ignore=shutil.ignore_patterns("cases", "notice.*"))
    texts = list(dict.fromkeys(str(example.values[1]) for example in EXAMPLES if example.values[0] == words))
    for number, text in enumerate(texts):
        (tmp_path / "sample" / WHERE[words].format(number)).write_text(text, encoding="utf-8")
    programme = read_programme(tmp_path / "sample")
    plan = Plans(programme).plan(parse_date("2025-05-01"), at="990102" if words == "local" else "")
    assert all(plan.ladder(offer).steps for offer in programme.offers)
    assert len(texts) >= (15 if words == "offer" else 1)
