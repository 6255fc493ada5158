"""Screens of enterprises in a real browser: accessible and inside the screen, in both languages, wide and narrow."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from tests.service.enterprises.town import NAME, NUMBER, ROUTING, Town, uscc
from tests.service.walker import Walker
from tests.service.web.test_pages import WIDTHS, violations

from jarlig.service.enterprises.acts.add_bank_account import add_bank_account
from jarlig.service.enterprises.acts.rename_enterprise import rename_enterprise
from jarlig.service.enterprises.models import Dispute
from jarlig.service.launch.cluster import Cluster

#: A folder for pictures of what is seen, where somebody wants to look.
SHOTS = os.environ.get("JARLIG_SHOTS", "")


def vouched(server: Cluster) -> None:
    """The register as it might be: one recognition that holds, one that was revoked."""
    with server.superuser(connection.settings_dict["NAME"]) as root:
        root.execute("SET session_replication_role = replica")  # rows as they are, whatever they came by
        body, area = root.execute("SELECT id, area_id FROM bodies_body LIMIT 1").fetchone() or ()
        root.execute("INSERT INTO catalogue_programme VALUES (%(id)s, 'x', %(area)s, %(body)s)",
                     {"id": body, "area": area, "body": body})  # fmt: skip
        root.execute(
            "INSERT INTO catalogue_version (id, programme_id, number, sha256, title_zh, title_en, document, source,"
            " report, proof, imported_by_id, imported_at, in_force_at, reason, state) SELECT gen_random_uuid(), %s, 1,"
            " 'x', 'x', 'x', '', '', '{}', '{}', id, now(), now(), 'x', 'withdrawn' FROM bodies_person LIMIT 1",
            [body],
        )
        for subject, state, ended, reason in (
            ("", "valid", None, ""), ("YQ-2023-001", "ended", "2024-01-02", "复核不合格"),
        ):  # fmt: skip
            root.execute(
                "INSERT INTO catalogue_recognition (id, programme_id, kind, uscc, subject, value, body_id, number,"
                " dated, valid_until, ended_on, reason, state) VALUES (gen_random_uuid(), %s, 'park.level', %s, %s,"
                " '自治区级', %s, '内商发〔2023〕12号', '2023-05-10', '2026-05-09', %s, %s, %s)",
                [body, uscc(1), subject, body, ended, reason, state],
            )


def addresses(place: Town) -> dict[str, dict[str, str]]:
    """What each reader opens."""
    from tests.service.enterprises.town import letter_file

    enterprise = place.speaks("ana")
    place.asks("din", role="member")
    missing = place.asks("ana", 3, name="科右前旗察尔森牧业有限责任公司")
    waiting = place.gives("ana", 2, name="兴安盟草原食品有限公司")
    with place.acts("ana"):
        account = add_bank_account(enterprise, number=NUMBER, routing=ROUTING, bank="工行兴安支行", account_name=NAME)
        renaming = rename_enterprise(enterprise, "兴安盟乌兰智慧物流有限公司", letter_file(), "变更通知书.pdf")
    claim = place.gives("bat")
    with place.sits("receiver x"):
        dispute = Dispute.objects.get()
    other = place.speaks("che", 4, name="阿尔山冰泉有限公司")
    return {
        "ana": {
            "mine": "/enterprise/", "register": "/enterprise/register/", "page": f"/enterprise/{enterprise.pk}/",
            "missing": f"/enterprise/place/{missing.pk}/", "rename": f"/enterprise/{enterprise.pk}/name/",
            "leave": f"/enterprise/place/{missing.pk}/leave/",
        },
        "bat": {"disputed": f"/enterprise/place/{claim.membership_id}/"},
        "receiver x": {
            "letters": "/workbench/letters/", "letter": f"/workbench/letters/{waiting.pk}/",
            "refuse": f"/workbench/letters/{waiting.pk}/refuse/", "disputes": "/workbench/disputes/",
            "dispute": f"/workbench/disputes/{dispute.pk}/", "account": f"/workbench/accounts/{account.pk}/",
            "name": f"/workbench/names/{renaming.pk}/", "enterprises": "/workbench/enterprises/",
            "close": f"/workbench/enterprises/{other.pk}/close/",
        },
        "receiver top": {
            "endings": "/workbench/enterprises/", "merge": f"/workbench/enterprises/{other.pk}/merge/",
            "merging": f"/workbench/enterprises/{other.pk}/merge/{enterprise.pk}/",
        },
    }  # fmt: skip


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("language", ["中文", "English"])
def test_every_screen_is_accessible_and_stays_inside(
    place: Town,
    enters: Callable[..., Walker],
    look: Callable[..., Any],
    site: str,
    server: Cluster,
    language: str,
    width: int,
) -> None:
    vouched(server)
    for reader, paths in addresses(place).items():
        page = look("/account/sign-in/", "zh-hans", width)
        session = enters(reader).client.cookies["sessionid"].value
        page.context.add_cookies([{"name": "sessionid", "value": session, "url": site}])
        page.goto(site + next(iter(paths.values())))
        if language == "English":
            page.click("button:has-text('English')")
        for name, path in paths.items():
            page.goto(site + path)
            assert page.locator("html").get_attribute("lang") == ("en" if language == "English" else "zh-Hans")
            if SHOTS:
                page.screenshot(path=Path(SHOTS) / f"{name}-{language}-{width}.png", full_page=True)
            assert violations(page) == [], path
            assert name != "page" or page.locator("text=YQ-2023-001").count() == 1
            assert page.evaluate("document.documentElement.scrollWidth") <= width, path
