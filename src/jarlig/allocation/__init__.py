"""Allocation (资金分配): capped amounts and a pool in, approved amounts out, whose sum is exact to the fen.

`pool.allocate` is the specification, on plain data; `arrays.allocate` gives the same for millions of claims in memory,
`sql` the same as DuckDB text. `factors` and `closed_list` divide a sum among places.
"""
