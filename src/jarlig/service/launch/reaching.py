"""Reaching a database by its address (连接数据库) as the service does, and saying why it cannot be reached."""

from __future__ import annotations

from typing import Any

import psycopg
from psycopg.conninfo import make_conninfo

from jarlig.cli.trouble import Trouble
from jarlig.service.config.environment import database

Connection = psycopg.Connection[tuple[Any, ...]]


class Unreachable(Trouble):
    """No connection: the server does not answer, refuses the login, or has no such database (数据库连不上)."""


def connect(address: str, name: str) -> Connection:
    """A connection by the address that a setting of that name holds; each statement stands by itself.

    Raises:
        SettingError: when it is no address.
        Unreachable: when the database does not let us in.
    """
    read = database(address, name)
    options = read["OPTIONS"]
    where = {key: str(read[key.upper()]) for key in ("host", "port", "user", "password")}
    words = {key: value for key, value in where.items() if value} | (options if isinstance(options, dict) else {})
    try:
        return psycopg.connect(
            make_conninfo(dbname=str(read["NAME"]), client_encoding="utf8", **words), autocommit=True, connect_timeout=5
        )
    except psycopg.Error as error:
        raise _sentence(name, str(error).strip(), read) from error


def login_of(address: str, name: str) -> str:
    """The login that an address names."""
    return str(database(address, name)["USER"])


def _sentence(name: str, said: str, read: dict[str, object]) -> Unreachable:
    """Why we were not let in, in words of the person who set the address."""
    last = said.splitlines()[-1] if said else ""
    user, base = read["USER"], read["NAME"]
    place = f"{read['HOST'] or 'localhost'}" + (f":{read['PORT']}" if read["PORT"] else "")
    if "password authentication failed" in said or "no password supplied" in said:
        return Unreachable(
            f"{name}：登录名 {user} 的密码不对，请核对地址中的密码（特殊字符须按百分号编码）",
            f"{name}: the password of {user} is wrong; check it in the address (special characters percent-encoded)",
        )
    if f'database "{base}" does not exist' in said:
        return Unreachable(
            f"{name}：服务器上没有数据库 {base}，请由数据库管理员建立，或改正地址",
            f"{name}: there is no database {base} on the server; have it made, or correct the address",
        )
    if f'role "{user}" does not exist' in said:
        return Unreachable(
            f"{name}：服务器上没有登录名 {user}，请由数据库管理员建立，或改正地址",
            f"{name}: there is no login {user} on the server; have it made, or correct the address",
        )
    if "permission denied for database" in said:
        return Unreachable(
            f"{name}：登录名 {user} 无权进入数据库 {base}，请由所有者执行 GRANT CONNECT ON DATABASE {base} TO {user}",
            f"{name}: {user} may not enter {base}; as its owner run GRANT CONNECT ON DATABASE {base} TO {user}",
        )
    return Unreachable(
        f"{name}：数据库服务器 {place} 没有应答，请检查它是否运行、地址是否正确。服务器原话：{last}",
        f"{name}: the database server at {place} does not answer; see that it runs and the address is right. "
        f"It said: {last}",
    )
