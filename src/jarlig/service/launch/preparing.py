"""What must be done before the page can answer (准备): styles, migrations, grants, collected files, first data."""

from __future__ import annotations

import hashlib
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, closing, contextmanager
from importlib.metadata import version
from pathlib import Path

import psycopg
from psycopg import sql

import jarlig.service
from jarlig.cli.trouble import Trouble
from jarlig.service.demo.clock import BEGINS
from jarlig.service.launch import grants
from jarlig.service.launch.binaries import ended_with_us
from jarlig.service.launch.reaching import connect
from jarlig.service.launch.state import State, checkout, migrating

_ROOMS = Path(jarlig.service.__file__).parent


def has_command(name: str) -> bool:
    """Whether a room has a command of that name."""
    return any(_ROOMS.glob(f"*/management/commands/{name}.py"))


@contextmanager
def doing(module: Sequence[str], environ: Mapping[str, str], zh: str, en: str) -> Iterator[None]:
    """Runs a module of ours beside the body, and waits for it.

    Raises:
        Trouble: when it fails, with its last lines.
    """
    words = [*ended_with_us("TERM"), sys.executable, "-P", "-m", *module]
    with subprocess.Popen(
        words, env=dict(environ), stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
    ) as process:
        try:
            yield
            said, _ = process.communicate()
        except BaseException:
            process.kill()
            raise
    if process.returncode:
        last = "".join(f"\n  | {line}" for line in said.decode(errors="replace").strip().splitlines()[-12:])
        raise Trouble(f"{zh}失败：{last}", f"{en} failed:{last}")


def migrate(served: Mapping[str, str], owner: str) -> list[str]:
    """Brings the database to the newest form, as its owner, and makes the login fit; the grants that were needed.

    Raises:
        Trouble: when it cannot be done.
    """
    environ = migrating(served, owner)
    with doing(["jarlig.service", "migrate", "--noinput", "-v", "0"], environ, "数据库迁移", "migrating the database"):
        pass
    return grants.give(owner, served["JARLIG_DATABASE_URL"])


def unapplied(served: Mapping[str, str], owner: str) -> int:
    """How many migrations the database lacks.

    Raises:
        Trouble: when the project does not say.
    """
    done = subprocess.run(
        [sys.executable, "-P", "-m", "jarlig.service", "showmigrations", "--plan"], env=migrating(served, owner),
        stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False,
    )  # fmt: skip
    if done.returncode:
        last = (done.stderr.strip().splitlines() or [""])[-1]
        raise Trouble(f"无法列出迁移：{last}", f"the migrations cannot be listed: {last}")
    return sum(line.startswith("[ ]") for line in done.stdout.splitlines())


def setup_code(environ: Mapping[str, str]) -> str:
    """The code with which the installation is set up; empty where it is set up already.

    Raises:
        Trouble: when the project does not say.
    """
    done = subprocess.run(
        [sys.executable, "-P", "-m", "jarlig.service", "setup_code"], env=dict(environ),
        stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False,
    )  # fmt: skip
    if done.returncode:
        last = (done.stderr.strip().splitlines() or [""])[-1]
        raise Trouble(f"无法生成初始化口令：{last}", f"the set-up code cannot be made: {last}")
    return done.stdout.strip()


def tell_setup_code(environ: Mapping[str, str], say: Callable[[str, str], None]) -> None:
    """Tells the code to whoever sits at the server, while nobody has an account."""
    code = setup_code(environ)
    if code:
        say(
            f"尚无账号。打开 /setup/，初始化口令：{code}",
            f"nobody has an account yet. Open /setup/; the set-up code: {code}",
        )


def assets(environ: Mapping[str, str]) -> None:
    """Makes the style sheet of a checkout where its sources are newer; a built package carries it.

    Raises:
        Trouble: when it cannot be made.
    """
    if checkout():
        with doing(["jarlig.service.web.assets"], environ, "制作样式", "making the style sheet"):
            pass


def collecting(environ: Mapping[str, str]) -> AbstractContextManager[None]:
    """Puts the static files where the web server reads them, beside what else is done."""
    module = ["jarlig.service", "collectstatic", "--noinput", "-v", "0"]
    return doing(module, environ, "收集静态文件", "collecting the static files")


def prepare(environ: Mapping[str, str], owner: str) -> None:
    """Collects and migrates where sources or packages are other than at the last start.

    What was prepared stands in the database itself, so that an older one that somebody puts back is migrated.

    Raises:
        Trouble: when it cannot be done; the next start tries again.
    """
    form = _form()
    collected = Path(environ["JARLIG_FILES"], "static").is_dir()
    with closing(connect(owner, grants.OWNER)) as connection:
        found = connection.execute("SELECT obj_description(to_regnamespace('jarlig')::oid, 'pg_namespace')").fetchone()
        if collected and found and found[0] == form:
            return
    with collecting(environ):
        migrate(environ, owner)
    with closing(connect(owner, grants.OWNER)) as connection, connection.transaction():
        connection.execute(sql.SQL("COMMENT ON SCHEMA jarlig IS {}").format(form))


def _form() -> str:
    """What the sources, and the packages that bring tables and static files, are now."""
    digest = hashlib.sha256()
    for package in ("Django", "django-allauth", "django-htmx", "procrastinate"):
        digest.update(f"{package} {version(package)}\n".encode())
    for path in sorted(_ROOMS.rglob("*")):
        if path.is_file() and "__pycache__" not in path.parts:
            told = path.stat()
            digest.update(f"{path.relative_to(_ROOMS)} {told.st_size} {told.st_mtime_ns}\n".encode())
    return f"prepared: {digest.hexdigest()}"


def mark_demonstration(owner: str) -> None:
    """Marks a database that was made to try things out, and sets its clock; one in use is never marked.

    Raises:
        Trouble: when it is in use unmarked.
    """
    with closing(connect(owner, grants.OWNER)) as connection, connection.transaction():
        if connection.execute("SELECT 1 FROM jarlig.mark").fetchone():
            return
        try:
            connection.execute("INSERT INTO jarlig.mark VALUES ('demonstration')")
        except psycopg.errors.RestrictViolation as error:
            raise Trouble(
                "此运行目录的数据库已正式使用，不能改作演示，请用 --state 另选文件夹",
                "the database of this folder is in use and cannot become a demonstration; choose another with --state",
            ) from error
        connection.execute(
            "INSERT INTO jarlig.clock VALUES ('demonstration', %s::timestamptz - clock_timestamp())", [BEGINS]
        )


def seed(state: State, environ: Mapping[str, str]) -> None:
    """Fills a demonstration once with its first data, by acts, as the service itself.

    Raises:
        Trouble: when it cannot be done; the next start tries again.
    """
    stamp = state.folder / "seeded"
    if stamp.exists() or not has_command("seed"):
        return
    with doing(["jarlig.service", "seed"], environ, "准备演示数据", "making the demonstration"):
        pass
    stamp.touch()
