"""What the page of components shows (部件页示例): every component in every state, with made-up data."""

from __future__ import annotations

from typing import Any

from markupsafe import Markup

from jarlig.service.web.context import Link
from jarlig.service.web.gallery_sums import (
    GUIDE,
    HERE,
    answers,
    budget_lines,
    cited,
    columns,
    ladders,
    targets,
    tiles,
)
from jarlig.service.web.samples import both


def swatches() -> list[tuple[str, str, str]]:
    """Colours: value, name, use."""
    table = """
        #082e35|黛 9|dai 9|页眉、已支付|header, paid
        #0d4c55|黛 7|dai 7|按钮|buttons
        #0b5a66|黛 6|dai 6|链接|links
        #3d8489|黛 4|dai 4|已承诺|committed
        #b7d3d0|黛 2|dai 2|可能|possible
        #eef5f3|黛 0|dai 0|悬停、插文|hover, inset
        #fbf9f4|纸|paper|页面|page
        #f3eee3|毡|felt|次级面|second surface
        #17211f|墨|ink|正文|text
        #b4321b|朱|zhu|公务行为、截止|official acts, deadlines
        #c79a3f|赭|ochre|轮到您|your turn
        #35602a|草|grass|好结果|good end
        #96193c|茜|madder|错误、不利|errors, adverse
        #1e557f|天|sky|告知|information
        #ffc94a|焦点|focus|键盘焦点|keyboard focus
    """
    lines = (line.strip().split("|") for line in table.strip().splitlines())
    return [(value, both(zh, en), both(use, use_en)) for value, zh, en, use, use_en in lines]


def days() -> list[dict[str, Any]]:
    """Working days of a public notice with a holiday and make-up days."""
    week = both("一 二 三 四 五 六 日", "Mon Tue Wed Thu Fri Sat Sun").split()
    found, counted = [], 0
    for offset in range(16):
        date = 27 + offset
        month, day = (9, date) if date <= 30 else (10, date - 30)
        off, makeup = 2 <= offset <= 9, offset in (10, 11)
        state, words = "", both("公布", "published")
        if off:
            state, words = "off", both("休", "off")
        elif offset:
            counted += 1
            state, words = "gone" if counted < 5 else "", both(f"第 {counted} 日", f"day {counted}")
        if counted == 5 and not off:
            state, words = "today", both("今天 · 5", "today · 5")
        if counted == 7:
            state, words = "last", both("7 · 截止", "7 · last")
        found.append(
            {
                "weekday": both("周", "") + week[(offset + 2) % 7],
                "date": f"{month}/{day}",
                "words": words,
                "state": state,
                "makeup": makeup,
            }
        )
    return found


def steps() -> list[dict[str, Any]]:
    """A timeline with every kind of step."""
    office = both("示例机关", "Sample office")
    return [
        {
            "act": both("公示", "Public notice"),
            "office": both("复审、联审之后", "after review and joint review"),
            "state": "future",
            "words": both("预计 12 月下旬", "expected in late December"),
        },
        {
            "act": both("初审：等您补正", "Banner check: waiting for you"),
            "when": "2023-10-09",
            "office": office,
            "state": "open",
            "words": both("退回补正 3 处。", "Sent back for three corrections."),
            "clock": {
                "words": both("初审用时 6 / 10 个工作日，补正期间暂停", "6 of 10 working days used; paused"),
                "done": 6,
                "whole": 10,
                "state": "paused",
            },
        },
        {
            "act": both("受理", "Accepted"),
            "when": "2023-09-25",
            "office": office,
            "state": "official",
            "words": both("材料齐全，予以受理。", "Complete, accepted."),
            "document": {"text": both("受理通知书", "Notice of acceptance"), "href": HERE},
        },
        {
            "act": both("提交", "Submitted"),
            "when": "2023-09-22 16:08",
            "office": both("示例企业", "Sample enterprise"),
            "words": both("签署人 甲某。", "Signed by A."),
            "document": {"text": both("回执", "Acknowledgement"), "href": HERE},
        },
    ]


def path() -> list[dict[str, Any]]:
    """The short form of a route."""
    return [
        {"text": both("提交、受理", "Submitted, accepted"), "state": "done"},
        {"text": both("初审", "Banner check"), "state": "now", "note": both("等您补正", "waits for you")},
        {"text": both("复审", "Review")},
        {"text": both("联审", "Joint review")},
        {"text": both("决定、公示", "Decision, notice")},
        {"text": both("拨付", "Payment")},
    ]


def tasks() -> list[dict[str, Any]]:
    """A task list with each state of a task."""
    return [
        {
            "title": both("企业登记信息", "Registration"),
            "href": HERE,
            "hint": both("从登记库读取", "read from the register"),
            "status": "completed",
        },
        {"title": both("已获其他公共资金", "Other public money"), "href": HERE, "hint": "", "status": "in_progress"},
        {
            "title": both("费用清单", "Cost lines"),
            "href": HERE,
            "hint": both("40 张发票", "40 invoices"),
            "status": "to_be_judged",
            "words": both("有 8 行要看", "8 rows to look at"),
        },
        {"title": both("专项审计报告", "Special audit"), "href": HERE, "hint": "", "status": "not_started"},
        {
            "title": both("签署承诺并提交", "Sign and submit"),
            "href": "",
            "hint": both("由签署人办理", "by the signatory"),
            "status": "cannot_start",
        },
    ]


def uploads() -> list[dict[str, Any]]:
    """Files in each state."""
    return [
        {
            "name": "invoice-12.xml",
            "href": HERE,
            "note": both("XML，6 KB，摘要 4b7e…90d1", "XML, 6 KB, digest 4b7e…90d1"),
            "status": "completed",
            "remove": "1",
        },
        {
            "name": "receipt-12.pdf",
            "href": HERE,
            "note": both("病毒检查尚未完成", "not yet checked for viruses"),
            "status": "under_way",
            "words": both("检查中", "Being checked"),
            "remove": "2",
        },
        {"name": "scan.pdf", "href": "", "note": both("正在上传，62%", "uploading, 62%"), "status": "", "percent": 62},
        {
            "name": "photo.bmp",
            "href": "",
            "note": both("不是可以上传的格式，请换成 PDF", "no format that is taken; send a PDF"),
            "status": "not_accepted",
            "words": both("未接收", "Not taken"),
            "remove": "4",
        },
    ]


def facts() -> list[dict[str, Any]]:
    """Facts read from a document."""
    return [
        {
            "key": "no",
            "fact": both("发票号码", "Invoice number"),
            "read": "22152000008636709927",
            "status": "to_be_judged",
            "words": both("与第 13 行相同", "same as row 13"),
            "answer": None,
            "doubtful": True,
        },
        {
            "key": "date",
            "fact": both("开票日期", "Date"),
            "read": "2022-10-13",
            "status": "counted",
            "words": both("在费用期间内", "in the period"),
            "answer": True,
        },
        {
            "key": "net",
            "fact": both("净额", "Net"),
            "read": "562,199.03",
            "status": "counted",
            "words": both("与填报一致", "as declared"),
            "answer": True,
        },
        {
            "key": "payee",
            "fact": both("收款人", "Payee"),
            "read": both("示例科技", "Sample Tech"),
            "status": "not_counted",
            "words": both("与销方不同", "not the seller"),
            "answer": False,
        },
    ]


def findings() -> list[dict[str, Any]]:
    """A finding to be judged and one that is."""
    choices = [
        ("out", both("成立，剔除", "True, take out")),
        ("in", both("不成立", "Not true")),
        ("ask", both("请企业说明", "Ask the firm")),
    ]
    return [
        {
            "key": "1",
            "title": both("两行发票号码相同", "Two rows, one invoice"),
            "stake": "−562,199.03",
            "words": both("只应计一次。", "It counts once."),
            "status": "judged",
            "choices": choices,
            "chosen": "out",
            "reason": both("同一张票录了两次", "entered twice"),
            "done": True,
            "href": HERE,
            "cites": [],
        },
        {
            "key": "2",
            "title": both("日期在费用期间之外", "Outside the cost period"),
            "stake": "−1,184,300.90",
            "words": both("开票 2022-06-24。", "Invoiced on 2022-06-24."),
            "status": "to_be_judged",
            "choices": choices,
            "done": False,
            "href": HERE,
            "cites": cited(GUIDE),
        },
    ]


def document() -> Markup:
    """A drawing of a document with boxes where facts were read."""
    lines = "".join(f'<line class="line" x1="14" x2="266" y1="{y}" y2="{y}"/>' for y in range(62, 150, 18))
    return Markup(
        '<svg viewBox="0 0 280 170" role="img" aria-label="{}">'
        '<text class="title" x="140" y="26" text-anchor="middle">{}</text>'
        + lines
        + '<rect class="read" x="170" y="36" width="96" height="13"/><text x="174" y="46">22152000008636709927</text>'
        '<text x="20" y="76">{}</text><rect class="read" x="196" y="65" width="70" height="14"/>'
        '<text x="206" y="76">562,199.03</text></svg>'
    ).format(
        both("发票示意图", "Drawing of an invoice"),
        both("电子发票（示例）", "E-invoice (sample)"),
        both("边缘网关", "Edge gateway"),
    )


def everything() -> dict[str, Any]:
    """All that the page shows."""
    return {
        "both": both,
        "swatches": swatches(),
        "ladders": ladders(),
        "answers_": answers(),
        "lines": budget_lines(),
        "targets_": targets(),
        "tiles": tiles(),
        "tile_rows": [(tile.name, tile.text) for tile in sorted(tiles(), key=lambda tile: -int(tile.value or 0))],
        "days_": days(),
        "steps": steps(),
        "path_": path(),
        "tasks": tasks(),
        "files": uploads(),
        "facts": facts(),
        "findings": findings(),
        "document": document(),
        "columns": columns(),
        "tab_links": (
            Link(both("核对", "Check"), HERE, current=True, count=3),
            Link(both("申报内容", "Claim"), HERE),
            Link(both("超时", "Late"), HERE, count=2, late=True),
        ),
    }
