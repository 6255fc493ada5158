"""What is written to the terminal: tables that meet, headings, progress; plain text where there is no terminal."""

from __future__ import annotations

import json
import shutil
import sys
import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any, Protocol

import click

from jarlig.cli.trouble import colourful
from jarlig.words.layout import wrap

#: Lines of prose are not longer, and a table has no use for more.
MOST_PROSE, MOST_TABLE = 100, 140


class Tick(Protocol):
    """Tells that one more piece of work is done, and what it was."""

    def __call__(self, what: str = "") -> None: ...


def columns(most: int = MOST_PROSE) -> int:
    """Columns to write in: those of the terminal, 80 where there is none."""
    return max(40, min(shutil.get_terminal_size((80, 24)).columns, most))


def say(text: str = "") -> None:
    """A line or several on standard output."""
    click.echo(text)


def heading(text: str) -> None:
    """A heading with an empty line before it; bold on a terminal."""
    for line in ["", *lines(text)]:
        click.echo(click.style(line, bold=True) if line and colourful(sys.stdout) else line)


def prose(text: str, indent: str = "", hanging: str | None = None) -> None:
    """A paragraph, wrapped to the terminal."""
    click.echo("\n".join(lines(text, indent, hanging)))


def lines(text: str, indent: str = "", hanging: str | None = None) -> list[str]:
    """A paragraph as the lines of the terminal."""
    return wrap(text, columns(), indent, hanging)


def table(
    head: Sequence[str], rows: Iterable[Sequence[str]], right: Iterable[int] = (), totals: int = 0,
    whole: Iterable[int] = (0,),
) -> None:  # fmt: skip
    """A table, its columns aligned also where characters are two columns wide; arguments as in ``tables.drawn``."""
    from jarlig.cli.tables import drawn

    width = columns(MOST_TABLE)
    colour = colourful(sys.stdout)
    say(drawn(head, rows, right=right, totals=totals, whole=whole, columns=width, colour=colour))


def print_json(value: Any) -> None:
    """One JSON value; letters beyond ASCII are escaped only where the output could not hold them."""
    encoding = (sys.stdout.encoding or "").lower().replace("-", "").replace("_", "")
    click.echo(json.dumps(value, ensure_ascii=encoding != "utf8", indent=2))


@contextmanager
def progress(about: str, total: int | None) -> Iterator[Tick]:
    """A bar on standard error while work goes on, only on a terminal and only once it has taken over half a second."""
    if not sys.stderr.isatty():
        yield lambda what="": None
        return
    from rich.console import Console
    from rich.progress import Progress

    bar = Progress(console=Console(stderr=True), transient=True)
    task = bar.add_task(about, total=total, start=False)
    began, started = time.monotonic(), False

    def tick(what: str = "") -> None:
        nonlocal started
        if not started and time.monotonic() - began > 0.5:
            bar.start()
            bar.start_task(task)
            started = True
        bar.advance(task)

    try:
        yield tick
    finally:
        if started:
            bar.stop()


@contextmanager
def waiting(about: str) -> Iterator[None]:
    """Says on standard error what is going on, only on a terminal and only once it has taken most of a second."""
    if not sys.stderr.isatty():
        yield
        return
    from threading import Timer

    from rich.console import Console

    status = Console(stderr=True).status(about)
    late = Timer(0.7, status.start)
    late.daemon = True
    late.start()
    try:
        yield
    finally:
        late.cancel()
        late.join()
        status.stop()
