"""The command as a process of its own: pipes, signals, terminals, encodings, and how much it imports."""

from __future__ import annotations

import os
import pty
import select
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from tests.cli.conftest import Run
from tests.tiny import CODE

SOURCE = str(Path(__file__).resolve().parents[2] / "src")
JARLIG = [sys.executable, "-P", "-m", "jarlig"]
PLAIN = {"PATH": os.environ["PATH"], "PYTHONPATH": SOURCE, "LANG": "C.UTF-8"}


def started(*arguments: str | Path, env: dict[str, str] | None = None, **settings: object) -> subprocess.Popen[bytes]:
    command = [*JARLIG, *map(str, arguments)]
    pipes = {"stdin": subprocess.DEVNULL, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE, **settings}
    return subprocess.Popen(command, env={**PLAIN, **(env or {})}, preexec_fn=_attentive, **pipes)  # type: ignore[call-overload,no-any-return]  # settings of Popen


def _attentive() -> None:
    """Signals as a person's shell leaves them: a run in the background would hand on that they are ignored."""
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_DFL)


def on_a_terminal(*arguments: str | Path, env: dict[str, str] | None = None) -> str:
    """What the command writes when standard output and error are a terminal of 80 columns."""
    return terminal_of([*JARLIG, *map(str, arguments)], {"COLUMNS": "80", "TERM": "xterm", **(env or {})})


def terminal_of(command: list[str], env: dict[str, str]) -> str:
    ours, theirs = pty.openpty()
    process = subprocess.Popen(command, env={**PLAIN, **env}, stdin=theirs, stdout=theirs, stderr=theirs)
    os.close(theirs)
    written = b""
    while select.select([ours], [], [], 20)[0]:
        try:
            piece = os.read(ours, 65536)
        except OSError:  # the terminal is gone with the process
            break
        if not piece:
            break
        written += piece
    process.wait(20)
    os.close(ours)
    return written.decode()


def test_the_module_is_the_command(folder: Path) -> None:
    process = started("show", folder, "--lang", "zh")
    out, err = process.communicate()
    assert (process.returncode, err) == (0, b"")
    assert out.decode().startswith("测试方案")


def test_there_is_no_colour_in_a_pipe_and_some_on_a_terminal(folder: Path) -> None:
    out, _ = started("show", folder).communicate()
    assert b"\x1b" not in out
    assert "\x1b[1m" in on_a_terminal("show", folder)


@pytest.mark.parametrize("env", [{"NO_COLOR": "1"}, {"TERM": "dumb"}])
def test_no_colour_is_written_where_it_is_not_wanted(folder: Path, env: dict[str, str]) -> None:
    assert "\x1b[1m" not in on_a_terminal("show", folder, env=env)
    assert "\x1b[" not in on_a_terminal("show", "nowhere", env=env)


def test_an_error_is_coloured_on_a_terminal(folder: Path) -> None:
    assert "\x1b[1;31m" in on_a_terminal("show", "nowhere")


def test_standard_input_from_a_terminal_is_asked_for(folder: Path) -> None:
    ours, theirs = pty.openpty()
    process = started("match", folder, "--facts", "-", stdin=theirs)
    os.close(theirs)
    assert process.stderr is not None
    assert process.stdout is not None
    assert process.stderr.readline() == b"type the contents, end with Ctrl-D:\n"
    os.write(ours, b"score: 70\n\x04")
    process.communicate(timeout=20)
    os.close(ours)
    assert process.returncode == 0


def test_a_reader_that_goes_away_ends_it_quietly(folder: Path) -> None:
    with started("schema") as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.close()
        assert process.wait(20) == 141
        assert process.stderr.read() == b""


def test_ctrl_c_ends_it_with_a_word_and_130(folder: Path) -> None:
    ours, theirs = pty.openpty()
    with started("match", folder, "--facts", "-", stdin=theirs) as process:
        os.close(theirs)
        assert process.stderr is not None
        assert process.stderr.readline() == b"type the contents, end with Ctrl-D:\n"  # so it waits for the facts
        process.send_signal(signal.SIGINT)
        _, err = process.communicate(timeout=20)
    os.close(ours)
    assert process.returncode == 130
    assert err.decode().strip() == "Stopped."


def tables_of(where: Path, cases: int) -> list[str]:
    """The options of a run over so many cases, its answer in a folder of its own."""
    head = "case,on,uscc,registered_at,score\n"
    rows = "".join(f"{at},2023-06-01,{CODE},150102,70\n" for at in range(cases))
    (where / "cases.csv").write_text(head + rows, "utf-8")
    (where / "answers").mkdir()
    return ["--offer", "2", "--cases", str(where / "cases.csv"), "--out", str(where / "answers" / "out.csv")]


@pytest.mark.parametrize("sent", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_run_that_is_ended_from_outside_leaves_nothing_behind(
    folder: Path, tmp_path: Path, sent: signal.Signals
) -> None:
    options = tables_of(tmp_path, 100_000)
    with started("run", folder, *options) as process:
        deadline = time.monotonic() + 60
        while not list((tmp_path / "answers").glob(".jarlig-run-*")):
            assert process.poll() is None
            assert time.monotonic() < deadline
            time.sleep(0.005)
        process.send_signal(sent)
        _, err = process.communicate(timeout=60)
    assert process.returncode == 128 + sent
    assert err.decode().strip() == "Stopped."
    assert list((tmp_path / "answers").iterdir()) == []


def test_a_run_without_a_terminal_goes_on_when_it_is_told_to_ignore_the_hangup(folder: Path, tmp_path: Path) -> None:
    """As ``nohup`` starts it."""
    options = tables_of(tmp_path, 10)
    command = 'trap "" HUP; exec "$@"'
    shell = ["sh", "-c", command, "sh", *JARLIG, "run", str(folder), *options]
    with subprocess.Popen(shell, env=PLAIN, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE) as process:
        while not list((tmp_path / "answers").glob(".jarlig-run-*")) and process.poll() is None:
            time.sleep(0.005)
        process.send_signal(signal.SIGHUP)
        _, err = process.communicate(timeout=60)
    assert (process.returncode, err) == (0, b"")
    assert (tmp_path / "answers" / "out.csv").is_file()


def test_signals_are_as_they_were_after_a_command(run: Run, folder: Path) -> None:
    before = [signal.getsignal(one) for one in (signal.SIGTERM, signal.SIGHUP)]
    assert run("show", folder).code == 0
    assert [signal.getsignal(one) for one in (signal.SIGTERM, signal.SIGHUP)] == before


def test_a_full_disk_is_told_and_not_taken_for_success() -> None:
    with Path("/dev/full").open("wb") as full:
        process = started("schema", stdout=full)
        _, err = process.communicate(timeout=20)
    assert process.returncode == 2
    assert b"no space left on device" in err
    assert b"Traceback" not in err


@pytest.mark.parametrize("encoding", ["gbk", "latin-1"])
def test_a_terminal_without_the_characters_gets_question_marks_not_a_traceback(folder: Path, encoding: str) -> None:
    process = started("show", folder, "--lang", "zh", env={"PYTHONIOENCODING": encoding})
    out, err = process.communicate(timeout=20)
    assert (process.returncode, err) == (0, b"")
    assert ("测试方案" if encoding == "gbk" else "????") in out.decode(encoding)


def test_json_is_right_in_every_encoding(folder: Path, facts: Path) -> None:
    asked = ["match", folder, "--facts", facts, "--on", "2023-06-01", "--json", "--lang", "zh"]
    utf8, ascii_only = (
        started(*asked, env={"PYTHONIOENCODING": encoding}).communicate(timeout=20)[0]
        for encoding in ("utf-8", "ascii")
    )
    import json

    assert json.loads(utf8) == json.loads(ascii_only)
    assert "新建平台补助".encode() in utf8


def imported(*arguments: str | Path) -> set[str]:
    """The modules that a command has imported when it is done."""
    script = (
        "import sys; from jarlig.cli import app; app.run(sys.argv[1:]); print('|'.join(sys.modules), file=sys.stderr)"
    )
    done = subprocess.run(
        [sys.executable, "-c", script, *map(str, arguments)], env=PLAIN, capture_output=True, check=True
    )
    return set(done.stderr.decode().split("|"))


def test_help_and_mistakes_import_neither_the_engines_nor_the_table_printer() -> None:
    heavy = {"yaml", "rich", "jinja2", "duckdb", "pyarrow", "jarlig.engines.answer", "jarlig.policy.grammar"}
    assert not imported("--help") & heavy
    assert not imported("determine", "--help") & heavy
    assert not imported("determin") & heavy


def test_an_answer_in_words_needs_no_table_printer_and_no_page_printer(folder: Path, facts: Path) -> None:
    modules = imported("determine", folder, "1a", "--facts", facts, "--on", "2023-06-01")
    assert not modules & {"rich", "jinja2", "duckdb", "pyarrow", "jarlig.engines.check", "jarlig.words.handbook"}


def test_what_is_quick_shows_no_progress(folder: Path) -> None:
    assert "checking" not in on_a_terminal("check", folder)


@pytest.mark.parametrize(
    "work",
    [
        "with screen.waiting('determining'): time.sleep(1.2)",
        "with screen.progress('checking', 9) as tick: [(time.sleep(0.15), tick('x')) for _ in range(9)]",
    ],
)
def test_what_takes_over_a_second_says_so_on_a_terminal_and_nowhere_else(work: str) -> None:
    script = ["-c", f"import time; from jarlig.cli import screen\n{work}\nprint('done')"]
    written = terminal_of([sys.executable, *script], {"COLUMNS": "80", "TERM": "xterm"})
    assert "determining" in written or "checking" in written
    assert written.rstrip().endswith("done")
    piped = subprocess.run([sys.executable, *script], env=PLAIN, capture_output=True, check=True)
    assert (piped.stdout, piped.stderr) == (b"done\n", b"")
