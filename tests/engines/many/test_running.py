"""A run from files to files: what is answered, and what is left behind."""

from __future__ import annotations

import os
import signal
from datetime import date
from decimal import Decimal
from pathlib import Path
from threading import Timer

import pyarrow as pa
import pyarrow.csv
import pytest
from tests.engines.many.tables import CASE, LINE, OTHER, Bench, case, line, number, table
from tests.tiny import CODE, tiny

from jarlig.engines.answer import Desk
from jarlig.engines.sql.duck import DuckBackend
from jarlig.engines.sql.running import Files, Options, differences, duckdb, run, workplace
from jarlig.ladder.numbers import parse_date
from jarlig.policy.messages import PolicyError
from jarlig.tabular import read_table, write_table


def test_a_case_gets_what_the_desk_would_say(bench):
    answers = bench.run([case("A")], [line("A", 1, "1000000.10"), line("A", 2, "9000000", category="other")])
    facts = {**CASE, "investment": [{**LINE, "invoice_no": number(1), "net": "1000000.10"}], "history": []}
    facts.pop("on")
    told = Desk(bench.programme).determine("1a", facts, on=parse_date(CASE["on"]))
    assert answers["A", "1a"]["outcome"] == told.outcome == "award"
    assert answers["A", "1a"]["amount"] == told.yuan == Decimal("200000.02")
    assert (answers["A", "1a"]["guide"], answers["A", "1a"]["on"]) == (2023, date(2023, 6, 1))


@pytest.mark.parametrize(
    ("unknown", "lines", "told"),
    [
        ({"level": None}, [("1", "100")], ("undetermined", "level", None)),
        ({"newly_built": None}, [("1", "100")], ("undetermined", "newly_built", None)),
        ({"uscc": None}, [("1", "100")], ("award", None, None)),  # no award of anybody could be meant
        ({}, [("1", None), ("2", "5")], ("undetermined", "investment", None)),
        ({"newly_built": "false", "level": None}, [("1", None)], ("not_eligible", None, "when.1")),
    ],
)
def test_unknown_is_never_nil_and_what_is_missing_is_named(bench, unknown, lines, told):
    row = bench.run([case("A", **unknown)], [line("A", int(at), net) for at, net in lines])["A", "1a"]
    assert (row["outcome"], row["missing"], row["refused"]) == told
    assert (row["amount"] is None) == (told[0] != "award")


def test_a_list_that_was_not_given_is_unknown_and_one_without_rows_is_nil(bench):
    assert bench.run([case("A")], None)["A", "1a"]["missing"] == "investment"
    assert bench.run([case("A")], [line("A", 1, "0")])["A", "1a"]["amount"] == 0
    assert bench.run([case("A")], [])["A", "1a"]["amount"] == 0
    marked = bench.run([case("A", investment="given"), case("B", project_code="P2", investment=None)], [])
    assert [marked[name, "1a"]["outcome"] for name in "AB"] == ["award", "undetermined"]


def test_without_a_history_every_limit_is_unknown(bench):
    answers = bench.run([case("A")], [line("A", 1, "100")], None)
    assert answers["A", "1a"]["missing"] == "history"


def test_the_history_takes_from_a_limit_and_a_void_award_does_not(bench):
    past = {"offer": "1a", "on": "2022-08-01", "guide_year": "2022", "project_code": "P0"}
    history = [
        {**past, "uscc": CODE, "state": "paid", "approved": "5900000", "recovered": "100000"},
        {**past, "uscc": OTHER, "state": "void", "approved": "5900000", "recovered": "0"},
    ]
    answers = bench.run([case("A"), case("B", uscc=OTHER)], [line(n, 1, "5000000") for n in "AB"], history)
    assert [answers[name, "1a"]["amount"] for name in "AB"] == [Decimal("200000.00"), Decimal("1000000.00")]


def test_claims_of_one_subject_in_a_run_are_taken_in_their_order(bench):
    """4 million a project, 6 million an enterprise: the second gets the rest, the third nothing, by day of claim."""
    cases = [
        case("late", on="2023-06-03", project_code="P3"), case("first", on="2023-06-01", project_code="P1"),
        case("second", on="2023-06-02", project_code="P2"), case("again", on="2023-06-09", project_code="P1"),
        case("other", on="2023-06-02", uscc=OTHER), case("nobody", uscc=None),
    ]  # fmt: skip
    lines = [line(row["case"], at, "90000000") for at, row in enumerate(cases)]
    answers = bench.run(cases, lines)
    amounts = {name: row["amount"] for (name, _), row in answers.items()}
    assert amounts["first"] == amounts["other"] == amounts["nobody"] == Decimal("4000000.00")  # lowered by the guide
    assert (amounts["second"], amounts["late"]) == (Decimal("2000000.00"), 0)
    assert (answers["again", "1a"]["outcome"], answers["again", "1a"]["refused"]) == ("not_eligible", "limit.1")


def test_a_claim_after_one_of_unknown_sum_is_unknown_itself(bench):
    cases = [case("A", level=None), case("B", on="2023-06-02", project_code="P2")]
    answers = bench.run(cases, [line(name, 1, "100") for name in "AB"])
    assert answers["B", "1a"]["outcome"] == "undetermined"


def test_reversals_take_from_their_originals_before_any_condition(bench):
    """A reversal has no day and no category of its own; one of a reversal is read row by row, to the same end."""
    plain = [line("A", 1, "1000"), line("A", 2, "-400", reverses=number(1), category=None, paid_on=None)]
    deep = [*plain, line("A", 3, "100", reverses=number(2), category=None, paid_on=None)]
    assert bench.run([case("A")], plain)["A", "1a"]["amount"] == Decimal("120.00")
    assert bench.run([case("A")], deep)["A", "1a"]["amount"] == Decimal("140.00")


def test_a_row_claimed_under_another_offer_is_not_counted(bench):
    rows = [line("A", 1, "1000") | {"for": "1a"}, line("A", 2, "500") | {"for": "2"}, line("A", 3, "100")]
    assert bench.run([case("A")], rows)["A", "1a"]["amount"] == Decimal("220.00")


def test_documents_that_serve_once_are_told_in_two_cases_and_when_they_were_paid(tmp_path):
    ever = ("measures/01.yaml", "reverses: reverses}", "reverses: reverses, key_once: ever}")
    bench = Bench(tmp_path / "tables", tiny(tmp_path / "programme", ever))
    rows = [line("A", 1, "100"), line("B", 1, "200"), line("B", 2, "300"), line("B", 3, "400")]
    files = bench.files([case("A"), case("B", project_code="P2")], rows, [])
    paid = table(tmp_path / "paid.csv", [{"seller": CODE, "invoice_no": number(3)}])
    files = Files(files.cases, files.out, files.rows, files.history, None, {"investment": paid})
    report = run(bench.programme, ("1a",), files, Options(), duckdb(500, 1))
    told = read_table(files.repeated).to_pylist()
    assert report.repeated == 2
    assert [(row["line"], row["case"], row["other"]) for row in told] == [("3", "B", "A"), ("5", "B", None)]
    assert number(3) in told[1]["key"]
    amounts = {row["case"]: row["amount"] for row in read_table(files.out).to_pylist()}
    assert amounts == {"A": Decimal("20.00"), "B": Decimal("180.00")}  # told, never taken away


def test_steps_are_columns_as_they_are_written(bench):
    answers = bench.run([case("A")], [line("A", 1, "1000.01")], options=Options(steps=True))
    row = answers["A", "1a"]
    assert {name: row[name] for name in ("step.base", "step.rate", "step.award", "step.gate_1")} == {
        "step.base": "1000.01", "step.rate": "0.20", "step.award": "200.00", "step.gate_1": "true",
    }  # fmt: skip


def test_a_guide_asked_for_by_name_is_a_question_what_if(bench):
    late = [case("A", on="2024-03-01")]
    assert bench.run(late, [line("A", 1, "100")])["A", "1a"]["outcome"] in ("awaiting_guide", "closed")
    asked = bench.run(late, [line("A", 1, "100")], options=Options(guide=2023))
    assert asked["A", "1a"]["outcome"] == "award"


@pytest.mark.parametrize("ending", ["csv", "parquet", "arrow"])
def test_an_empty_text_is_unknown_whatever_the_kind_of_table(bench, ending):
    cases = [case("A"), case("B", level="", uscc=OTHER), case("")]
    files = bench.files(cases, [line("A", 1, "100"), line("B", 2, "")], [])
    for path in (files.cases, files.rows["investment"]):
        kinds = dict.fromkeys(path.read_text("utf-8").partition("\n")[0].strip().split(","), pa.string())
        texts = pa.csv.read_csv(path, convert_options=pa.csv.ConvertOptions(column_types=kinds))
        write_table(texts, path.with_suffix(f".{ending}"))
    named = Files(
        files.cases.with_suffix(f".{ending}"), files.out,
        {"investment": files.rows["investment"].with_suffix(f".{ending}")}, files.history,
    )  # fmt: skip
    run(bench.programme, ("1a",), named, Options(), duckdb(500, 1))
    said = [(row["case"], row["outcome"], row["missing"]) for row in read_table(files.out).to_pylist()]
    assert said == [("A", "award", None), ("B", "undetermined", "investment;level")]
    assert [row["reason_en"][:5] for row in bench.rejects] == ["no id"]


def test_one_day_for_all_stands_in_for_a_column(bench):
    cases = [{name: value for name, value in case("A").items() if name != "on"}]
    answers = bench.run(cases, [line("A", 1, "100")], options=Options(on=parse_date("2023-06-01")))
    assert answers["A", "1a"]["amount"] == 20


def test_labels_for_reports_are_carried_over_and_never_read(bench):
    answers = bench.run([case("A", **{"group.size": "=micro"})], [])
    assert answers["A", "1a"]["group.size"] == "=micro"


def test_the_number_by_which_a_pool_ranks_claims_stands_beside_them(tmp_path):
    ranked = (
        "guides/2023.yaml",
        "share: pro_rata}",
        """share: pro_rata}
  best: {offers: ["2"], amount: 100_000, share: ranking, by: score, first: highest}""",
    )
    bench = Bench(tmp_path / "tables", tiny(tmp_path / "programme", ranked))
    bench.offers = ("1a", "2")
    answers = bench.run([case("A", score="70"), case("B", score=None, project_code="P2")], [])
    assert {key: row["score"] for key, row in answers.items()} == {
        ("A", "1a"): None, ("A", "2"): "70", ("B", "1a"): None, ("B", "2"): None,
    }  # fmt: skip


def test_ids_of_an_answer_are_no_formulas_and_come_back_as_they_were(bench):
    names = ["=1+1", "+86", "-5", "-x", "@a", "'quoted'", "＝1", "plain"]
    files = bench.files([case(name, uscc=None) for name in names], [], [])
    for ending in ("csv", "xlsx"):
        out = bench.folder / f"out.{ending}"
        run(bench.programme, ("1a",), Files(files.cases, out, files.rows, files.history), Options(), duckdb(500, 1))
        assert [row["case"] for row in read_table(out).to_pylist()] == names


def test_ctrl_c_within_a_query_is_ctrl_c(tmp_path: Path) -> None:
    backend = duckdb(500, 1)(tmp_path, [])
    stopping = Timer(0.5, os.kill, (os.getpid(), signal.SIGINT))
    before = signal.signal(signal.SIGINT, signal.default_int_handler)  # in the background it is ignored
    try:
        stopping.start()
        with pytest.raises(KeyboardInterrupt):
            backend.ask("SELECT sum(a.range * b.range % 7) FROM range(1000000) a, range(100000) b")
    finally:
        signal.signal(signal.SIGINT, before)
    stopping.join()
    backend.close()


def test_a_broken_run_leaves_the_old_answer_and_no_folder(bench, monkeypatch):
    files = bench.files([case("A")], [], [])
    files.out.write_bytes(b"the old one")

    def broken(*_: object) -> list[Path]:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(DuckBackend, "write", broken)
    with pytest.raises(OSError, match="No space"):
        run(bench.programme, ("1a",), files, Options(), duckdb(500, 1))
    assert files.out.read_bytes() == b"the old one"
    assert not [entry for entry in bench.folder.iterdir() if entry.name.startswith(".jarlig")]


def test_too_little_memory_and_a_broken_file_are_told_as_sentences(tmp_path):
    backend = DuckBackend(tmp_path, [], 20, 1)
    with pytest.raises(PolicyError) as caught:
        backend.ask("SELECT list(i) FROM range(30000000) t(i)")
    assert caught.value.problems[0].code == "E827"
    (tmp_path / "broken.parquet").write_bytes(b"PAR1" + b"x" * 40 + b"PAR1")
    with pytest.raises(PolicyError) as caught:
        backend.ask(f"SELECT * FROM {backend.source(tmp_path / 'broken.parquet')}")
    assert caught.value.problems[0].code == "E822"
    backend.close()


def test_no_case_at_all_gives_an_empty_table_with_its_columns(bench):
    assert bench.run([]) == {}
    names = read_table(bench.folder / "out.parquet").column_names
    assert names[:6] == ["case", "offer", "on", "at", "guide", "outcome"]
    assert bench.run([case("A", recognised_on="?")]) == {}
    assert len(bench.rejects) == 1


def test_an_answer_for_a_folder_that_is_not_there_is_refused_before_any_work(bench):
    files = bench.files([case("A")], [], [])
    with pytest.raises(FileNotFoundError, match="nowhere"):
        run(bench.programme, ("1a",), Files(files.cases, bench.folder / "nowhere" / "out.csv"), Options())


def test_names_of_folders_and_signs_in_names_are_only_names(tmp_path):
    """A folder called ``level=industry`` is no column, and ``[1]`` is no pattern, wherever it stands."""
    bench = Bench(tmp_path / "level=industry", tiny(tmp_path / "programme"))
    (bench.folder / "amount=7").mkdir()
    files = bench.files([case("A")], [line("A", 1, "90000000")], [])
    named = files.cases.rename(bench.folder / "c[1]*.csv")
    out = bench.folder / "amount=7" / "out.csv"
    report = run(bench.programme, ("1a",), Files(named, out, files.rows, files.history), Options(), duckdb(500, 1))
    assert [line_.amount for line_ in report.lines] == [Decimal("4000000.00")]
    assert read_table(out).to_pylist()[0]["amount"] == "4000000.00"


@pytest.mark.parametrize("over", ["out", "rejects", "default rejects"])
def test_nothing_that_is_read_is_written_over_or_removed(bench, over):
    files = bench.files([case("A")], [line("A", 1, "100")], [])
    before = files.cases.read_bytes()
    asked = {
        "out": Files(files.cases, files.cases, files.rows),
        "rejects": Files(files.cases, files.out, files.rows, rejects=files.cases),
        "default rejects": Files(files.cases.rename(bench.folder / "out.rejects.csv"), files.out, files.rows)
        if over == "default rejects" else files,
    }[over]  # fmt: skip
    with pytest.raises(PolicyError) as caught:
        run(bench.programme, ("1a",), asked, Options(), duckdb(500, 1))
    assert caught.value.problems[0].code == "E828"
    assert asked.cases.read_bytes() == before


def test_the_answer_goes_where_a_link_leads(bench):
    real = bench.folder / "elsewhere.parquet"
    (bench.folder / "out.parquet").symlink_to(real)
    assert bench.run([case("A")], [])["A", "1a"]["amount"] == 0
    assert real.is_file()


def test_limits_by_subjects_without_a_common_key_are_one_queue(tmp_path):
    circles = ("programme.yaml", "subjects: {enterprise: uscc,", "subjects: {grade: level, enterprise: uscc,")
    limit = ("measures/01.yaml", "{awards: 1, per: project}", "{awards: 1, per: grade}")
    bench = Bench(tmp_path / "tables", tiny(tmp_path / "programme", circles, limit))
    cases = [
        case("A", level="regional"), case("B", level="industry", on="2023-06-02"),
        case("C", level="industry", on="2023-06-03", uscc=OTHER),
        case("D", level="regional", on="2023-06-04", uscc=OTHER),
    ]  # fmt: skip
    answers = bench.run(cases, [line(row["case"], at, "90000000") for at, row in enumerate(cases)])
    said = [(answers[name, "1a"]["outcome"], answers[name, "1a"]["amount"]) for name in "ABCD"]
    assert said == [
        ("award", Decimal("4000000.00")), ("award", Decimal("2000000.00")),
        ("not_eligible", None), ("not_eligible", None),
    ]  # fmt: skip


def test_a_list_for_one_offer_is_known_as_its_own_column_or_the_shared_one_says(bench):
    rows = table(bench.folder / "own.csv", [line("A", 1, "100")])
    for said, outcome in (("given", "award"), (None, "undetermined"), ("no", "undetermined")):
        files = bench.files([case("A", investment=said)], None, [])
        asked = Files(files.cases, files.out, {"1a.investment": rows}, files.history)
        run(bench.programme, ("1a",), asked, Options(), duckdb(500, 1))
        assert read_table(files.out).to_pylist()[0]["outcome"] == outcome


def test_the_engine_reads_its_files_and_nothing_else(tmp_path):
    backend = DuckBackend(tmp_path, [tmp_path / "named.csv"], 300, 1)
    for query in (
        "SELECT * FROM read_csv('/etc/passwd')", "COPY (SELECT 1) TO '/tmp/elsewhere.csv'", "INSTALL httpfs",
        "ATTACH '/tmp/elsewhere.db'", "SET enable_external_access = true", "SET memory_limit = '99GB'",
    ):  # fmt: skip
        with pytest.raises(Exception, match=r"(?i)permission|cannot|disabled|locked"):
            backend.ask(query)
    backend.close()


@pytest.mark.parametrize("name", ["'; DROP TABLE cases; --", 'a"b', "日常", "x" * 200, " "])
def test_hostile_ids_are_only_ids(bench, name):
    answers = bench.run([case(name), case("B", project_code="P2")], [line(name, 1, "100")])
    assert answers[name, "1a"]["amount"] == Decimal("20.00")


def test_a_run_can_be_made_again_and_differences_are_named(bench):
    files = bench.files([case("A")], [line("A", 1, "100")], [])
    first = run(bench.programme, ("1a",), files, Options(), duckdb(500, 1)).manifest
    again = run(bench.programme, ("1a",), files, Options(), duckdb(500, 1)).manifest
    assert differences(first, again, bench.folder) == []
    bench.files([case("A")], [line("A", 1, "200")], [])
    other = run(bench.programme, ("1a",), files, Options(), duckdb(500, 1)).manifest
    told = [words.en for words in differences(first, other, bench.folder)]
    assert any("rows investment" in words for words in told)
    assert "the answer is another" in told
    assert any(words.startswith("totals differ: 1a award") for words in told)


def test_the_digest_sees_two_cases_that_changed_places(bench):
    """Counts and sums stay the same when two cases swap their awards; the digest does not."""

    def made(one: str, other: str) -> str:
        rows = [line("A", 1, one), line("B", 2, other)]
        bench.run([case("A"), case("B", uscc=OTHER)], rows)
        return str(bench.report.manifest["answer"]["content"])

    assert made("100", "200") == made("100", "200")
    assert made("100", "200") != made("200", "100")


def test_the_table_of_answers_is_in_the_order_of_the_cases(bench):
    bench.offers = ("1a", "2")
    names = [f"C{at:03d}" for at in range(60, 0, -1)]
    bench.run([case(name, uscc=None) for name in names], [])
    told = read_table(bench.folder / "out.parquet").to_pylist()
    assert [(row["case"], row["offer"]) for row in told] == [(name, offer) for name in names for offer in ("1a", "2")]


def test_every_kind_of_answer_table_says_the_same(bench):
    files = bench.files([case("A"), case("B", level=None, uscc=OTHER)], [line("A", 1, "100.05")], [])
    texts = []
    for ending in ("parquet", "csv", "xlsx", "arrow"):
        out = bench.folder / f"out.{ending}"
        run(bench.programme, ("1a",), Files(files.cases, out, files.rows, files.history), Options(), duckdb(500, 1))
        texts.append([[str(cell) for cell in row.values()] for row in read_table(out).to_pylist()])
    assert all(rows == texts[0] for rows in texts)
    assert texts[0][0][5:8] == ["award", "20.01", "20.01"]


def test_a_signal_that_comes_as_the_workplace_is_made_leaves_no_folder(tmp_path, monkeypatch):
    made = Path.mkdir

    def interrupted(folder, *arguments):
        made(folder, *arguments)
        raise KeyboardInterrupt

    monkeypatch.setattr(Path, "mkdir", interrupted)
    with pytest.raises(KeyboardInterrupt), workplace(tmp_path / "answers.csv"):
        raise AssertionError("the work began")
    assert list(tmp_path.iterdir()) == []
