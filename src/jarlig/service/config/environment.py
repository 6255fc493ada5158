"""Settings as the environment gives them (环境变量): each with its meaning, its default and what is wrong with a value.

Nothing else in the service reads ``os.environ``.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import parse_qsl, unquote, urlsplit


class SettingError(Exception):
    """A setting that is missing or cannot be read: its name, what is wrong and how to mend it, in both languages."""

    def __init__(self, name: str, zh: str, en: str) -> None:
        super().__init__(f"{name}: {zh} / {en}")
        self.name, self.zh, self.en = name, zh, en


@dataclass(frozen=True, slots=True)
class Setting:
    """One setting: its name, whether an installation must have it, and its meaning in both languages."""

    name: str
    zh: str
    en: str
    default: str = ""


SETTINGS = (
    Setting("JARLIG_DATABASE_URL", "服务所用数据库地址", "address of the database that the service uses"),
    Setting("JARLIG_OWNER_DATABASE_URL", "同一数据库，所有者登录，仅用于迁移和体检",
            "the same database by the login of its owner, for migrations and the doctor alone"),
    Setting("JARLIG_POSTGRES", "PostgreSQL 程序（initdb、postgres）所在文件夹，仅用于自带数据库",
            "folder of PostgreSQL's programs (initdb, postgres), for a database of its own alone"),
    Setting("JARLIG_SECRET_KEY", "签名密钥，至少 50 个字符", "key for signing, at least 50 characters"),
    Setting("JARLIG_DATA_KEY", "个人信息加密密钥（base64，32 字节）", "key for what is personal, 32 bytes in base64"),
    Setting("JARLIG_HOSTS", "对外域名，逗号分隔", "host names of the site, with commas between", "127.0.0.1,localhost"),
    Setting("JARLIG_FILES", "文件存放目录", "folder of the stored files"),
    Setting("JARLIG_FILES_HOST", "下载文件所用的另一域名；留空则与站点同域",
            "another host name from which files are served; the site's own when empty"),
    Setting("JARLIG_SCANNER", "病毒扫描服务 clamd 的套接字路径或 主机:端口；留空则不扫描并如实标明",
            "socket or HOST:PORT of the virus scanner clamd; without one files are told as not scanned"),
    Setting("JARLIG_ACTS_AS_OWNER", "仅迁移时为 1：以所有者登录", "1 while migrating alone: the owner comes in", "0"),
    Setting("JARLIG_HTTPS", "站点是否经由 HTTPS：1 或 0", "whether the site stands behind HTTPS: 1 or 0", "1"),
    Setting("JARLIG_OIDC", "统一身份认证的配置文件（JSON）", "file with the providers of identity, JSON"),
    Setting("JARLIG_SETUP_CODE", "初始化口令，至少 16 个字符；不设则启动时生成并显示",
            "code for setting up, at least 16 characters; made and shown at the start where there is none"),
    Setting("JARLIG_PROXIES", "站点前可信反向代理的层数", "how many trusted proxies stand before the site", "0"),
    Setting("JARLIG_MAIL_URL", "邮件服务器地址", "address of the mail server"),
)  # fmt: skip


def setting(name: str, environ: Mapping[str, str] = os.environ) -> str:
    """The value of a setting, or its default; empty when there is neither."""
    one = next(one for one in SETTINGS if one.name == name)
    return environ.get(name, "") or one.default


def required(name: str, environ: Mapping[str, str] = os.environ) -> str:
    """The value of a setting that an installation must have.

    Raises:
        SettingError: when it is missing.
    """
    value = setting(name, environ)
    if not value:
        one = next(one for one in SETTINGS if one.name == name)
        raise SettingError(name, f"未设置（{one.zh}）", f"is not set ({one.en})")
    return value


def switch(name: str, environ: Mapping[str, str] = os.environ) -> bool:
    """A setting that is 1 or 0.

    Raises:
        SettingError: for anything else.
    """
    value = setting(name, environ)
    if value not in ("0", "1"):
        raise SettingError(name, f"应为 1 或 0，现为 {value!r}", f"must be 1 or 0, not {value!r}")
    return value == "1"


def files_host(environ: Mapping[str, str] = os.environ) -> str:
    """The other host from which files are served, with its port where it has one; empty when there is none.

    Raises:
        SettingError: when it is an address and no host.
    """
    return _host("JARLIG_FILES_HOST", setting("JARLIG_FILES_HOST", environ))


def hosts(environ: Mapping[str, str] = os.environ) -> list[str]:
    """The hosts by whose names the service answers: those of the site, and the one of the files, which nobody repeats.

    Raises:
        SettingError: when one is an address and no host, or there is none.
    """
    listed = [_host("JARLIG_HOSTS", one) for one in setting("JARLIG_HOSTS", environ).split(",")]
    files = files_host(environ).partition(":")[0]  # a port belongs to the address of a request, not to a name
    found = list(dict.fromkeys(one for one in (*listed, files) if one))
    if not any(listed):
        raise SettingError("JARLIG_HOSTS", "没有域名", "names no host")
    return found


def _host(name: str, text: str) -> str:
    host = text.strip().lower()
    if any(sign in host for sign in "/@?#") or any(sign.isspace() for sign in host):
        raise SettingError(
            name, f"应只写域名，如 files.example.org，现为 {host!r}",
            f"takes host names alone, such as files.example.org, not {host!r}",
        )  # fmt: skip
    return host


def database(url: str, name: str = "JARLIG_DATABASE_URL") -> dict[str, object]:
    """Django's description of the database at an address.

    Args:
        url: ``postgresql://LOGIN:PASSWORD@HOST:PORT/NAME?sslmode=verify-full``; a host that is a folder, written
            ``%2Ftmp%2Fsocket`` or ``?host=/tmp/socket``, is a socket.
        name: the setting it came from, for errors.

    Raises:
        SettingError: when it is no such address; the password is never repeated.
    """
    parts = urlsplit(url)
    options = dict(parse_qsl(parts.query))
    host = options.pop("host", "") or unquote(parts.hostname or "")
    database_name = parts.path.lstrip("/")
    if parts.scheme not in ("postgresql", "postgres") or not database_name or not parts.username:
        raise SettingError(
            name, "应写作 postgresql://登录名:密码@主机:端口/库名",
            "must be written postgresql://LOGIN:PASSWORD@HOST:PORT/NAME",
        )  # fmt: skip
    try:
        port = parts.port
    except ValueError:
        raise SettingError(name, "端口应为数字", "the port must be a number") from None
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(database_name),
        "USER": unquote(parts.username),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": host,
        "PORT": str(port or ""),
        "OPTIONS": options,
    }


def number(name: str, environ: Mapping[str, str] = os.environ) -> int:
    """A setting that is a small number.

    Raises:
        SettingError: for anything else.
    """
    value = setting(name, environ)
    if not value.isdecimal() or len(value) > 4:
        raise SettingError(name, f"应为数字，现为 {value!r}", f"must be a number, not {value!r}")
    return int(value)


def secret(name: str, least: int, environ: Mapping[str, str] = os.environ) -> str:
    """A secret that may be left out; where it is given it is long enough.

    Raises:
        SettingError: when it is too short; it is never repeated.
    """
    value = setting(name, environ)
    if value and len(value) < least:
        raise SettingError(name, f"至少 {least} 个字符", f"must have {least} characters or more")
    return value


def mail(url: str, name: str = "JARLIG_MAIL_URL") -> dict[str, object]:
    """Django's settings for a mail server; empty where no mail is sent.

    Args:
        url: ``smtp://LOGIN:PASSWORD@HOST:PORT?from=ADDRESS``, or ``smtps://…`` for TLS from the first byte.
        name: the setting it came from, for errors.

    Raises:
        SettingError: when it is no such address; the password is never repeated.
    """
    if not url:
        return {}
    parts = urlsplit(url)
    options = dict(parse_qsl(parts.query))
    try:
        port = parts.port
    except ValueError:
        raise SettingError(name, "端口应为数字", "the port must be a number") from None
    if parts.scheme not in ("smtp", "smtps") or not parts.hostname or "@" not in options.get("from", ""):
        raise SettingError(
            name, "应写作 smtps://登录名:密码@主机:端口?from=发件地址",
            "must be written smtps://LOGIN:PASSWORD@HOST:PORT?from=ADDRESS",
        )  # fmt: skip
    return {
        "EMAIL_HOST": parts.hostname,
        "EMAIL_PORT": port or (465 if parts.scheme == "smtps" else 25),
        "EMAIL_HOST_USER": unquote(parts.username or ""),
        "EMAIL_HOST_PASSWORD": unquote(parts.password or ""),
        "EMAIL_USE_SSL": parts.scheme == "smtps",
        "EMAIL_TIMEOUT": 10,
        "DEFAULT_FROM_EMAIL": options["from"],
    }


def folder(name: str, default: Path, environ: Mapping[str, str] = os.environ) -> Path:
    """A setting that names a folder."""
    return Path(setting(name, environ) or default)
