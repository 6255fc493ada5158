"""Whether the login of the service is fit (登录体检): it must be unable to do what the database is there to prevent."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing

from jarlig.service.config.environment import SettingError
from jarlig.service.launch.binaries import FLOOR
from jarlig.service.launch.finding import MEND, OK, Both, Finding, found
from jarlig.service.launch.grants import LIMITS, LOGIN
from jarlig.service.launch.reaching import Connection, Unreachable, connect

#: What a login must not be, in the order in which it is asked, and why.
_FLAGS: dict[str, Both] = {
    "NOSUPERUSER": (
        "是超级用户，任何权限和行级安全都约束不了它",
        "is a superuser: no right and no row security holds it",
    ),
    "NOBYPASSRLS": ("有 BYPASSRLS，行级安全约束不了它", "has BYPASSRLS: row security does not hold it"),
    "NOCREATEROLE": ("有 CREATEROLE，可以给自己授权", "has CREATEROLE: it could give itself rights"),
    "NOINHERIT": (
        "会继承角色的权限，未声明身份的查询也能读到数据",
        "inherits its roles: a query that names nobody would be answered",
    ),
}
_STRONG = (
    "SELECT rolname FROM pg_roles WHERE rolname <> current_user AND pg_has_role(current_user, oid, 'MEMBER')"
    " AND (rolsuper OR rolbypassrls OR rolcreaterole OR rolname LIKE 'pg\\_%') ORDER BY rolname"
)

#: What the login has without becoming it: from PostgreSQL 16 on each grant says so for itself.
_INHERITED = (
    "SELECT r.rolname FROM pg_auth_members m JOIN pg_roles r ON r.oid = m.roleid"
    " WHERE m.member = current_user::regrole AND pg_has_role(current_user, r.oid, 'USAGE') GROUP BY 1 ORDER BY 1"
)


def fitness(address: str) -> list[Finding]:
    """What can be said of the login by its own address: reachable, new enough, and without power of its own."""
    try:
        connection = connect(address, LOGIN)
    except SettingError as error:
        return [Finding("login", MEND, (f"{error.name} {error.zh}", f"{error.name} {error.en}"))]
    except Unreachable as error:
        return [Finding("login", MEND, (error.zh, error.en))]
    with closing(connection):
        return [*_about(connection)]


def _about(connection: Connection) -> Iterator[Finding]:
    version = connection.info.server_version // 10000
    yield found(
        "version", version >= FLOOR,
        (f"PostgreSQL {version}", f"PostgreSQL {version}"),
        (f"数据库是 PostgreSQL {version}", f"the database is PostgreSQL {version}"),
        (f"请升级到 {FLOOR} 以上", f"upgrade it to {FLOOR} or newer"),
    )  # fmt: skip
    yield from _powers(connection)
    yield from _limits(connection)
    yield _prepared(connection)


def _powers(connection: Connection) -> Iterator[Finding]:
    """What the login could do by itself or by a role that it may become."""
    user = connection.info.user
    flags = connection.execute(
        "SELECT rolsuper, rolbypassrls, rolcreaterole, rolinherit FROM pg_roles WHERE rolname = current_user"
    ).fetchone()
    bad = [cure for cure, has in zip(_FLAGS, flags or (), strict=True) if has]
    for cure in bad:
        why, order = _FLAGS[cure], f'ALTER ROLE "{user}" {cure}'
        yield Finding(
            cure.lower(), MEND,
            (f"登录名 {user} {why[0]}", f"the login {user} {why[1]}"),
            (f"请由数据库管理员执行：{order}", f"have the administrator of the database run: {order}"),
        )  # fmt: skip
    if "NOSUPERUSER" in bad:  # it may become everybody: there is no more to be said
        return
    owner = connection.execute(
        "SELECT pg_get_userbyid(datdba) FROM pg_database"
        " WHERE datname = current_database() AND pg_has_role(current_user, datdba, 'MEMBER')"
    ).fetchone()
    if owner:
        yield Finding(
            "owner", MEND,
            (
                f"登录名 {user} 就是数据库所有者 {owner[0]}，或可以成为所有者，任何防护都约束不了它",
                f"the login {user} is the owner {owner[0]} of the database, or may become it: no guard would hold it",
            ),
            (
                f"{LOGIN} 须另用一个登录名；所有者只写在 JARLIG_OWNER_DATABASE_URL 中",
                f"use another login in {LOGIN}; the owner belongs in JARLIG_OWNER_DATABASE_URL alone",
            ),
        )  # fmt: skip
        return
    inherited = [] if "NOINHERIT" in bad else [row[0] for row in connection.execute(_INHERITED)]
    for role in inherited:
        order = f'GRANT "{role}" TO "{user}" WITH INHERIT FALSE'
        yield Finding(
            "inherited", MEND,
            (f"登录名 {user} 继承角色 {role} 的权限，未声明身份的查询也能读到数据",
             f"the login {user} has the rights of {role} by inheritance: a query that names nobody would be answered"),
            (f"请由数据库管理员执行：{order}", f"have the administrator of the database run: {order}"),
        )  # fmt: skip
    strong = [row[0] for row in connection.execute(_STRONG)]
    for role in strong:
        order = f'REVOKE "{role}" FROM "{user}"'
        yield Finding(
            "strong_role", MEND,
            (f"登录名 {user} 可以成为 {role}，超出服务所需", f"the login {user} may become {role}: more than it needs"),
            (f"请由数据库管理员执行：{order}", f"have the administrator of the database run: {order}"),
        )  # fmt: skip
    if not strong and not bad and not inherited:
        good = (f"登录名 {user} 自身没有任何权限", f"the login {user} has no power of its own")
        yield Finding("login", OK, good)


def _prepared(connection: Connection) -> Finding:
    row = connection.execute(
        "SELECT count(*) FROM pg_auth_members, pg_namespace WHERE member = current_user::regrole AND nspname = 'jarlig'"
    ).fetchone()
    return found(
        "prepared", row is not None and row[0] > 0,
        ("数据库已为服务准备好", "the database is prepared for the service"),
        ("数据库尚未迁移，或登录名还没有任何角色", "the database was never migrated, or the login holds no role yet"),
        ("请执行 jarlig migrate", "run jarlig migrate"),
    )  # fmt: skip


def _limits(connection: Connection) -> Iterator[Finding]:
    row = connection.execute("SELECT " + ", ".join(f"current_setting('{name}')" for name in LIMITS)).fetchone()
    without = [name for name, value in zip(LIMITS, row or (), strict=True) if value == "0"]
    yield found(
        "limits", not without,
        ("语句、锁等待和空闲事务都有时限", "statements, waits for locks and idle transactions have limits"),
        (f"登录名没有设置 {'、'.join(without)}", f"the login has no {', '.join(without)}"),
        (
            "一条慢查询会拖住所有人。请执行 jarlig migrate，由所有者设置",
            "one slow query would keep everybody waiting. Run jarlig migrate: the owner sets them",
        ),
    )  # fmt: skip
