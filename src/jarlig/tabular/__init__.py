"""Tables as files (数据表): Parquet, CSV, XLSX and Arrow, read without loss and written whole or not at all.

Nothing is guessed: cells of CSV and XLSX are text, Parquet and Arrow may hold exact types (integers, decimals, days,
yes/no), and what is not exact is refused. An empty cell is null: unknown.
"""

from jarlig.tabular.reading import Staged, columns_of, read_numbered, read_table, staged
from jarlig.tabular.writing import TableWriter, converted, write_table

__all__ = ["Staged", "TableWriter", "columns_of", "converted", "read_numbered", "read_table", "staged", "write_table"]
