"""Help pages and options in the reader's language, aligned where characters are two columns wide.

A help text stands as ``中文 / English``; the language is the context's object (``zh`` or ``en``). Words of an option
come from ``Option``, those of a page from ``Command``; an option without our class would speak English to everybody.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from copy import copy
from typing import Any, TypeVar

import click

from jarlig.policy.shipped import shipped
from jarlig.words.layout import pad, width, wrap

F = TypeVar("F", bound=Callable[..., Any])

#: No line of help is longer; a wider terminal would only make it harder to read.
MOST_COLUMNS = 100


def pick(text: str, lang: str) -> str:
    """The half of ``中文 / English`` that the reader wants; a text without halves is for everybody."""
    zh, cut, en = text.partition(" / ")
    return text if not cut else zh if lang == "zh" else en


def language_of(ctx: click.Context) -> str:
    """The language that a command speaks."""
    return "zh" if ctx.find_root().obj == "zh" else "en"


def _an_example() -> str:
    """A programme that is really there, so that an example can be pasted."""
    return next(iter(shipped()), "./my-programme")


class Formatter(click.HelpFormatter):
    """Writes help with the columns that a terminal really uses."""

    def __init__(self) -> None:
        super().__init__(max_width=MOST_COLUMNS)

    def write_text(self, text: str) -> None:
        """Paragraphs, wrapped; a line that begins with two spaces stays as it is (an example)."""
        indent = " " * self.current_indent
        for line in text.split("\n"):
            lines = [indent + line] if line.startswith("  ") else wrap(line, self.width, indent)
            self.write("\n".join(lines) + "\n")

    def write_dl(self, rows: Iterable[tuple[str, str]], col_max: int = 30, col_spacing: int = 2) -> None:
        """Two columns: names, and what they are."""
        listed = list(rows)
        first = min(max(width(name) for name, _ in listed), col_max) + col_spacing
        left = " " * self.current_indent
        for name, text in listed:
            lines = wrap(text, self.width, " " * (self.current_indent + first))
            if width(name) + col_spacing > first:
                self.write(f"{left}{name}\n" + "\n".join(lines) + "\n")
            else:
                body = "\n".join([pad(left + name, self.current_indent + first) + lines[0].lstrip(), *lines[1:]])
                self.write(body.rstrip() + "\n")


class Context(click.Context):
    """A context whose help pages measure wide characters rightly."""

    formatter_class = Formatter

    def make_formatter(self) -> click.HelpFormatter:
        """The formatter of this page."""
        return Formatter()


class Command(click.Command):
    """A command whose help page is in the reader's language."""

    context_class = Context

    def format_help(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Usage, what the command does, its options, and examples."""
        lang = language_of(ctx)
        usage = " ".join(self.collect_usage_pieces(ctx))
        formatter.write_usage(ctx.command_path, usage, "用法：" if lang == "zh" else "Usage: ")
        for text in (self.help, self.epilog):
            if text:
                formatter.write("\n")
                formatter.write_text(pick(text, lang).replace("PROGRAMME", _an_example()))
        records = [record for param in self.get_params(ctx) if (record := param.get_help_record(ctx)) and record[1]]
        formatter.write(pick("\n选项：\n / \nOptions:\n", lang))
        with formatter.indentation():
            formatter.write_dl(records, col_max=24)

    def get_help_option(self, ctx: click.Context) -> click.Option | None:
        """The option ``--help``, described in both languages."""
        option = super().get_help_option(ctx)
        if option is not None:
            option.help = pick("显示本说明 / Show this page.", language_of(ctx))
        return option


class Group(Command, click.Group):
    """A group of commands; asked for nothing, it tells its commands."""

    def __init__(self, name: str, **settings: Any) -> None:
        super().__init__(name, invoke_without_command=True, callback=_page, context_settings=_SETTINGS, **settings)
        _spoken(self)

    def lines(self) -> list[tuple[str, str]]:
        """Each command with what it is for."""
        return [(name, command.help or "") for name, command in self.commands.items()]

    def format_help(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The page of the whole, with a line for each command."""
        super().format_help(ctx, formatter)
        lang = language_of(ctx)
        formatter.write(pick("\n命令：\n / \nCommands:\n", lang))
        with formatter.indentation():
            formatter.write_dl([(name, pick(line, lang)) for name, line in self.lines()])
        path = ctx.command_path
        more = f"各命令的说明和例子：{path} 命令 --help / More, with examples: {path} COMMAND --help"
        formatter.write("\n" + pick(more, lang) + "\n")


@click.pass_context
def _page(ctx: click.Context) -> None:
    if ctx.invoked_subcommand is None:
        click.echo(ctx.get_help())


class Option(click.Option):
    """An option whose help is in the reader's language."""

    def get_help_record(self, ctx: click.Context) -> tuple[str, str] | None:
        """The name and the words of the option."""
        told = copy(self)
        told.help, told.required = pick(self.help or "", language_of(ctx)), False
        return click.Option.get_help_record(told, ctx)


def option(*names: str, **settings: Any) -> Callable[[F], F]:
    """An option; ``help`` is ``中文 / English``."""
    return click.option(*names, cls=Option, **settings)


_SETTINGS = {"help_option_names": ["-h", "--help"]}
_spoken = option(
    "--lang",
    type=click.Choice(["zh", "en"]),
    expose_value=False,
    help="语言，默认随系统语言环境 / Language; that of the environment when not given.",
)


def command(name: str, **settings: Any) -> Callable[[Callable[..., Any]], click.Command]:
    """A command with the option ``--lang`` that all have; its function takes the language first."""

    def made(function: Callable[..., Any]) -> click.Command:
        spoken = _spoken(click.pass_obj(function))
        return click.command(name, cls=Command, context_settings=_SETTINGS, **settings)(spoken)

    return made
