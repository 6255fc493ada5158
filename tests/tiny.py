"""A tiny valid programme: every test of a message makes one edit to it, so that one thing is wrong at a time."""

from __future__ import annotations

from pathlib import Path

from jarlig.policy.model import Programme
from jarlig.policy.notice import fingerprint
from jarlig.policy.reading import read_programme

NOTICE = """\
关于支持平台建设的若干措施

　　一、平台建设。对新建平台按实际投资的20%给予补助，单个项目最高500万元、300万元。每家企业累计不超过600万元。
二、应用推广。对推广平台应用的企业，按评分给予奖励。
三、培育活动。举办活动6场以上。由商务厅负责。
四、各地加强宣传。
本措施有效期3年。
"""
#: A well-formed code that no enterprise has.
CODE = "91150000MA0EXAMP11"
PARAGRAPHS = [line.strip() for line in NOTICE.splitlines() if line.strip()]
CUT = PARAGRAPHS[1].index("每家企业")
_RATE = PARAGRAPHS[1].index("20%")


def _clause(number: str, paragraph: int, encoded: str, words: str = "", extra: str = "") -> str:
    text = PARAGRAPHS[paragraph - 1]
    start = text.index(words) if words else 0
    ends = f", from: {start}, to: {start + len(words)}" if words else ""
    return (
        f'  "{number}": {{label: {{zh: 第{number}条, en: clause {number}}}, summary: {{zh: 概要, en: summary}}, '
        f"paragraph: {paragraph}{ends}, sha256: {fingerprint(words or text)}, encoded: {encoded}{extra}}}\n"
    )


FILES = {
    "programme.yaml": """\
programme: tiny
title: {zh: 测试方案, en: Tiny programme}
sample: true
document:
  {number: 测发〔2022〕1号, title: {zh: 措施, en: Measures}, issued_by: {zh: 厅, en: Office}, issued_on: 2022-06-06}
valid: {from: 2022-06-06, to: 2025-06-05, cites: "5"}
region: "150000"
units: {point: {zh: 分, en: point}}
bodies: {commerce: {zh: 商务厅, en: Department of Commerce}, auditor: {zh: 审计机构, en: auditor}}
evidence: {invoice: {zh: 发票, en: invoice}, licence: {zh: 营业执照, en: licence}, list: {zh: 认定名单, en: list}}
subjects: {enterprise: uscc, project: [uscc, project_code]}
facts:
  uscc: {code: uscc, title: {zh: 统一社会信用代码, en: USCC}}
  registered_at: {division: county, title: {zh: 注册地, en: registered place}, evidence: licence, verified_by: commerce}
conditions:
  in_region: {when: registered_at.region = 150000, title: {zh: 在区内注册, en: registered in the region}}
parameters:
  base_rate:
    title: {zh: 基准利率, en: base rate}
    form: ratio
    values: [{from: 2022-01-01, value: 3%, basis: {zh: 公告, en: announcement}}]
tables:
  ladder:
    title: {zh: 奖励档次, en: reward bands}
    form: money
    of: number
    bands: {"under 60": 0, "from 60": 50_000}
readings:
  r-1: {says: {zh: 按企业累计, en: in total for an enterprise}, cites: "1.2", by: 商务厅, on: 2022-07-01}
closing:
  - {rule: limits, says: {zh: 均为上限, en: upper limits}, cites: "5", effect: upper_limits}
""",
    "clauses.yaml": "clauses:\n"
    + _clause("0", 1, "not_encodable", extra=", why: {zh: 标题, en: the title}")
    + _clause("1", 2, "parts")
    + _clause("1.1", 2, "offer", PARAGRAPHS[1][:CUT])
    + _clause("1.2", 2, "rule", PARAGRAPHS[1][CUT:])
    + _clause("2", 3, "offer")
    + _clause("3", 4, "target")
    + _clause("4", 5, "duty", extra=", bodies: commerce")
    + _clause("5", 6, "rule"),
    "measures/01.yaml": f"""\
- offer: "1a"
  title: {{zh: 新建平台补助, en: new platform}}
  cites: "1.1"
  to: enterprise
  claims: {{per: once}}
  facts:
    project_code: {{code: project, title: {{zh: 项目, en: project}}}}
    level:
      choice: {{regional: {{zh: 区域级, en: regional}}, industry: {{zh: 行业级, en: industry}}}}
      title: {{zh: 级别, en: level}}
      evidence: list
      verified_by: commerce
    newly_built: {{yes_no: {{}}, title: {{zh: 新建, en: newly built}}, evidence: list, verified_by: auditor}}
    recognised_on: {{date: {{}}, title: {{zh: 认定日期, en: recognised on}}, evidence: list, verified_by: commerce}}
    investment:
      rows: {{most: 200, key: [seller, invoice_no], reverses: reverses}}
      title: {{zh: 投资, en: investment}}
      evidence: invoice
      verified_by: auditor
      columns:
        seller: {{code: uscc, title: {{zh: 销方, en: seller}}}}
        invoice_no: {{code: invoice, title: {{zh: 发票号码, en: invoice number}}}}
        reverses: {{code: invoice, or: none, title: {{zh: 冲销, en: reverses}}}}
        net: {{money: signed, title: {{zh: 不含税金额, en: net}}}}
        category:
          choice: {{hardware: {{zh: 硬件, en: hardware}}, other: {{zh: 其他, en: other}}}}
          title: {{zh: 类别, en: category}}
        paid_on: {{date: {{}}, title: {{zh: 付款日期, en: paid on}}}}
  terms:
    costs_from: {{open: date, title: {{zh: 费用起, en: costs from}}}}
    eligible: {{open: {{some_of: investment.category}}, title: {{zh: 费用范围, en: eligible}}}}
  when: [newly_built, recognised_on <= on]
  rate: 20%
  of: {{sum: net, over: investment, where: [paid_on >= costs_from, category in eligible]}}
  cap: {{by: level, regional: 5_000_000, industry: 3_000_000}}
  limit:
    - {{awards: 1, per: project}}
    - {{amount: 6_000_000, per: enterprise, over: validity, cites: "1.2", reading: r-1}}
  anchors:
    rate: {{clause: "1.1", from: {_RATE}, to: {_RATE + 3}, sha256: {fingerprint("20%")}}}
- offer: "2"
  title: {{zh: 应用推广奖励, en: promotion}}
  cites: "2"
  to: enterprise
  facts:
    score:
      quantity: {{unit: point, most: 100}}
      title: {{zh: 评分, en: score}}
      evidence: list
      verified_by: commerce
  amount:
    of: score
    bands: {{"under 60": 0, "60 to under 80": 100_000, "from 80": 300_000}}
  cap: 300_000
- target: "3-events"
  title: {{zh: 活动, en: events}}
  cites: "3"
  unit: {{zh: 场, en: event}}
  key: event
  at_least: 6
- duty: "4-publicity"
  title: {{zh: 宣传, en: publicity}}
  cites: "4"
  bodies: commerce
  deliverable: {{zh: 宣传材料, en: publications}}
  rhythm: standing
""",
    "guides/2023.yaml": """\
guide: 2023
title: {zh: 申报指南（示例）, en: guide (sample)}
sample: true
applications: {from: 2023-03-01, to: 2023-10-31}
opens: ["1a", "2"]
gates: {when: [in_region], cites: "3", as_of: decision}
fill:
  1a: {costs_from: 2022-06-06, eligible: [hardware]}
lower:
  1a: {cap: {regional: 4_000_000}}
pools:
  platform: {offers: ["1a"], amount: 30_000_000, share: pro_rata}
""",
    "local/1502.yaml": """\
local: "1502"
title: {zh: 实施细则（示例）, en: local rules (sample)}
sample: true
at: "150200"
valid: {from: 2023-01-01, to: 2024-12-31}
lower:
  1a: {rate: 15%}
""",
    "cases/01.yaml": """\
- case: at-the-cap
  title: {zh: 区域级达到上限, en: regional at the cap}
  arithmetic: {zh: "20% × 25,000,000 = 5,000,000，上限 4,000,000", en: "20% × 25,000,000 = 5,000,000, cap 4,000,000"}
  offer: "1a"
  on: 2023-06-01
  facts:
    uscc: CODE
    registered_at: "150102"
    project_code: P1
    level: regional
    newly_built: true
    recognised_on: 2023-01-01
    investment:
      - {seller: CODE, invoice_no: "23151000000000000001", net: 24_000_000, category: hardware, paid_on: 2022-07-01}
      - {seller: CODE, invoice_no: "23151000000000000002", net: 1_000_000, category: hardware, paid_on: 2022-07-02}
      - {seller: CODE, invoice_no: "23151000000000000003", net: 9_000_000, category: other, paid_on: 2022-07-02}
  history: []
  expect: {outcome: award, formula_amount: 5_000_000, amount: 4_000_000, low: 4_000_000, high: 4_000_000, payments: []}
  recompute:
    formula_amount: 20% * (24_000_000 + 1_000_000)
    amount: min(20% * 25_000_000, 4_000_000)
    low: min(20% * 25_000_000, 4_000_000)
    high: min(20% * 25_000_000, 4_000_000)
- case: not-new
  title: {zh: 非新建, en: not new}
  offer: "1a"
  on: 2023-06-01
  like: at-the-cap
  facts: {newly_built: false}
  expect: {outcome: not_eligible, refused: [when.1]}
""",
}  # fmt: skip


def edited(folder: Path, *edits: tuple[str, str, str], drop: tuple[str, ...] = ()) -> Path:
    """The tiny programme in a folder, each edit a file with an old text (empty: append) and the new one."""
    files = {name: text for name, text in FILES.items() if name not in drop}
    for name, old, new in edits:
        text = files.get(name, "")
        if old not in text:
            raise AssertionError(f"{old!r} is not in {name}")
        files[name] = text.replace(old, new, 1) if old else text + new
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text.replace("CODE", CODE), "utf-8")
    return folder


def tiny(folder: Path, *edits: tuple[str, str, str], drop: tuple[str, ...] = ()) -> Programme:
    """The tiny programme, read."""
    return read_programme(edited(folder, *edits, drop=drop))
