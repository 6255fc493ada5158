"""One pool shared among its claims: places first, then money. This is what arrays and SQL must equal, row by row."""

from __future__ import annotations

from collections.abc import Sequence

from jarlig.allocation.in_order import in_order
from jarlig.allocation.model import Allocation, Claim, Decision, Row, Terms, closed_account, fraction, open_account
from jarlig.allocation.pro_rata import kept_floors, pro_rata
from jarlig.allocation.quota import crowded, let_in


def allocate(terms: Terms, claims: Sequence[Claim]) -> Allocation:
    """Approved amounts (批准金额) for every claim, and the account of the pool.

    A claim that asks for nothing takes no place in an order or a quota and gets nothing. The order in which claims
    are given does not matter.
    """
    inside = [at for at, claim in enumerate(claims) if claim.amount]
    for number, quota in enumerate(terms.quotas):
        seats = [claims[at].seats[number] for at in inside]
        many = crowded(quota, seats)
        if many and quota.most and not quota.ordered:
            return _undecided(terms, claims, Decision("order", many, quota.most, number))
        inside = [at for at, in_it in zip(inside, let_in(quota, seats), strict=True) if in_it]
    return _by_factor(terms, claims, inside) if terms.share == "pro_rata" else _by_order(terms, claims, inside)


def _by_factor(terms: Terms, claims: Sequence[Claim], inside: list[int]) -> Allocation:
    chosen = [claims[at] for at in inside]
    amounts, floors, firm = [c.amount for c in chosen], [c.floor for c in chosen], [c.firm for c in chosen]
    found = pro_rata(amounts, terms.available, floors, firm, [c.order for c in chosen])
    if found is None:
        need = sum(kept_floors(amounts, floors, firm, terms.available)[0])
        return _undecided(terms, claims, Decision("floors", need, terms.available))
    factor = fraction(found.part, found.over)
    rows = _outside(terms, claims)
    for at, approved, kept, left in zip(inside, found.approved, found.kept, found.remainders, strict=True):
        amount = claims[at].amount
        up = approved > kept + (amount - kept) * found.part // found.over
        why = "whole" if found.part == found.over or amount == kept else "scaled_up" if up else "scaled"
        rows[at] = Row(claims[at].claim, amount, approved, terms.share, factor, None, left, kept, why)
    return _closed(terms, claims, rows, found.part, found.over)


def _by_order(terms: Terms, claims: Sequence[Claim], inside: list[int]) -> Allocation:
    chosen = [claims[at] for at in inside]
    amounts, floors, firm = [c.amount for c in chosen], [c.floor for c in chosen], [c.firm for c in chosen]
    found = in_order(amounts, terms.available, terms.partial, floors, firm, [c.order for c in chosen])
    if isinstance(found, tuple):
        return _undecided(terms, claims, Decision("rest", found[1], found[0]))
    rows = _outside(terms, claims)
    for at, approved, rank, why in zip(inside, found.approved, found.ranks, found.why, strict=True):
        claim = claims[at]
        floor = min(claim.floor, claim.amount)
        kept, factor = floor if approved >= floor else 0, fraction(approved, claim.amount)
        rows[at] = Row(claim.claim, claim.amount, approved, terms.share, factor, rank, 0, kept, why)
    return _closed(terms, claims, rows, 0, 0)


def _outside(terms: Terms, claims: Sequence[Claim]) -> list[Row]:
    """Rows of claims that get nothing, before those that are served take theirs."""
    whys = ["beyond" if claim.amount else "nothing" for claim in claims]
    return [
        Row(claim.claim, claim.amount, 0, terms.share, "0", None, 0, 0, why)
        for claim, why in zip(claims, whys, strict=True)
    ]


def _closed(terms: Terms, claims: Sequence[Claim], rows: list[Row], part: int, over: int) -> Allocation:
    account = closed_account(
        terms,
        claims=len(claims),
        requested=sum(claim.amount for claim in claims),
        floors=sum(row.floor for row in rows),
        served=sum(1 for row in rows if row.approved),
        approved=sum(row.approved or 0 for row in rows),
        part=part,
        over=over,
    )
    return Allocation(tuple(rows), account)


def _undecided(terms: Terms, claims: Sequence[Claim], decision: Decision) -> Allocation:
    """No figure for anybody: a part of the pool's claims cannot be settled while another part is open."""
    rows = tuple(Row(claim.claim, claim.amount, None, terms.share, "", None, 0, 0, "decide") for claim in claims)
    requested = sum(claim.amount for claim in claims)
    floors = decision.need if decision.kind == "floors" else 0
    return Allocation(rows, open_account(terms, decision, claims=len(claims), requested=requested, floors=floors))
