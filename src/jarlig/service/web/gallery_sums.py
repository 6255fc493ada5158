"""Made-up sums for the page of components (金额示例): ladders, answers, budgets, targets, charts."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from jarlig.service.web import svg
from jarlig.service.web.figures import money
from jarlig.service.web.samples import both

HERE = "#main-content"
CLAUSE = ("示例第二条（二）", "Sample clause 2(2)")
GUIDE = ("示例指南 5.4", "Sample guide 5.4")


def cited(*texts: tuple[str, str]) -> list[dict[str, str]]:
    """Citations that lead nowhere."""
    return [{"text": both(zh, en), "href": HERE} for zh, en in texts]


CLAUSE = ("示例第二条（二）", "Sample clause 2(2)")
GUIDE = ("示例指南 5.4", "Sample guide 5.4")


def rung(kind: str, zh: str, en: str, amount: int | Decimal | None, **more: Any) -> dict[str, Any]:
    """One step of a sample ladder."""
    return {"kind": kind, "what": both(zh, en), "amount": amount, "cites": cited(CLAUSE), **more}


def ladders() -> list[dict[str, Any]]:
    """A ladder in each state: estimate, verified, decided, over years, undetermined, declared beside verified."""
    base = rung("base", "合格投资额", "Eligible investment", 1_240_000_000)
    rate = rung("rate", "乘以 20%", "Times 20%", 248_000_000)
    cap = rung(
        "cap",
        "最高 3,000,000",
        "At most 3,000,000",
        248_000_000,
        cap=300_000_000,
        delta=both("未到上限，不变", "below the cap, unchanged"),
    )
    shared = {"unit": _("CNY"), "dense": True, "scale": 400_000_000}
    return [
        shared
        | {
            "caption": both("测算（虚线）", "Estimate (dashed)"),
            "state": "estimate",
            "rows": [base, rate, cap, rung("award", "测算奖补额", "Estimated award", 248_000_000)],
        },
        shared
        | {
            "caption": both("核定（实线），超过上限", "Verified (solid), above the cap"),
            "state": "verified",
            "rows": [
                rung("base", "合格投资额", "Eligible investment", 1_923_651_247),
                rung("rate", "乘以 20%", "Times 20%", Decimal("3847302.494")),
                rung(
                    "cap",
                    "最高 3,000,000",
                    "At most 3,000,000",
                    300_000_000,
                    cap=300_000_000,
                    cut_from=Decimal("3847302.494"),
                    delta="−847,302.494",
                ),
                rung("rounding", "四舍五入到分", "Rounded to the fen", 300_000_000, delta=both("不变", "unchanged")),
                rung("award", "核定奖补额", "Verified award", 300_000_000),
            ],
        },
        shared
        | {
            "caption": both("已决定（朱）", "Decided (vermilion)"),
            "state": "decided",
            "rows": [
                base,
                rate,
                cap,
                rung(
                    "award",
                    "批准额 = 核定额 × 0.682873…",
                    "Approved = verified × 0.682873…",
                    169_352_507,
                    cut_from=248_000_000,
                    why=both("按预算同比例调减", "scaled to the budget"),
                ),
            ],
        },
        shared
        | {
            "caption": both("三年累计 3,000,000，已用 1,800,000", "3,000,000 over three years, 1,800,000 used"),
            "state": "verified",
            "scale": 300_000_000,
            "rows": [
                rung("base", "投资额", "Investment", 600_000_000),
                rung("rate", "乘以 30%", "Times 30%", 180_000_000),
                rung(
                    "limit",
                    "余额 1,200,000",
                    "1,200,000 left",
                    120_000_000,
                    cap=300_000_000,
                    used=180_000_000,
                    why=both("已用部分为灰色", "what was used is grey"),
                    delta="−600,000.00",
                ),
                rung("award", "核定奖补额", "Verified award", 120_000_000, cap=300_000_000, used=180_000_000),
            ],
        },
        shared
        | {
            "caption": both("还不能确定", "Undetermined"),
            "state": "estimate",
            "rows": [
                base,
                rung(
                    "rate", "比例由指南确定", "The guide sets the rate", None, words=both("待指南", "awaits the guide")
                ),
                rung("award", "测算奖补额", "Estimated award", None, words=both("还不能确定", "not determined yet")),
            ],
        },
        shared
        | {
            "caption": both("申报与核定", "Declared and verified"),
            "state": "verified",
            "columns": [both("申报数（元）", "Declared (CNY)"), both("核定数（元）", "Verified (CNY)")],
            "rows": [
                rung(
                    "base",
                    "合格投资额",
                    "Eligible investment",
                    2_164_631_240,
                    delta=both("40 行", "40 rows"),
                    second={"amount": 1_923_651_247, "delta": both("35 行，−2,409,799.93", "35 rows, −2,409,799.93")},
                ),
                rung("rate", "乘以 20%", "Times 20%", 432_926_248, second={"amount": Decimal("3847302.494")}),
                rung(
                    "cap",
                    "最高 4,000,000",
                    "At most 4,000,000",
                    400_000_000,
                    delta="−329,262.48",
                    second={"amount": Decimal("3847302.494"), "delta": both("未到上限", "below the cap")},
                ),
                rung(
                    "award",
                    "核定奖补额",
                    "Verified award",
                    400_000_000,
                    second={"amount": 384_730_249, "delta": both("比申报 −152,697.51", "−152,697.51 to declared")},
                ),
            ],
        },
    ]


def answers() -> list[dict[str, Any]]:
    """The eight kinds of answer."""

    def one(kind: str, status: str, zh: str, en: str, reason_zh: str, reason_en: str, **more: Any) -> dict[str, Any]:
        return {
            "kind": kind,
            "status": status,
            "title": both(zh, en),
            "href": HERE,
            "cites": cited(CLAUSE),
            "reason": both(reason_zh, reason_en),
            **more,
        }

    go = {"text": both("开始申报", "Begin a file"), "href": HERE}
    return [
        one(
            "amount",
            "determined",
            "联合营销",
            "Joint marketing",
            "服务费 20%，未到上限。",
            "20% of the fee, below the cap.",
            low=128_400_000,
            cap=200_000_000,
            next=go,
        ),
        one(
            "range",
            "range",
            "创新平台",
            "Platform",
            "投资的 20%，三类发票尚未认定。",
            "20% of the investment; three invoices open.",
            low=210_000_000,
            high=300_000_000,
            cap=300_000_000,
            settle=both("3 张发票的类别。", "The kind of three invoices."),
            next=go,
        ),
        one(
            "open",
            "undetermined",
            "仓储项目",
            "Warehouse",
            "按增长额计算，还不知道上一年的销售额。",
            "It is a share of growth; last year's sales are not known.",
            settle=both("改造前的线上销售额。", "Online sales before the change."),
        ),
        one(
            "open", "awaiting_guide", "示范园区", "Model park", "金额由当年指南确定。", "The year's guide sets the sum."
        ),
        one(
            "open",
            "person_decides",
            "便民网点",
            "Local service point",
            "两条规定对上限的说法不一，须由人裁定。",
            "Two rules differ on the cap; a person must decide.",
        ),
        one(
            "none",
            "not_eligible",
            "二级节点",
            "Node",
            "2021 年已接入，不是新建。",
            "Connected in 2021, so it is not new.",
        ),
        one("none", "not_open", "展会补助", "Fairs", "2023 年没有安排这一项。", "2023 has no line for it."),
        one(
            "none",
            "lapsed",
            "旧办法",
            "An earlier scheme",
            "通知已于 2025-06-05 到期。",
            "The notice lapsed on 2025-06-05.",
        ),
    ]


def budget_lines() -> list[dict[str, Any]]:
    """Budget lines in each state."""
    lines = (
        ("正常", "In order", svg.Budget(100_000_000, 0, 30_000_000, 25_000_000, 15_000_000), "in_order"),
        ("将不足", "Running low", svg.Budget(100_000_000, 0, 40_000_000, 30_000_000, 24_000_000), "running_low"),
        ("全部下达", "All passed down", svg.Budget(100_000_000, 100_000_000), "transfer"),
        ("赤字暂停", "Deficit", svg.Budget(85_000_000, 0, 40_000_000, 30_000_000, 27_000_000), "deficit_hold"),
        ("未动用", "Untouched", svg.Budget(100_000_000), "not_started"),
    )
    return [{"name": both(zh, en), "line": line, "status": status, "href": HERE} for zh, en, line, status in lines]


def targets() -> list[dict[str, Any]]:
    """Targets in each state."""
    lines = (
        ("网店", "Shops", 86, 100, None, "under_way"),
        ("产地店", "Origin shops", 112, 100, None, "reached"),
        ("主体企业", "Key firms", 41, 30, 50, "reached"),
        ("生活圈", "Circles", 2, 5, None, "behind"),
        ("直播基地", "Studios", None, 3, None, "undetermined"),
    )
    return [
        {
            "name": both(zh, en),
            "what": both("按登记数计", "as registered"),
            "value": value,
            "goal": goal,
            "upper": upper,
            "status": status,
        }
        for zh, en, value, goal, upper, status in lines
    ]


def tiles() -> list[svg.Tile]:
    """A map of made-up places."""
    values = ["0", "105", "390", "1038", "1261", "274", "152", "861", "327", "694", "448", "186"]
    spots = ((6, 0), (0, 3), (1, 3), (2, 3), (3, 3), (4, 3), (1, 4), (2, 4), (4, 2), (5, 2), (6, 2), (6, 1))
    names = both("甲乙丙丁戊己庚辛壬癸子丑", "ABCDEFGHIJKL")
    return [
        svg.Tile(column, row, both(f"{name}地", f"Place {name}"), int(value), money(int(value)))
        for (column, row), name, value in zip(spots, names, values, strict=True)
    ]


def columns() -> dict[str, Any]:
    """Figures for a chart of columns and one of lines."""
    names = [both(f"{month} 月", "JFMAMJ"[month - 1]) for month in range(1, 7)]
    asked, paid = [12, 30, 44, 61, 58, 72], [0, 8, 21, 30, 47, 55]
    days_ = [64, 61, None, 58, 49, 44]
    series = [(both("申报", "Filed"), asked), (both("支付", "Paid"), paid)]
    return {
        "series": series,
        "heads": [name for name, _values in series],
        "both_rows": list(zip(names, asked, paid, strict=True)),
        "day_rows": [
            (name, _("not known") if value is None else value) for name, value in zip(names, days_, strict=True)
        ],
        "drawn": svg.chart(names, series, both("每月申报和支付的件数", "Claims filed and paid by month")),
        "lined": svg.chart(
            names,
            [(both("天数", "Days"), days_)],
            both("办理用的工作日，3 月未知", "Working days taken; March is not known"),
            lines=True,
        ),
    }
