"""A table of determinations shared out: the same rows with what was approved, why, and by which rule and factor."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pyarrow as pa

from jarlig.allocation import arrays
from jarlig.allocation.claims import ADDED, Claims
from jarlig.allocation.columns import Ints, below_header, money
from jarlig.allocation.model import WHY, WHYS, Account, fraction
from jarlig.allocation.terms import Guided, PoolPlan
from jarlig.ladder.steps import Words
from jarlig.policy.messages import PolicyError, problem


@dataclass(frozen=True)
class Shared:
    """The rows that took part with what they got, the account of each pool, and what was left aside, by reason.

    ``offers`` names for each pool the offers of which claims came, ``nothing`` how many of its claims are for 0.00;
    ``given`` is the number of rows of the table, ``other_years`` as in `Claims`.
    """

    rows: pa.Table
    accounts: tuple[Account, ...]
    plans: tuple[PoolPlan, ...]
    offers: tuple[tuple[str, ...], ...]
    aside: dict[str, int]
    nothing: tuple[int, ...] = ()
    given: int = 0
    other_years: Mapping[str, int] = field(default_factory=dict)


def share(table: pa.Table, file: str, guided: Guided, lines: Ints | None = None) -> Shared:
    """The claims of a table shared out under a guide.

    Args:
        table: as ``jarlig run`` writes it: ``case``, ``offer``, ``outcome``, ``amount``, and what orders need.
        file: what messages call it.
        guided: the programme under the guide of the year; where it has one pool only, rows of others are left aside.
        lines: on which line of the file each row begins; one below the other under a header when not given.

    Raises:
        PolicyError: what is wrong with the table, each with its row.
    """
    claims = Claims(table, file, guided, below_header(table.num_rows) if lines is None else lines)
    try:
        made = arrays.allocate(claims.batch(), [plan.terms for plan in claims.plans])
    except arrays.TooLarge as error:
        pool = claims.plans[error.pool].pool.name
        why = Words("一笔须低于 1 万亿元，合计须低于 4.6 亿亿元", "one claim under 10^12 yuan, all under 4.6 * 10^16")
        raise PolicyError((problem("E856", claims.file, pool, pool=pool, zh=why.zh, en=why.en),)) from error
    aside = {reason: count for reason, count in claims.aside.items() if count}
    offers = tuple(claims.offers_in(number) for number in range(len(claims.plans)))
    nothing = tuple(np.bincount(claims.pools[claims.amounts == 0], minlength=len(claims.plans)).tolist())
    rows = _result(claims, made)
    return Shared(
        rows, tuple(made.accounts), claims.plans, offers, aside, nothing, table.num_rows, claims.other_years
    )


def _result(claims: Claims, made: arrays.Columns) -> pa.Table:
    """The rows that took part, in their order, with what a sharing adds."""
    size = len(made.why)
    decided = made.why != WHYS.index("decide")
    floors = np.zeros(size, np.int64) if made.floors is None else made.floors
    ranks = np.zeros(size, np.int64) if made.ranks is None else made.ranks
    added = (
        _coded(claims.pools, [plan.pool.name for plan in claims.plans]),
        _coded(claims.pools, [plan.terms.share for plan in claims.plans]),
        money(claims.amounts),
        money(made.approved, decided),
        _factors(claims, made),
        pa.array(ranks, mask=ranks == 0),
        money(floors, decided),
        _coded(made.why, [words.zh for words in WHY.values()]),
        _coded(made.why, [words.en for words in WHY.values()]),
    )
    table = claims.table
    for name, column in zip(ADDED, added, strict=True):
        table = table.append_column(name, column)
    return table


def _coded(codes: Any, words: list[str], known: Any = None) -> Any:
    """Words that come again and again, each held once."""
    indices = pa.array(codes.astype(np.int32), mask=None if known is None else ~known)
    return pa.DictionaryArray.from_arrays(indices, pa.array(words, pa.string()))


def _factors(claims: Claims, made: arrays.Columns) -> Any:
    """The factor of each row as an exact fraction: that of its pool, or of its own where claims are served in order."""
    words = ["1", "0"]
    codes = np.where(made.approved == 0, 1, 0)
    served = ~np.isin(made.why, [WHYS.index("nothing"), WHYS.index("beyond")])
    for number, account in enumerate(made.accounts):
        if account.factor:
            codes[served & (claims.pools == number)] = len(words)
            words.append(account.factor)
    for at in np.flatnonzero(made.why == WHYS.index("cut")).tolist():
        codes[at] = len(words)
        words.append(fraction(int(made.approved[at]), int(claims.amounts[at])))
    return _coded(codes, words, made.why != WHYS.index("decide"))
