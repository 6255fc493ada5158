"""``jarlig allocate``: accounts in both languages and as JSON, tables of every kind, and every way to ask wrongly."""

from __future__ import annotations

import json
import subprocess
import sys
from decimal import Decimal
from pathlib import Path

import pytest
from tests.cli.conftest import Run
from tests.tiny import edited

from jarlig.tabular import read_table
from jarlig.words.layout import width

POOLS = """\
pools:
  platform: {offers: ["1a"], amount: 100, share: pro_rata, carry_over: 30%}
  promotion: {offers: ["2"], amount: 50, share: ranking, by: score, partial: drop, most: 2}
"""
CLAIMS = """\
case,offer,on,outcome,amount,score
c1,1a,2023-06-01,award,80.00,
c2,1a,2023-06-02,award,40.01,
c3,2,2023-06-02,award,40.00,71
c4,2,2023-06-03,award,20.00,90
c5,2,2023-06-03,not_eligible,,12
"""
FLOOR = ("measures/01.yaml", "  cap: 300_000\n", "  cap: 300_000\n  floor: 50_000\n")
GUIDE = "guides/2023.yaml"
OLD = 'pools:\n  platform: {offers: ["1a"], amount: 30_000_000, share: pro_rata}\n'


@pytest.fixture
def pooled(tmp_path: Path) -> Path:
    """The small programme with two pools."""
    return edited(tmp_path / "我的 方案", (GUIDE, OLD, POOLS))


@pytest.fixture
def claims(tmp_path: Path) -> Path:
    path = tmp_path / "测算 1.csv"
    path.write_text(CLAIMS, "utf-8")
    return path


def allocate(run: Run, programme: Path, *more: str | Path, lang: str = "en", out: str = "分配.csv"):
    target = programme.parent / out
    return run("allocate", programme, "--guide", "2023", "--out", target, *more, lang=lang), target


def test_the_account_of_every_pool_is_told_in_the_language_asked_for(run: Run, pooled: Path, claims: Path) -> None:
    zh, _ = allocate(run, pooled, "--claims", claims, lang="zh")
    en, target = allocate(run, pooled, "--claims", claims)
    assert (zh.code, zh.err, en.code, en.err) == (0, "", 0, "")
    order = "次序：评分高者优先、申请日期先后、案件编号。"
    for line in ("申请 2 件", "系数", "结转下年（最多 30%）", order, "未参加分配：不符合 1 行"):
        assert "".join(line.split()) in "".join(zh.out.split())
    folded = " ".join(en.out.split())
    for line in (
        "Factor 10000/12001 ≈ 83.3264%", "Approved, awards: 2 100.00", "Rows that take no part: not eligible (1)",
        "Served by rank when short, at most 2 awards, what the rest does not cover gets nothing. In order of score "
        "(highest first), then day of application, then case id.",
        "Places (2) 2", "Left 30.00", f"Rows written: 4, to {target}",
    ):  # fmt: skip
        assert line in folded
    assert "评" not in en.out.replace(str(target), "")


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("columns", ["60", "80"])
def test_no_line_of_an_account_is_wider_than_the_terminal(
    run: Run, pooled: Path, claims: Path, lang: str, columns: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", columns)
    monkeypatch.chdir(pooled.parent)
    done = run("allocate", pooled, "--guide", "2023", "--claims", claims, "--out", "o.csv", lang=lang)
    assert done.code == 0
    assert max(width(line) for line in done.out.splitlines()) <= int(columns)


@pytest.mark.parametrize("out", ["a.csv", "a.xlsx", "a.parquet", "a.arrow"])
def test_the_rows_are_written_in_the_kind_that_the_name_asks_for(
    run: Run, pooled: Path, claims: Path, out: str
) -> None:
    done, target = allocate(run, pooled, "--claims", claims, out=out)
    assert done.code == 0
    table = read_table(target)
    assert table.column_names[:3] == ["case", "offer", "on"]
    approved = [Decimal(fen) for fen in table["approved"].to_pylist()]
    assert approved == [Decimal("66.66"), Decimal("33.34"), Decimal(0), Decimal(20)]
    assert table["factor"].to_pylist() == ["10000/12001", "10000/12001", "0", "1"]
    assert table["note_zh"].to_pylist()[2] == "剩余资金不足全额，按指南不予支持"


def test_a_result_can_be_read_from_every_kind_of_table(run: Run, pooled: Path, claims: Path) -> None:
    from jarlig.tabular import write_table

    plain, target = allocate(run, pooled, "--claims", claims)
    first = target.read_bytes()
    for kind in ("xlsx", "parquet", "arrow"):
        other = claims.with_suffix(f".{kind}")
        write_table(read_table(claims), other)
        done, again = allocate(run, pooled, "--claims", other)
        assert (done.code, again.read_bytes()) == (plain.code, first)


def test_the_account_as_json_holds_exact_texts(run: Run, pooled: Path, claims: Path) -> None:
    done, target = allocate(run, pooled, "--claims", claims, "--json")
    told = json.loads(done.out)
    assert (told["programme"], told["guide"], told["rows"], told["aside"]) == ("tiny", 2023, 4, {"not_eligible": 1})
    assert told["out"] == str(target)
    assert told["pools"][0] == {
        "pool": "platform", "offers": ["1a"], "share": "pro_rata", "claims": 2, "served": 2, "factor": "10000/12001",
        "size": "100.00", "carried_in": "0.00", "available": "100.00", "requested": "120.01", "floors": "0.00",
        "approved": "100.00", "left": "0.00", "carried_over": "0.00", "lapsed": "0.00", "decision": None,
        "nothing": 0,
    }  # fmt: skip


def test_one_pool_can_be_shared_alone(run: Run, pooled: Path, claims: Path) -> None:
    done, target = allocate(run, pooled, "--claims", claims, "--pool", "promotion")
    assert "platform" not in done.out
    assert "of other pools (2)" in done.out
    assert read_table(target)["case"].to_pylist() == ["c3", "c4"]


def test_what_last_year_left_is_added(run: Run, tmp_path: Path, claims: Path) -> None:
    before = "guide: 2022\ntitle: {zh: 旧, en: old}\napplications: {from: 2022-06-06, to: 2022-10-31}\nopens: [1a]\n"
    before += POOLS.split("  promo")[0]
    programme = edited(tmp_path / "p", (GUIDE, OLD, POOLS), ("guides/2022.yaml", "", before))
    done, _ = allocate(run, programme, "--claims", claims, "--carried", "platform=20.01")
    assert "Carried in from last year" in done.out
    assert "Approved, awards: 2 120.01" in " ".join(done.out.split())
    more, _ = allocate(run, programme, "--claims", claims, "--carried", "platform=30.01", lang="zh")
    assert (more.code, "E851" in more.err, "最多允许 30.00 元" in more.err) == (2, True, True)


NO_ORDER = ("measures/01.yaml", "  cap: 300_000\n", "  cap: 300_000\n  limit: {awards: 1}\n")
DECIDED = {
    "floors": (
        "pro_rata", FLOOR, "须人工裁定：须保的下限合计60.00元，超过可用的50.00元",
        "A person must decide: the floors to be kept come to CNY 60.00, more than the CNY 50.00 that there is",
    ),
    "rest": (
        "first_come", FLOOR, "须人工裁定：排到此处时剩余10.00元，低于须保的下限20.00元",
        "A person must decide: at the cut point CNY 10.00 are left, below the floor of CNY 20.00 to be kept",
    ),
    "order": (
        "pro_rata", NO_ORDER, "须人工裁定：名额1个，申请2件，没有写明先后次序",
        "A person must decide: more claims (2) than places (1), and no stated order",
    ),
}  # fmt: skip


@pytest.mark.parametrize("kind", DECIDED)
def test_a_pool_for_a_person_ends_with_code_1_and_names_the_sources_that_pull_apart(
    run: Run, tmp_path: Path, claims: Path, kind: str
) -> None:
    share, edit, zh, en = DECIDED[kind]
    pool = (
        'pools:\n  platform: {offers: ["1a"], amount: 200, share: pro_rata}\n'
        f'  promotion: {{offers: ["2"], amount: 50, share: {share}}}\n'
    )
    programme = edited(tmp_path / "p", (GUIDE, OLD, pool), edit)
    for lang, said, cited in (
        ("zh", zh, "相互抵触：〔第2条〕与〔2023年申报指南（示例）〕"),
        ("en", en, "These pull apart: [clause 2] and [2023 application guide (sample)]"),
    ):
        done, target = allocate(run, programme, "--claims", claims, lang=lang)
        assert done.code == 1
        folded = "".join(done.out.split()) if lang == "zh" else " ".join(done.out.split())
        assert said in folded and cited in folded
    rows = read_table(target)
    assert rows["approved"].to_pylist() == ["80.00", "40.01", None, None]
    assert rows["factor"].to_pylist() == ["1", "1", None, None]
    told = json.loads(allocate(run, programme, "--claims", claims, "--json")[0].out)["pools"][1]
    assert (told["approved"], told["factor"]) == (None, None)
    assert (told["decision"]["kind"], told["decision"]["sources"]) == (kind, ["notice 2", "guide:2023"])


def test_scores_become_shares_and_a_closed_list_needs_no_table(run: Run, tmp_path: Path) -> None:
    path, target = tmp_path / "得分.csv", tmp_path / "份额.csv"
    path.write_text("offer,place,assessment_score\n13a,150100,60\n13a,150200,40\n", "utf-8")
    asked = ("allocate", "nmg-ecommerce-2022", "--guide", "2023", "--out", target)
    zh, en = (run(*asked, "--scores", path, lang=lang) for lang in ("zh", "en"))
    assert (zh.code, en.code) == (0, 0)
    assert "因素法，资金总额15,000,000.00" in zh.out
    assert "包头市" in zh.out and "Baotou" in en.out
    assert read_table(target)["approved"].to_pylist() == ["9000000.00", "6000000.00"]
    listed = run(*asked, "--pool", "11", "--json", lang="zh")
    told = json.loads(listed.out)["transfers"][0]
    assert (told["rule"], told["size"], told["places"][0]["approved"]) == ("shares", "20000000.00", "8000000.00")
    assert "By the guide's shares, sum set aside 20,000,000.00" in run(*asked, "--pool", "11").out


WRONG = [
    ((), "--claims"),
    (("--claims", "a.csv", "--scores", "b.csv"), "not both"),
    (("--claims", "nowhere.csv"), "cannot read nowhere.csv"),
    (("--claims", "{claims}", "--pool", "platfrom"), "Did you mean “platform”?"),
    (("--claims", "{claims}", "--carried", "platform"), "takes NAME=NUMBER"),
    (("--claims", "{claims}", "--carried", "platform=1.005"), "at most 2 decimals"),
    (("--claims", "{claims}", "--carried", "platform=-1"), "cannot be negative"),
    (("--claims", "{claims}", "--carried", "platform=1", "--carried", "platform=2"), "twice"),
    (("--claims", "{claims}", "--taken", "2=x"), "not a number"),
    (("--claims", "{claims}", "--taken", "2=1"), "offer 2 has no quota here"),
    (("--claims", "{claims}", "--taken", "9=1"), "no offer “9”"),
    (("--pool", "platform"), "name their table with --claims"),
    (("--pool", "1a"), "not divided by shares"),
    (("--claims", "{claims}", "--guide", "2024"), "no guide for 2024"),
    (("--claims", "{folder}"), "is no table"),
    (("--claims", "{claims}", "--out", "x.txt"), "is no table"),
    (("--claims", "{claims}", "--out", "nowhere/x.csv"), "no folder nowhere"),
    (("--claims", "{claims}", "--out", "{dir}"), "a folder; name a file"),
]


@pytest.mark.parametrize(("arguments", "said"), WRONG)
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_what_cannot_be_done_is_a_sentence_and_code_2(
    run: Run, pooled: Path, claims: Path, arguments: tuple[str, ...], said: str, lang: str
) -> None:
    (pooled.parent / "dir.csv").mkdir()
    names = {"claims": claims, "folder": pooled, "dir": pooled.parent / "dir.csv"}
    filled = [text.format(**names) for text in arguments]
    done, _ = allocate(run, pooled, *filled, lang=lang)
    assert (done.code, done.out) == (2, "")
    assert "Traceback" not in done.err
    assert said in " ".join(done.err.split()) if lang == "en" else any("一" <= c <= "龥" for c in done.err)


def test_a_quota_for_each_subject_cannot_be_told_by_one_number(run: Run, tmp_path: Path, claims: Path) -> None:
    limit = "  cap: 300_000\n  limit: {awards: 1, per: enterprise, by: score}\n"
    programme = edited(tmp_path / "p", (GUIDE, OLD, POOLS), ("measures/01.yaml", "  cap: 300_000\n", limit))
    done, _ = allocate(run, programme, "--claims", claims, "--taken", "2=1")
    assert (done.code, "counts for each subject apart" in done.err) == (2, True)


def test_an_offer_by_factors_asks_for_its_scores(run: Run, tmp_path: Path) -> None:
    done = run("allocate", "nmg-ecommerce-2022", "--guide", "2023", "--pool", "13a", "--out", tmp_path / "o.csv")
    assert (done.code, "--scores" in done.err) == (2, True)


def test_nothing_is_written_when_the_table_is_wrong(run: Run, pooled: Path, claims: Path) -> None:
    claims.write_text(CLAIMS + "c1,1a,2023-06-01,award,1.00,\n", "utf-8")
    done, target = allocate(run, pooled, "--claims", claims)
    assert (done.code, "E848" in done.err, target.exists()) == (2, True, False)
    assert "测算 1.csv:7: error" in done.err  # a row of a table has no column to point at


def test_a_missing_library_is_named_with_the_extra_that_brings_it(run: Run, pooled: Path, claims: Path) -> None:
    code = "import sys\nsys.modules['numpy'] = None\nfrom jarlig.cli import app\nsys.exit(app.run(sys.argv[1:]))\n"
    asked = ["allocate", str(pooled), "--guide", "2023", "--claims", str(claims), "--out", "o.csv", "--lang", "en"]
    done = subprocess.run([sys.executable, "-c", code, *asked], capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert "jarlig[many]" in done.stderr


def test_the_shipped_guides_can_be_shared(run: Run, tmp_path: Path) -> None:
    rows = tmp_path / "a.csv"
    rows.write_text(
        "case,offer,on,outcome,amount,online_sales_after\n"
        "a,10a,2023-05-01,award,800000.00,9000000\nb,3,2023-05-02,award,1000000.00,\nc,5a,2023-05-02,award,1.00,\n",
        "utf-8",
    )
    done = run("allocate", "nmg-ecommerce-2022", "--guide", "2023", "--claims", rows, "--out", tmp_path / "o.csv")
    assert (done.code, "no offer “5a”" in done.err) == (2, True)
    rows.write_text(rows.read_text("utf-8").replace("c,5a,2023-05-02,award,1.00,\n", ""), "utf-8")
    done = run("allocate", "nmg-ecommerce-2022", "--guide", "2023", "--claims", rows, "--out", tmp_path / "o.csv")
    assert (done.code, done.out.count("Requested, claims: 1")) == (0, 2)


# nobody takes part

HEAD = "case,offer,on,outcome,amount"
NOBODY = {
    "no rows": (
        f"{HEAD}\n", (), "没有申请参加分配：表中没有数据行。", "No claim takes part: the table has no rows.",
    ),
    "another year": (
        f"{HEAD},guide\na,1a,2022-06-01,award,5,2022\nb,1a,2022-06-01,award,5,2022\nc,1a,2022-06-01,award,5,\n", (),
        "没有申请参加分配：表中的奖补属于其他年度指南：未填写（1 行）、2022（2 行），不是 2023 年。",
        "No claim takes part: the awards of the table are of another year's guide, not 2023: not given (1), 2022 (2).",
    ),
    "another pool": (
        f"{HEAD}\na,1a,2023-06-01,award,5\n", ("--pool", "promotion"),
        "没有申请参加分配：表中的奖补都不使用这里的资金池。",
        "No claim takes part: no award of the table draws on a pool that is shared here.",
    ),
    "no award": (
        f"{HEAD}\na,1a,2023-06-01,closed,\n", (), "没有申请参加分配：表中没有结论为 award 的行。",
        "No claim takes part: no row has the outcome award.",
    ),
}  # fmt: skip


@pytest.mark.parametrize("kind", NOBODY)
def test_where_nobody_takes_part_the_first_line_says_why(run: Run, pooled: Path, claims: Path, kind: str) -> None:
    text, more, zh, en = NOBODY[kind]
    claims.write_text(text, "utf-8")
    for lang, said in (("zh", zh), ("en", en)):
        done, target = allocate(run, pooled, "--claims", claims, *more, lang=lang)
        assert (done.code, done.err, read_table(target).num_rows) == (0, "", 0)
        first = done.out.split("\n\n")[1]
        spaceless = "".join(first.split()) if lang == "zh" else " ".join(first.split())
        assert spaceless == "! " + said if lang == "en" else spaceless == "!" + said.replace(" ", "")
    told = json.loads(allocate(run, pooled, "--claims", claims, *more, "--json")[0].out)
    assert (told["rows"], told["notes"]) == (0, [en])


def test_days_that_another_guide_governs_are_told_where_no_column_says_which_guide_it_was(
    run: Run, tmp_path: Path, claims: Path
) -> None:
    before = "guide: 2022\ntitle: {zh: 旧, en: old}\napplications: {from: 2022-06-06, to: 2022-10-31}\nopens: [1a]\n"
    programme = edited(tmp_path / "p", (GUIDE, OLD, POOLS), ("guides/2022.yaml", "", before))
    claims.write_text(CLAIMS.replace("c1,1a,2023-06-01", "c1,1a,2022-07-01"), "utf-8")
    zh, en = (allocate(run, programme, "--claims", claims, lang=lang)[0] for lang in ("zh", "en"))
    assert "".join(zh.out.split()).count("!有的申请日期适用其他年度指南：2022（1行）。表中没有guide列，") == 1
    said = "! Days of application that another year's guide governs: 2022 (1). The table has no column guide, so these "
    assert said + "rows were shared under the guide of 2023." in " ".join(en.out.split())
    assert json.loads(allocate(run, programme, "--claims", claims, "--json")[0].out)["other_years"] == {"2022": 1}
    other, _ = allocate(run, programme, "--claims", claims, "--pool", "promotion")
    assert "Days of application" not in other.out
    claims.write_text(CLAIMS, "utf-8")
    assert "!" not in allocate(run, programme, "--claims", claims)[0].out


def test_a_column_of_guides_may_hold_anything_and_little_of_it_is_told(run: Run, pooled: Path, claims: Path) -> None:
    rows = [f'c{at},1a,2023-06-01,award,5,"\x1b[31m{at:03}"\n' for at in range(300)]
    claims.write_text(f"{HEAD},guide\n{''.join(rows)}", "utf-8")
    done, _ = allocate(run, pooled, "--claims", claims)
    assert (done.code, "\x1b" in done.out, "000" in done.out, "006" in done.out, "…" in done.out) == (
        0, False, True, False, True,
    )  # fmt: skip


def test_claims_for_nothing_are_counted_apart_and_are_no_awards(run: Run, pooled: Path, claims: Path) -> None:
    claims.write_text(CLAIMS + "c6,1a,2023-06-04,award,0.00,\nc7,1a,2023-06-04,award,0,\n", "utf-8")
    zh, en = (allocate(run, pooled, "--claims", claims, lang=lang)[0] for lang in ("zh", "en"))
    assert "申请4件120.01其中申请金额为零2" in "".join(zh.out.split())
    assert "Requested, claims: 4 120.01 Of these, for 0.00 2" in " ".join(en.out.split())
    assert "Approved, awards: 2 100.00" in " ".join(en.out.split())
    pool = json.loads(allocate(run, pooled, "--claims", claims, "--json")[0].out)["pools"][0]
    assert (pool["claims"], pool["nothing"], pool["served"]) == (4, 2, 2)


@pytest.mark.parametrize(
    ("rows", "more", "zh", "en"),
    [
        ("", (), "中没有数据行，没有地区可分", "has no rows, so there is no place to share among"),
        ("13a,150100,60\n", ("--pool", "6"), "中没有事项 6 的行", "has no row of offer 6"),
    ],
)
def test_scores_of_nobody_are_refused(
    run: Run, tmp_path: Path, rows: str, more: tuple[str, ...], zh: str, en: str
) -> None:
    path, target = tmp_path / "得分.csv", tmp_path / "份额.csv"
    path.write_text(f"offer,place,assessment_score\n{rows}", "utf-8")
    for lang, said in (("zh", zh), ("en", en)):
        asked = ("allocate", "nmg-ecommerce-2022", "--guide", "2023", "--scores", path, "--out", target, *more)
        done = run(*asked, lang=lang)
        assert (done.code, done.out, target.exists()) == (2, "", False)
        assert (
            said.replace(" ", "") in "".join(done.err.split()) if lang == "zh" else said in " ".join(done.err.split())
        )


BROKEN = 'c1,1a,2023-06-01,award,80.00,\n\n"c\n2",1a,2023-06-02,award,40.01,\n\n{}\n'


@pytest.mark.parametrize(
    ("row", "line", "words"),
    [
        ("c3,2,2023-06-02,award,4o.00,71", 7, "4o.00"), ("c3,2,2023-06-02,award,40.00,", 7, "score"),
        ("c3,2z,2023-06-02,award,40.00,71", 7, "2z"), ("c3,2,2023-06-02,award,,71", 7, "empty"),
        ('"c\n2",1a,2023-06-02,award,40.00,', 7, "first in line 4"),
    ],
)  # fmt: skip
def test_what_is_wrong_with_a_claim_names_its_line_in_the_file(
    run: Run, pooled: Path, claims: Path, row: str, line: int, words: str
) -> None:
    """Empty lines are no rows, and a line break inside a cell begins none."""
    claims.write_text(CLAIMS.splitlines()[0] + "\n" + BROKEN.format(row), "utf-8")
    done, _ = allocate(run, pooled, "--claims", claims)
    assert done.code == 2
    assert f"{claims.name}:{line}" in done.err
    assert words in done.err


def test_what_is_wrong_with_a_score_names_its_line_in_the_file(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "scores.csv"
    path.write_text("offer,place,assessment_score\n\n13a,150100,60\n\n13a,150200,4o\n", "utf-8")
    done = run("allocate", "nmg-ecommerce-2022", "--guide", "2023", "--scores", path, "--out", tmp_path / "o.csv")
    assert done.code == 2
    assert "scores.csv:5" in done.err
