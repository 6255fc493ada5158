"""Documents that stand again: each row is told once, in however many ways its file is read."""

from __future__ import annotations

import pytest
from tests.engines.many.tables import case, line, number, table
from tests.tiny import CODE, tiny

from jarlig.engines.sql.running import Files, Options, duckdb, run
from jarlig.tabular import read_table

ROWS = "rows: {most: 200, key: [seller, invoice_no], reverses: reverses"
#: The second offer of the tiny programme pays a rate of invoices too, of so many at most.
SECOND = """\
  facts:
    investment:
      rows: {most: MOST, key: [seller, invoice_no], reverses: reverses, key_once: ever}
      title: {zh: 投资, en: investment}
      evidence: invoice
      verified_by: auditor
      columns:
        seller: {code: uscc, title: {zh: 销方, en: seller}}
        invoice_no: {code: invoice, title: {zh: 发票号码, en: invoice number}}
        reverses: {code: invoice, or: none, title: {zh: 冲销, en: reverses}}
        net: {money: signed, title: {zh: 不含税金额, en: net}}
        category:
          choice: {hardware: {zh: 硬件, en: hardware}, other: {zh: 其他, en: other}}
          title: {zh: 类别, en: category}
        paid_on: {date: {}, title: {zh: 付款日期, en: paid on}}
    score:"""


@pytest.mark.parametrize("most", [200, 300])
def test_a_row_that_two_offers_read_is_told_once(tmp_path, most):
    amount = '  amount:\n    of: score\n    bands: {"under 60": 0, "60 to under 80": 100_000, "from 80": 300_000}'
    programme = tiny(
        tmp_path / "programme",
        ("measures/01.yaml", ROWS, f"{ROWS}, key_once: ever"),
        ("measures/01.yaml", "  facts:\n    score:", SECOND.replace("MOST", str(most))),
        ("measures/01.yaml", amount, "  rate: 10%\n  of: {sum: net, over: investment}\n  when: [score >= 60]"),
    )
    cases = [case(name, project_code=name, score="90") for name in "AB"]
    rows = [line("A", 1, "1000"), line("B", 1, "1000"), line("B", 2, "500")]
    past = table(tmp_path / "history.csv", [], ["offer", "on"])
    paid = table(tmp_path / "paid.csv", [{"seller": CODE, "invoice_no": number(2)}])
    read = {"investment": table(tmp_path / "rows.csv", rows)}
    files = Files(
        table(tmp_path / "cases.csv", cases), tmp_path / "out.parquet", read, past, None, {"investment": paid}
    )
    report = run(programme, ("1a", "2"), files, Options(), duckdb(500, 1))
    told = [(row["line"], row["case"], row["other"]) for row in read_table(files.repeated).to_pylist()]
    assert (report.repeated, told) == (2, [("3", "B", "A"), ("4", "B", None)])
    assert report.manifest["repeated"] == 2
    assert report.shared == (("investment", ("1a", "2")),)
