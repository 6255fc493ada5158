"""The commands that run the service (服务命令): ``up``, ``migrate``, ``doctor``."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import click
import psycopg

from jarlig.cli.help import command, option
from jarlig.cli.trouble import Trouble
from jarlig.service.config.environment import SettingError, required
from jarlig.service.launch import doctor as examining, grants, preparing
from jarlig.service.launch.state import default_folder, served
from jarlig.service.launch.supervise import Say
from jarlig.service.launch.up import up as run

_STATE = option(
    "--state", "folder", type=click.Path(file_okay=False, path_type=Path), metavar="DIR",
    help="运行目录：数据库、密钥、日志，默认 var / Folder of database, keys and logs; var when not given.",
)  # fmt: skip


@command(
    "up", help="启动服务：数据库、网页、后台任务，Ctrl-C 停止 / Run the service: database, web, worker. Ctrl-C ends it."
)
@option(
    "--port", type=click.IntRange(1, 65535), default=8000, show_default=True,
    help="网页端口 / Port of the page.",
)  # fmt: skip
@_STATE
def up(lang: str, port: int, folder: Path | None) -> None:
    """Runs the service until it is asked to end."""
    _mended(lambda: run(folder or default_folder(), port, _say(lang)))


@command("migrate", help="以所有者身份更新数据库，并设置服务登录名 / Bring the database up to date as its owner.")
def migrate(lang: str) -> None:
    """Migrates the database that the settings name, and makes the login of the service fit."""
    say = _say(lang)

    def work() -> None:
        owner = required(grants.OWNER)
        required(grants.LOGIN)
        given = preparing.migrate(served(), owner)
        for statement in given:
            say(f"已执行 {statement}", f"done: {statement}")
        say("数据库已是最新", "the database is up to date")
        preparing.tell_setup_code(served(), say)

    _mended(work)


@command("doctor", help="体检：缺什么、为什么、怎样改正 / What an installation lacks, why it matters, how to mend it.")
@option("--json", "as_json", is_flag=True, help="输出 JSON / Print JSON.")
@_STATE
def doctor(lang: str, as_json: bool, folder: Path | None) -> int:
    """Looks at the installation; 1 when anything must be mended."""
    findings = examining.examine((folder or default_folder()).resolve(), os.environ)
    click.echo(examining.as_json(findings) if as_json else examining.as_text(findings, lang))
    return int(examining.must_mend(findings))


def _say(lang: str) -> Say:
    def say(zh: str, en: str) -> None:
        click.echo(zh if lang == "zh" else en)

    return say


def _mended(work: Callable[[], None]) -> None:
    """Does the work; what is wrong with a setting or a database is told like any trouble."""
    try:
        work()
    except SettingError as error:
        raise Trouble(f"{error.name} {error.zh}", f"{error.name} {error.en}") from error
    except psycopg.Error as error:
        said = str(error).strip()
        raise Trouble(f"数据库出错：{said}", f"the database failed: {said}") from error
