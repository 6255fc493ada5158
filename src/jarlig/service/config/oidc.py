"""Providers of identity (统一身份认证): the JSON file named by ``JARLIG_OIDC``, read and judged at the start.

Nothing of a provider stands in Python: who they are, for whom, and which of their claims carry name, identity number
and credit code is said in that file. ``docs/guide/sign-in.md`` describes it.
"""

from __future__ import annotations

import ipaddress
import json
import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from jarlig.service.config.environment import SettingError

SETTING = "JARLIG_OIDC"
#: For whom a provider vouches.
AUDIENCES = ("officers", "enterprises", "legal_person")
CLAIMS = ("name", "identity_number", "uscc", "enterprise_name")
KEYS = {"id", "name", "issuer", "client_id", "secret_file", "for", "claims", "scopes"}


@dataclass(frozen=True, slots=True)
class Provider:
    """A provider of identity as the file describes it."""

    id: str
    name_zh: str
    name_en: str
    issuer: str
    client_id: str
    secret: str = field(repr=False)
    audience: str
    claims: dict[str, str]
    scopes: tuple[str, ...]

    def as_app(self) -> dict[str, Any]:
        """The same as allauth takes it."""
        return {
            "provider_id": self.id,
            "name": self.name_zh,
            "client_id": self.client_id,
            "secret": self.secret,
            "settings": {
                "server_url": self.issuer, "oauth_pkce_enabled": True, "scope": list(self.scopes),
                "audience": self.audience, "claims": self.claims, "name_en": self.name_en,
            },
        }  # fmt: skip


def providers(path: str) -> tuple[Provider, ...]:
    """The providers of a file; none where no file is named.

    Raises:
        SettingError: with the place and the remedy, when the file cannot be read or says something it should not.
    """
    if not path:
        return ()
    try:
        said = json.loads(Path(path).read_text("utf-8"))
    except OSError as error:
        raise _wrong(
            f"文件 {path} 无法读取（{error.strerror}）", f"{path} cannot be read ({error.strerror})"
        ) from error
    except ValueError as error:
        raise _wrong(f"文件 {path} 不是 JSON（{error}）", f"{path} is no JSON ({error})") from error
    listed = said.get("providers") if isinstance(said, dict) else None
    if not isinstance(listed, list) or not all(isinstance(one, dict) for one in listed):
        raise _wrong('应写作 {"providers": [{…}]}', 'must be written {"providers": [{…}]}')
    found = tuple(_provider(one, number, Path(path).parent) for number, one in enumerate(listed, 1))
    if len({one.id for one in found}) != len(found):
        raise _wrong("两个提供方的 id 相同", "two providers have the same id")
    return found


def _provider(said: dict[str, Any], number: int, folder: Path) -> Provider:
    where_zh, where_en = f"第 {number} 个提供方：", f"provider {number}: "

    def wrong(zh: str, en: str) -> SettingError:
        return _wrong(where_zh + zh, where_en + en)

    if extra := sorted(set(said) - KEYS):
        raise wrong(f"不认识 {extra[0]!r}，可写：{'、'.join(sorted(KEYS))}",
                    f"{extra[0]!r} is not known; there are: {', '.join(sorted(KEYS))}")  # fmt: skip
    for key in ("id", "issuer", "client_id", "secret_file", "for"):
        if not isinstance(said.get(key), str) or not said[key]:
            raise wrong(f"缺少 {key}", f"{key} is missing")
    if not re.fullmatch(r"[a-z0-9][a-z0-9-]{0,39}", said["id"]):
        raise wrong("id 只能用小写字母、数字和连字符", "id takes small letters, digits and hyphens alone")
    if said["for"] not in AUDIENCES:
        raise wrong(f"for 应为 {'、'.join(AUDIENCES)} 之一", f"for must be one of {', '.join(AUDIENCES)}")
    if not _is_safe(said["issuer"]):
        raise wrong("issuer 应为 https 地址", "issuer must be an https address")
    name = said.get("name", {})
    if not isinstance(name, dict) or not isinstance(name.get("zh"), str) or not name["zh"]:
        raise wrong('name 应写作 {"zh": "…", "en": "…"}', 'name must be written {"zh": "…", "en": "…"}')
    claims = said.get("claims", {})
    if (
        not isinstance(claims, dict)
        or set(claims) - set(CLAIMS)
        or not all(isinstance(one, str) for one in claims.values())
    ):
        raise wrong(f"claims 可写：{'、'.join(CLAIMS)}", f"claims takes: {', '.join(CLAIMS)}")
    for one in ("uscc", "enterprise_name") if said["for"] == "legal_person" else ():
        if one not in claims:
            raise wrong(f"法人认证须在 claims 中写明 {one}", f"for legal persons claims must say which is {one}")
    scopes = said.get("scopes", ["openid", "profile"])
    if not isinstance(scopes, list) or "openid" not in scopes or not all(isinstance(one, str) for one in scopes):
        raise wrong('scopes 应为含 "openid" 的列表', 'scopes must be a list with "openid" in it')
    try:
        secret = (folder / said["secret_file"]).read_text("utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise wrong(f"密钥文件 {said['secret_file']} 无法读取", f"{said['secret_file']} cannot be read") from error
    return Provider(
        said["id"], name["zh"], str(name.get("en") or name["zh"]), said["issuer"].rstrip("/"), said["client_id"],
        secret, said["for"], {"name": "name", **claims}, tuple(scopes),
    )  # fmt: skip


def _is_safe(issuer: str) -> bool:
    parts = urlsplit(issuer)
    if parts.scheme == "https":
        return bool(parts.hostname) and not parts.query and not parts.fragment
    try:
        here = parts.hostname == "localhost" or ipaddress.ip_address(parts.hostname or "").is_loopback
    except ValueError:
        here = False
    return parts.scheme == "http" and here


def _wrong(zh: str, en: str) -> SettingError:
    return SettingError(SETTING, zh, en)
