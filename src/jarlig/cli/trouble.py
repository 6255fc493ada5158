"""What goes wrong at the command line, as sentences: what, where, and how to mend it."""

from __future__ import annotations

import errno
import os
import re
import sys

import click

from jarlig.policy.messages import PolicyError, nearest, visible

#: What the machine says of a file, in Chinese; the English is its own.
_REASONS = {
    errno.ENOENT: "没有这个文件或文件夹",
    errno.EACCES: "没有权限",
    errno.EPERM: "没有权限",
    errno.EISDIR: "这是文件夹，不是文件",
    errno.ENOTDIR: "路径中有一段不是文件夹",
    errno.ENOSPC: "磁盘已满",
    errno.EROFS: "所在磁盘只读",
    errno.ENAMETOOLONG: "文件名过长",
    errno.EIO: "磁盘读写出错",
}

#: How click says that there is more than it can use.
_EXTRA = re.compile(r"unexpected extra arguments? \((.*)\)$")


class Trouble(Exception):
    """Something that the person at the keyboard can mend, said in both languages."""

    def __init__(self, zh: str, en: str) -> None:
        super().__init__(en)
        self.zh, self.en = zh, en


def reason(error: OSError, lang: str) -> str:
    """Why a file could not be read or written."""
    own = error.strerror or type(error).__name__
    return _REASONS.get(error.errno or 0, own) if lang == "zh" else own[:1].lower() + own[1:]


def cannot_read(path: str, error: OSError) -> Trouble:
    """The sentence for a file that cannot be read."""
    name = visible(path)
    return Trouble(f"无法读取 {name}：{reason(error, 'zh')}", f"cannot read {name}: {reason(error, 'en')}")


def cannot_write(path: str, error: OSError) -> Trouble:
    """The sentence for a file that cannot be written."""
    name = visible(path)
    return Trouble(f"无法写入 {name}：{reason(error, 'zh')}", f"cannot write {name}: {reason(error, 'en')}")


def told(error: Exception, lang: str) -> str:
    """What a user reads when something went wrong with files, arguments or the disk, in ``zh`` or ``en``."""
    if isinstance(error, PolicyError):
        return error.render("zh" if lang == "zh" else "en", colourful(sys.stderr))
    if isinstance(error, click.UsageError):
        return _usage(error, lang)
    if isinstance(error, Trouble):
        text = error.zh if lang == "zh" else error.en
    elif isinstance(error, OSError):
        at = f" {visible(str(error.filename))}" if error.filename else ""
        text = ("无法读写{at}：{why}" if lang == "zh" else "cannot read or write{at}: {why}").format(
            at=at, why=reason(error, lang)
        )
    elif isinstance(error, MemoryError):
        text = "内存不足，请减少数据量" if lang == "zh" else "out of memory; give it fewer rows"
    else:
        text = str(error)
    return ("错误：" if lang == "zh" else "error: ") + text


def colourful(stream: object) -> bool:
    """Whether colours may be written: only to a terminal, and not when ``NO_COLOR`` is set (no-color.org)."""
    isatty = getattr(stream, "isatty", None)
    return bool(isatty and isatty()) and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"


def _usage(error: click.UsageError, lang: str) -> str:
    """A wrong argument: what is wrong, what was probably meant, and where to read more."""
    sentence = _usage_zh(error) if lang == "zh" else _usage_en(error)
    path = error.ctx.command_path if error.ctx else "jarlig"
    if lang == "zh":
        return f"错误：{sentence}\n说明：`{path} --help`"
    return f"error: {sentence}\nhelp: `{path} --help`"


def _commands(error: click.UsageError) -> list[str]:
    """The commands that there are where one was looked for."""
    group = error.ctx.command if error.ctx else None
    return group.list_commands(error.ctx) if error.ctx and isinstance(group, click.Group) else []


def _usage_en(error: click.UsageError) -> str:
    if isinstance(error, click.NoSuchCommand):
        commands = _commands(error)
        near = nearest(error.command_name, commands)
        meant = f"Did you mean {near}? " if near else ""
        return f"there is no command {visible(error.command_name)!r}. {meant}The commands are {', '.join(commands)}."
    if isinstance(error, click.NoSuchOption):
        near = next(iter(error.possibilities or []), "")
        return f"there is no option {visible(error.option_name)!r}." + (f" Did you mean {near}?" if near else "")
    text = visible(error.format_message(), 600)
    return text[:1].lower() + text[1:]


def _usage_zh(error: click.UsageError) -> str:
    if isinstance(error, click.NoSuchCommand):
        commands = _commands(error)
        near = nearest(error.command_name, commands)
        meant = f"是否指 {near}？" if near else ""
        return f"没有命令“{visible(error.command_name)}”。{meant}可用的命令：{'、'.join(commands)}。"
    if isinstance(error, click.NoSuchOption):
        near = next(iter(error.possibilities or []), "")
        return f"没有选项“{visible(error.option_name)}”。" + (f"是否指 {near}？" if near else "")
    if isinstance(error, click.MissingParameter):
        return f"缺少 {_named(error)}。"
    if isinstance(error, click.BadOptionUsage):
        return f"选项 {error.option_name} 后面要有值。"
    if isinstance(error, click.BadParameter):
        return f"{_named(error)} 的值有误：{_value_zh(error)}"
    extra = _EXTRA.search(error.message)
    if extra:
        return f"多出的参数：{visible(extra.group(1))}。含空格的参数请加引号。"
    return visible(error.format_message(), 600)


def _named(error: click.BadParameter) -> str:
    return error.param.get_error_hint(error.ctx).strip("'") if error.param else ""


def _value_zh(error: click.BadParameter) -> str:
    kind = error.param.type if error.param else None
    if isinstance(kind, click.Choice):
        return f"可选 {'、'.join(str(choice) for choice in kind.choices)}。"
    if isinstance(kind, click.types.IntParamType):
        return "应为整数。"
    return visible(error.message)
