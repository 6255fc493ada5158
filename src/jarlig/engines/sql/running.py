"""A population run from files to files: staged, answered, written whole, with a manifest to run it again.

The manifest (运行清单) names every file by its SHA-256 and the answer by a digest of its content that does not depend
on the order of the rows or on the engine: whoever has the files can run again and must come to the same.
"""

from __future__ import annotations

import errno
import hashlib
import json
import os
import secrets
import shutil
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Any

from jarlig import __version__
from jarlig.engines.sql.answering import Answers
from jarlig.engines.sql.asides import write_rejects, write_repeated
from jarlig.engines.sql.asking import Rules
from jarlig.engines.sql.backend import Backend
from jarlig.engines.sql.duck import MEMORY_MIB, DuckBackend
from jarlig.engines.sql.given import check_given
from jarlig.engines.sql.intake import Reject, Rejects
from jarlig.engines.sql.population import Inputs, Population, Progress
from jarlig.ladder.dates import day_text
from jarlig.ladder.steps import Ladder, Words
from jarlig.policy import model
from jarlig.policy.messages import Place, PolicyError, problem
from jarlig.policy.plans import Plan, Plans
from jarlig.tabular import Staged, converted, staged
from jarlig.tabular.formats import format_of, needed

#: Cases and sums as numbers of so many bits, and what spreads whole numbers over them.
_CASES, _SUMS, _SPREAD = 2**48, 2**45, 2_654_435_761
#: What the digest of an answer covers; other columns are covered by the hash of the file alone.
_CONTENT = ("case", "offer", "outcome", "formula_amount", "amount")
#: Makes an engine in a folder that may read some files.
Engine = Callable[[Path, Sequence[Path]], Backend]


@dataclass(frozen=True)
class Files:
    """The files of a run; ``rejects`` is written only when a row is put aside.

    ``paid`` are keys of rows that were paid before, by the name of their list.
    """

    cases: Path
    out: Path
    rows: Mapping[str, Path] = field(default_factory=dict)
    history: Path | None = None
    rejects: Path | None = None
    paid: Mapping[str, Path] = field(default_factory=dict)

    @property
    def inputs(self) -> dict[str, Path]:
        """The tables that are read, by what they are."""
        history = {"history": self.history} if self.history else {}
        rows = {f"rows {name}": path for name, path in self.rows.items()}
        paid = {f"paid {name}": path for name, path in self.paid.items()}
        return {"cases": self.cases, **rows, **paid, **history}

    @property
    def rejects_or_default(self) -> Path:
        """Where rows that are put aside go: beside the answer unless said otherwise."""
        return self.rejects or self.out.with_name(f"{self.out.stem}.rejects.csv")

    @property
    def manifest(self) -> Path:
        """Where the manifest goes."""
        return self.out.with_name(f"{self.out.stem}.manifest.json")

    @property
    def repeated(self) -> Path:
        """Where rows are told whose keys stand in two cases, or were paid before."""
        return self.out.with_name(f"{self.out.stem}.repeated.csv")


@dataclass(frozen=True)
class Options:
    """How a run is asked: one day for all, the guide of a question "what if", and steps as columns."""

    on: int | None = None
    guide: int | None = None
    steps: bool = False


@dataclass(frozen=True)
class Line:
    """How many cases of an offer have an outcome, and their sums in yuan (None: no sums)."""

    offer: str
    outcome: str
    cases: int
    formula_amount: Decimal | None
    amount: Decimal | None


@dataclass(frozen=True)
class Report:
    """What a run came to: cases answered and left out, rows put aside, counts and sums.

    ``shared`` are lists whose rows do not say under which offer they are claimed and that several offers count;
    ``asked`` are the ladders that governed the cases, each with its plan.
    """

    cases: int
    left_out: int
    rejects: int
    repeated: int
    rows: Mapping[str, int]
    lines: tuple[Line, ...]
    samples: tuple[Words, ...]
    shared: tuple[tuple[str, tuple[str, ...]], ...]
    manifest: dict[str, Any]
    asked: tuple[tuple[Plan, Ladder], ...] = ()


def duckdb(memory_mib: int = MEMORY_MIB, threads: int = 0) -> Engine:
    """DuckDB on this machine, within so much memory."""
    return lambda folder, files: DuckBackend(folder, files, memory_mib, threads)


def run(
    programme: model.Programme,
    offers: Sequence[str],
    files: Files,
    options: Options,
    engine: Engine | None = None,
    progress: Progress = lambda words: None,
) -> Report:
    """Answer for every case of a table, and write the answer, the rejects and nothing half done.

    Args:
        programme: the programme.
        offers: ids of the offers; each is answered for every case.
        files: the tables.
        options: how it is asked.
        engine: makes the engine; DuckDB when not given.
        progress: told what is being done.

    Raises:
        PolicyError: E818 to E836: a table that cannot be read, an unknown offer or list, no rows to answer for.
        OSError: a file cannot be read or written.
    """
    check(programme, offers, files, options)
    apart(files)
    rules = Rules(programme, options.guide)
    with opened([rules], offers, files, options.on, engine, progress) as (population, folder):
        asked = population.cases.asked[0]
        select = Answers(population, asked, options.steps).select()
        progress(Words("写出结果", "writing the answer"))
        answer = folder / "answer"
        answer.mkdir()
        backend, rejects = population.backend, population.rejects
        parts = backend.write(select, answer)
        lines, digest = _content(backend, parts, population.cases.case_type)
        count = _delivered(parts, files.out)
    write_rejects(rejects, files.rejects_or_default)
    write_repeated(population.repeats, files.repeated)
    asides = {"rejects": len(rejects.kept), "repeated": population.repeats.count}
    return Report(
        cases=population.answered,
        left_out=population.left_out,
        rejects=len({(reject.file, reject.line) for reject in rejects.kept}),
        repeated=population.repeats.count,
        rows={slot.source: lines_.count for slot, lines_ in population.lines.items()},
        lines=lines,
        samples=samples_of(rules, asked.plans),
        shared=_shared(population),
        manifest=_manifest(programme, offers, files, options, backend, lines, digest, count, asides),
        asked=tuple((rules.numbers.plan(number), ladder) for (number, _), ladder in asked.ladders.items()),
    )


def apart(files: Files) -> None:
    """Refuse to write over what is read, or one result over another; every place to write to must be a table's.

    Raises:
        PolicyError: E820 or E828.
    """
    read = {path.resolve() for path in files.inputs.values()}
    written: set[Path] = set()
    for path in (files.out, files.rejects_or_default, files.repeated, files.manifest):
        if path != files.manifest:
            format_of(path)
        if path.resolve() in read | written:
            raise PolicyError((problem("E828", Place(str(path), 0, 0), path.name),))
        written.add(path.resolve())
        if not path.absolute().parent.is_dir():
            raise FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT), str(path.parent))


@contextmanager
def opened(
    rules: Sequence[Rules],
    offers: Sequence[str],
    files: Files,
    on: int | None = None,
    engine: Engine | None = None,
    progress: Progress = lambda words: None,
) -> Iterator[tuple[Population, Path]]:
    """The tables of a run, read once in an engine for some sets of rules, and the folder of the run.

    Engine and folder are gone at the end, however it ends; ``rules``, ``offers`` and the rest are as for `run`.
    """
    for path in files.inputs.values():
        with path.open("rb"):  # a file that cannot be read is told by its name, before any work
            pass
    with workplace(files.out) as folder:
        progress(Words("准备数据表", "staging the tables"))
        tables = {name: staged(path, folder, f"in{at}") for at, (name, path) in enumerate(files.inputs.items())}
        _no_holes(tables)
        backend = (engine or duckdb())(folder, [table.parquet for table in tables.values()])
        try:
            population = Population(backend, rules, tuple(offers), on, progress, Rejects())
            for table in tables.values():
                for line, why in table.bad:  # of the cases
                    population.rejects.add(Reject(table.source.name, line, "", "", "", why))
            population.read(
                Inputs(tables["cases"], _named(tables, "rows "), tables.get("history"), _named(tables, "paid "))
            )
            yield population, folder
        finally:
            backend.close()


def check(programme: model.Programme, offers: Sequence[str], files: Files, options: Options) -> None:
    """Refuse what no run could answer: offers, guides and lists that there are not.

    Raises:
        PolicyError: E811, E812, E819, E836.
    """
    plans = Plans(programme)
    plan = Plan(programme, None)
    for offer in offers:
        plan.offer(offer)
    if options.guide is not None:
        plans.plan(programme.valid[0], options.guide)
    check_given(programme, offers, files.rows, files.paid)


def _named(tables: Mapping[str, Staged], prefix: str) -> dict[str, Staged]:
    return {name.removeprefix(prefix): table for name, table in tables.items() if name.startswith(prefix)}


def _no_holes(tables: Mapping[str, Staged]) -> None:
    """A row that is no row, of which not even the case is known: without it a sum or a limit would be another."""
    for name, table in tables.items():
        for line, why in table.bad if name != "cases" else ():
            raise PolicyError((problem("E830", Place(str(table.source), line, 0), zh=why.zh, en=why.en),))


@contextmanager
def workplace(out: Path) -> Iterator[Path]:
    """A folder beside the answer for all that a run keeps; gone when it ends, however it ends."""
    folder = out.resolve().parent / f".jarlig-run-{secrets.token_hex(8)}"
    try:
        folder.mkdir(0o700)  # in here: a signal may come the moment it is made
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _delivered(parts: Sequence[Path], out: Path) -> int:
    """The answer in its place, in the kind that its name asks for; gives its rows."""
    if format_of(out) == "parquet" and len(parts) == 1:
        count = needed("pyarrow.parquet", "many").ParquetFile(parts[0]).metadata.num_rows
        parts[0].replace(out.resolve())  # where a link leads to
        return int(count)
    return converted(parts, out)


def _content(backend: Backend, parts: Sequence[Path], case_type: str) -> tuple[tuple[Line, ...], str]:
    """Counts and sums by offer and outcome, and the digest of all rows.

    Each case stands for a number of 48 bits. Its sums with the fen of its row, added up within each group, tell which
    case got what, in any order of the rows; products and sums stay within the exact types of every engine.
    """
    dialect = backend.dialect
    source = " UNION ALL ".join(f"SELECT * FROM {backend.source(part)}" for part in parts)
    case = dialect.ident("case")
    whose = f"CAST({case} AS {dialect.wide}) * {_SPREAD}" if case_type == "BIGINT" else dialect.hex_number(case)
    number = f"CAST(abs({whose} % {_CASES}) AS {dialect.wide})"
    sums = [number]
    for name in ("formula_amount", "amount"):
        fen = f"coalesce(CAST({name} * 100 AS {dialect.wide}), -1)"
        sums.append(f"{number} * (({fen} % {_SUMS}) + 2)")
    columns = ", ".join(f"sum({one})" for one in sums)
    found = backend.ask(
        f"SELECT offer, outcome, count(*), sum(formula_amount), sum(amount), {columns} FROM ({source}) "
        "GROUP BY offer, outcome ORDER BY offer, outcome"
    )
    told = [[line[0], line[1], *(str(int(value)) for value in (line[2], *line[5:]))] for line in found]
    return tuple(Line(*line[:5]) for line in found), sha256_of(json.dumps(told).encode())


def _shared(population: Population) -> tuple[tuple[str, tuple[str, ...]], ...]:
    found: dict[str, dict[str, None]] = {}  # by file, which offers may read in several ways
    for (offer, _), slot in population.cases.asked[0].lists.items():
        if slot is not None and not population.lines[slot].has_for:
            found.setdefault(slot.source, {})[offer] = None
    return tuple((source, tuple(offers)) for source, offers in found.items() if len(offers) > 1)


def samples_of(rules: Rules, plans: Iterable[int]) -> tuple[Words, ...]:
    """Titles of the documents that are only illustrative, among those that governed a case."""
    programme = rules.programme
    found = dict.fromkeys(overlay.title for number in plans for overlay in rules.numbers.plan(number).samples)
    return (*((programme.title,) if programme.sample else ()), *found)


def _manifest(
    programme: model.Programme, offers: Iterable[str], files: Files, options: Options, backend: Backend,
    lines: Iterable[Line], digest: str, count: int, asides: Mapping[str, int],
) -> dict[str, Any]:
    """Everything that is needed to run again and to compare."""
    sums = [
        {"offer": line.offer, "outcome": line.outcome, "cases": line.cases,
         "formula_amount": None if line.formula_amount is None else str(line.formula_amount),
         "amount": None if line.amount is None else str(line.amount)}
        for line in lines
    ]  # fmt: skip
    return {
        "jarlig": __version__,
        "programme": programme.programme,
        "programme_files": {name: sha256_of(data) for name, data in sorted(programme.files.items())},
        "offers": list(offers),
        "on": None if options.on is None else day_text(options.on),
        "guide": options.guide,
        "engine": backend.dialect.name,
        "inputs": {
            name: {"file": _beside(files, path), "sha256": file_sha256(path)} for name, path in files.inputs.items()
        },
        "answer": {
            "file": _beside(files, files.out), "rows": count, "content": digest, "content_of": list(_CONTENT),
            "sha256": file_sha256(files.out),
        },
        **asides,
        "totals": sums,
    }  # fmt: skip


def _beside(files: Files, path: Path) -> str:
    """A file as the manifest names it: from the manifest's own folder, so that both may be moved together."""
    there = path.parent.resolve() / path.name
    try:
        return Path(os.path.relpath(there, files.manifest.parent.resolve())).as_posix()
    except ValueError:  # on another drive
        return there.as_posix()


def differences(then: Mapping[str, Any], now: Mapping[str, Any], folder: Path) -> list[Words]:
    """What a run that was made again found otherwise than its manifest in a folder says; empty when all is the same."""
    found: list[Words] = []
    for name, entry in then["inputs"].items():
        if now["inputs"].get(name, {}).get("sha256") != entry["sha256"]:
            file = entry["file"]
            found.append(Words(f"数据表 {name}（{file}）已变动", f"the table {name} ({file}) has changed since"))
    names = then["programme_files"].keys() | now["programme_files"].keys()
    changed = sorted(n for n in names if then["programme_files"].get(n) != now["programme_files"].get(n))
    if changed:
        listed = ", ".join(changed)
        found.append(Words(f"方案文件已不同：{listed}", f"files of the programme are others: {listed}"))
    if then["answer"]["content"] != now["answer"]["content"]:
        found.append(Words("结果内容不同", "the answer is another"))
    file = folder / then["answer"]["file"]
    if file.is_file() and file_sha256(file) != then["answer"]["sha256"]:
        found.append(Words(f"结果文件 {file} 写出后有改动", f"the file {file} was changed after it was written"))
    earlier = {(line["offer"], line["outcome"]): line for line in then["totals"]}
    for line in now["totals"]:
        if earlier.get((line["offer"], line["outcome"])) != line:
            about = f"{line['offer']} {line['outcome']}"
            found.append(Words(f"合计不同：{about}", f"totals differ: {about}"))
    return found


def sha256_of(data: bytes) -> str:
    """SHA-256 as 64 hexadecimal digits."""
    return hashlib.sha256(data).hexdigest()


def file_sha256(path: Path) -> str:
    """SHA-256 of a file, read piece by piece."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def manifest_text(manifest: Mapping[str, Any]) -> str:
    """The manifest as the text of its file."""
    return json.dumps(manifest, ensure_ascii=False, indent=1) + "\n"
