"""What stands beside a made-up population: a note that all of it is made up, and a manifest that machines read."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from jarlig.ladder.steps import Words
from jarlig.whatif.synth_lines import EXPECTED

MADE_UP = Words(
    "本文件夹中的单位、项目、发票、快件和金额全部由程序虚构，不对应任何真实主体，仅供测试和演示。",
    "Every unit, project, invoice, parcel and sum in this folder was made up by a program; none is real.",
)
MARKS = (
    Words(
        "统一社会信用代码的登记管理机关区划码为 990000，任何机关都不会颁发",
        "codes carry the area 990000, which no registrar has",
    ),
    Words("发票号码的地区码为 99，不对应任何地区", "invoice numbers carry the region 99, which is nobody's"),
    Words("运单摘要以八个 0 开头", "digests of waybills begin with eight zeros"),
    Words("名称以“示例”或 SYN- 开头", "names and codes begin with 示例 or SYN-"),
)
#: The defects in words.
DEFECTS = {
    "wrong_check_character": Words("统一社会信用代码校验码错误", "code with a wrong check character"),
    "refused_by_a_condition": Words("不满足一项共同条件", "a condition for everybody not met"),
    "unknown_cell": Words("一项事实空缺", "a fact left empty"),
    "duplicate_in_case": Words("同一案例内发票重复", "invoice twice in one case"),
    "duplicate_across_cases": Words("两个案例使用同一发票", "invoice in two cases"),
    "reversal_without_original": Words("红字冲销缺少原发票", "reversal without its original"),
    "cost_outside_window": Words("费用在期限之外", "cost outside the window"),
    "cap_breach": Words("超过上限", "sum above the cap"),
    "bad_number": Words("数字写法有误", "number written wrongly"),
}
_EXPECTED = {
    "not_eligible": Words("不符合", "not eligible"),
    "undetermined": Words("还不能确定", "undetermined"),
    "key_in_two_cases": Words("比对各案例才能发现", "seen by comparing cases"),
    "line_not_counted": Words("该行不计入", "line not counted"),
    "amount_below_formula": Words("按上限测算", "held to the cap"),
}
README, MANIFEST = "README.txt", "manifest.json"


@dataclass
class Made:
    """What was written: tables with their rows, how many applied under each offer, and the defects."""

    programme: str
    year: int
    seed: int
    profile: str
    enterprises: int
    everyone: bool
    tables: dict[str, int] = field(default_factory=dict)
    applicants: dict[str, int] = field(default_factory=dict)
    defects: dict[str, int] = field(default_factory=dict)
    reversals: int = 0

    def manifest(self, folder: Path) -> dict[str, Any]:
        """The manifest of the tables of a folder; the same for the same tables."""
        import numpy
        import pyarrow

        from jarlig import __version__

        return {
            "synthetic": True,
            "says": {"zh": MADE_UP.zh, "en": MADE_UP.en},
            "marks": [{"zh": mark.zh, "en": mark.en} for mark in MARKS],
            "programme": self.programme,
            "guide": self.year,
            "seed": self.seed,
            "profile": self.profile,
            "enterprises": self.enterprises,
            "everyone": self.everyone,
            "made_with": {"jarlig": __version__, "numpy": numpy.__version__, "pyarrow": pyarrow.__version__},
            "applicants": self.applicants,
            "reversals": self.reversals,
            "defects": {
                name: {"cases": count, "expect": EXPECTED[name]} for name, count in sorted(self.defects.items())
            },
            "files": {
                name: {"rows": rows, "bytes": (folder / name).stat().st_size, "sha256": digest(folder / name)}
                for name, rows in self.tables.items()
            },
        }

    def write(self, folder: Path) -> None:
        """The note and the manifest, beside the tables."""
        text = json.dumps(self.manifest(folder), ensure_ascii=False, indent=2)
        (folder / MANIFEST).write_text(text + "\n", encoding="utf-8", newline="\n")
        (folder / README).write_text(self.note(), encoding="utf-8", newline="\n")

    def note(self) -> str:
        """The note, in both languages."""
        width = max(map(len, (*self.tables, *self.defects)))
        lines = [MADE_UP.zh, MADE_UP.en, "", *(f"- {mark.zh} / {mark.en}" for mark in MARKS), ""]
        lines += [f"方案 / programme  {self.programme}    指南 / guide  {self.year}    种子 / seed  {self.seed}", ""]
        lines += ["表和行数 / tables and rows"]
        lines += [*(f"  {name:<{width}}  {rows:>13,}" for name, rows in self.tables.items()), ""]
        if self.defects:
            lines += ["有意加入的缺陷和案例数（见 defects 表） / defects put in on purpose, and cases (table defects)"]
            for name, count in sorted(self.defects.items()):
                lines.append(f"  {name:<{width}}  {count:>13,}  {DEFECTS[name].zh} / {DEFECTS[name].en}")
            lines.append("")
        return "\n".join([*lines, "详见 / more in manifest.json", ""])


def expected(defect: str) -> Words:
    """What the engine says of a case with a defect, in words."""
    code = EXPECTED[defect]
    return _EXPECTED.get(code) or Words(f"拒绝（{code}）", f"refused ({code})")


def digest(path: Path) -> str:
    """SHA-256 of a file of any size."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()
