"""Dated tax parameters (税收参数) with their basis, and the sectors kept out of one of them.

These figures inform an estimate that an enterprise claims in its own tax return; they are no awards. Source: the laws
and announcements named in each row of the table. A date for which the table has no row is an error, and a rule that
names no last day is vouched for only as far as the table was looked after.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from functools import cache
from pathlib import Path

from jarlig.reference.errors import BadCode, UnknownParameter, Words
from jarlig.reference.tables import Row, packaged_table, read_table

COLUMNS = ("parameter", "condition", "value", "from", "to", "ends", "mark", "basis_zh", "basis_en")
EXCLUDED_COLUMNS = ("division", "sector_zh", "sector_en")

PARAMETERS = {
    "income_tax_rate": Words("企业所得税税率", "enterprise income tax rate"),
    "rd_extra_deduction": Words("研发费用加计扣除比例", "extra deduction of research and development costs"),
    "employee_education": Words("职工教育经费扣除限额（占工资薪金）", "limit of employee education funds, of wages"),
}
#: Whom a value is for; several may fit one enterprise, which then chooses or follows the rule of its basis.
CONDITIONS = {
    "general": Words("一般企业", "any enterprise"),
    "high_tech": Words("高新技术企业（证书有效期内）", "high-tech enterprise with a valid certificate"),
    "west_encouraged": Words("西部地区鼓励类产业企业", "encouraged industry in the western regions"),
    "manufacturing": Words("制造业企业", "manufacturer"),
    "tech_sme": Words("科技型中小企业", "technology-based small or medium enterprise"),
    "chips_and_machine_tools": Words("集成电路、工业母机企业", "integrated circuits or machine tools"),
}

INDUSTRY = Words("行业代码（GB/T 4754-2017）", "industry code (GB/T 4754-2017)")
_is_industry = re.compile(r"[0-9]{2,4}").fullmatch
_LAST_DIVISION = 97
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class TaxParameter:
    """One value for a time.

    Attributes:
        name: a key of `PARAMETERS`.
        condition: a key of `CONDITIONS`.
        value: a share as an exact decimal: 0.75 is 75%.
        start: first day.
        end: last day.
        end_is_law: True when the basis names the last day; False when the table only vouches so far.
        mark: ``S`` a source was read, ``G`` general knowledge still to be compared with the text.
        basis: the law or document.
    """

    name: str
    condition: str
    value: Decimal
    start: date
    end: date
    end_is_law: bool
    mark: str
    basis: Words


class TaxTable:
    """Tax parameters by name, condition and date: for each name and condition one unbroken run of periods.

    A newer table than the shipped one is read with `TaxTable.read`.
    """

    def __init__(self, rows: Iterable[Row]) -> None:
        self._runs: dict[tuple[str, str], list[TaxParameter]] = {}
        for row in rows:
            found = _parameter(row)
            run = self._runs.setdefault((found.name, found.condition), [])
            if run and found.start != run[-1].end + _DAY:
                raise row.fault(
                    f"应从 {run[-1].end + _DAY} 起：时段之间不得重叠或间断",
                    f"must begin on {run[-1].end + _DAY}: periods leave no gap and do not overlap",
                )
            if run and not run[-1].end_is_law:
                raise row.fault("前一时段未定终止日，不能再接", "the period before has no last day by law")
            run.append(found)

    @classmethod
    def read(cls, path: Path) -> TaxTable:
        """A table from a file with the columns of `COLUMNS`, periods in order.

        Raises:
            BadTable: when it contradicts itself, with the line.
        """
        return cls(read_table(path.read_text(encoding="utf-8-sig").splitlines(keepends=True), COLUMNS, path.name))

    @property
    def parameters(self) -> tuple[TaxParameter, ...]:
        """Every row."""
        return tuple(item for run in self._runs.values() for item in run)

    def parameter(self, name: str, on: date, condition: str = "general") -> TaxParameter:
        """The value of a parameter on a day for enterprises of one condition.

        Raises:
            UnknownParameter: when there is no such parameter, it knows no such condition, or the day is outside its
            periods.
        """
        run = self._runs.get((name, condition))
        if run is None:
            raise self._unknown(name, condition)
        for item in run:
            if item.start <= on <= item.end:
                return item
        start, end = run[0].start, run[-1].end
        why = Words("", "")
        if on > end and not run[-1].end_is_law:
            why = Words(
                "（该规定未定终止日，须先更新本表）", " (the rule names no last day; bring the table up to date first)"
            )
        raise UnknownParameter(
            f"{PARAMETERS[name].zh}（{CONDITIONS[condition].zh}）仅有 {start} 至 {end} 的数值，没有 {on} 的{why.zh}。",
            f"{PARAMETERS[name].en} ({CONDITIONS[condition].en}) is known from {start} to {end}, not on {on}{why.en}.",
        )

    def _unknown(self, name: str, condition: str) -> UnknownParameter:
        conditions = [known for parameter, known in self._runs if parameter == name]
        if conditions:
            known = ", ".join(conditions)
            return UnknownParameter(
                f"{PARAMETERS[name].zh}没有条件“{condition}”，可用 {known}。",
                f"{PARAMETERS[name].en} has no condition “{condition}”; there are {known}.",
            )
        known = ", ".join(PARAMETERS)
        return UnknownParameter(
            f"没有税收参数“{name}”，可用 {known}。", f"no tax parameter “{name}”; there are {known}."
        )


def _parameter(row: Row) -> TaxParameter:
    found = TaxParameter(
        name=row.choice("parameter", PARAMETERS),
        condition=row.choice("condition", CONDITIONS),
        value=row.number("value"),
        start=row.day("from"),
        end=row.day("to"),
        end_is_law=row.choice("ends", ("law", "table")) == "law",
        mark=row.choice("mark", ("S", "G")),
        basis=Words(row["basis_zh"], row["basis_en"]),
    )
    if found.start > found.end:
        raise row.fault("起始日晚于终止日", "from comes after to")
    if not all(found.basis):
        raise row.fault("依据不能为空", "the basis is needed in both languages")
    return found


@cache
def tax_table() -> TaxTable:
    """The shipped table."""
    return TaxTable(packaged_table("tax.csv", COLUMNS))


def parameter(name: str, on: date, condition: str = "general") -> TaxParameter:
    """`TaxTable.parameter` by the shipped table."""
    return tax_table().parameter(name, on, condition)


@cache
def _excluded() -> dict[str, Words]:
    rows = packaged_table("rd_excluded.csv", EXCLUDED_COLUMNS)
    return {row["division"]: Words(row["sector_zh"], row["sector_en"]) for row in rows}


def excluded_from_rd(industry_code: str) -> Words | None:
    """The sector that keeps an industry out of the extra deduction, or None when none does.

    It binds an enterprise whose main business in that sector brings at least half of its income (财税〔2015〕119号):
    judge by the revenue, not by the name. A plain online retailer (5292) is kept out; platforms (643x) and software are
    not.

    Args:
        industry_code: division, group or class of GB/T 4754-2017, 2 to 4 digits. The 2011 edition numbers otherwise:
            entertainment was 89 there and is 90 here.

    Raises:
        BadCode: when it is no code of that standard.
    """
    if not _is_industry(industry_code) or not 1 <= int(industry_code[:2]) <= _LAST_DIVISION:
        raise BadCode(
            industry_code, INDUSTRY, None, Words("2至4位数字，前两位01至97", "2 to 4 digits, the first two 01 to 97")
        )
    return _excluded().get(industry_code[:2])
