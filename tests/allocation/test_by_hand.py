"""Every method against the same sharing done by hand in fractions: plain data, arrays and SQL, row by row."""

from __future__ import annotations

from fractions import Fraction

from hypothesis import given, settings, strategies as st
from tests.allocation.by_hand import Share, by_factors, by_hand, stays
from tests.allocation.samples import FEN, Asked, asked, database, from_arrays, plain

from jarlig.allocation import sql
from jarlig.allocation.closed_list import by_shares
from jarlig.allocation.factors import factor_shares
from jarlig.allocation.model import WHOLE, Quota, Terms
from jarlig.allocation.pool import allocate

METHODS = st.sampled_from(["pro_rata", "ranking", "first_come"])
PARTIAL = st.sampled_from(["cut", "drop"])
#: Nothing, one fen, around what is asked, and more than anybody could ask.
SIZES = st.one_of(st.sampled_from([0, 1, 2, 10**15]), FEN)
QUOTAS = st.lists(st.tuples(st.integers(0, 3), st.booleans()), max_size=2)


def from_plain(claims: list[Asked], terms: Terms) -> list[Share]:
    rows = allocate(terms, plain(claims, terms)).rows
    return [Share(row.approved, row.floor, row.rank, row.why) for row in rows]


def from_columns(claims: list[Asked], terms: Terms) -> list[Share]:
    return [Share(fen, kept, rank, why) for fen, kept, _, rank, why in from_arrays(claims, [terms])[0]]


def from_sql(claims: list[Asked], terms: Terms) -> list[Share]:
    """The SQL form with its quotas, each over what the one before it let in, as a database would put them together."""
    base = database(claims, [terms])
    order = ("-score", *sql.ORDER) if terms.share == "ranking" else sql.ORDER
    base.execute("CREATE TABLE in_0 AS FROM claims")
    for number, quota in enumerate(terms.quotas, 1):
        text = sql.let_in(f"in_{number - 1}", quota.most, "park", order)
        base.execute(f"CREATE TABLE in_{number} AS SELECT * EXCLUDE in_it FROM ({text}) WHERE in_it")
    last = f"in_{len(terms.quotas)}"
    text = (sql.pro_rata if terms.share == "pro_rata" else sql.in_order)(last, "pools", order)
    base.execute(f"CREATE TABLE shared AS {text}")
    whole = sql.with_beyond("claims", "shared")
    query = f'SELECT "case", offer, approved_fen, floor_fen, place, why FROM ({whole})'
    found = {(case, offer): Share(*rest) for case, offer, *rest in base.execute(query).fetchall()}
    assert len(found) == len(claims)
    return [found[one.case, one.offer] for one in claims]


@settings(max_examples=150, deadline=None)
@given(asked(groups=True), SIZES, METHODS, PARTIAL, QUOTAS)
def test_every_claim_gets_what_it_gets_by_hand(claims, size, share, partial, quotas):
    terms = Terms("p", size, share, partial, tuple(Quota(*quota) for quota in quotas))
    expected = by_hand(claims, size, share, partial, quotas)
    assert from_plain(claims, terms) == expected
    assert from_columns(claims, terms) == expected


@settings(max_examples=50, deadline=None)
@given(asked(groups=True), SIZES, METHODS, PARTIAL, st.lists(st.integers(0, 3), max_size=2))
def test_every_claim_gets_in_sql_what_it_gets_by_hand(claims, size, share, partial, places):
    quotas = [(most, True) for most in places]
    terms = Terms("p", size, share, partial, tuple(Quota(*quota) for quota in quotas))
    assert from_sql(claims, terms) == by_hand(claims, size, share, partial, quotas)


@settings(max_examples=100, deadline=None)
@given(asked(groups=True), SIZES, st.integers(0, 10**14), st.integers(0, WHOLE), METHODS, QUOTAS)
def test_the_account_adds_up_to_what_was_paid_by_hand(claims, size, carried_in, part, share, quotas):
    terms = Terms("p", size, share, "cut", tuple(Quota(*quota) for quota in quotas), carried_in, part)
    expected = by_hand(claims, size + carried_in, share, "cut", quotas)
    account = allocate(terms, plain(claims, terms)).account
    assert (account.claims, account.requested) == (len(claims), sum(claim.amount for claim in claims))
    if any(one.fen is None for one in expected):
        assert account.decision is not None
        assert (account.approved, account.left, account.carried_over, account.lapsed) == (None, None, None, None)
        return
    paid = sum(one.fen for one in expected)
    assert (account.approved, account.left) == (paid, size + carried_in - paid)
    assert account.served == sum(one.fen > 0 for one in expected)
    assert account.floors == sum(one.floor for one in expected)
    assert account.carried_over == stays(size, carried_in, paid, part)
    assert account.carried_over + account.lapsed + paid == size + carried_in
    if share == "pro_rata":
        inside = [claim.amount for claim, one in zip(claims, expected, strict=True) if one.why != "beyond"]
        assert paid == min(size + carried_in, sum(inside))


@st.composite
def scores(draw):
    """Codes of places in any order, scores with one above zero in each factor, and weights that make up the whole."""
    count = draw(st.integers(1, 4))
    cuts = sorted(draw(st.lists(st.integers(0, WHOLE), min_size=count - 1, max_size=count - 1)))
    weights = [high - low for low, high in zip([0, *cuts], [*cuts, WHOLE], strict=True)]
    codes = draw(st.lists(st.sampled_from([f"1502{at:02}" for at in range(20)]), min_size=1, max_size=12, unique=True))
    score = st.one_of(st.integers(0, 3), st.integers(0, 10**9))
    rows = {code: draw(st.lists(score, min_size=count, max_size=count)) for code in codes}
    rows[codes[0]] = [one + 1 for one in rows[codes[0]]]
    return rows, weights


@settings(max_examples=150, deadline=None)
@given(scores(), st.one_of(st.sampled_from([0, 1, 10**15]), FEN))
def test_places_get_by_factors_what_they_get_by_hand(table, size):
    rows, weights = table
    shares = factor_shares(list(rows.values()), weights, list(rows))
    fen = by_shares(shares, size, list(rows))
    expected = by_factors(rows, [Fraction(weight, WHOLE) for weight in weights], size)
    assert dict(zip(rows, zip(shares, fen, strict=True), strict=True)) == expected
    assert sum(fen) == size
    backwards = factor_shares(list(rows.values())[::-1], weights, list(rows)[::-1])
    assert backwards[::-1] == shares


@settings(max_examples=100, deadline=None)
@given(st.dictionaries(st.sampled_from("abcdefghij"), st.integers(0, 1_000), min_size=1), SIZES)
def test_a_closed_list_gets_what_it_gets_by_hand(parts, size):
    total = sum(parts.values())
    last = max(parts)
    parts[last] += WHOLE - total  # the guide's shares make up the whole
    expected = by_factors({place: [part] for place, part in parts.items()}, [Fraction(1)], size)
    found = by_shares(list(parts.values()), size, list(parts))
    assert dict(zip(parts, found, strict=True)) == {place: fen for place, (_, fen) in expected.items()}
