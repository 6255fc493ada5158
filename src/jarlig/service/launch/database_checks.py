"""Whether the database is fit (数据库体检): one database behind both addresses, safe on its disk, migrated, on time."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, closing

import psycopg

from jarlig.cli.trouble import Trouble
from jarlig.service.config.environment import SettingError
from jarlig.service.launch import grants, login_checks, preparing
from jarlig.service.launch.finding import MEND, WARN, Finding, found
from jarlig.service.launch.reaching import Connection, connect, login_of

#: Seconds that the clocks of database and machine may differ.
CLOCKS = 2.0
#: The one database, wherever it is reached from.
_IDENTITY = (
    "SELECT (SELECT system_identifier FROM pg_control_system()),"
    " (SELECT oid FROM pg_database WHERE datname = current_database())"
)


def database(environ: Mapping[str, str], owner: str) -> list[Finding]:
    """Everything that can be said of the database; without the owner's address less."""
    findings: list[Finding] = []
    try:
        return _looked_at(environ, owner, findings)
    except psycopg.Error as error:
        said = str(error).strip().splitlines()[0]
        broken = (f"数据库在检查中出错：{said}", f"the database failed while it was looked at: {said}")
        how = ("请查看数据库日志后重新体检", "see the log of the database, then ask the doctor again")
        return [*findings, Finding("database", MEND, broken, how)]


def _looked_at(environ: Mapping[str, str], owner: str, findings: list[Finding]) -> list[Finding]:
    address = environ.get(grants.LOGIN, "")
    findings += login_checks.fitness(address)
    if any(finding.key == "login" and finding.state == MEND for finding in findings):
        return findings
    with ExitStack() as opened:
        connection = opened.enter_context(closing(connect(address, grants.LOGIN)))
        findings += _safety(connection)
        findings.append(_clock(connection))
        if not owner:
            how = (
                "迁移、角色和所有者未检查。请在迁移和体检时设置它",
                "migrations, roles and owner were not looked at. Set it when migrating and for the doctor",
            )
            not_set = (f"未设置 {grants.OWNER}", f"{grants.OWNER} is not set")
            return [*findings, Finding("owner_address", WARN, not_set, how)]
        try:
            above = opened.enter_context(closing(connect(owner, grants.OWNER)))
        except (SettingError, Trouble) as error:
            return [*findings, Finding("owner_address", MEND, (error.zh, error.en))]
        return findings + list(_with_owner(environ, connection, above, owner))


def _safety(connection: Connection) -> Iterator[Finding]:
    encoding = _shown(connection, "server_encoding")
    yield found(
        "encoding", encoding == "UTF8", ("编码 UTF8", "encoding UTF8"),
        (f"数据库编码是 {encoding}", f"the encoding of the database is {encoding}"),
        ("中文会损坏。请以 ENCODING 'UTF8' 重建数据库", "Chinese would be damaged. Make it anew with ENCODING 'UTF8'"),
    )  # fmt: skip
    yield found(
        "checksums", _shown(connection, "data_checksums") == "on",
        ("数据页有校验和", "pages of data have checksums"),
        ("数据页没有校验和", "pages of data have no checksums"),
        (
            "坏盘会悄悄改变数据。请停库后执行 pg_checksums --enable",
            "a bad disk would change data unseen. Stop the server and run pg_checksums --enable",
        ),
    )  # fmt: skip
    off = [name for name in ("fsync", "full_page_writes", "synchronous_commit") if _shown(connection, name) == "off"]
    yield found(
        "durable", not off,
        ("已提交的数据断电不丢", "what is committed survives a loss of power"),
        (f"{'、'.join(off)} 被关闭", f"{', '.join(off)} is off"),
        (
            "断电会丢失已提交的数据。请在 postgresql.conf 中恢复为 on",
            "a loss of power would lose what was committed. Set it to on again in postgresql.conf",
        ),
    )  # fmt: skip


def _clock(connection: Connection) -> Finding:
    before = time.time()
    row = connection.execute("SELECT extract(epoch FROM clock_timestamp())::float8").fetchone()
    after = time.time()
    theirs = row[0] if row else 0.0
    apart = max(before - theirs, theirs - after, 0.0)
    return found(
        "clock", apart <= CLOCKS,
        ("数据库与本机时钟一致", "the clocks of database and machine agree"),
        (f"数据库与本机时钟相差 {apart:.0f} 秒", f"the clocks of database and machine are {apart:.0f} s apart"),
        ("截止时间以数据库为准。请为两台机器配置时间同步", "deadlines go by the database; let both keep time"),
    )  # fmt: skip


def _with_owner(environ: Mapping[str, str], connection: Connection, above: Connection, owner: str) -> Iterator[Finding]:
    same = connection.execute(_IDENTITY).fetchone() == above.execute(_IDENTITY).fetchone()
    yield found(
        "same_database", same,
        ("两个地址指向同一个数据库", "both addresses mean one database"),
        ("两个地址指向不同的数据库", "the two addresses mean different databases"),
        (
            f"迁移会改到别处。请核对 {grants.OWNER} 与 {grants.LOGIN}",
            f"migrations would go elsewhere. Compare {grants.OWNER} with {grants.LOGIN}",
        ),
    )  # fmt: skip
    if not same:
        return
    user = login_of(owner, grants.OWNER)
    row = above.execute("SELECT rolsuper FROM pg_roles WHERE rolname = current_user").fetchone()
    yield found(
        "owner", row == (False,),
        (f"所有者 {user} 不是超级用户", f"the owner {user} is no superuser"),
        (f"所有者 {user} 是超级用户", f"the owner {user} is a superuser"),
        (
            "迁移不需要超级用户。请改用普通所有者（需 CREATEROLE）",
            "migrations do not need one. Use a plain owner (with CREATEROLE)",
        ),
        otherwise=WARN,
    )  # fmt: skip
    yield from _migrated(environ, above, owner)


def _migrated(environ: Mapping[str, str], above: Connection, owner: str) -> Iterator[Finding]:
    mend = ("请执行 jarlig migrate", "run jarlig migrate")
    try:
        count = preparing.unapplied(environ, owner)
        missing = grants.missing(above, login_of(environ[grants.LOGIN], grants.LOGIN)) if count == 0 else []
    except Trouble as error:
        yield Finding("migrations", MEND, (error.zh, error.en), mend)
        return
    yield found(
        "migrations", count == 0, ("迁移已全部执行", "all migrations are applied"),
        (f"有 {count} 个迁移未执行", f"{count} migrations are not applied"), mend,
    )  # fmt: skip
    if count == 0:
        yield found(
            "roles", not missing, ("登录名持有服务的全部角色", "the login holds all roles of the service"),
            (f"登录名还缺：{'；'.join(missing)}", f"the login still lacks: {'; '.join(missing)}"), mend,
        )  # fmt: skip


def _shown(connection: Connection, name: str) -> str:
    row = connection.execute(f"SHOW {name}".encode()).fetchone()
    return str(row[0]) if row else ""
