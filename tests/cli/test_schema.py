"""``jarlig schema``: schemas that editors accept, and that the small programme satisfies."""

from __future__ import annotations

import json
from pathlib import Path

import jsonschema
import pytest
import yaml
from tests.cli.conftest import Run

from jarlig.policy.reading import schemas
from jarlig.whatif.reform import schema as reform_schema

SHAPES = {**schemas(), "reform": reform_schema()}
KINDS = list(SHAPES)


def test_all_schemas_are_one_object_and_each_is_a_valid_schema(run: Run) -> None:
    done = run("schema")
    told = json.loads(done.out)
    assert (done.code, list(told)) == (0, KINDS)
    for schema in told.values():
        jsonschema.Draft202012Validator.check_schema(schema)


@pytest.mark.parametrize("kind", KINDS)
def test_one_kind_alone_is_the_schema_itself(run: Run, kind: str) -> None:
    assert json.loads(run("schema", "--kind", kind).out) == SHAPES[kind]


def test_a_kind_that_is_not_there_names_the_nearest(run: Run) -> None:
    zh, en = (run("schema", "--kind", "guides", lang=lang) for lang in ("zh", "en"))
    assert (zh.code, zh.out, en.code, en.out) == (2, "", 2, "")
    assert "是否指 guide？" in zh.err
    assert "did you mean guide?" in en.err


def test_schemas_are_written_as_files_that_judge_a_programme(run: Run, folder: Path, tmp_path: Path) -> None:
    done = run("schema", "--out", tmp_path)
    written = {path.name for path in tmp_path.glob("*.schema.json")}
    assert (done.code, written) == (0, {f"{kind}.schema.json" for kind in KINDS})
    assert all(name in done.out.replace("\n", "") for name in written)
    schema = json.loads((tmp_path / "clauses.schema.json").read_text("utf-8"))
    clauses = yaml.safe_load((folder / "clauses.yaml").read_text("utf-8"))
    jsonschema.validate(clauses, schema)
    clauses["clauses"]["1"]["sumary"] = "x"
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(clauses, schema)


def test_a_folder_that_is_not_there_is_told_and_nothing_is_made(run: Run, tmp_path: Path) -> None:
    done = run("schema", "--out", tmp_path / "nowhere")
    assert (done.code, done.out) == (2, "")
    assert "no folder" in done.err
    assert not (tmp_path / "nowhere").exists()
