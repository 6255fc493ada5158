"""DuckDB on one machine (单机): embedded, bounded in memory, locked to the files of the run."""

from __future__ import annotations

import errno
import os
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from jarlig.engines.sql.backend import ROW, grouped
from jarlig.engines.sql.dialect import DuckDB
from jarlig.tabular.formats import needed, refused

#: Memory that the engine may take before it works on disk, in MiB.
MEMORY_MIB = 3_000
#: From so many cases on their sums are kept in arrays.
MANY = 500_000
#: Rows made here go to the engine so many at a time.
BATCH = 50_000


class DuckBackend:
    """A DuckDB of its own in a folder of the run.

    It may read the named files and write inside the folder; nothing else: no other path, no network, no extension, and
    its settings cannot be changed again.
    """

    def __init__(self, folder: Path, files: Iterable[Path], memory_mib: int = MEMORY_MIB, threads: int = 0) -> None:
        duckdb = needed("duckdb", "many")
        self.dialect, self.memory_mib, self.folder = DuckDB(), memory_mib, folder.resolve()
        self._links: dict[Path, Path] = {}
        #: Tables that are arrays of this process.
        self._arrays: set[str] = set()
        text = self.dialect.literal
        listed = ", ".join(text(str(file.resolve())) for file in files)
        self._connection = duckdb.connect(str(folder / "run.duckdb"))
        for setting in (
            f"threads = {threads or os.cpu_count() or 1}",
            f"memory_limit = '{memory_mib}MiB'",
            f"temp_directory = {text(str(folder / 'spilled'))}",
            "ieee_floating_point_ops = false",
            "enable_progress_bar = false",
            "autoinstall_known_extensions = false",
            "autoload_known_extensions = false",
            "allow_community_extensions = false",
            f"allowed_paths = [{listed}]",
            f"allowed_directories = [{text(str(folder.resolve()) + '/')}]",
            "enable_external_access = false",
            "lock_configuration = true",
        ):
            self._connection.execute(f"SET {setting}")

    def source(self, parquet: Path) -> str:
        """See `Backend.source`; reached by a plain name, for signs in a name would be patterns and folders columns."""
        path = parquet.resolve()
        link = self._links.get(path)
        if link is None:
            link = self._links[path] = self.folder / f"link{len(self._links)}.parquet"
            link.symlink_to(path)
        name = self.dialect.literal(str(link))
        table = f"read_parquet({name}, file_row_number = true, hive_partitioning = false, union_by_name = false)"
        return f"(SELECT file_row_number AS {ROW}, * EXCLUDE (file_row_number) FROM {table})"

    def keep(self, name: str, select: str) -> None:
        self._execute(f"CREATE OR REPLACE TABLE {name} AS {select}")

    def put(self, name: str, columns: Sequence[tuple[str, str]], rows: Iterable[Sequence[Any]]) -> None:
        import pyarrow as pa

        listed = ", ".join(f"{column} {what}" for column, what in columns)
        self._execute(f"CREATE OR REPLACE TABLE {name} ({listed})")
        names = [column for column, _ in columns]
        casts = ", ".join(f"CAST({column} AS {what})" for column, what in columns)
        block: list[Sequence[Any]] = []

        def flush() -> None:
            if block:
                table = pa.table({column: [_plain(row[at]) for row in block] for at, column in enumerate(names)})
                self._connection.register("_made_here", table)
                self._execute(f"INSERT INTO {name} SELECT {casts} FROM _made_here")
                self._connection.unregister("_made_here")
                block.clear()

        for row in rows:
            block.append(row)
            if len(block) == BATCH:
                flush()
        flush()

    def add_up(self, name: str, rows: str, totals: Sequence[tuple[str, bool]]) -> None:
        """Many cases are numbered from nil, so a sum is a place in an array: no table of groups, a third of the time.

        What a row adds is bounded by its kind, and so is every sum of rows: 63 bits hold it, or the engine adds up, as
        it does for few cases, whose groups are small.
        """
        import numpy as np
        import pyarrow as pa

        self.drop(name)
        ((size,),) = self.ask("SELECT coalesce(max(n), -1) + 1 FROM cases")
        if size < MANY or any(wide for _, wide in totals):
            self.keep(name, grouped(rows, totals, self.dialect))
            return
        sums = {total: np.zeros(size, dtype=np.int64) for total, _ in totals}
        unknown = {total: np.zeros(size, dtype=np.bool_) for total, _ in totals}
        with self._told(), self._connection.cursor() as cursor:
            for batch in cursor.sql(rows).to_arrow_reader(1_000_000):
                at = batch.column(0).to_numpy()
                for (total, _), added in zip(totals, batch.columns[1:], strict=True):
                    if added.null_count:
                        unknown[total][at[added.is_null().to_numpy(zero_copy_only=False)]] = True
                        added = added.fill_null(0)
                    np.add.at(sums[total], at, added.to_numpy())
        columns = {"n": np.arange(size, dtype=np.int64)}
        for total, _ in totals:
            columns |= {total: sums[total], f"{total}u": unknown[total]}
        self._connection.register(name, pa.table(columns))  # read from where it is, never copied
        self._arrays.add(name)

    def repeats(self, name: str, selects: Sequence[str], most: int) -> None:
        """Sorted in memory, eight bytes a key: a third of the time that grouping takes, and no table beside it."""
        import numpy as np
        import pyarrow as pa

        hashes = np.empty(most, dtype=np.uint64)
        at = 0
        for select in selects:
            with self._told(), self._connection.cursor() as cursor:
                for batch in cursor.sql(select).to_arrow_reader(1_000_000):
                    part = batch.column(0).to_numpy(zero_copy_only=False)
                    hashes[at : at + len(part)] = part
                    at += len(part)
        hashes = hashes[:at]
        hashes.sort()
        again = np.unique(hashes[1:][hashes[1:] == hashes[:-1]])
        self._connection.register("_made_here", pa.table({"h": again}))
        self.keep(name, "SELECT h FROM _made_here")
        self._connection.unregister("_made_here")

    def drop(self, name: str) -> None:
        if name in self._arrays:
            self._connection.unregister(name)
            self._arrays.remove(name)
        self._execute(f"DROP TABLE IF EXISTS {name}")

    def ask(self, query: str) -> list[tuple[Any, ...]]:
        with self._told():
            rows: list[tuple[Any, ...]] = self._connection.execute(query).fetchall()
        return rows

    def stream(self, query: str, size: int = 10_000) -> Iterator[list[tuple[Any, ...]]]:
        with self._told(), self._connection.cursor() as cursor:
            answer = cursor.execute(query)
            while rows := answer.fetchmany(size):
                yield rows

    def write(self, select: str, folder: Path) -> list[Path]:
        target = folder / "part-0.parquet"
        path = self.dialect.literal(str(target.resolve()))
        self._execute(f"COPY ({select}) TO {path} (FORMAT parquet, COMPRESSION zstd)")
        return [target]

    def _execute(self, statement: str) -> None:
        with self._told():
            self._connection.execute(statement)

    @contextmanager
    def _told(self) -> Iterator[None]:
        """What a person can mend, as a sentence: too little memory, a full disk, a file that is broken inside.

        Raises:
            PolicyError: E827 or E822.
            OSError: the disk is full.
            KeyboardInterrupt: stopped with Ctrl-C.
        """
        duckdb = needed("duckdb", "many")
        try:
            yield
        except duckdb.OutOfMemoryException as error:
            raise refused("E827", "--memory", text=str(self.memory_mib), most=self.memory_mib) from error
        except duckdb.InterruptException as error:
            raise KeyboardInterrupt from error
        except RuntimeError as error:  # what it says when the signal reaches it within a query
            if str(error) != "Query interrupted":
                raise
            raise KeyboardInterrupt from error
        except (duckdb.IOException, duckdb.InvalidInputException, duckdb.SerializationException) as error:
            said = str(error).splitlines()[0]
            if "No space left" in said:
                raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), str(self.folder)) from error
            raise refused("E822", self.folder, reason=said[:200]) from error

    def close(self) -> None:
        self._connection.close()


def _plain(value: Any) -> Any:
    """Whole numbers too wide for an Arrow integer go as text; the engine casts them back."""
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else value
