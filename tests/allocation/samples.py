"""Claims for tests: made by hypothesis, and put into the three forms that must agree."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import duckdb
import numpy as np
import pyarrow as pa
from hypothesis import strategies as st

from jarlig.allocation import arrays, sql
from jarlig.allocation.model import WHYS, Account, Claim, Seat, Terms

#: Small sums make ties and cut points common, large ones need products beyond 64 bits.
FEN = st.one_of(st.integers(0, 12), st.integers(0, 100_000), st.integers(0, 10**14 - 1))


@dataclass(frozen=True)
class Asked:
    """A claim before it is put into a form: ``by`` is a number to rank by, higher first."""

    pool: int
    case: str
    offer: str
    amount: int
    on: int = 0
    by: int = 0
    floor: int = 0
    firm: bool = True
    group: str | None = None

    def order(self, share: str) -> tuple[Any, ...]:
        """The key in the order of a pool that shares so."""
        ties = (self.on, self.case, self.offer)
        return (-self.by, *ties) if share == "ranking" else ties


def asked(pools: int = 1, floors: bool = True, groups: bool = False) -> st.SearchStrategy[list[Asked]]:
    """Lists of claims with distinct case and offer."""
    one = st.builds(
        Asked,
        pool=st.integers(0, pools - 1),
        case=st.sampled_from(["1", "10", "9", "甲", "乙", "a", "B", "z", "c-1", "c-2", "c-3"]),
        offer=st.sampled_from(["1a", "2", "20"]),
        amount=FEN,
        on=st.integers(0, 2),
        by=st.integers(0, 3),
        floor=st.one_of(st.just(0), FEN) if floors else st.just(0),
        firm=st.booleans(),
        group=st.sampled_from([None, "x", "y"]) if groups else st.none(),
    )
    return st.lists(one, max_size=14, unique_by=lambda claim: (claim.case, claim.offer))


def plain(claims: Sequence[Asked], terms: Terms) -> list[Claim]:
    """As plain data."""
    found = []
    for one in claims:
        order = one.order(terms.share)
        seat = None if one.group is None else Seat(one.group, order)
        seats = tuple(seat for _ in terms.quotas)
        found.append(Claim(f"{one.case}/{one.offer}", one.amount, order, one.floor, one.firm, seats))
    return found


def batch(claims: Sequence[Asked], terms: Sequence[Terms]) -> arrays.Batch:
    """As columns."""
    column = lambda name: np.array([getattr(one, name) for one in claims], np.int64)  # noqa: E731
    text = lambda name: pa.array([getattr(one, name) for one in claims], pa.string())  # noqa: E731
    ties = (column("on"), text("case"), text("offer"))
    keys = [(-column("by"), *ties) if one.share == "ranking" else ties for one in terms]
    groups = np.array([-1 if one.group is None else ord(one.group) - ord("x") for one in claims], np.int64)
    seats = [[arrays.Seats(groups, key) for _ in one.quotas] for one, key in zip(terms, keys, strict=True)]
    firm = np.array([one.firm for one in claims], np.bool_)
    return arrays.Batch(column("pool"), column("amount"), keys, column("floor"), firm, seats)


def from_arrays(claims: Sequence[Asked], terms: Sequence[Terms]) -> tuple[list[tuple[Any, ...]], list[Account]]:
    """Each row's approved fen, kept floor, remainder, rank and reason; and the accounts."""
    made = arrays.allocate(batch(claims, terms), terms)
    assert made.floors is not None
    rows = []
    for at in range(len(claims)):
        why = WHYS[made.why[at]]
        rank = int(made.ranks[at]) if made.ranks is not None else 0
        approved = None if why == "decide" else int(made.approved[at])
        rows.append((approved, int(made.floors[at]), int(made.remainders[at]), rank or None, why))
    return rows, made.accounts


def database(claims: Sequence[Asked], terms: Sequence[Terms]) -> duckdb.DuckDBPyConnection:
    """As tables of a database."""
    base = duckdb.connect()
    base.execute('CREATE TABLE claims (pool INT, "case" VARCHAR, offer VARCHAR, amount_fen BIGINT, floor_fen BIGINT, '
                 'firm BOOLEAN, "on" INT, score INT, park VARCHAR)')  # fmt: skip
    base.execute("CREATE TABLE pools (pool INT, size_fen BIGINT, share VARCHAR, partial VARCHAR)")
    for c in claims:
        row = [c.pool, c.case, c.offer, c.amount, c.floor, c.firm, c.on, c.by, c.group]
        base.execute("INSERT INTO claims VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)", row)
    for number, one in enumerate(terms):
        base.execute("INSERT INTO pools VALUES (?, ?, ?, ?)", [number, one.available, one.share, one.partial])
    return base


def from_sql(claims: Sequence[Asked], terms: Sequence[Terms]) -> list[tuple[Any, ...]]:
    """The rows as ``from_arrays`` gives them, for pools without quotas that share alike."""
    base = database(claims, terms)
    ranked = any(one.share == "ranking" for one in terms)
    order = ("-score", *sql.ORDER) if ranked else sql.ORDER
    text = (sql.pro_rata if terms[0].share == "pro_rata" else sql.in_order)("claims", "pools", order)
    found = {
        (case, offer): rest
        for case, offer, *rest in base.execute(
            f'SELECT "case", offer, approved_fen, floor_fen, remainder, place, why FROM ({text})'
        ).fetchall()
    }
    assert len(found) == len(claims)
    return [tuple(found[one.case, one.offer]) for one in claims]
