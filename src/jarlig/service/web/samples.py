"""Made-up data for the page of components (示例数据): no enterprise, office, area or sum in it exists."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import forms
from markupsafe import Markup

from jarlig.service.web import fields
from jarlig.service.web.cells import Cell
from jarlig.service.web.context import Link, Seat
from jarlig.service.web.figures import chinese
from jarlig.service.web.svg import ring
from jarlig.service.web.tables import Act, Column, Filter, Rows, State, Table, arrange


def both(zh: str, en: str) -> str:
    """A sample's text in the reader's language; samples are data and do not go through gettext."""
    return zh if chinese() else en


def frame(path: str) -> dict[str, Any]:
    """The layout of a sample page: somebody signed in with two seats."""
    seats = (
        Seat("1", both("示例机关", "Sample office"), both("审核岗", "reviewer")),
        Seat(
            "2",
            both("示例机关", "Sample office"),
            both("受理岗", "receiver"),
            both("代 甲某，至 10月13日", "for another officer, until 13 October"),
        ),
    )
    nav = tuple(
        Link(text, href, current=path == href)
        for text, href in (
            (both("部件", "Components"), "/components/"),
            (both("填写", "Form"), "/components/form/"),
            (both("表格", "Table"), "/components/table/"),
        )
    )
    return {
        "section": both("部件", "Components"),
        "person": both("乙某", "An officer"),
        "seat": seats[0],
        "seats": seats,
        "seat_switch": "/components/",
        "nav": nav,
        "demo": both("这一页的企业、机关和金额均为虚构。", "Enterprises, offices and sums on this page are made up."),
    }


class SampleForm(forms.Form):
    """Every kind of field."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields.update(
            {
                "name": forms.CharField(
                    label=both("项目名称", "Name of the project"),
                    max_length=60,
                    help_text=both("与立项文件一致", "As in the approval document"),
                ),
                "why": forms.CharField(label=both("建设内容", "What is built"), widget=forms.Textarea),
                "count": forms.IntegerField(label=both("接入设备数", "Devices connected"), min_value=1),
                "net": fields.MoneyField(
                    label=both("净额", "Net amount"), help_text=both("不含税，写到分", "Without tax, to the fen")
                ),
                "done": fields.DatePartsField(
                    label=both("验收日期", "Day of acceptance"),
                    help_text=both("例如 2023 3 27", "For example 2023 3 27"),
                ),
                "paid": forms.DateField(
                    label=both("付款日期", "Day of payment"), widget=forms.DateInput, required=False
                ),
                "level": forms.ChoiceField(
                    label=both("平台级别", "Level of the platform"),
                    widget=forms.RadioSelect,
                    choices=[("a", both("行业级", "Industry")), ("b", both("企业级", "Enterprise"))],
                ),
                "area": forms.ChoiceField(
                    label=both("所在地", "Place"),
                    choices=[
                        ("", both("请选择", "Choose")),
                        ("1", both("甲市", "City A")),
                        ("2", both("乙市", "City B")),
                    ],
                ),
                "kinds": forms.MultipleChoiceField(
                    label=both("费用类别", "Kinds of cost"),
                    widget=forms.CheckboxSelectMultiple,
                    choices=[
                        ("s", both("软件", "Software")),
                        ("h", both("设备", "Hardware")),
                        ("n", both("网络", "Network")),
                    ],
                ),
                "proof": forms.FileField(
                    label=both("付款凭证", "Proof of payment"),
                    help_text=both("PDF、OFD 或 XML，不超过 20 MB", "PDF, OFD or XML, up to 20 MB"),
                ),
                "secret": forms.CharField(label=both("密码", "Password"), widget=forms.PasswordInput, required=False),
                "fixed": forms.CharField(
                    label=both("统一社会信用代码", "Credit code"),
                    disabled=True,
                    required=False,
                    initial="91150100MA0EXAMPLE",
                ),
                "yes": forms.BooleanField(
                    label=both(
                        "以上内容属实，我有权代表企业承诺", "This is true, and I may promise it for the enterprise"
                    )
                ),
                "from_page": forms.CharField(widget=forms.HiddenInput, required=False, initial="components"),
            }
        )


class LineForm(forms.Form):
    """One cost line."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["what"] = forms.CharField(label=both("内容", "What"))
        self.fields["sum"] = fields.MoneyField(label=both("金额", "Amount"))


Lines: Any = forms.formset_factory(LineForm, extra=1, max_num=5, can_delete=False)


def filled() -> dict[str, Any]:
    """Some fields of the sample form, filled in."""
    return {"name": both("装备云平台", "A cloud platform"), "net": 119029731, "level": "a", "kinds": ["s"]}


def filled_lines() -> list[dict[str, Any]]:
    """One cost line, filled in."""
    return [{"what": both("服务器", "Server"), "sum": 119029731}]


STEPS = ("joint_review", "to_accept", "frozen", "correction_asked", "unassigned")
NAMES_ZH = ["晨光", "远山", "青禾", "白桦", "长河", "银杏", "云杉", "金穗", "飞鸿", "明湖"]
NAMES_EN = ["Dawn", "Far-Hills", "Greengrain", "Birch", "Longriver", "Ginkgo", "Spruce", "Goldear", "Swan", "Clearlake"]


def queue() -> Table:
    """A queue of claims."""
    return Table(
        key="queue",
        caption=both("待办的申报", "Claims to be dealt with"),
        columns=(
            Column("number", both("编号", "Number"), "link", sortable=True),
            Column("firm", both("申报企业", "Enterprise"), sortable=True, head=True),
            Column("place", both("地区", "Place"), sortable=True),
            Column("offer", both("事项", "Offer")),
            Column("amount", both("测算额", "Amount"), "money", sortable=True, unit=both("元", "CNY")),
            Column("step", both("环节", "Step"), "status"),
            Column("left", both("时限", "Time limit"), "picture", sortable=True),
            Column("findings", both("待判断", "Findings"), "number"),
            Column("officer", both("承办", "Officer")),
            Column("changed", both("更新", "Changed"), "date", sortable=True),
            Column("documents", both("材料数", "Documents"), "number", shown=False),
        ),
        filters=(
            Filter("place", both("地区", "Place"), tuple((name, name) for name in places())),
            Filter("officer", both("承办", "Officer"), tuple((name, name) for name in officers())),
            Filter("find", both("企业或编号", "Enterprise or number")),
        ),
        order="number",
        size=20,
    )


def places() -> tuple[str, ...]:
    """Made-up places."""
    return tuple(both("甲市 乙市 丙盟 丁盟", "City-A City-B League-C League-D").split())


def officers() -> tuple[str, ...]:
    """Made-up officers."""
    return tuple(both("未分办 乙某 丙某 丁某", "nobody B. C. D.").split())


class Days:
    """A clock in a table: sorted by its days, drawn as a ring with words."""

    def __init__(self, days: int) -> None:
        self.days = days

    def __lt__(self, other: Days) -> bool:
        return self.days < other.days

    def __html__(self) -> str:
        words = (
            both(f"超 {-self.days} 日", f"{-self.days} day{'' if self.days == -1 else 's'} late")
            if self.days < 0
            else both("今日到期", "Due today")
            if self.days == 0
            else both(f"剩 {self.days} 日", f"{self.days} day{'' if self.days == 1 else 's'} left")
        )
        kind = " jl-clock--late" if self.days < 0 else " jl-clock--soon" if self.days <= 2 else ""
        return Markup('<span class="jl-clock{}">{}{}</span>').format(kind, ring(max(0, 10 - self.days), 10), words)


def queue_rows(state: State) -> Rows:
    """The rows of the queue that a state asks for."""
    found = []
    for index in range(57):
        days = (index * 7) % 13 - 2
        name = both(NAMES_ZH[index % 10] + "数字科技有限公司", f"{NAMES_EN[index % 10]} Digital Ltd")
        found.append(
            {
                "number": Cell(
                    f"{127 + index * 7:06d}-{index % 9}",
                    href="#",
                    mark="late" if days < 0 else "soon" if days <= 2 else "",
                ),
                "firm": name,
                "place": places()[index % 4],
                "offer": both("示例事项", "Sample offer") + f" {index % 3 + 1}",
                "amount": None if index % 11 == 6 else 33038531 + index * 7391237,
                "step": STEPS[(index * 3) % 5],
                "left": Days(days),
                "findings": index % 4 or None,
                "officer": officers()[index % 4],
                "changed": dt.date(2023, 10, 10 - index % 9),
                "documents": 3 + index % 20,
            }
        )
    acts = (
        Act("assign", both("分办给…", "Assign to…")),
        Act("recommend", both("一并推荐", "Recommend together")),
        Act("accept", both("受理", "Accept")),
        Act(
            "freeze",
            both("冻结名单", "Freeze the list"),
            both("名单由公示岗冻结", "the list is frozen by the publisher's seat"),
        ),
    )
    return arrange(
        state,
        found,
        acts=acts,
        act_to="",
        key=lambda row: str(row["number"].value),
        name=lambda row: str(row["firm"]),
        tone=lambda row: "warn" if row["step"] == "correction_asked" else "",
        allowed=lambda row: ("assign", "accept") if row["step"] == "to_accept" else ("assign", "recommend"),
    )


def tabs() -> tuple[Link, ...]:
    """Neighbouring tables."""
    return (
        Link(both("待我办", "Mine"), "?", current=True, count=57),
        Link(both("超时", "Late"), "?sort=left", count=8, late=True),
        Link(both("我办过的", "Done by me"), "#", count=148),
        Link(both("归档", "Archived"), "#", count=1206),
    )
