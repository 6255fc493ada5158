"""The command ``jarlig``: finds the command asked for, runs it, and turns what went wrong into a sentence and a code.

Exit codes: 0 answered; 1 a check, a case or a receipt failed; 2 bad input, told on standard error; 130 stopped with
Ctrl-C; 143 ended by SIGTERM, 129 by a terminal that was closed (SIGHUP), both as orderly as with Ctrl-C; 141 the reader
of the output went away (as a shell reports it).
"""

from __future__ import annotations

import os
import signal
import sys
import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib import import_module
from io import TextIOWrapper
from types import FrameType

import click

from jarlig import __version__
from jarlig.cli import help
from jarlig.cli.help import pick
from jarlig.cli.trouble import Trouble, told
from jarlig.policy.messages import PolicyError

#: Every command: where it stands, and its one line. None is imported before it is asked for.
COMMANDS: Mapping[str, tuple[str, str]] = {
    "tour": ("tour:tour", "快速了解：随附方案、示例企业、可得金额 / A look around: the shipped programme at work."),
    "programmes": ("show:programmes", "列出随附方案 / List the programmes that come with this package."),
    "show": ("show:show", "查看方案或其中一个事项 / Show a programme, or one of its offers."),
    "determine": ("determine:determine", "测算一个事项 / What an enterprise gets under one offer."),
    "match": ("determine:match", "测算全部事项 / What an enterprise gets under every offer."),
    "ask": ("ask:ask", "测算问答：答几个问题，看可得多少 / A few questions, and what each offer comes to."),
    "run": ("run:run", "批量测算数据表中的全部案例 / What every case of a table gets."),
    "allocate": ("allocate:allocate", "分配资金池 / Share the pools of a guide among the claims of a table."),
    "simulate": ("simulate:simulate", "比较两组规则，写成报告 / Compare two sets of rules over the same cases."),
    "synth": ("synth:synth", "虚构一批企业的数据表 / Make up a population of enterprises, as tables of many cases."),
    "receipt": ("receipt:receipt", "核验测算凭证 / Verify the receipt of a determination."),
    "check": ("check:check", "校验方案文件，可与公文原文比对 / Check a programme, also against the notice's text."),
    "test": ("check:test", "运行方案的算例 / Run the worked cases of a programme."),
    "handbook": ("handbook:handbook", "生成办事手册 / Write the handbook of a programme."),
    "anchor": ("anchor:anchor", "为公文文字生成引文定位 / Anchor a figure to the notice's words (for authors)."),
    "schema": ("schema:schema", "输出方案文件的 JSON Schema / JSON Schema of the files, for editors."),
}
_ABOUT = (
    "把惠企政策通知变成可以运行的方案：可得多少、依据哪一条、还缺什么。 / "
    "Turns a government support notice into a running programme: how much, by which clause, and what is missing."
)
BAD_INPUT, INTERRUPTED, READER_GONE = 2, 130, 141


@dataclass(frozen=True, slots=True)
class More:
    """Commands that stand above this room, and what is said where the packages that they need are missing."""

    commands: Mapping[str, tuple[str, str]]
    missing: Trouble


class Root(help.Group):
    """The group of all commands; knows their names without importing them."""

    #: Commands of rooms above, after our own.
    more: More | None = None

    def _all(self) -> Mapping[str, tuple[str, str]]:
        return {**COMMANDS, **self.more.commands} if self.more else COMMANDS

    def list_commands(self, ctx: click.Context) -> list[str]:
        """The commands in the order in which a newcomer meets them."""
        return list(self._all())

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command of that name, imported now.

        Raises:
            Trouble: when packages of a room above are missing.
        """
        if cmd_name not in self._all():
            return None
        place, _, name = self._all()[cmd_name][0].partition(":")
        try:
            module = import_module(place if place.startswith("jarlig.") else f"jarlig.cli.{place}")
        except ModuleNotFoundError as error:
            if self.more is None or cmd_name in COMMANDS or (error.name or "").startswith("jarlig"):
                raise
            raise self.more.missing from error
        found: click.Command = getattr(module, name)
        return found

    def lines(self) -> list[tuple[str, str]]:
        """Each command with what it is for, without importing any."""
        return [(name, line) for name, (_, line) in self._all().items()]


def _root(more: More | None = None) -> Root:
    group = Root("jarlig", help=_ABOUT)
    group.more = more
    version = "版本 / The version."
    click.version_option(__version__, "--version", cls=help.Option, message="jarlig %(version)s", help=version)(group)
    return group


def language(arguments: Sequence[str], environment: Mapping[str, str]) -> str:
    """The language to speak, known before anything is parsed so that every message is in it.

    ``--lang`` wins wherever it stands; then the locale of the environment: Chinese for ``zh…``, else English.
    """
    for index, argument in enumerate(arguments):
        if argument == "--":
            break
        name, _, value = argument.partition("=")
        if name == "--lang":
            value = value or "".join(arguments[index + 1 : index + 2])
            if value in ("zh", "en"):
                return value
    locale = next((environment[key] for key in ("LC_ALL", "LC_MESSAGES", "LANG") if environment.get(key)), "")
    return "zh" if locale.lower().startswith("zh") else "en"


def run(arguments: Sequence[str], more: More | None = None) -> int:
    """Runs the command of these arguments; returns the exit code. Nothing that a user can cause leaves a traceback."""
    _safe_streams()
    lang = language(arguments, os.environ)
    ending = _Ending()
    try:
        with ending:
            code = _invoked(list(arguments), lang, more)
            sys.stdout.flush()
        return code
    except BrokenPipeError:
        _discard_output()
        return READER_GONE
    except (KeyboardInterrupt, click.Abort):
        _tell(pick("\n已中断。 / \nStopped.", lang))
        return ending.code
    except (click.ClickException, PolicyError, Trouble, OSError, MemoryError) as error:
        _tell(told(error, lang))
        if isinstance(error, OSError):
            _discard_output()
        return BAD_INPUT


class _Ending:
    """Turns SIGTERM and SIGHUP into what Ctrl-C does, so that nothing half done is left behind.

    A signal that somebody handles or ignores already (as under ``nohup``) stays as it is. After the first one others do
    nothing: they often come in pairs, and the second would break off the tidying up.
    """

    def __init__(self) -> None:
        self.code = INTERRUPTED
        self._handled: list[int] = []

    def __enter__(self) -> None:
        if threading.current_thread() is not threading.main_thread():  # only there may signals be handled
            return
        for name in ("SIGTERM", "SIGHUP"):
            number = getattr(signal, name, None)  # Windows has no SIGHUP
            if number is not None and signal.getsignal(number) is signal.SIG_DFL:
                signal.signal(number, self._stop)
                self._handled.append(number)

    def __exit__(self, *_: object) -> None:
        for number in self._handled:
            signal.signal(number, signal.SIG_DFL)

    def _stop(self, number: int, _: FrameType | None) -> None:
        if self.code == INTERRUPTED:
            self.code = 128 + number
            raise KeyboardInterrupt


def _invoked(arguments: list[str], lang: str, more: More | None) -> int:
    """Runs the command; a page of help ends with the code that it names."""
    root = _root(more)
    try:
        with root.make_context("jarlig", arguments, obj=lang) as ctx:
            code = root.invoke(ctx)
    except click.exceptions.Exit as done:
        return done.exit_code
    return code if isinstance(code, int) else 0


def _tell(text: str) -> None:
    """A message on standard error; when nobody can read it, the exit code must do."""
    try:
        click.echo(text, err=True)
    except OSError:
        _discard_output()


def _safe_streams() -> None:
    """A terminal without Chinese shows question marks, not a traceback."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="replace")


def _discard_output() -> None:
    """What is still in the buffer cannot be written; the interpreter would complain about it at its end."""
    try:
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, sys.stdout.fileno())
        os.close(nowhere)
    except (OSError, ValueError):
        return
