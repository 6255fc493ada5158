"""Divisions of the region: complete, counted, and reachable by code and by name; another region is another file."""

from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given, strategies as st

from jarlig.reference.divisions import Divisions, banner_of, division, divisions, league_of
from jarlig.reference.errors import BadCode, BadTable, UnknownDivision

TABLE = divisions()
HEADER = "code,zh,en,kind,parent,fiscal_parent"
REGION = "210000,辽宁省,Liaoning,province,,"
CITY = "210100,沈阳市,Shenyang,city,210000,210000"


def read(folder: Path, *lines: str) -> Divisions:
    path = folder / "divisions.csv"
    path.write_text("\n".join([HEADER, *lines]), encoding="utf-8")
    return Divisions.read(path)


def test_there_are_103_banners_counties_districts_and_county_level_cities() -> None:
    assert Counter(item.kind for item in TABLE.banners) == {
        "district": 23,
        "county_level_city": 11,
        "county": 17,
        "banner": 49,
        "autonomous_banner": 3,
    }
    assert len(TABLE.banners) == 103


def test_each_league_and_city_has_its_number_of_banners() -> None:
    assert {item.en: len(TABLE.children(item.code)) for item in TABLE.leagues} == {
        "Hohhot": 9,
        "Baotou": 9,
        "Wuhai": 3,
        "Chifeng": 12,
        "Tongliao": 8,
        "Ordos": 9,
        "Hulunbuir": 14,
        "Bayannur": 7,
        "Ulanqab": 11,
        "Hinggan League": 6,
        "Xilingol League": 12,
        "Alxa League": 3,
    }


def span(first: int, last: int) -> set[int]:
    return set(range(first, last + 1))


def test_each_league_has_exactly_the_codes_of_the_list() -> None:
    wanted = {
        "1501": span(2, 5) | span(21, 25),
        "1502": span(2, 7) | span(21, 23),
        "1503": span(2, 4),
        "1504": span(2, 4) | span(21, 26) | span(28, 30),
        "1505": {2, 81} | span(21, 26),
        "1506": {2, 3} | span(21, 27),
        "1507": {2, 3} | span(21, 27) | span(81, 85),
        "1508": {2} | span(21, 26),
        "1509": {2, 81} | span(21, 29),
        "1522": {1, 2} | span(21, 24),
        "1525": {1, 2} | span(22, 31),
        "1529": span(21, 23),
    }
    found: dict[str, set[int]] = {}
    for item in TABLE.banners:
        found.setdefault(item.code[:4], set()).add(int(item.code[4:]))
    assert found == wanted


def test_nine_cities_and_three_leagues_make_twelve() -> None:
    assert Counter(item.kind for item in TABLE.leagues) == {"city": 9, "league": 3}


def test_fourteen_are_paid_directly_manzhouli_and_erenhot_among_them() -> None:
    paid = {item.code for item in TABLE.fiscal_addressees}
    assert paid == {item.code for item in TABLE.leagues} | {"150781", "152501"}
    assert len(paid) == 14


def test_manzhouli_lies_in_hulunbuir_and_is_paid_on_its_own() -> None:
    assert league_of("150781").en == "Hulunbuir"
    assert TABLE.fiscal_addressee_of("150781").en == "Manzhouli"
    assert TABLE.fiscal_addressee_of("150781001001").en == "Manzhouli"
    assert TABLE.fiscal_addressee_of("150782").en == "Hulunbuir"
    assert TABLE.fiscal_addressee_of("152501").en == "Erenhot"
    assert TABLE.fiscal_addressee_of("152500").en == "Xilingol League"


def test_names_are_complete_and_different_in_both_languages() -> None:
    everything = [TABLE.region, *TABLE.leagues, *TABLE.banners]
    assert len({item.zh for item in everything}) == len({item.en for item in everything}) == 116


@pytest.mark.parametrize(
    ("kind", "zh", "en"),
    [
        ("district", "区", " District"),
        ("county", "县", " County"),
        ("banner", "旗", " Banner"),
        ("autonomous_banner", "自治旗", " Autonomous Banner"),
        ("league", "盟", " League"),
    ],
)
def test_both_names_of_a_kind_end_in_its_word(kind: str, zh: str, en: str) -> None:
    of_kind = [item for item in (*TABLE.leagues, *TABLE.banners) if item.kind == kind]
    assert all(item.zh.endswith(zh) and item.en.endswith(en) for item in of_kind)


@pytest.mark.parametrize("code", ["150121", "150121102", "150121102201"])
def test_a_township_or_village_lies_in_the_banner_of_its_first_six_digits(code: str) -> None:
    assert banner_of(code).zh == "土默特左旗"
    assert division(code).en == "Tumed Left Banner"
    assert league_of(code).zh == "呼和浩特市"


def test_a_leagues_own_code_padded_to_twelve_digits_is_the_league() -> None:
    assert division("150100000000").en == "Hohhot"
    assert league_of("152200").zh == "兴安盟"


@pytest.mark.parametrize("code", ["150100", "150100000000", "150000"])
def test_a_league_or_region_lies_in_no_banner(code: str) -> None:
    with pytest.raises(UnknownDivision, match="lies in no banner"):
        banner_of(code)


def test_the_region_lies_in_no_league_and_has_no_fiscal_addressee() -> None:
    with pytest.raises(UnknownDivision, match=r"Inner Mongolia .* lies in no league") as caught:
        league_of("150000")
    assert "不在任何盟市之内" in caught.value.zh
    with pytest.raises(UnknownDivision, match="fiscal addressee"):
        TABLE.fiscal_addressee_of("150000")


@pytest.mark.parametrize("code", ["150100001", "150100001000", "150100001001"])
def test_a_township_or_village_cannot_stand_right_under_a_league(code: str) -> None:
    with pytest.raises(UnknownDivision, match="not a division of the county level"):
        division(code)


@pytest.mark.parametrize("code", ["1501", "15010", "1501021", "010102", "15010２", "150102 ", "", "150102001001001"])
def test_a_code_of_another_form_is_refused(code: str) -> None:
    with pytest.raises(BadCode, match="6, 9 or 12 digits"):
        division(code)


@pytest.mark.parametrize("zone", ["150172", "150271", "150571", "152571", "152971"])
def test_statistical_zones_are_no_divisions_and_the_real_ones_are_named(zone: str) -> None:
    with pytest.raises(UnknownDivision, match="no divisions") as caught:
        division(zone)
    assert zone[:4] + "00" in str(caught.value)


def test_a_place_of_another_region_is_told_without_a_list() -> None:
    with pytest.raises(UnknownDivision) as caught:
        division("110101")
    assert str(caught.value) == "Inner Mongolia has no division 110101."


@pytest.mark.parametrize("name", ["鄂尔多斯市", "Ordos", "ordos "])
def test_a_full_name_is_found_in_either_language(name: str) -> None:
    assert TABLE.named(name).code == "150600"


@pytest.mark.parametrize(
    ("typed", "meant"),
    [("呼和浩特", "呼和浩特市"), ("新城", "新城区"), ("Huhhot", "呼和浩特市"), ("Xilin Gol League", "锡林郭勒盟")],
)
def test_a_near_name_is_suggested_and_never_taken(typed: str, meant: str) -> None:
    assert TABLE.nearest(typed)[0].zh == meant
    with pytest.raises(UnknownDivision) as caught:
        TABLE.named(typed)
    assert meant in caught.value.zh


def test_nothing_is_suggested_when_nothing_is_near() -> None:
    assert TABLE.nearest("QQQQQQ") == ()
    with pytest.raises(UnknownDivision) as caught:
        TABLE.named("QQQQQQ")
    assert str(caught.value) == "no division is called “QQQQQQ”."


@given(st.sampled_from(TABLE.banners), st.from_regex(r"\A(?:[0-9]{3}|[0-9]{6})?\Z"))
def test_every_code_below_a_banner_leads_to_the_banner_and_its_league(banner: object, rest: str) -> None:
    assert isinstance(banner, type(TABLE.region))
    assert banner_of(banner.code + rest) == banner
    assert league_of(banner.code + rest).code == banner.parent == banner.code[:4] + "00"


def test_another_region_is_another_file(tmp_path: Path) -> None:
    table = read(tmp_path, REGION, CITY, "210102,和平区,Heping District,district,210100,210100")
    assert table.region.kind_name == ("省", "province")
    assert table.banner_of("210102001").en == "Heping District"
    assert [item.en for item in table.fiscal_addressees] == ["Shenyang"]


def test_a_county_right_under_its_province_lies_in_no_league(tmp_path: Path) -> None:
    table = read(tmp_path, "420000,湖北省,Hubei,province,,", "429004,仙桃市,Xiantao,county_level_city,420000,420000")
    assert table.banner_of("429004").en == "Xiantao"
    assert table.fiscal_addressee_of("429004").en == "Xiantao"
    with pytest.raises(UnknownDivision, match="Xiantao"):
        table.league_of("429004")


def test_a_name_that_two_divisions_share_is_answered_with_their_codes(tmp_path: Path) -> None:
    shared = "铁西区,Tiexi District,district"
    other = "210300,鞍山市,Anshan,city,210000,210000"
    table = read(tmp_path, REGION, CITY, other, f"210106,{shared},210100,210100", f"210303,{shared},210300,210300")
    with pytest.raises(UnknownDivision, match="210106、210303"):
        table.named("铁西区")


@pytest.mark.parametrize(
    ("lines", "said"),
    [
        ([REGION, CITY, CITY], "line 4: code 210100 stands twice"),
        ([REGION, CITY.replace(",city,", ",town,")], "kind cannot be “town”"),
        ([REGION, CITY.replace("210100", "2101")], "must have 6 digits"),
        ([REGION, CITY.replace("Shenyang", "")], "both names are needed"),
        ([REGION, CITY[:-6] + "999999"], "fiscal_parent 999999 is not in the table"),
        ([REGION, CITY[:-7] + ","], "both be given, or neither"),
        ([REGION, CITY, "210200,大连市,Dalian,city,210100,210000"], "parent Shenyang is not of a higher level"),
        ([REGION, REGION.replace("21", "22")], "one region expected, not 2"),
        ([], "one region expected, not 0"),
    ],
)
def test_a_table_that_contradicts_itself_is_refused(tmp_path: Path, lines: list[str], said: str) -> None:
    with pytest.raises(BadTable, match=said):
        read(tmp_path, *lines)
