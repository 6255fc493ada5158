"""Small tables of cases and lines for the tiny programme, and a run over them."""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from tests.tiny import CODE

from jarlig.engines.sql.running import Files, Options, Report, duckdb, run
from jarlig.policy.model import Programme
from jarlig.tabular import read_table

Row = Mapping[str, str | None]
OTHER = "91150102MA9PTF0137"
CASE = {
    "on": "2023-06-01", "uscc": CODE, "registered_at": "150102", "project_code": "P1", "level": "regional",
    "newly_built": "true", "recognised_on": "2023-01-01",
}  # fmt: skip
LINE = {"seller": CODE, "reverses": "none", "category": "hardware", "paid_on": "2022-07-01"}


def number(at: int) -> str:
    return f"2315{at:016d}"


def table(path: Path, rows: Sequence[Row], columns: Sequence[str] = ()) -> Path:
    names = list(dict.fromkeys([*columns, *(name for row in rows for name in row)]))
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.DictWriter(stream, names)
        writer.writeheader()
        writer.writerows(rows)
    return path


class Bench:
    """Runs tables through the tiny programme."""

    def __init__(self, folder: Path, programme: Programme) -> None:
        self.folder, self.programme = folder, programme
        folder.mkdir()
        self.offers: tuple[str, ...] = ("1a",)
        self.report: Report

    def files(self, cases: Sequence[Row], lines: Sequence[Row] | None, history: Sequence[Row] | None) -> Files:
        rows = {}
        if lines is not None:
            rows["investment"] = table(self.folder / "rows.csv", lines, ["case", "invoice_no", "net", *LINE])
        past = None if history is None else table(self.folder / "history.csv", history, ["offer", "on"])
        asked = table(self.folder / "cases.csv", cases, ["case", *([] if cases else CASE)])
        return Files(asked, self.folder / "out.parquet", rows, past)

    def run(
        self, cases: Sequence[Row], lines: Sequence[Row] | None = (), history: Sequence[Row] | None = (),
        options: Options = Options(),  # noqa: B008  nothing in it changes
    ) -> dict[tuple[str, str], dict[str, Any]]:  # fmt: skip
        files = self.files(cases, lines, history)
        self.report = run(self.programme, self.offers, files, options, duckdb(500, 1))
        return {(row["case"], row["offer"]): row for row in read_table(files.out).to_pylist()}

    @property
    def rejects(self) -> list[dict[str, str]]:
        path = self.folder / "out.rejects.csv"
        return [dict(row) for row in read_table(path).to_pylist()] if path.exists() else []


def case(name: str, **values: str | None) -> dict[str, str | None]:
    return {"case": name, **CASE, **values}


def line(name: str, at: int, net: str | None, **values: str | None) -> dict[str, str | None]:
    return {"case": name, "invoice_no": number(at), "net": net, **LINE, **values}
