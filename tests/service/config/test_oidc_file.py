"""The file of providers of identity: what it takes, and what it says about what it does not take."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from jarlig.service.config.environment import SettingError, mail, number, secret
from jarlig.service.config.oidc import providers

GUIDE = Path(__file__).resolve().parents[3] / "docs" / "guide"
GOOD: dict[str, Any] = {
    "id": "sso", "name": {"zh": "统一身份认证"}, "issuer": "https://id.example.gov.cn/", "client_id": "jarlig",
    "secret_file": "s", "for": "officers",
}  # fmt: skip


def written(folder: Path, said: Any) -> str:
    (folder / "s").write_text("s3cret\n", "utf-8")
    path = folder / "oidc.json"
    path.write_text(said if isinstance(said, str) else json.dumps(said), "utf-8")
    return str(path)


def test_no_file_is_no_provider() -> None:
    assert providers("") == ()


def test_a_provider_is_read_with_its_secret(tmp_path: Path) -> None:
    (one,) = providers(written(tmp_path, {"providers": [GOOD]}))
    assert (one.id, one.issuer, one.secret, one.name_en) == (
        "sso",
        "https://id.example.gov.cn",
        "s3cret",
        "统一身份认证",
    )
    assert one.claims == {"name": "name"} and one.scopes == ("openid", "profile")
    assert one.as_app()["settings"]["oauth_pkce_enabled"] is True
    assert "s3cret" not in repr(one)


@pytest.mark.parametrize("name", ["sign-in.md", "sign-in.zh.md"])
def test_the_file_of_the_guide_is_taken(name: str, tmp_path: Path) -> None:
    said = re.search(r"```json\n(.*?)```", (GUIDE / name).read_text("utf-8"), re.S)
    assert said
    for secret_file in ("officers-sso.secret", "legal-person.secret"):
        (tmp_path / secret_file).write_text("s", "utf-8")
    assert [one.audience for one in providers(written(tmp_path, said[1]))] == ["officers", "legal_person"]


@pytest.mark.parametrize(("change", "word"), [
    ({"id": "A B"}, "id"), ({"issuer": "http://id.example.gov.cn"}, "https"), ({"issuer": "https://"}, "https"),
    ({"for": "everybody"}, "officers"), ({"secret_file": "nothing"}, "nothing"), ({"client_id": ""}, "client_id"),
    ({"claims": {"mail": "email"}}, "claims"), ({"claims": {"name": 1}}, "claims"), ({"name": "x"}, "name"),
    ({"for": "legal_person"}, "uscc"),
    ({"for": "legal_person", "claims": {"uscc": "u"}}, "enterprise_name"),
    ({"scopes": ["profile"]}, "openid"), ({"password": "x"}, "password"),
])  # fmt: skip
def test_what_is_wrong_is_told_with_its_place_in_both_languages(
    change: dict[str, Any], word: str, tmp_path: Path
) -> None:
    with pytest.raises(SettingError) as caught:
        providers(written(tmp_path, {"providers": [GOOD | {"id": "other"}, GOOD | change]}))
    assert word in caught.value.en and "provider 2" in caught.value.en
    assert word in caught.value.zh and "第 2 个" in caught.value.zh


@pytest.mark.parametrize("said", ["", "{", "[]", '{"providers": {}}', '{"providers": [1]}'])
def test_a_file_that_is_no_list_of_providers_is_refused(said: str, tmp_path: Path) -> None:
    with pytest.raises(SettingError):
        providers(written(tmp_path, said))


def test_a_file_that_is_not_there_and_an_id_twice_are_refused(tmp_path: Path) -> None:
    with pytest.raises(SettingError, match="nowhere"):
        providers(str(tmp_path / "nowhere.json"))
    with pytest.raises(SettingError, match="same id"):
        providers(written(tmp_path, {"providers": [GOOD, GOOD]}))


def test_a_mail_server_is_read_and_its_password_never_told() -> None:
    said = mail("smtps://me:p%40ss@mail.example.gov.cn?from=jarlig@example.gov.cn")
    assert (said["EMAIL_PORT"], said["EMAIL_HOST_PASSWORD"], said["EMAIL_USE_SSL"]) == (465, "p@ss", True)
    assert mail("") == {}
    for wrong in ("smtp://me:hidden@host", "http://me:hidden@host?from=a@b", "smtp://me:hidden@host:x?from=a@b"):
        with pytest.raises(SettingError) as caught:
            mail(wrong)
        assert "hidden" not in str(caught.value)


def test_numbers_and_secrets_are_judged() -> None:
    assert number("JARLIG_PROXIES", {}) == 0 and secret("JARLIG_SETUP_CODE", 16, {}) == ""
    with pytest.raises(SettingError):
        number("JARLIG_PROXIES", {"JARLIG_PROXIES": "two"})
    with pytest.raises(SettingError) as caught:
        secret("JARLIG_SETUP_CODE", 16, {"JARLIG_SETUP_CODE": "hunter2"})
    assert "hunter2" not in str(caught.value)
