"""What the login of the service may be and for how long it may ask (登录权限): set by the owner after migrating.

The login holds nothing by itself. It may become each role that the database names, and inherits none of them; a
statement, a wait for a lock and an idle transaction end by themselves.
"""

from __future__ import annotations

from collections.abc import Mapping

import psycopg
from psycopg import sql

from jarlig.cli.trouble import Trouble
from jarlig.service.launch.reaching import Connection, connect, login_of

#: How long a session of the service may keep others waiting.
LIMITS: Mapping[str, str] = {
    "statement_timeout": "10s",
    "lock_timeout": "3s",
    "idle_in_transaction_session_timeout": "15s",
}
OWNER, LOGIN = "JARLIG_OWNER_DATABASE_URL", "JARLIG_DATABASE_URL"


def give(owner: str, login: str) -> list[str]:
    """Makes the login of one address fit, by the owner of the other; the statements that were needed.

    Raises:
        SettingError: when an address cannot be read.
        Trouble: when the owner cannot be reached, or may not do it; the statements are told.
    """
    name = login_of(login, LOGIN)
    with connect(owner, OWNER) as connection:
        statements = missing(connection, name)
        try:
            for statement in statements:
                connection.execute(statement.encode())
        except psycopg.errors.InsufficientPrivilege as error:
            listed = "".join(f"\n  {statement};" for statement in statements)
            raise Trouble(
                f"所有者无权设置登录名 {name}。请由数据库管理员执行：{listed}",
                f"the owner may not set up the login {name}. Have the administrator of the database run:{listed}",
            ) from error
        return statements


def missing(connection: Connection, login: str) -> list[str]:
    """The statements that the login still needs in this database; none when it is fit."""
    held, limits = memberships(connection, login), limits_of(connection, login)
    how = " WITH INHERIT FALSE, SET TRUE" if connection.info.server_version >= 160000 else ""
    how_held = connection.execute("SELECT rolinherit FROM pg_roles WHERE rolname = %s", [login]).fetchone()
    # Up to PostgreSQL 15 nothing else keeps a login from reading as all of its roles at once, whoever it acts for.
    plain = [_words("ALTER ROLE {} NOINHERIT", connection, login)] if how_held == (True,) else []
    grants = [_words("GRANT {} TO {}" + how, connection, role, login) for role in roles(connection) if role not in held]
    settings = [
        _words("ALTER ROLE {} SET {} = {}", connection, login, limit, value=value)
        for limit, value in LIMITS.items()
        if limits.get(limit) != value
    ]
    return plain + grants + settings


def roles(connection: Connection) -> list[str]:
    """The roles that the database names.

    Raises:
        Trouble: when it names none, because it was never migrated.
    """
    try:
        return [row[0] for row in connection.execute("SELECT name FROM jarlig.roles ORDER BY name")]
    except (psycopg.errors.UndefinedTable, psycopg.errors.InvalidSchemaName) as error:
        raise Trouble(
            "数据库尚未迁移，请执行 jarlig migrate", "the database was never migrated; run jarlig migrate"
        ) from error


def memberships(connection: Connection, login: str) -> set[str]:
    """The roles that a login may become, directly, and whose rights it does not have before it becomes them."""
    fit = "bool_and(NOT m.inherit_option) AND bool_or(m.set_option)"
    ask = (
        "SELECT r.rolname FROM pg_auth_members m JOIN pg_roles r ON r.oid = m.roleid"
        " JOIN pg_roles l ON l.oid = m.member WHERE l.rolname = %s GROUP BY r.rolname"
        f" HAVING {fit if connection.info.server_version >= 160000 else 'true'}"
    )
    return {row[0] for row in connection.execute(ask.encode(), [login])}


def limits_of(connection: Connection, login: str) -> dict[str, str]:
    """What every session of a login begins with, by its own settings."""
    ask = (
        "SELECT unnest(s.setconfig) FROM pg_db_role_setting s JOIN pg_roles l ON l.oid = s.setrole"
        " WHERE l.rolname = %s AND s.setdatabase = 0"
    )
    return dict(row[0].split("=", 1) for row in connection.execute(ask, [login]))


def _words(template: str, connection: Connection, *names: str, value: str | None = None) -> str:
    """A statement with its names and its value quoted, as it is run and as it is shown."""
    parts: list[sql.Composable] = [sql.Identifier(name) for name in names]
    if value is not None:
        parts.append(sql.Literal(value))
    return sql.SQL(template).format(*parts).as_string(connection)
