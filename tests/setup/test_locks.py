"""The locks fix every file by its hash, name no address, and say the same as pyproject.toml and each other."""

import re
import tomllib
from pathlib import Path
from typing import Any

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

LOCKS = ("setup", "run", "test", "bench")
ADDRESS = re.compile(r"://|^\s*-|index-url|find-links|trusted-host| @ |www\.", re.MULTILINE)


def entries(text: str) -> dict[str, tuple[str, int]]:
    """The version and the number of hashes of each package in a lock."""
    joined = text.replace("\\\n", " ")
    found: dict[str, tuple[str, int]] = {}
    for line in joined.splitlines():
        if line.strip() and not line.lstrip().startswith("#"):
            head, *hashes = re.split(r"\s+--hash=sha256:", line.rstrip())
            requirement = Requirement(head)
            (version,) = requirement.specifier
            assert version.operator == "=="
            found[canonicalize_name(requirement.name)] = (version.version, len(hashes))
    return found


def without_comments(text: str) -> str:
    return "\n".join(line for line in text.splitlines() if not line.lstrip().startswith(("#", "--hash=")))


@pytest.fixture
def locks(root: Path) -> dict[str, str]:
    return {name: (root / "requirements" / f"{name}.txt").read_text(encoding="utf-8") for name in LOCKS}


@pytest.fixture
def project(root: Path) -> dict[str, Any]:
    return tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))


def declared(project: dict[str, Any], lock: str) -> list[str]:
    """What pyproject.toml asks for in that lock."""
    own: list[str] = project["project"]["dependencies"]
    extras: dict[str, list[str]] = project["project"]["optional-dependencies"]
    return project["dependency-groups"]["setup"] if lock == "setup" else own + extras.get(lock, [])


def test_there_is_no_other_lock_than_those_tested_here(root: Path) -> None:
    assert {path.stem for path in (root / "requirements").glob("*.txt")} == set(LOCKS)


@pytest.mark.parametrize("lock", LOCKS)
def test_no_lock_names_an_address_or_an_option_of_an_index(locks: dict[str, str], lock: str) -> None:
    assert not ADDRESS.search(without_comments(locks[lock]))
    assert "://" not in locks[lock]


@pytest.mark.parametrize(
    "line",
    [
        "--index-url https" + "://example.org/simple",
        "-i somewhere",
        "--find-links /opt/files",
        "-f files",
        "click @ file" + ":///click.whl",
        "--extra-index-url=x",
    ],
)
def test_a_line_with_an_address_would_be_seen(line: str) -> None:
    assert ADDRESS.search(without_comments(f"click==8.5.1 \\\n    --hash=sha256:0\n{line}\n"))


@pytest.mark.parametrize("lock", LOCKS)
def test_every_package_is_fixed_by_a_version_and_a_hash(locks: dict[str, str], lock: str) -> None:
    found = entries(locks[lock])
    assert found
    assert [name for name, (_, hashes) in found.items() if hashes == 0] == []


@pytest.mark.parametrize("lock", LOCKS)
def test_each_dependency_of_the_project_is_locked_within_its_range(
    locks: dict[str, str], project: dict[str, Any], lock: str
) -> None:
    found = entries(locks[lock])
    for line in declared(project, lock):
        requirement = Requirement(line)
        name = canonicalize_name(requirement.name)
        assert name in found, f"{name} is missing from requirements/{lock}.txt: run requirements/lock"
        assert requirement.specifier.contains(found[name][0]), f"{line} does not allow the locked {found[name][0]}"


def test_tests_and_benchmarks_run_on_the_very_versions_that_users_get(locks: dict[str, str]) -> None:
    run = entries(locks["run"])
    for other in ("test", "bench"):
        assert run.items() <= entries(locks[other]).items()


def test_each_dependency_has_a_line_saying_what_it_saves_us(root: Path, project: dict[str, Any]) -> None:
    text = (root / "pyproject.toml").read_text(encoding="utf-8")
    for lock in LOCKS:
        for requirement in declared(project, lock):
            assert re.search(re.escape(f'"{requirement}"') + r",?\]?\s+# \w", text), f"{requirement} has no reason"
