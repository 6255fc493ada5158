"""Screens of applications in a real browser: accessible and inside the screen, in both languages, wide and narrow."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.urls import reverse
from tests.service.applications.desk import Desk
from tests.service.walker import Walker
from tests.service.web.test_pages import WIDTHS, violations

#: A folder for pictures of what is seen, where somebody wants to look.
SHOTS = os.environ.get("JARLIG_SHOTS", "")


def addresses(desk: Desk) -> dict[str, dict[str, str]]:
    """What each reader opens."""
    claim = desk.complete(project="1")
    made = desk.submits(claim)
    draft = desk.complete(project="2")
    file, rows = [claim.file_id], [draft.pk, "investment"]
    return {
        "ana": {
            "mine": reverse("apply"), "begin": reverse("apply-begin", args=[desk.enterprise.pk]),
            "file": reverse("apply-file", args=file), "add": reverse("apply-add", args=file),
            "shared": reverse("apply-shared", args=file), "awards": reverse("apply-history", args=file),
            "answers": reverse("apply-answers", args=[draft.pk]), "rows": reverse("apply-rows", args=rows),
            "row": reverse("apply-row", args=[*rows, 1]), "paste": reverse("apply-rows-paste", args=rows),
            "documents": reverse("apply-documents", args=[draft.pk]), "check": reverse("apply-check", args=[draft.pk]),
            "computed": reverse("apply-computed", args=[draft.pk]), "drop": reverse("apply-drop", args=[draft.pk]),
            "receipt": reverse("apply-receipt", args=[made.pk]), "claim": reverse("apply-claim", args=[claim.pk]),
            "withdraw": reverse("apply-withdraw", args=[claim.pk]),
        },
        "receiver x": {"claims": reverse("workbench-claims"), "taken": reverse("workbench-claim", args=[claim.pk])},
    }  # fmt: skip


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("language", ["中文", "English"])
def test_every_screen_is_accessible_and_stays_inside(
    at: Desk, enters: Callable[..., Walker], look: Callable[..., Any], site: str, language: str, width: int
) -> None:
    for reader, paths in addresses(at).items():
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
