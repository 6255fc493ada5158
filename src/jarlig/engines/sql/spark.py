"""Spark, on one machine or on a cluster (分布式): the same text as for DuckDB, over tables that every worker can see.

What is kept is written as Parquet under the folder of the run. A worker that dies takes nothing with it then: what it
was doing is done again from files, where a cached table would be computed anew from the very beginning; and every query
is planned over plain files, however long the way to them was.
"""

from __future__ import annotations

import os
import re
import shutil
import warnings
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, suppress
from itertools import count, islice
from logging import CRITICAL, LogRecord, getLogger
from pathlib import Path
from typing import Any

from jarlig.engines.sql import mishaps
from jarlig.engines.sql.backend import ROW, grouped
from jarlig.engines.sql.dialect import Spark
from jarlig.engines.sql.mishaps import Watch, refused
from jarlig.tabular.formats import needed

#: What a session must be set to for its answers to be exact: an overflow is an error and never NULL, no decimal is cut,
#: a text is nothing but that text, days are plain days, and a file that is missing is not passed over.
SETTINGS: Mapping[str, str] = {
    "spark.sql.ansi.enabled": "true",
    "spark.sql.decimalOperations.allowPrecisionLoss": "false",
    "spark.sql.session.timeZone": "UTC",
    "spark.sql.caseSensitive": "true",
    "spark.sql.variable.substitute": "false",
    "spark.sql.parser.escapedStringLiterals": "false",
    "spark.sql.ansi.doubleQuotedIdentifiers": "false",
    "spark.sql.ansi.enforceReservedKeywords": "false",
    "spark.sql.parquet.datetimeRebaseModeInRead": "CORRECTED",
    "spark.sql.parquet.datetimeRebaseModeInWrite": "CORRECTED",
    "spark.sql.parquet.writeLegacyFormat": "false",
    "spark.sql.files.ignoreMissingFiles": "false",
    "spark.sql.files.ignoreCorruptFiles": "false",
    # else both sides of an AND are computed, though the first is there to guard the second
    "spark.sql.subexpressionElimination.skipForShortcutExpr": "true",
}
#: What Java says besides, in the folder of the run.
LOG = "spark.log"
#: Memory of the engine on this machine.
MEMORY = "3g"
#: Rows made here go to a file so many at a time.
BATCH = 50_000
#: Parts of a table for each core when it is put together by a key; small ones are joined again by Spark.
PARTS_A_CORE = 4
#: Tables of no more rows together are a matter of starting and compiling: of a hundred small queries, each run once.
SMALL = 100_000
#: A Java for these: it compiles once and lightly, for its own optimising takes longer than what it then saves.
_LIGHT = "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC"
#: Spark's own log tells errors only; what it says goes to a file in the folder of the run.
_LOG = """status = error
rootLogger.level = error
rootLogger.appenderRef.console.ref = console
appender.console.type = Console
appender.console.name = console
appender.console.target = SYSTEM_ERR
appender.console.layout.type = PatternLayout
appender.console.layout.pattern = %d{HH:mm:ss} %p %c{1}: %m%n%ex
"""
#: What a pattern of file names is made of; in a path it stands for itself.
_PATTERN = re.compile(r"([\\\[\]{}*?,])")


class SparkBackend:
    """A Spark session in a folder that it and all its workers read and write.

    Args:
        folder: folder of the run.
        files: the tables that are read.
        master: where to run when no session is handed in: ``local[*]``, ``spark://host:7077``.
        session: a session to run in; a session of its own is opened beside it, and it is never stopped here.

    Raises:
        PolicyError: E831 without PySpark, E835 without Java, E834 when Spark does not start, E833 when a session cannot
            be set to exact arithmetic.
    """

    def __init__(self, folder: Path, files: Iterable[Path], master: str = "local[*]", session: Any = None) -> None:
        needed("pyspark", "spark")
        self.dialect = Spark()
        self._folder = folder.resolve() / "spark"
        self._folder.mkdir()
        self._files = {file.resolve() for file in files}
        small = sum(_rows(file) for file in self._files) <= SMALL
        self._own: Any = None
        self._java: Any = None
        if session is None:
            self._own, self._java = _started(self._folder, master, small)
        self._session = prepared(session.newSession() if session is not None else self._own)
        self._master = str(self._session.conf.get("spark.master", ""))
        self._apart = not self._master.startswith("local")
        self._watch: Watch | None = None
        if self._own is not None and self._apart:
            self._watch = Watch(self._own.sparkContext, mishaps.PATIENCE)
        self._number = count()
        self._kept: dict[str, Path] = {}
        self._sources: dict[Path, str] = {}

    def source(self, parquet: Path) -> str:
        """See `Backend.source`; the file is reached by a plain name, for Spark passes over names that begin with _."""
        path = parquet.resolve()
        if path not in self._sources:
            number = len(self._sources)
            link = self._folder / f"in{number}.parquet"
            link.symlink_to(path)
            with self._told():
                frame = self._session.read.parquet(_pattern(link)).selectExpr("*", f"_metadata.row_index AS {ROW}")
                frame.createOrReplaceTempView(f"source_{number}")
            self._sources[path] = f"source_{number}"
        return self._sources[path]

    def keep(self, name: str, select: str) -> None:
        """See `Backend.keep`."""
        target = self._target(name)
        self._show(name, target, self._written(select, target, "snappy"))

    def put(self, name: str, columns: Sequence[tuple[str, str]], rows: Iterable[Sequence[Any]]) -> None:
        """See `Backend.put`."""
        import pyarrow as pa
        import pyarrow.parquet as pq

        target = self._target(name)
        target.mkdir()
        types = {
            "BIGINT": pa.int64(), "INTEGER": pa.int32(), "BOOLEAN": pa.bool_(), "DATE": pa.date32(),
            self.dialect.text: pa.string(), self.dialect.wide: pa.decimal128(38),
        }  # fmt: skip
        schema = pa.schema([(column, types[what]) for column, what in columns])
        left = iter(rows)
        with pq.ParquetWriter(target / "part-0.parquet", schema, compression="snappy") as writer:
            while block := list(islice(left, BATCH)):
                arrays = [pa.array([row[at] for row in block], what.type) for at, what in enumerate(schema)]
                writer.write_batch(pa.RecordBatch.from_arrays(arrays, schema=schema))
        self._show(name, target, ", ".join(f"{self.dialect.ident(column)} {what}" for column, what in columns))

    def add_up(self, name: str, rows: str, totals: Sequence[tuple[str, bool]]) -> None:
        """See `Backend.add_up`."""
        self.keep(name, grouped(rows, totals, self.dialect))

    def repeats(self, name: str, selects: Sequence[str], most: int) -> None:
        """See `Backend.repeats`."""
        hashes = " UNION ALL ".join(f"SELECT h FROM ({select})" for select in selects)
        self.keep(name, f"SELECT h FROM ({hashes}) GROUP BY h HAVING count(*) > 1")

    def drop(self, name: str) -> None:
        """See `Backend.drop`."""
        with self._told():
            self._session.catalog.dropTempView(name)
        if name in self._kept:
            shutil.rmtree(self._kept.pop(name))

    def ask(self, query: str) -> list[tuple[Any, ...]]:
        """See `Backend.ask`."""
        with self._told():
            return [tuple(row) for row in self._session.sql(query).collect()]

    def stream(self, query: str, size: int = 10_000) -> Iterator[list[tuple[Any, ...]]]:
        """See `Backend.stream`; no more than one part of the answer is held here at a time."""
        with self._told():
            rows = self._session.sql(query).toLocalIterator()
            while block := [tuple(row) for row in islice(rows, size)]:
                yield block

    def write(self, select: str, folder: Path) -> list[Path]:
        """See `Backend.write`."""
        target = folder.resolve() / f"written-{next(self._number)}"
        self._written(select, target, "zstd")
        return sorted(target.glob("part-*.parquet"))

    def close(self) -> None:
        """End the run: its tables are gone; a session that was handed in goes on."""
        if self._watch is not None:
            self._watch.end()
        if self._own is not None:
            with suppress(*mishaps.troubles()), warnings.catch_warnings():  # it may be what has failed
                warnings.simplefilter("ignore", RuntimeWarning)
                self._own.stop()
        if self._java is not None:
            _ended(self._java)
        shutil.rmtree(self._folder, ignore_errors=True)

    def _told(self) -> AbstractContextManager[None]:
        """What goes wrong inside is told as a sentence."""
        return mishaps.told(self._master, self._folder / LOG, lambda: self._watch.alone if self._watch else 0)

    def _target(self, name: str) -> Path:
        return self._folder / f"{name}-{next(self._number)}"

    def _show(self, name: str, target: Path, schema: Any) -> None:
        """The name stands for the files of a folder; what it stood for before is removed."""
        with self._told():
            self._session.read.schema(schema).parquet(_pattern(target)).createOrReplaceTempView(name)
        before, self._kept[name] = self._kept.get(name), target
        if before is not None:
            shutil.rmtree(before)

    def _written(self, select: str, target: Path, compression: str) -> Any:
        """Write a query into a new folder; gives its schema."""
        from pyspark.sql import Observation, functions

        with self._told():
            frame = self._session.sql(select)
            rows = Observation()
            counted = frame.observe(rows, functions.count(functions.lit(1)).alias("rows")) if self._apart else frame
            counted.write.option("compression", compression).parquet(_plain(target))
            if self._apart:
                whole(target, rows.get["rows"])
        return frame.schema


def prepared(session: Any, settings: Mapping[str, str] = SETTINGS) -> Any:
    """A session set to exact arithmetic.

    Raises:
        PolicyError: E833 naming the setting that cannot be made, or that does not stay.
    """
    from pyspark.errors import PySparkException

    for name, value in settings.items():
        try:
            session.conf.set(name, value)
            kept = str(session.conf.get(name)) == value
        except PySparkException:
            kept = False
        if not kept:
            raise refused("E833", "spark", name=name, value=value)
    return session


def whole(folder: Path, rows: int) -> None:
    """Refuse a table that is not all there: a worker that does not see the folder writes to one of its own, silently.

    Raises:
        PolicyError: E838 with the rows that were computed and those that arrived.
    """
    import pyarrow.parquet as pq

    there = sum(pq.read_metadata(part).num_rows for part in folder.glob("part-*.parquet"))
    if there != rows:
        raise refused("E838", str(folder), rows=f"{rows:,}", there=f"{there:,}")


def _started(folder: Path, master: str, small: bool) -> tuple[Any, Any]:
    """A session of our own, and the Java it runs in; None where that was there before and stays."""
    from pyspark import SparkConf, SparkContext
    from pyspark.sql import SparkSession

    launch = needed("pyspark.java_gateway", "spark").launch_gateway
    if shutil.which("java", path=_java_path()) is None:
        raise refused("E835", "java")
    mishaps.reached(master)
    if SparkContext._active_spark_context is not None:
        zh = "本进程中已有 Spark 会话，请将它作为 session 传入"
        raise refused("E834", master, zh=zh, en="Spark runs in this process already; hand its session in")
    needed("pyspark.logger", "spark").PySparkLogger.getLogger("SQLQueryContextLogger").setLevel(CRITICAL)  # both print
    for name in ("py4j", "py4j.clientserver", "py4j.java_gateway"):  # whole stacks beside the sentence
        getLogger(name).setLevel(CRITICAL)
    getLogger().addFilter(_is_no_stack)
    (folder / "log4j2.properties").write_text(_LOG)
    log = f"-Dlog4j2.configurationFile=file:{folder}/log4j2.properties"
    options = f"{log} {_LIGHT}" if small else log
    machine = SparkConf(loadDefaults=False).setAll(
        [("spark.driver.memory", MEMORY), ("spark.driver.extraJavaOptions", options)]
    )
    before = gateway = SparkContext._gateway
    try:
        if gateway is None:
            with (folder / LOG).open("wb") as stream:
                gateway = launch(machine, {"stdout": stream, "stderr": stream})
        conf = SparkConf(_jvm=gateway.jvm).setMaster(master).setAppName("jarlig").setAll(_own(folder, master, small))
        session = SparkSession(SparkContext(conf=conf, gateway=gateway))
    except mishaps.troubles() as error:
        reason = mishaps.last(error, folder / LOG)
        if gateway is not None and before is None:
            _ended(gateway)
        raise refused("E834", master, zh=reason, en=reason) from error
    return session, gateway if before is None else None


def _is_no_stack(record: LogRecord) -> bool:
    """What the bridge to Java logs to the root of all loggers, past its own: a call that was broken off."""
    return record.module != "java_gateway"


def _ended(gateway: Any) -> None:
    """End a Java of our own: the next run starts another, with the memory and the options that it needs."""
    from pyspark import SparkContext

    with suppress(*mishaps.troubles()):
        gateway.shutdown()
    gateway.proc.kill()
    gateway.proc.stdin.close()
    gateway.proc.wait()
    SparkContext._gateway = SparkContext._jvm = None


def _rows(file: Path) -> int:
    """How many rows a Parquet file has."""
    import pyarrow.parquet as pq

    return int(pq.read_metadata(file).num_rows)


def _own(folder: Path, master: str, small: bool) -> list[tuple[str, str]]:
    """What only a session of our own is set to; memory and cores of workers are a matter of spark-defaults.conf."""
    settings = {
        "spark.ui.enabled": "false",
        "spark.ui.showConsoleProgress": "false",
        "spark.sql.catalogImplementation": "in-memory",
        "spark.sql.warehouse.dir": str(folder / "warehouse"),
    }
    if master.startswith("local"):
        cores = os.cpu_count() or 1
        settings |= {
            "spark.driver.host": "127.0.0.1",
            "spark.driver.bindAddress": "127.0.0.1",
            "spark.local.dir": str(folder / "spilled"),
            "spark.sql.shuffle.partitions": "1" if small else str(PARTS_A_CORE * cores),
            "spark.sql.adaptive.enabled": "false" if small else "true",
        }
    return list(settings.items())


def _java_path() -> str | None:
    """Where Java is looked for, as PySpark does."""
    home = os.environ.get("JAVA_HOME")
    return str(Path(home) / "bin") if home else None


def _plain(path: Path) -> str:
    """A path on the file system that all see, whatever the session takes for granted."""
    return f"file://{path}"


def _pattern(path: Path) -> str:
    """The path as Spark reads it: as a pattern that only the path itself fits."""
    return _plain(Path(_PATTERN.sub(r"\\\1", str(path))))
