"""``jarlig up`` (启动服务): from nothing to the page, and everything ended again when asked.

Without an address of a database one is made here, for one machine; with one, the server is used as it is.
"""

from __future__ import annotations

import contextlib
import errno
import http.client
import signal
import socket
import time
from collections.abc import Mapping
from pathlib import Path

from jarlig.cli.trouble import Trouble
from jarlig.service.config.environment import required, setting
from jarlig.service.launch import grants, login_checks, preparing
from jarlig.service.launch.cluster import Cluster, binaries
from jarlig.service.launch.finding import MEND
from jarlig.service.launch.state import DATABASE, State, embedded, is_demonstration, served
from jarlig.service.launch.supervise import Database, Program, Say, Supervisor

HOST = "127.0.0.1"
#: Seconds that the page is given to answer, and a first start that another waits for.
ANSWER = 60.0
_PREPARING = "正在准备页面", "preparing the page"
#: Seconds between two looks at the processes.
PAUSE = 0.2


def up(folder: Path, port: int, say: Say) -> None:
    """Runs the service until it is asked to end.

    Raises:
        Trouble: when it cannot start or go on.
        KeyboardInterrupt: when it was asked to end; nothing is left running then.
    """
    state, supervisor = State(folder), Supervisor(say)
    if not state.take():
        _tell_of_other(state, say)
        return
    try:
        _is_free(port)
        environ = _on_server(say) if setting("JARLIG_DATABASE_URL") else _on_own(state, supervisor, say)
        _start_programs(state, supervisor, environ, port)
        _wait_for_page(supervisor, port)
        address = f"http://{HOST}:{port}/"
        state.say_address(address)
        say(f"页面已就绪：{address}  （Ctrl-C 停止）", f"the page is ready: {address}  (Ctrl-C ends it)")
        _watch(supervisor)
    finally:
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):  # a second Ctrl-C must not leave anything behind
            signal.signal(number, signal.SIG_IGN)
        supervisor.stop()
        state.leave()


def _watch(supervisor: Supervisor) -> None:
    """Looks after the processes until we are asked to end.

    An exception out of a signal is lost where it meets a destructor; so the signal is only noted, and answered here.
    """
    asked: list[int] = []
    answers = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)}
    for number, answer in answers.items():
        if callable(answer):  # one that is ignored, as under nohup, stays so
            signal.signal(number, lambda number, _frame: asked.append(number))
    while not asked:
        supervisor.look()
        time.sleep(PAUSE)
    answer = answers[signal.Signals(asked[0])]
    assert callable(answer)
    answer(asked[0], None)


def _tell_of_other(state: State, say: Say) -> None:
    """Says where the Jarlig that runs on this folder answers."""
    deadline = time.monotonic() + ANSWER
    while not (address := state.address()):
        if time.monotonic() > deadline or state.take():
            state.leave()
            raise Trouble(
                f"另一进程正在 {state.folder} 启动但未成功，请稍后重试",
                f"another process was starting on {state.folder} and did not succeed; try again",
            )
        time.sleep(0.1)
    say(f"已在运行：{address}", f"already running: {address}")


def _is_free(port: int) -> None:
    """Raises Trouble when the port cannot be had; no other is tried."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError as error:
            if error.errno == errno.EACCES:
                raise Trouble(
                    f"无权使用端口 {port}，请用 --port 选择 1024 以上的端口",
                    f"port {port} may not be used; choose one above 1024 with --port",
                ) from error
            raise Trouble(
                f"端口 {port} 已被其他程序占用，请先停止该程序，或用 --port {port + 1} 另选端口",
                f"port {port} is taken by another program; end that one, or choose another port: --port {port + 1}",
            ) from error


def _on_own(state: State, supervisor: Supervisor, say: Say) -> dict[str, str]:
    """Starts the embedded database and brings it to where the page can be made; what its processes are told."""
    if setting(grants.OWNER):
        raise Trouble(
            f"设置了 {grants.OWNER}，却没有 {grants.LOGIN}。使用数据库服务器须两者都设；使用自带数据库则都不设",
            f"{grants.OWNER} is set, but not {grants.LOGIN}. Set both to use a database server, none to use our own",
        )
    new = not (state.folder / "pgdata").exists()
    state.keys()
    cluster = Cluster(binaries(), state.folder)
    say(
        "正在建立数据库" if new else "正在启动数据库",
        "making the database" if new else "starting the database",
    )
    supervisor.keep(Database(cluster))
    cluster.start()
    if not cluster.has_database(DATABASE):
        cluster.make_database(DATABASE)
    owner, environ = cluster.addresses(DATABASE)[0], embedded(state, cluster)
    say(*_PREPARING)
    preparing.assets(environ)
    preparing.prepare(environ, owner)
    if is_demonstration():
        preparing.mark_demonstration(owner)
        preparing.seed(state, environ)
    else:
        preparing.tell_setup_code(environ, say)
    return environ


def _on_server(say: Say) -> dict[str, str]:
    """Looks whether the database server is fit for the service; what the processes are told."""
    address = required(grants.LOGIN)
    bad = [finding for finding in login_checks.fitness(address) if finding.state == MEND]
    if bad:
        raise Trouble(
            "数据库登录不合要求，服务没有启动：" + "".join(f"\n- {one.what[0]}。{one.how[0]}" for one in bad),
            "the login of the database is unfit, nothing was started:"
            + "".join(f"\n- {one.what[1]}. {one.how[1]}" for one in bad),
        )
    environ, owner = served(), setting(grants.OWNER)
    if owner and (count := preparing.unapplied(environ, owner)):
        raise Trouble(
            f"有 {count} 个迁移未执行，服务没有启动。请先执行 jarlig migrate",
            f"{count} migrations are not applied, nothing was started. Run jarlig migrate first",
        )
    say(*_PREPARING)
    preparing.assets(environ)
    with preparing.collecting(environ):
        pass
    preparing.tell_setup_code(environ, say)
    return environ


def _start_programs(state: State, supervisor: Supervisor, environ: Mapping[str, str], port: int) -> None:
    """Starts worker and web; the web is the first to end."""
    own = not setting(grants.LOGIN)
    if preparing.has_command("worker"):
        log = state.folder / "worker.log" if own else None
        _kept(supervisor, Program("后台任务 / the worker", ["jarlig.service", "worker"], environ, log))
    server = [
        "granian", "--interface", "wsgi", "--workers", "2", "--blocking-threads", "4", "--host", HOST,
        "--port", str(port), "--no-ws", "--workers-kill-timeout", "2", "--respawn-failed-workers",
        "--respawn-interval", "0.5", "jarlig.service.config.wsgi:application",
    ]  # fmt: skip
    log = state.folder / "web.log" if own else None
    _kept(supervisor, Program("网页服务 / the web server", server, environ, log))


def _kept(supervisor: Supervisor, program: Program) -> None:
    supervisor.keep(program)
    program.start()


def _wait_for_page(supervisor: Supervisor, port: int) -> None:
    """Waits until the page answers; anything but a fault of the server is an answer."""
    deadline = time.monotonic() + ANSWER
    while (status := _asked(port)) is None or status >= 500:
        supervisor.look()
        if time.monotonic() > deadline:
            web = supervisor.kept[-1]
            last = web.last_words() if isinstance(web, Program) else ""
            said = f"HTTP {status}" if status else "-"
            raise Trouble(
                f"页面在 {ANSWER:.0f} 秒内没有正常应答（{said}），全部停止{last}",
                f"the page did not answer within {ANSWER:.0f} s ({said}); all is ended{last}",
            )
        time.sleep(0.05)


def _asked(port: int) -> int | None:
    """The status of the first page; None while nobody answers."""
    connection = http.client.HTTPConnection(HOST, port, timeout=10)
    with contextlib.closing(connection), contextlib.suppress(OSError, http.client.HTTPException):
        connection.request("GET", "/", headers={"Host": f"localhost:{port}"})
        return connection.getresponse().status
    return None
