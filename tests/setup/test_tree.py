"""What holds for the tree as a whole: nothing of one machine in it, no module too long, a wheel that is complete."""

import re
import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path

import pytest

LONGEST_MODULE = 600

# In pieces, so that this file may be searched as well.
FORBIDDEN = {
    "a folder of one machine": re.compile("/wo" r"rk/|/ro" r"ot/|/ho" r"me/\w|/Us" r"ers/\w|/tm" r"p/[a-z]+-\d"),
    "a host of packages": re.compile("py" r"pi\.org|python" r"hosted\.|registry\.np" r"mjs|file:" r"///"),
    "how the work was done": re.compile(
        r"\b(?:ag" r"ent|coding|this) ses" r"sion|sub-?ag" r"ents?\b|Cl" r"aude|Chat" r"GPT|Cop" r"ilot", re.IGNORECASE
    ),
}


def offences(name: str, text: str) -> list[str]:
    """Each forbidden word of a text with its place."""
    return [
        f"{name}:{number}: {what}: {found.group()}"
        for number, line in enumerate(text.splitlines(), start=1)
        for what, pattern in FORBIDDEN.items()
        for found in pattern.finditer(line)
    ]


def tracked(root: Path) -> list[str]:
    done = subprocess.run(["git", "ls-files", "-z"], cwd=root, capture_output=True, check=True, encoding="utf-8")
    return [name for name in done.stdout.split("\0") if name and (root / name).is_file()]


def test_no_tracked_file_speaks_of_a_machine_a_package_host_or_how_the_work_was_done(root: Path) -> None:
    names = tracked(root)
    assert "pyproject.toml" in names
    found = [
        offence
        for name in names
        for offence in offences(name, (root / name).read_bytes().decode("utf-8", errors="replace"))
    ]
    assert found == []


@pytest.mark.parametrize(
    "line", ["see /wo" + "rk/notes", "from files.python" + "hosted.org", "as the ag" + "ent session said"]
)
def test_a_forbidden_word_would_be_seen_with_its_place(line: str) -> None:
    (found,) = offences("a.md", f"first\n{line}\n")
    assert found.startswith("a.md:2: ")


@pytest.mark.parametrize("line", ["the framework/library", "agents of the tax office", "works in a session of 30 days"])
def test_ordinary_words_are_left_alone(line: str) -> None:
    assert offences("a.md", line) == []


def test_no_module_is_too_long_to_be_read_at_once(root: Path) -> None:
    modules = [*(root / "src").rglob("*.py"), root / "jarlig"]
    lengths = {str(path.relative_to(root)): len(path.read_text(encoding="utf-8").splitlines()) for path in modules}
    assert len(lengths) > 5
    assert {name: length for name, length in lengths.items() if length > LONGEST_MODULE} == {}


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the distribution as an index would get it."""
    folder = tmp_path_factory.mktemp("dist")
    root = Path(__file__).resolve().parents[2]
    command = [sys.executable, "-P", "-m", "hatchling", "build", "-d", str(folder)]
    done = subprocess.run(command, cwd=root, capture_output=True, encoding="utf-8")
    assert done.returncode == 0, done.stderr
    return folder


def test_the_wheel_carries_every_tracked_file_of_the_package_and_nothing_else_of_the_tree(
    root: Path, built: Path
) -> None:
    (wheel,) = built.glob("*.whl")
    carried = {name for name in zipfile.ZipFile(wheel).namelist() if ".dist-info/" not in name}
    assert {name.removeprefix("src/") for name in tracked(root) if name.startswith("src/")} <= carried
    assert [name for name in carried if not name.startswith("jarlig/")] == []
    assert "jarlig/py.typed" in carried


def test_the_source_archive_carries_the_licence_and_the_tests(built: Path) -> None:
    (archive,) = built.glob("*.tar.gz")
    with tarfile.open(archive) as opened:
        names = {name.split("/", 1)[1] for name in opened.getnames()}
    assert {"LICENSE", "pyproject.toml", "tests/setup/test_tree.py", "jarlig", "requirements/run.txt"} <= names


def test_the_wheel_names_the_version_that_the_package_names(built: Path) -> None:
    import jarlig

    (wheel,) = built.glob("*.whl")
    assert wheel.name == f"jarlig-{jarlig.__version__}-py3-none-any.whl"
