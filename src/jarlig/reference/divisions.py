"""Divisions of a region (行政区划): leagues and cities, banners and counties, and who is paid through whom.

Source: GB/T 2260 codes in force in 2026. The shipped table is the Inner Mongolia Autonomous Region: 12 leagues and
cities, 103 banners, counties, districts and county-level cities, 14 fiscal addressees. Nothing here knows that region:
another one's table is read with `Divisions.read`.

Codes of 9 digits (townships) and 12 digits (villages, gacha) follow the statistical extension of GB/T 2260: their first
six digits are the county-level unit. Below that level only the form is checked, for the table ends there.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from difflib import get_close_matches
from functools import cache
from pathlib import Path

from jarlig.reference.errors import BadCode, BadTable, UnknownDivision, Words
from jarlig.reference.tables import Row, packaged_table, read_table

COLUMNS = ("code", "zh", "en", "kind", "parent", "fiscal_parent")
WHAT = Words("行政区划代码", "division code")

_REGION, _LEAGUE, _COUNTY = "region", "league", "county"

#: Kinds of division with their level (region, league or county) and their names.
KINDS = {
    "autonomous_region": (_REGION, Words("自治区", "autonomous region")),
    "province": (_REGION, Words("省", "province")),
    "municipality": (_REGION, Words("直辖市", "municipality")),
    "league": (_LEAGUE, Words("盟", "league")),
    "city": (_LEAGUE, Words("地级市", "prefecture-level city")),
    "prefecture": (_LEAGUE, Words("地区", "prefecture")),
    "autonomous_prefecture": (_LEAGUE, Words("自治州", "autonomous prefecture")),
    "district": (_COUNTY, Words("市辖区", "district")),
    "county_level_city": (_COUNTY, Words("县级市", "county-level city")),
    "county": (_COUNTY, Words("县", "county")),
    "autonomous_county": (_COUNTY, Words("自治县", "autonomous county")),
    "banner": (_COUNTY, Words("旗", "banner")),
    "autonomous_banner": (_COUNTY, Words("自治旗", "autonomous banner")),
}

#: The first two digits of every division of the province level (GB/T 2260).
PROVINCES = frozenset(
    {"11", "12", "13", "14", "15", "21", "22", "23", "31", "32", "33", "34", "35", "36", "37", "41", "42"}
    | {"43", "44", "45", "46", "50", "51", "52", "53", "54", "61", "62", "63", "64", "65", "71", "81", "82"}
)

_is_code = re.compile(r"[1-9][0-9]{5}(?:[0-9]{3}(?:[0-9]{3})?)?").fullmatch
_LEVELS = (_REGION, _LEAGUE, _COUNTY)


@dataclass(frozen=True, slots=True)
class Division:
    """One division.

    Attributes:
        code: 6 digits.
        zh: name in Chinese, in full.
        en: name in English; a district, county or banner with that word, a city without.
        kind: a key of `KINDS`.
        parent: code of the administrative parent (行政隶属); empty for the region itself.
        fiscal_parent: code of the division through which money comes (财政隶属); empty for the region itself.
    """

    code: str
    zh: str
    en: str
    kind: str
    parent: str
    fiscal_parent: str

    @property
    def level(self) -> str:
        """``region``, ``league`` (league or city) or ``county`` (banner, county, district, county-level city)."""
        return KINDS[self.kind][0]

    @property
    def kind_name(self) -> Words:
        """The kind in words."""
        return KINDS[self.kind][1]


@dataclass(frozen=True, slots=True)
class Divisions:
    """The divisions of one region, checked: one root, every parent known and above, no code or child name twice.

    Make one from a file with `Divisions.read`: CSV in UTF-8 with the columns ``code,zh,en,kind,parent,fiscal_parent``,
    the region on a line of its own with both parents empty.
    """

    region: Division
    _by_code: dict[str, Division]
    _names: dict[str, list[Division]] = field(repr=False)

    @classmethod
    def read(cls, path: Path) -> Divisions:
        """Another region's table, from a file.

        Raises:
            BadTable: when it contradicts itself, with the line.
        """
        text = path.read_text(encoding="utf-8-sig")
        return cls.from_rows(read_table(text.splitlines(keepends=True), COLUMNS, path.name))

    @classmethod
    def from_rows(cls, rows: Iterable[Row]) -> Divisions:
        """The same from rows already read."""
        by_code: dict[str, Division] = {}
        names: dict[str, list[Division]] = {}
        lines = list(rows)
        for row in lines:
            division = _division(row)
            if division.code in by_code:
                raise row.fault(f"代码 {division.code} 重复", f"code {division.code} stands twice")
            by_code[division.code] = division
            for name in dict.fromkeys((division.zh, division.en.casefold())):
                names.setdefault(name, []).append(division)
        for row in lines:
            _check_parents(row, by_code)
        roots = [division for division in by_code.values() if not division.parent]
        if len(roots) != 1:
            raise BadTable(f"应有且只有一个省级区划，实有{len(roots)}个", f"one region expected, not {len(roots)}")
        return cls(roots[0], by_code, names)

    @property
    def leagues(self) -> tuple[Division, ...]:
        """Leagues and cities (盟市), in the order of the table."""
        return tuple(division for division in self._by_code.values() if division.level == _LEAGUE)

    @property
    def banners(self) -> tuple[Division, ...]:
        """Banners, counties, districts and county-level cities (旗县市区), in the order of the table."""
        return tuple(division for division in self._by_code.values() if division.level == _COUNTY)

    @property
    def fiscal_addressees(self) -> tuple[Division, ...]:
        """Those whom the region pays directly (财政直达单位), in the order of the table."""
        return tuple(item for item in self._by_code.values() if item.fiscal_parent == self.region.code)

    def division(self, code: str) -> Division:
        """The finest division of the table that holds the place: of a village, its banner.

        Raises:
            BadCode: when the text has not 6, 9 or 12 digits.
            UnknownDivision: when the first six digits are not in the table.
        """
        if not _is_code(code):
            raise BadCode(code, WHAT, None, Words("6、9或12位数字", "6, 9 or 12 digits"))
        found = self._by_code.get(code[:6])
        if found is None:
            raise self._unknown_code(code)
        if found.level != _COUNTY and code[6:].strip("0"):
            raise UnknownDivision(
                f"{code} 的前六位是{found.zh}，不是旗县级区划。",
                f"the first six digits of {code} are {found.en}, which is not a division of the county level.",
            )
        return found

    def league_of(self, code: str) -> Division:
        """The league or city that a place lies in; a league's own code gives the league.

        Raises:
            BadCode, UnknownDivision: as `division`, or when the place lies in no league (the region itself).
        """
        return self._at_level(code, _LEAGUE, Words("盟市", "league or city"))

    def banner_of(self, code: str) -> Division:
        """The banner, county, district or county-level city that a place lies in.

        Raises:
            BadCode, UnknownDivision: as `division`, or when the code is coarser than that.
        """
        return self._at_level(code, _COUNTY, Words("旗县市区", "banner, county, district or county-level city"))

    def fiscal_addressee_of(self, code: str) -> Division:
        """The one whom the region pays for a place: its league or city, or itself when it is paid on its own.

        Raises:
            BadCode, UnknownDivision: as `division`, or for the region itself.
        """
        found = self.division(code)
        while found.fiscal_parent != self.region.code:
            if not found.fiscal_parent:
                raise _too_coarse(found, Words("财政直达单位", "fiscal addressee"))
            found = self._by_code[found.fiscal_parent]
        return found

    def children(self, code: str) -> tuple[Division, ...]:
        """The divisions right under one, by the administrative tree."""
        parent = self.division(code).code
        return tuple(division for division in self._by_code.values() if division.parent == parent)

    def named(self, name: str) -> Division:
        """The division with this full name, Chinese or English.

        Raises:
            UnknownDivision: with the nearest names when there is none; with the codes when there are several.
        """
        found = self._names.get(name.strip().casefold(), [])
        if len(found) == 1:
            return found[0]
        if found:
            codes = "、".join(division.code for division in found)
            raise UnknownDivision(f"“{name}”有多个：{codes}。", f"there are several called “{name}”: {codes}.")
        near = self.nearest(name)
        zh, en = f"没有名为“{name}”的区划。", f"no division is called “{name}”."
        if near:
            zh += f"是否为{'、'.join(item.zh for item in near)}？"
            en += f" Perhaps {', '.join(item.en for item in near)}?"
        raise UnknownDivision(zh, en)

    def nearest(self, name: str, most: int = 3) -> tuple[Division, ...]:
        """Divisions whose names come nearest to a text, best first; none when nothing is near."""
        names = get_close_matches(name.strip().casefold(), self._names, n=most, cutoff=0.5)
        return tuple(dict.fromkeys(division for near in names for division in self._names[near]))[:most]

    def near_code(self, code: str) -> Words:
        """The divisions whose codes come nearest to a code, as the end of a sentence; empty when nothing is near."""
        near = [self._by_code[found] for found in get_close_matches(code[:6], self._by_code, n=3, cutoff=0.7)]
        if not near and code[:2] == self.region.code[:2]:
            near = sorted(self.leagues, key=lambda league: abs(int(league.code) - int(code[:6])))[:3]
        if not near:
            return Words("", "")
        listed = "、".join(f"{item.code}（{item.zh}）" for item in near)
        return Words(f"；相近的有 {listed}", f"; near it: {', '.join(f'{item.code} ({item.en})' for item in near)}")

    def _at_level(self, code: str, level: str, wanted: Words) -> Division:
        start = found = self.division(code)
        while found.level != level:
            if not found.parent:
                raise _too_coarse(start, wanted)
            found = self._by_code[found.parent]
        return found

    def _unknown_code(self, code: str) -> UnknownDivision:
        siblings = [item for item in self._by_code if item[:4] == code[:4]]
        zh, en = f"{self.region.zh}没有区划代码 {code[:6]}", f"{self.region.en} has no division {code[:6]}"
        if not siblings:
            near = self.near_code(code)
            zh, en = f"{zh}{near.zh}", f"{en}{near.en}"
        if siblings:
            known = "、".join(siblings)
            zh += f"；{code[:4]} 下有 {known}。开发区等统计用代码不是行政区划"
            en += f"; under {code[:4]} there are {known}. Statistical codes of development zones are no divisions"
        return UnknownDivision(f"{zh}。", f"{en}.")


def _division(row: Row) -> Division:
    division = Division(**row.cells)
    row.choice("kind", KINDS)
    if not _is_code(division.code) or len(division.code) != 6:
        raise row.fault(f"代码“{division.code}”应为6位数字", f"code “{division.code}” must have 6 digits")
    if not division.zh or not division.en:
        raise row.fault("名称不能为空", "both names are needed")
    return division


def _check_parents(row: Row, by_code: dict[str, Division]) -> None:
    division = by_code[row["code"]]
    if bool(division.parent) != bool(division.fiscal_parent):
        raise row.fault("行政隶属与财政隶属应同时填写", "parent and fiscal_parent must both be given, or neither")
    for column in ("parent", "fiscal_parent"):
        above = by_code.get(row[column])
        if row[column] and above is None:
            raise row.fault(f"{column} 的代码 {row[column]} 不在表中", f"{column} {row[column]} is not in the table")
        if above and _LEVELS.index(above.level) >= _LEVELS.index(division.level):
            raise row.fault(f"{column} {above.zh}不是上级", f"{column} {above.en} is not of a higher level")


def _too_coarse(found: Division, wanted: Words) -> UnknownDivision:
    return UnknownDivision(
        f"{found.zh}（{found.code}）不在任何{wanted.zh}之内。", f"{found.en} ({found.code}) lies in no {wanted.en}."
    )


@cache
def divisions() -> Divisions:
    """The shipped table."""
    return Divisions.from_rows(packaged_table("divisions.csv", COLUMNS))


def division(code: str) -> Division:
    """`Divisions.division` by the shipped table."""
    return divisions().division(code)


def league_of(code: str) -> Division:
    """`Divisions.league_of` by the shipped table."""
    return divisions().league_of(code)


def banner_of(code: str) -> Division:
    """`Divisions.banner_of` by the shipped table."""
    return divisions().banner_of(code)
