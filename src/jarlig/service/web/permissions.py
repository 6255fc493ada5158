"""Every rule and every address with its rule (权限一览): ``python -m jarlig.service.web.permissions`` writes the page.

The page is made from the rules beside the acts and from the addresses themselves; a test keeps it fresh, and another
makes every request that it speaks of.
"""

from __future__ import annotations

import importlib
import pkgutil
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.urls import URLPattern, URLResolver, get_resolver
from django.utils import translation

SERVICE = Path(__file__).resolve().parents[1]
#: Where the page stands in a checkout.
PAGE = SERVICE.parents[2] / "docs" / "permissions.md"
#: Addresses without a rule: whoever asks is answered, and why.
PUBLIC = {
    "language": "the choice of a language harms nobody and is kept by the reader's own browser",
    "components": "shows components with made-up words, for those who build and check screens",
    "components-form": "as above",
    "components-table": "as above",
}
_WHERE = {
    "area": "在本地区内 / in its area", "body": "本机构 / of its body", "top": "自治区岗位 / from a seat of the region",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Route:
    """An address (页面地址): how it is written, its name, the parts that vary, and the act that it needs.

    ``rule`` is None for whoever is signed in; ``said`` is false where the view does not say.
    """

    path: str
    name: str
    parts: tuple[str, ...]
    rule: str | None
    public: bool
    said: bool


def routes() -> list[Route]:
    """Every address of the site, in the order in which it is looked up."""
    return list(_walk(get_resolver().url_patterns, "/", ()))


def _walk(patterns: Sequence[Any], prefix: str, parts: tuple[str, ...]) -> Iterator[Route]:
    for one in patterns:
        path, held = prefix + str(one.pattern), (*parts, *one.pattern.converters, *_groups(one))
        if isinstance(one, URLResolver):
            yield from _walk(one.url_patterns, path, held)
        elif isinstance(one, URLPattern):
            yield _route(path, str(one.name or ""), held, one.callback)


def _groups(one: Any) -> tuple[str, ...]:
    regex = one.pattern.regex
    return tuple(name for name in regex.groupindex if name not in one.pattern.converters)


def _route(path: str, name: str, parts: tuple[str, ...], view: Callable[..., Any]) -> Route:
    held = view if hasattr(view, "rule") else getattr(view, "view_class", view)
    said = hasattr(held, "rule")
    return Route(path, name, parts, getattr(held, "rule", None), bool(getattr(held, "public", False)), said)


def load_rules() -> None:
    """Imports every act of every room: a rule stands beside its act."""
    for room in sorted(SERVICE.glob("*/acts")):
        package = f"jarlig.service.{room.parent.name}.acts"
        for found in pkgutil.iter_modules([str(room)]):
            importlib.import_module(f"{package}.{found.name}")


def page() -> str:
    """The page as it should stand."""
    from jarlig.service.bodies.permission import RULES
    from jarlig.service.bodies.roles import ROLES

    load_rules()
    known = routes()
    lines = [
        "# 权限一览 / Who may do what", "",
        "本页由程序生成，请勿手改：`python -m jarlig.service.web.permissions`。"
        " / Made by that command from the rules beside the acts; not written by hand.", "",
        "## 操作 / Acts", "", "| 操作 act | 名称 title | 岗位 roles | 范围 where | 另有条件 further condition |",
        "| --- | --- | --- | --- | --- |",
    ]  # fmt: skip
    for act, rule in sorted(RULES.items()):
        roles = "、".join(f"{_both(role.title)}" for name, role in ROLES.items() if name in rule.roles)
        who = roles or ("已登录者 / whoever is signed in" if rule.signed_in else "任何人 / anybody")
        further = "是 / yes" if rule.condition else ""
        lines.append(f"| `{act}` | {_both(rule.title)} | {who} | {_WHERE.get(rule.where, '')} | {further} |")
    lines += ["", "## 页面 / Addresses", "", "| 地址 address | 名称 name | 需要 needs |", "| --- | --- | --- |"]
    for route in sorted(known, key=lambda one: one.path):
        lines.append(f"| `{_shown(route.path)}` | `{route.name}` | {_needs(route)} |")
    return "\n".join(lines) + "\n"


def _needs(route: Route) -> str:
    if route.rule:
        return f"`{route.rule}`"
    if route.public or route.name in PUBLIC:
        return "公开 / public"
    return "已登录 / signed in" if route.said else "未说明 / not said"


def _both(text: object) -> str:
    with translation.override("zh-hans"):
        zh = str(text)
    with translation.override("en"):
        return f"{zh} / {text}"


def _shown(path: str) -> str:
    return path.replace("|", "\\|")


def main(arguments: Sequence[str]) -> int:
    """Writes the page, or says with ``--check`` whether it is as it should be."""
    import django

    django.setup()
    made = page()
    if "--check" in arguments:
        return 0 if PAGE.read_text(encoding="utf-8") == made else 1
    PAGE.write_text(made, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
