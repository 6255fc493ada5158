"""The command as a whole: languages, help, wrong arguments, exit codes, and what happens when streams break."""

from __future__ import annotations

import re
from collections.abc import Mapping

import click
import pytest
from tests.cli.conftest import Run

from jarlig.cli import app, help
from jarlig.words.layout import width

GROUPED = [["receipt", "verify"]]
ALL = [[name] for name in app.COMMANDS] + GROUPED


def test_asked_for_nothing_it_tells_its_commands_and_that_is_no_error(run: Run) -> None:
    done = run()
    assert (done.code, done.err) == (0, "")
    assert all(f"  {name} " in done.out for name in app.COMMANDS)


def test_every_command_in_the_table_stands_where_the_table_says_and_has_its_name() -> None:
    root = app.Root("jarlig")
    for name in app.COMMANDS:
        found = root.get_command(click.Context(root), name)
        assert found is not None
        assert found.name == name


@pytest.mark.parametrize("path", ALL, ids=" ".join)
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_help_is_in_one_language_and_fits_eighty_columns(run: Run, path: list[str], lang: str) -> None:
    done = run(*path, "--help", lang=lang)
    assert done.code == 0
    assert " / " not in done.out
    assert max(width(line) for line in done.out.splitlines()) <= 80
    assert bool(re.search("[\u4e00-\u9fff]", re.sub("“.*?”", "", done.out))) == (lang == "zh")
    assert ("用法：" if lang == "zh" else "Usage: ") in done.out


@pytest.mark.parametrize("path", ALL, ids=" ".join)
def test_every_option_says_in_both_languages_what_it_is(path: list[str]) -> None:
    command: click.Command = app.Root("jarlig")
    for name in path:
        assert isinstance(command, click.Group)
        found = command.get_command(click.Context(command), name)
        assert found is not None
        command = found
    for param in command.params:
        if isinstance(param, click.Option):
            assert isinstance(param, help.Option), param.name
            assert param.help is not None
            assert param.help.count(" / ") == 1, param.name


def test_a_short_option_asks_for_help_too(run: Run) -> None:
    assert run("show", "-h").out == run("show", "--help").out


@pytest.mark.parametrize(
    ("arguments", "environment", "spoken"),
    [
        ([], {}, "en"),
        ([], {"LANG": "zh_CN.UTF-8"}, "zh"),
        ([], {"LANG": "ZH"}, "zh"),
        ([], {"LANG": "C.UTF-8"}, "en"),
        ([], {"LC_ALL": "en_US", "LANG": "zh_CN"}, "en"),
        ([], {"LC_ALL": "", "LC_MESSAGES": "zh_TW", "LANG": "en"}, "zh"),
        (["--lang", "en"], {"LANG": "zh_CN"}, "en"),
        (["show", "x", "--lang=zh"], {}, "zh"),
        (["show", "--", "--lang=zh"], {}, "en"),
        (["show", "--lang"], {"LANG": "zh"}, "zh"),
        (["show", "--lang", "fr"], {"LANG": "zh"}, "zh"),
    ],
)
def test_the_language_is_the_one_asked_for_else_that_of_the_environment(
    arguments: list[str], environment: Mapping[str, str], spoken: str
) -> None:
    assert app.language(arguments, environment) == spoken


@pytest.mark.parametrize(
    ("arguments", "zh", "en"),
    [
        (["determin"], "是否指 determine", "Did you mean determine?"),
        (["xyzzy"], "可用的命令：tour", "The commands are tour"),
        (["receipt", "verfy"], "是否指 verify", "Did you mean verify?"),
        (["show"], "缺少 PROGRAMME", "missing argument 'PROGRAMME'"),
        (["match", "x"], "缺少 --facts", "missing option '--facts'"),
        (["match", "x", "--facts"], "--facts 后面要有值", "'--facts' requires an argument"),
        (["match", "x", "--fact", "y"], "没有选项“--fact”。是否指 --facts", "Did you mean --facts?"),
        (["match", "x", "--facts", "y", "--guide", "z"], "应为整数", "not a valid integer"),
        (["show", "x", "--lang", "fr"], "可选 zh、en", "'fr' is not one of 'zh', 'en'"),
        (["show", "a", "b", "c d"], "多出的参数：c d", "unexpected extra argument (c d)"),
    ],
)
def test_wrong_arguments_are_told_with_the_way_out(run: Run, arguments: list[str], zh: str, en: str) -> None:
    for lang, expected in (("zh", zh), ("en", en)):
        done = run(*arguments, lang=lang)
        assert (done.code, done.out) == (2, "")
        assert expected in done.err
        assert "--help" in done.err
        assert ("错误：" if lang == "zh" else "error: ") in done.err


def test_a_hostile_argument_cannot_write_to_the_terminal(run: Run) -> None:
    for arguments in (["\x1b[31mred"], ["show", "\x1b]0;title\x07"], ["show", "x\ud800"], ["show", "a\x00b"]):
        done = run(*arguments)
        assert done.code == 2
        assert "\x1b" not in done.err
        assert "\x07" not in done.err
