"""./jarlig sets up a checkout once, whole or not at all, and says plainly what stands in the way."""

import ast
import fcntl
import subprocess
import sys
import threading
from pathlib import Path
from types import ModuleType

import pytest


@pytest.fixture
def pretend(start: ModuleType, monkeypatch: pytest.MonkeyPatch) -> list[list[str]]:
    """Replaces the commands of a set-up by a record of them; making the environment makes its bare folders."""
    commands: list[list[str]] = []

    def record(command: list[str]) -> None:
        commands.append(command)
        if "venv" in command:
            folder = Path(command[-1])
            (folder / "lib/python3.11/site-packages").mkdir(parents=True, exist_ok=True)
            (folder / "bin").mkdir(exist_ok=True)
            (folder / "bin/python").write_text("")

    monkeypatch.setattr(start, "quietly", record)
    return commands


def made_anew(commands: list[list[str]]) -> int:
    return sum("venv" in command for command in commands)


# What must be there --------------------------------------------------------------------------------------------------


def test_an_old_python_is_named_with_the_version_that_is_needed(start: ModuleType) -> None:
    with pytest.raises(start.Trouble, match=r"Python 3\.11 or newer is needed, this is 3\.9"):
        start.check_python(version=(3, 9))


def test_the_floor_itself_and_later_pythons_are_accepted(start: ModuleType) -> None:
    for version in ((3, 11), (3, 12), (4, 0)):
        start.check_python(version=version, has_module=lambda name: True)


@pytest.mark.parametrize("absent", ["venv", "ensurepip"])
def test_a_python_that_cannot_make_environments_names_the_debian_package(start: ModuleType, absent: str) -> None:
    with pytest.raises(start.Trouble, match="apt-get install python3-venv"):
        start.check_python(has_module=lambda name: name != absent)


def test_an_environment_that_is_a_link_is_not_made_anew(
    start: ModuleType, checkout: Path, tmp_path: Path, pretend: list[list[str]]
) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (elsewhere / "kept").write_text("dear")
    (checkout / ".venv").symlink_to(elsewhere)
    with pytest.raises(start.Trouble, match="is a link"):
        start.prepare(checkout, "run")
    assert (elsewhere / "kept").read_text() == "dear" and not pretend


def test_the_script_parses_on_pythons_that_are_too_old_so_that_they_can_say_so(root: Path) -> None:
    ast.parse((root / "jarlig").read_text(encoding="utf-8"), feature_version=(3, 7))


def test_the_script_imports_the_standard_library_only(root: Path) -> None:
    tree = ast.parse((root / "jarlig").read_text(encoding="utf-8"))
    imported = {alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names}
    imported |= {node.module or "" for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
    assert {name.split(".")[0] for name in imported} <= set(sys.stdlib_module_names)


# Whole or not at all -------------------------------------------------------------------------------------------------


def test_a_second_start_runs_nothing(start: ModuleType, checkout: Path, pretend: list[list[str]]) -> None:
    start.prepare(checkout, "run")
    first = len(pretend)
    start.prepare(checkout, "run")
    assert first > 0
    assert len(pretend) == first


def test_the_level_for_tests_serves_for_running_too(
    start: ModuleType, checkout: Path, pretend: list[list[str]]
) -> None:
    start.prepare(checkout, "test")
    assert start.is_ready(checkout, "run")
    assert start.is_ready(checkout, "test")


def test_the_checks_add_to_the_environment_without_making_it_anew(
    start: ModuleType, checkout: Path, pretend: list[list[str]]
) -> None:
    start.prepare(checkout, "run")
    assert not start.is_ready(checkout, "test")
    start.prepare(checkout, "test")
    assert made_anew(pretend) == 1
    assert any(str(start.lock_file(checkout, "test")) in command for command in pretend)


@pytest.mark.parametrize("lock", ["run", "test"])
def test_a_changed_lock_makes_the_environment_anew(
    start: ModuleType, checkout: Path, pretend: list[list[str]], lock: str
) -> None:
    start.prepare(checkout, "test")
    start.lock_file(checkout, lock).write_text("other==1 --hash=sha256:0\n")
    assert start.level_ready(checkout) is None
    start.prepare(checkout, "run")
    assert made_anew(pretend) == 2


def test_another_python_under_the_environment_makes_it_anew(
    start: ModuleType, checkout: Path, pretend: list[list[str]], tmp_path: Path
) -> None:
    start.prepare(checkout, "run")
    python = start.python_of(checkout)
    python.unlink()
    (tmp_path / "python3.99").write_text("")
    python.symlink_to(tmp_path / "python3.99")
    assert start.level_ready(checkout) is None


def test_a_python_that_was_removed_makes_the_environment_anew(
    start: ModuleType, checkout: Path, pretend: list[list[str]]
) -> None:
    start.prepare(checkout, "run")
    start.python_of(checkout).unlink()
    assert start.level_ready(checkout) is None


@pytest.mark.parametrize("interruption", [KeyboardInterrupt, OSError])
def test_an_interrupted_set_up_is_made_anew_by_the_next_start(
    start: ModuleType,
    checkout: Path,
    pretend: list[list[str]],
    monkeypatch: pytest.MonkeyPatch,
    interruption: type[BaseException],
) -> None:
    def stop(root: Path, level: str) -> None:
        raise interruption

    with monkeypatch.context() as during, pytest.raises(interruption):
        during.setattr(start, "install", stop)
        start.prepare(checkout, "run")
    assert start.level_ready(checkout) is None
    start.prepare(checkout, "run")
    assert made_anew(pretend) == 2
    assert start.level_ready(checkout) == "run"


def test_an_interrupted_addition_leaves_no_stamp_that_claims_the_environment_is_whole(
    start: ModuleType, checkout: Path, pretend: list[list[str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    def stop(root: Path, level: str) -> None:
        raise KeyboardInterrupt

    start.prepare(checkout, "run")
    monkeypatch.setattr(start, "install", stop)
    with pytest.raises(KeyboardInterrupt):
        start.prepare(checkout, "test")
    assert start.level_ready(checkout) is None


@pytest.mark.parametrize("content", ["", "run", "run of what", "future 0", "\udcff\udcfe"])
def test_a_damaged_stamp_counts_as_none(start: ModuleType, checkout: Path, content: str) -> None:
    (checkout / ".venv").mkdir()
    (checkout / ".venv/stamp").write_bytes(content.encode(errors="surrogateescape"))
    assert start.level_ready(checkout) is None


def test_of_two_starts_at_once_one_sets_up_and_the_other_waits(
    start: ModuleType, checkout: Path, pretend: list[list[str]], capsys: pytest.CaptureFixture[str]
) -> None:
    second = threading.Thread(target=start.prepare, args=(checkout, "run"))
    with start.one_at_a_time(checkout / ".venv.lock"):
        second.start()
        second.join(timeout=0.3)
        assert second.is_alive()
        assert pretend == []
    second.join(timeout=10)
    assert made_anew(pretend) == 1
    assert "another process is setting up" in capsys.readouterr().err


def test_an_installer_that_outlives_a_killed_set_up_keeps_the_others_waiting(start: ModuleType, tmp_path: Path) -> None:
    path = tmp_path / ".venv.lock"
    with start.one_at_a_time(path):
        installer = subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE, close_fds=False)
    with path.open("w") as other:
        with pytest.raises(BlockingIOError):
            fcntl.flock(other, fcntl.LOCK_EX | fcntl.LOCK_NB)
        installer.communicate(b"\n")
        fcntl.flock(other, fcntl.LOCK_EX | fcntl.LOCK_NB)


def test_pip_takes_over_where_uv_does_not_run(
    start: ModuleType, checkout: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    tried: list[str] = []

    def no_uv(command: list[str]) -> None:
        tried.append("uv" if "uv" in command else "pip")
        if "uv" in command:
            raise start.Trouble("no uv for this machine")

    monkeypatch.setattr(start, "quietly", no_uv)
    start.install(checkout, "run")
    assert tried == ["pip", "uv", "pip"]


def test_every_installation_insists_on_hashes(start: ModuleType, checkout: Path, pretend: list[list[str]]) -> None:
    start.install(checkout, "test")
    assert len(pretend) == 2
    assert all("--require-hashes" in command for command in pretend)


def test_what_a_failing_installer_said_last_is_shown_with_how_to_mend_it(start: ModuleType) -> None:
    script = "import sys; [print('line', n) for n in range(40)]; sys.exit(3)"
    with pytest.raises(start.Trouble) as trouble:
        start.quietly([sys.executable, "-c", script])
    message = str(trouble.value)
    assert "line 39" in message
    assert "line 24" not in message
    assert "退出码 3" in message
    assert "Check the network" in message


def test_a_succeeding_installer_says_nothing(start: ModuleType, capfd: pytest.CaptureFixture[str]) -> None:
    start.quietly([sys.executable, "-c", "print('noise')"])
    assert capfd.readouterr() == ("", "")


def test_a_real_environment_runs_the_package_from_anywhere_and_after_a_move(
    start: ModuleType, checkout: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(start, "install", lambda root, level: None)
    start.prepare(checkout, "run")
    moved = checkout.rename(checkout.with_name("moved 搬过"))
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (elsewhere / "jarlig.py").write_text("raise SystemExit('the folder one stands in must not be imported from')")
    done = subprocess.run(
        [moved / ".venv/bin/jarlig", "a b", "丙"], cwd=elsewhere, capture_output=True, encoding="utf-8", check=True
    )
    assert done.stdout == "ran with ['a b', '丙']\n"
    assert start.level_ready(moved) == "run"


# The checks ----------------------------------------------------------------------------------------------------------


def test_no_name_means_all_groups_and_the_tests_come_last(start: ModuleType) -> None:
    assert start.chosen([]) == ["lint", "types", "contracts", "cases", "tests"]


def test_groups_run_in_their_own_order_whatever_the_order_asked_for(start: ModuleType) -> None:
    assert start.chosen(["tests", "lint"]) == ["lint", "tests"]


def test_a_misspelt_group_is_answered_with_the_nearest(start: ModuleType) -> None:
    with pytest.raises(start.Trouble, match="did you mean types"):
        start.chosen(["typs"])


def test_a_group_beside_something_else_is_pointed_to_the_programmes_own_command(start: ModuleType) -> None:
    with pytest.raises(start.Trouble, match=r"\./jarlig test PROGRAMME"):
        start.chosen(["lint", "src/jarlig/programmes"])


def test_every_programme_is_checked_and_its_cases_run(start: ModuleType, tmp_path: Path) -> None:
    for name in ("b", "a"):
        folder = tmp_path / "src/jarlig/programmes" / name
        folder.mkdir(parents=True)
        (folder / "programme.yaml").write_text("")
    commands = [command[2:] for command in start.commands_of("cases", tmp_path)]
    a, b = "src/jarlig/programmes/a", "src/jarlig/programmes/b"
    assert commands == [["check", "--prove", a], ["test", a], ["check", "--prove", b], ["test", b]]


def test_no_programme_at_all_fails_the_cases_rather_than_passing_unseen(start: ModuleType, tmp_path: Path) -> None:
    passed, _, note = start.run_group("cases", tmp_path)
    assert not passed
    assert "no programme" in note


@pytest.fixture
def scripted(start: ModuleType, checkout: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, list[list[str]]]:
    """The groups as short scripts of this Python, to be filled by the test."""
    groups: dict[str, list[list[str]]] = {group: [["-c", f"print('{group} done')"]] for group in start.GROUPS}
    monkeypatch.setattr(start, "ROOT", checkout)
    monkeypatch.setattr(start, "prepare", lambda root, level: None)
    monkeypatch.setattr(start, "python_of", lambda root: sys.executable)
    monkeypatch.setattr(start, "commands_of", lambda group, root: groups[group])
    return groups


def test_all_groups_run_even_if_one_fails_and_the_exit_code_says_so(
    start: ModuleType, scripted: dict[str, list[list[str]]], capsys: pytest.CaptureFixture[str]
) -> None:
    scripted["lint"] = [["-c", "raise SystemExit('a line too long')"]]
    assert start.main(["test"]) == 1
    output = capsys.readouterr().out
    assert "FAIL lint" in output
    assert "a line too long" in output
    assert all(f"{group} done" in output for group in ("types", "contracts", "cases", "tests"))
    assert "failed: lint" in output


def test_a_group_fails_if_any_of_its_commands_fails_and_keeps_the_words_of_that_one(
    start: ModuleType, scripted: dict[str, list[list[str]]]
) -> None:
    scripted["cases"] = [["-c", "print('fine')"], ["-c", "raise SystemExit('case 3 is wrong')"], ["-c", "print('ok')"]]
    passed, _, note = start.run_group("cases", start.ROOT)
    assert not passed
    assert note == "case 3 is wrong"


def test_the_test_runners_summary_is_the_very_last_line(
    start: ModuleType, scripted: dict[str, list[list[str]]], capsys: pytest.CaptureFixture[str]
) -> None:
    scripted["tests"] = [["-c", "print('===== 7 passed in 0.12s =====')"]]
    assert start.main(["test"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[-1] == "===== 7 passed in 0.12s ====="
    assert "all groups passed" in lines[-2]


def test_one_group_alone_runs_alone(
    start: ModuleType, scripted: dict[str, list[list[str]]], capsys: pytest.CaptureFixture[str]
) -> None:
    assert start.main(["test", "types"]) == 0
    output = capsys.readouterr().out
    assert "types done" in output
    assert "lint done" not in output


def test_output_that_is_not_text_does_not_stop_the_checks(start: ModuleType, tmp_path: Path) -> None:
    script = "import sys; sys.stdout.buffer.write(b'\\xff\\n')"
    assert start.shown([sys.executable, "-c", script], tmp_path) == (0, "\ufffd")


# The command ---------------------------------------------------------------------------------------------------------


@pytest.fixture
def becoming(start: ModuleType, monkeypatch: pytest.MonkeyPatch) -> list[list[str]]:
    """Records what the process would have become."""
    became: list[list[str]] = []
    monkeypatch.setattr(start, "become", became.append)
    return became


@pytest.mark.parametrize(
    ("given", "run"),
    [
        (["up"], ["up"]),
        (["up", "--port", "9000"], ["up", "--port", "9000"]),
        (["tour", "--lang", "en"], ["tour", "--lang", "en"]),
        (["check", "a folder"], ["check", "a folder"]),
        (["test", "my-programme"], ["test", "my-programme"]),
        (["test", "--lang", "en", "my-programme"], ["test", "--lang", "en", "my-programme"]),
    ],
)
def test_what_is_no_check_is_handed_on_unchanged(
    start: ModuleType, becoming: list[list[str]], given: list[str], run: list[str]
) -> None:
    start.main(given)
    assert becoming[0] == run


def test_a_folder_whose_name_is_nearly_that_of_a_group_is_still_a_programme(
    start: ModuleType, becoming: list[list[str]], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "cases2").mkdir()
    start.main(["test", "cases2"])
    assert becoming[0] == ["test", "cases2"]


def test_a_misspelt_group_is_not_taken_for_a_programme(
    start: ModuleType, becoming: list[list[str]], capsys: pytest.CaptureFixture[str]
) -> None:
    assert start.main(["test", "typs"]) == 2
    assert becoming == []
    assert "did you mean types" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("script", "shown"), [("./jarlig", "./jarlig"), ("jarlig", "./jarlig"), ("/a b/jarlig", "'/a b/jarlig'")]
)
def test_the_command_is_told_how_it_was_called_so_that_it_can_print_commands_to_paste(
    start: ModuleType, script: str, shown: str
) -> None:
    assert start.called_as(script) == shown


@pytest.mark.parametrize("asked", [[], ["-h"], ["--help"]])
def test_help_names_the_words_of_the_script_before_the_commands_own_help(
    start: ModuleType, becoming: list[list[str]], capsys: pytest.CaptureFixture[str], asked: list[str]
) -> None:
    start.main(asked)
    assert becoming[0] == ["--help"]
    output = capsys.readouterr().out
    assert "./jarlig up" in output
    assert "./jarlig test" in output


@pytest.mark.parametrize("trouble", ["a trouble", "an error of the disk"])
def test_what_goes_wrong_reaches_the_person_as_a_sentence(
    start: ModuleType, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], trouble: str
) -> None:
    def fail(root: Path, level: str) -> None:
        raise start.Trouble(trouble) if trouble == "a trouble" else OSError(trouble)

    monkeypatch.setattr(start, "prepare", fail)
    assert start.main(["check"]) == 2
    error = capsys.readouterr().err
    assert trouble in error
    assert "Traceback" not in error
