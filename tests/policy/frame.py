"""A small made-up programme around one offer, so that a test shows only what it is about."""

from __future__ import annotations

from pathlib import Path
from textwrap import dedent, indent
from typing import Any

from jarlig.engines.answer import Desk, Determination
from jarlig.ladder.numbers import parse_date
from jarlig.policy.messages import PolicyError
from jarlig.policy.reading import read_programme

PROGRAMME = """\
programme: frame
title: {zh: 测试方案, en: Frame}
sample: true
document: {number: 测1号, title: {zh: 测试, en: Frame}, issued_by: {zh: 测试局, en: Office}, issued_on: 2023-12-01}
valid: {from: 2024-01-01, to: 2026-12-31}
region: "990100"
bodies: {office: {zh: 测试局, en: Office}}
evidence: {paper: {zh: 证明, en: paper}}
subjects: {enterprise: uscc, project: [uscc, project_code], monthly: [uscc, claim_month]}
facts:
  uscc: {code: text, title: {zh: 代码, en: code}}
  project_code: {code: project, title: {zh: 项目, en: project}}
  registered_at: {division: village, title: {zh: 注册地, en: registered place}}
"""
CLAUSES = """\
clauses:
  "1": {label: {zh: 第一条, en: clause 1}, summary: {zh: 概要, en: summary}, paragraph: 1, sha256: %s, encoded: offer}
""" % ("0" * 64)  # fmt: skip
HEAD = 'offer: a\ntitle: {zh: 事项, en: offer}\ncites: "1"\nto: enterprise\n'
GUIDE = """\
guide: {year}
title: {{zh: 指南, en: guide}}
sample: true
applications: {{from: {year}-02-01, to: {year}-11-30}}
opens: [{opens}]
"""


class Frame:
    """A programme folder with one or more offers; ``ask`` gives the answer for a case."""

    def __init__(
        self, folder: Path, offer: str, *, programme: str = "", guide: str = "", years: tuple[int, ...] = (2024,),
        local: str = "", others: tuple[str, ...] = (), opens: tuple[str, ...] | None = None,
        subject: str = "",
    ) -> None:  # fmt: skip
        offers = [HEAD + dedent(offer), *(dedent(other) for other in others)]
        names = ["a", *(other.split("\n", 1)[0].split(":")[1].strip() for other in map(dedent, others))]
        opened = ", ".join(names if opens is None else opens)
        subjects = "claim_month]" + (f", it: {subject}" if subject else "")
        files = {
            "programme.yaml": PROGRAMME.replace("claim_month]", subjects) + dedent(programme),
            "clauses.yaml": CLAUSES,
            "measures/01.yaml": "".join(f"-\n{indent(text, '  ')}\n" for text in offers),
            **{f"guides/{y}.yaml": GUIDE.format(year=y, opens=opened) + dedent(guide) for y in years},
        }
        if local:
            files["local/01.yaml"] = dedent(local)
        for name, text in files.items():
            path = folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text.replace("-\n  offer", "- offer"), encoding="utf-8")
        self.programme = read_programme(folder)
        self.desk = Desk(self.programme)

    def ask(
        self, facts: dict[str, Any], *, on: str = "2024-06-01", offer: str = "a", at: str = "",
        guide: int | None = None, history: list[dict[str, Any]] | None = None,
    ) -> Determination:  # fmt: skip
        """The answer for a case without earlier awards, unless a history is given."""
        case = {"uscc": "U1", "project_code": "P1", "history": [] if history is None else history, **facts}
        return self.desk.determine(offer, case, on=parse_date(on), guide=guide, at=at)

    def yuan(self, facts: dict[str, Any], **asked: Any) -> str:
        """The award in yuan, or the outcome when there is none."""
        answer = self.ask(facts, **asked)
        return answer.outcome if answer.amount is None else f"{answer.amount / 100:.2f}"


def codes(error: PolicyError) -> list[str]:
    """The codes of the problems of an error, for a short assertion."""
    return [problem.code for problem in error.problems]
