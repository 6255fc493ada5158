"""The same allocation as DuckDB text, for tables that stay in the database: row by row equal to ``pool.allocate``.

A table of claims has the columns ``pool``, ``"case"``, ``offer``, ``amount_fen`` (BIGINT, from 0 to `MOST_FEN`),
``floor_fen`` (BIGINT, 0 for none) and ``firm`` (BOOLEAN), and whatever orders them; a table of pools ``pool``,
``size_fen`` (what there is to share), ``share`` and ``partial``. Each function gives a SELECT with one row a claim:
``pool``, ``"case"``, ``offer``, ``approved_fen`` (null while a person must decide), ``floor_fen`` (as kept),
``remainder``, ``place`` (null without an order) and ``why``. Quotas go first, each `let_in` over what the one before
let in, and `with_beyond` adds whom they left out; a quota that states no order has no form here. Nor has the factor
method: places are at most the 103 banners and the leagues above them, and `factors` shares among them in no time.

The guess by a double and the step that makes it exact are those of ``arrays``; products are HUGEINT. Sums beyond its
bounds are refused inside the query. The k largest remainders are found by counting them in buckets: only the rows of
one bucket are sorted.
"""

from __future__ import annotations

from collections.abc import Sequence

from jarlig.ladder.kinds import MOST_FEN

#: Claims of one pool in which nobody else comes first: earlier days, then cases and offers by their characters.
ORDER = ('"on"', '"case"::VARCHAR', "offer")
_BUCKETS = 1 << 16
_MOST_SUM = 2**62


def pro_rata(claims: str, pools: str, order: Sequence[str] = ORDER) -> str:
    """Claims on pools that are shared pro rata; ``order`` decides between equal remainders.

    Args:
        claims: name of the table of claims.
        pools: name of the table of pools; only those with the share ``pro_rata`` are read.
        order: expressions over the columns of claims, the first before the second, ascending; no two rows alike.
    """
    keys, by = _keys(order)
    return f"""
WITH checked AS NOT MATERIALIZED (
  SELECT c.*, least(c.floor_fen, c.amount_fen) AS kept, p.size_fen AS size
  FROM ({_columns(claims, keys)}) c JOIN {pools} p ON c.pool = p.pool WHERE p.share = 'pro_rata'),
sums AS (
  SELECT pool, any_value(size)::HUGEINT AS size, sum(amount_fen) AS asked, sum(kept) AS floors,
    coalesce(sum(kept) FILTER (firm), 0) AS firm_floors, max(amount_fen) AS most, min(amount_fen) AS least
  FROM checked GROUP BY pool),
modes AS (
  SELECT *, floors <= size AS all_kept, CASE
    WHEN least < 0 OR most > {MOST_FEN} OR asked >= {_MOST_SUM} OR size >= {_MOST_SUM}
      THEN error('the sums of a pool do not fit 62 bits')
    WHEN asked <= size THEN 'whole' WHEN firm_floors <= size THEN 'scaled' ELSE 'decide' END AS mode
  FROM sums),
factors AS (
  SELECT pool, mode, all_kept, (size - CASE WHEN all_kept THEN floors ELSE firm_floors END)::BIGINT AS part,
    (asked - CASE WHEN all_kept THEN floors ELSE firm_floors END)::BIGINT AS over
  FROM modes WHERE mode = 'scaled'),
guesses AS (
  SELECT c.*, f.part, f.over, CASE WHEN all_kept OR firm THEN c.kept ELSE 0 END AS floor,
    (amount_fen - CASE WHEN all_kept OR firm THEN c.kept ELSE 0 END) AS above,
    (above * (f.part::DOUBLE / f.over::DOUBLE))::BIGINT AS guess
  FROM checked c JOIN factors f USING (pool)),
guessed AS (SELECT *, (above::HUGEINT * part - guess::HUGEINT * over)::BIGINT AS rest FROM guesses),
exact AS MATERIALIZED (
  SELECT * EXCLUDE (guess, rest, kept, size, floor_fen, firm, over),
    CASE WHEN rest < 0 THEN guess - 1 WHEN rest >= over THEN guess + 1 ELSE guess END AS q,
    CASE WHEN rest < 0 THEN rest + over WHEN rest >= over THEN rest - over ELSE rest END AS r,
    (r::DOUBLE / over * {_BUCKETS})::INTEGER AS bucket
  FROM guessed),
buckets AS (
  SELECT pool, bucket, count(*) AS n, sum(q) AS fen, any_value(part) AS part FROM exact GROUP BY pool, bucket),
counted AS (
  SELECT pool, bucket, n, sum(n) OVER (PARTITION BY pool ORDER BY bucket DESC) AS upto,
    part - sum(fen) OVER (PARTITION BY pool) AS extra FROM buckets),
edges AS (
  SELECT pool, bucket AS edge, extra - (upto - n) AS places FROM counted
  WHERE (upto >= extra AND upto - n < extra) OR (extra = 0 AND upto = n)),
lifted AS (
  SELECT e.*, bucket > edge AS up FROM exact e JOIN edges USING (pool) WHERE bucket <> edge
  UNION ALL
  SELECT e.*, row_number() OVER (PARTITION BY e.pool ORDER BY r DESC, {by}) <= places AS up
  FROM exact e JOIN edges USING (pool) WHERE bucket = edge)
SELECT pool, "case", offer, floor + q + up::BIGINT AS approved_fen, floor AS floor_fen, r AS remainder,
  NULL::BIGINT AS place, CASE WHEN amount_fen = 0 THEN 'nothing' WHEN above = 0 THEN 'whole' WHEN up THEN 'scaled_up'
    ELSE 'scaled' END AS why FROM lifted
UNION ALL
SELECT c.pool, "case", offer, CASE WHEN mode = 'whole' THEN amount_fen END, CASE WHEN mode = 'whole' THEN kept ELSE 0
  END, 0, NULL, CASE WHEN mode = 'decide' THEN 'decide' WHEN amount_fen = 0 THEN 'nothing' ELSE 'whole' END
FROM checked c JOIN modes m ON c.pool = m.pool WHERE mode <> 'scaled'"""


def in_order(claims: str, pools: str, order: Sequence[str] = ORDER) -> str:
    """Claims on pools that serve in an order, by rank or first come, up to the cut point.

    Args:
        claims: name of the table of claims.
        pools: name of the table of pools; those with the share ``pro_rata`` are not read.
        order: as for `pro_rata`.
    """
    keys, by = _keys(order)
    return f"""
WITH checked AS (
  SELECT c.*, least(c.floor_fen, c.amount_fen) AS kept, p.size_fen::HUGEINT AS size, p.partial
  FROM ({_columns(claims, keys)}) c JOIN {pools} p ON c.pool = p.pool WHERE p.share <> 'pro_rata'),
placed AS (
  SELECT *, row_number() OVER w AS place, sum(amount_fen) OVER w AS upto FROM checked WHERE amount_fen > 0
  WINDOW w AS (PARTITION BY pool ORDER BY {by} ROWS UNBOUNDED PRECEDING)),
ends AS (SELECT pool, min(place) AS cut FROM placed WHERE upto > size GROUP BY pool),
told AS (
  SELECT p.*, CASE WHEN upto <= size THEN 'whole' WHEN place > cut OR upto - amount_fen = size THEN 'passed'
    WHEN partial = 'drop' THEN 'dropped' WHEN size - (upto - amount_fen) < kept AND firm THEN 'decide' ELSE 'cut' END
    AS why
  FROM placed p LEFT JOIN ends USING (pool)),
open AS (SELECT DISTINCT pool FROM told WHERE why = 'decide'),
paid AS (
  SELECT t.*, CASE why WHEN 'whole' THEN amount_fen WHEN 'cut' THEN size - (upto - amount_fen) ELSE 0 END::BIGINT AS fen
  FROM told t WHERE pool NOT IN (FROM open))
SELECT pool, "case", offer, fen AS approved_fen, CASE WHEN fen >= kept THEN kept ELSE 0 END AS floor_fen,
  0::BIGINT AS remainder, place, why FROM paid
UNION ALL
SELECT pool, "case", offer, CASE WHEN pool NOT IN (FROM open) THEN 0 END, 0, 0, NULL,
  CASE WHEN pool IN (FROM open) THEN 'decide' ELSE 'nothing' END
FROM checked WHERE amount_fen = 0 OR pool IN (FROM open)"""


def let_in(claims: str, most: int, group: str, order: Sequence[str] = ORDER) -> str:
    """The claims of a table with the column ``in_it``: whether each gets one of so many places of its group.

    Args:
        claims: name of the table of claims.
        most: how many places each group has.
        group: expression that tells groups apart; null where the quota is not about a claim.
        order: as for `pro_rata`.
    """
    by = ", ".join(order)
    return f"""
SELECT *, ({group}) IS NULL OR amount_fen = 0 OR row_number() OVER (
  PARTITION BY pool, ({group}), amount_fen > 0 ORDER BY {by}) <= {most} AS in_it
FROM {claims}"""


def with_beyond(claims: str, shared: str) -> str:
    """What was shared among those that got a place, and the claims that got none: nothing, or open with their pool.

    Args:
        claims: name of the table of all claims.
        shared: name of what `pro_rata` or `in_order` made of those that `let_in` let in.
    """
    return f"""
WITH open AS (SELECT DISTINCT pool FROM {shared} WHERE why = 'decide')
FROM {shared} UNION ALL
SELECT c.pool, c."case", c.offer, CASE WHEN c.pool NOT IN (FROM open) THEN 0 END, 0, 0, NULL,
  CASE WHEN c.pool IN (FROM open) THEN 'decide' ELSE 'beyond' END
FROM {claims} c ANTI JOIN {shared} s ON s.pool = c.pool AND s."case" = c."case" AND s.offer = c.offer"""


def accounts(claims: str, shared: str, pools: str) -> str:
    """The account of each pool from its claims and what became of them; sums are null while a person must decide."""
    return f"""
SELECT p.pool, any_value(p.size_fen) AS size_fen, count(c.pool) AS claims,
  coalesce(sum(c.amount_fen), 0) AS requested_fen, coalesce(sum(s.floor_fen), 0) AS floors_fen,
  count(*) FILTER (s.approved_fen > 0) AS served,
  CASE WHEN count(*) FILTER (s.why = 'decide') = 0 THEN coalesce(sum(s.approved_fen), 0) END AS approved_fen,
  any_value(p.size_fen) - CASE WHEN count(*) FILTER (s.why = 'decide') = 0 THEN coalesce(sum(s.approved_fen), 0) END
    AS left_fen
FROM {pools} p LEFT JOIN {claims} c ON c.pool = p.pool
  LEFT JOIN {shared} s ON s.pool = c.pool AND s."case" = c."case" AND s.offer = c.offer
GROUP BY p.pool"""


def _keys(order: Sequence[str]) -> tuple[str, str]:
    """The expressions of an order as columns of their own, and those columns to order by."""
    names = [f"key_{number}" for number in range(len(order))]
    return ", ".join(f"{what} AS {name}" for what, name in zip(order, names, strict=True)), ", ".join(names)


def _columns(claims: str, keys: str) -> str:
    return f'SELECT pool, "case", offer, amount_fen, floor_fen, firm, {keys} FROM {claims}'
