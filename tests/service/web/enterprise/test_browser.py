"""Screens of enterprises in a real browser: accessible and inside the screen, in both languages, wide and narrow."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from tests.service.enterprises.town import NAME, NUMBER, ROUTING, Town
from tests.service.walker import Walker
from tests.service.web.test_pages import WIDTHS, violations

from jarlig.service.enterprises.acts.add_bank_account import add_bank_account
from jarlig.service.enterprises.acts.rename_enterprise import rename_enterprise
from jarlig.service.enterprises.models import Dispute

#: A folder for pictures of what is seen, where somebody wants to look.
SHOTS = os.environ.get("JARLIG_SHOTS", "")


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
            "name": f"/workbench/names/{renaming.pk}/",
        },
    }  # fmt: skip


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("language", ["中文", "English"])
def test_every_screen_is_accessible_and_stays_inside(
    place: Town, enters: Callable[..., Walker], look: Callable[..., Any], site: str, language: str, width: int
) -> None:
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
            assert page.evaluate("document.documentElement.scrollWidth") <= width, path
