"""Files that a user names on the command line: read whole, from a pipe too; written whole or not at all."""

from __future__ import annotations

import os
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from jarlig.cli.help import pick
from jarlig.cli.trouble import Trouble, cannot_read, cannot_write
from jarlig.policy.messages import Place, PolicyError, problem, visible
from jarlig.policy.source import FACTS_LIMITS, JSON_LIMITS, PROGRAMME_LIMITS, decode

if TYPE_CHECKING:
    from jarlig.policy.casefile import Facts

#: How a user asks for standard input, and what messages call it.
STDIN, STDIN_NAME = "-", "<stdin>"


def contents(name: str, lang: str, most: int = JSON_LIMITS.file_bytes) -> bytes:
    """The bytes of a file or of standard input, at most one more than a limit.

    Raises:
        Trouble: there is no such file, it is a folder, or it may not be read.
    """
    if name == STDIN:
        if sys.stdin.isatty():
            click.echo(pick("请输入内容，以 Ctrl-D 结束： / type the contents, end with Ctrl-D:", lang), err=True)
        return sys.stdin.buffer.read(most + 1)
    try:
        with Path(name).open("rb") as stream:
            return stream.read(most + 1)
    except OSError as error:
        raise cannot_read(name, error) from error
    except ValueError as error:
        shown = visible(name)
        raise Trouble(f"路径中有无效字符：{shown}", f"an invalid character in the path {shown}") from error


def facts(name: str, lang: str) -> Facts:
    """The facts of a file, of a pipe, or of standard input.

    Raises:
        Trouble: it cannot be read.
        PolicyError: what it holds cannot be read as facts.
    """
    from jarlig.policy.facts import read_facts

    return read_facts(contents(name, lang), _shown(name))


def history(name: str, lang: str) -> list[Any]:
    """Earlier awards: a list, or ``{history: […]}``, each row checked so that a message names its line.

    Raises:
        Trouble: the file cannot be read.
        PolicyError: it holds no such list, or a value is wrong.
    """
    from jarlig.policy.awards import read_history
    from jarlig.policy.casefile import Facts
    from jarlig.policy.text import read_plain

    source, file = contents(name, lang), _shown(name)
    plain: Any = read_plain(source, file)
    path: tuple[str | int, ...] = ()
    if isinstance(plain, Mapping) and set(plain) == {"history"}:
        plain, path = plain["history"], ("history",)
    if not isinstance(plain, list):
        wanted = "a list of earlier awards, or {history: […]}"
        got = "a mapping" if isinstance(plain, Mapping) else "something else"
        raise PolicyError((problem("E203", Place(file, 1, 1), "", expected=wanted, got=got),))
    read_history(Facts({}, file, source), plain, path)
    return plain


def text(name: str, lang: str) -> str:
    """The text of a notice.

    Raises:
        Trouble: the file cannot be read.
        PolicyError: it is not UTF-8, or holds hidden characters.
    """
    source = contents(name, lang, FACTS_LIMITS.file_bytes)
    most = len(source)
    limits = type(PROGRAMME_LIMITS)(FACTS_LIMITS.file_bytes, most, PROGRAMME_LIMITS.nesting, most, FACTS_LIMITS.nodes)
    return decode(source.replace(b"\t", b" "), _shown(name), limits)


def inside(folder: str, name: str) -> str:
    """The path of a file in a folder, which is told apart from a missing one only when written to."""
    return str(Path(folder) / name)


def write_whole(name: str, content: str) -> None:
    """Writes a file in one step: a reader sees the old one or the whole new one, also when the disk is full.

    Raises:
        Trouble: the folder is missing, or may not be written.
    """
    target, shown = Path(name).resolve(), visible(name)
    if target.is_dir():
        raise Trouble(f"无法写入 {shown}：这是文件夹，请给出文件名", f"cannot write {shown}: a folder; name a file")
    if not target.parent.is_dir():
        folder = visible(str(Path(name).parent))
        raise Trouble(f"无法写入：没有文件夹 {folder}，请先建立", f"cannot write: no folder {folder}; make it first")
    if target.exists() and not target.is_file():  # a device or a pipe is written to, never replaced
        _write_through(target, name, content)
        return
    draft = None
    try:
        handle, draft = tempfile.mkstemp(prefix=f".{target.name[:40]}.", dir=target.parent)
        with os.fdopen(handle, "w", encoding="utf-8", newline="\n") as stream:
            stream.write(content)
        mask = os.umask(0)
        os.umask(mask)
        Path(draft).chmod(0o666 & ~mask)
        Path(draft).replace(target)
    except OSError as error:
        raise cannot_write(name, error) from error
    finally:
        if draft is not None:
            Path(draft).unlink(missing_ok=True)


def _write_through(target: Path, name: str, content: str) -> None:
    try:
        with target.open("w", encoding="utf-8", newline="\n") as stream:
            stream.write(content)
    except BrokenPipeError:
        raise
    except OSError as error:
        raise cannot_write(name, error) from error


def _shown(name: str) -> str:
    return STDIN_NAME if name == STDIN else name
