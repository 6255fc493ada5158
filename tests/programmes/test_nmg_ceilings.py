"""Ceilings of the notice, and the sample guides and cities under them."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from hypothesis import given, strategies as st
from tests.programmes.nmg import PLATFORM, ask, award, invoices, parcels, plans, programme, services

from jarlig.ladder.kinds import Number
from jarlig.ladder.nodes import Choose, Literal, Node, walk
from jarlig.policy.plans import Plan

#: Rates, lump sums, caps, limits and floors that stand in the notice itself.
NOTICE = {
    ("2a", "rate"): "0.2",
    ("2a", "cap", "regional"): "5000000",
    ("2a", "cap", "industry"): "4000000",
    ("2a", "cap", "enterprise"): "3000000",
    ("2b", "formula"): "5000000",
    ("2c", "limit_1"): "3000000",
    ("10a", "limit_2"): "1000000",
    ("10b", "rate"): "0.2",
    ("10b", "limit_1"): "2000000",
    ("11", "pool"): "20000000",
    ("12b", "floor"): "2000000",
    ("13a", "pool"): "15000000",
    ("17", "rate"): "0.3",
    ("17", "limit_1"): "3000000",
}


def _decimal(node: Node) -> Decimal:
    assert isinstance(node, Literal) and isinstance(node.value, int) and isinstance(node.kind, Number)
    return Decimal(node.value).scaleb(-node.kind.scale)


def _figures(plan: Plan) -> dict[tuple[str, ...], Decimal]:
    """Every literal figure of the notice's list as it stands under a plan."""
    found: dict[tuple[str, ...], Decimal] = {}
    for key in NOTICE:
        node = plan.ladder(key[0]).step(key[1]).node
        if len(key) == 3:
            assert isinstance(node, Choose)
            node = dict(node.table)[key[2]]
        found[key] = _decimal(next(n for n in walk(node) if isinstance(n, Literal)))
    return found


def test_the_notice_alone_has_the_figures_of_its_text() -> None:
    assert _figures(Plan(programme(), None)) == {key: Decimal(text) for key, text in NOTICE.items()}


def test_guides_and_cities_stay_under_every_figure_and_above_the_floor() -> None:
    lowered = 0
    for plan in plans():
        for key, figure in _figures(plan).items():
            most = Decimal(NOTICE[key])
            assert figure >= most if key[1] == "floor" else figure <= most, (plan.guide, plan.places, key)
            lowered += figure != most
    assert lowered > 10, "the samples do lower something"


def test_without_a_guide_only_information_is_open() -> None:
    plan = Plan(programme(), None)
    states = {name: plan.ladder(name).state for name in programme().offers}
    assert {name for name, state in states.items() if state == "open"} == {"19a", "19b", "19c"}
    assert {state for name, state in states.items() if not name.startswith("19")} == {"no_guide"}


def test_terms_wait_for_whom_the_notice_leaves_them_to() -> None:
    ladders = {name: Plan(programme(), None).ladder(name) for name in programme().offers}
    waiting = {name: {term.term for term in ladder.open_terms} for name, ladder in ladders.items() if ladder.open_terms}
    assert waiting == {
        "2a": {"costs_from", "costs_to", "eligible_categories"},
        "2c": {"amount"},
        "3": {"amount"},
        "6": {"pool"},
        "10a": {"amount"},
        "11": {"split"},
        "12a": {"rate", "cap"},
        "12b": {"amount", "cap"},
        "13b": {"rate"},
        "14": {"village_rate"},
        "17": {"costs_from", "costs_to"},
        **{name: waiting[name] for name in ("19a", "19b", "19c")},
    }
    assert {term.filled_by for term in ladders["14"].open_terms} == {"local"}


def test_in_some_years_an_opened_offer_still_waits() -> None:
    waiting = {
        (guide.year, name)
        for guide in programme().guides.values()
        for name in guide.opens or ()
        if any(term.filled_by == "guide" for term in Plan(programme(), guide).ladder(name).open_terms)
    }
    assert waiting == {(2022, "2c"), (2022, "12a"), (2022, "13b"), (2023, "6"), (2024, "3")}


FEN = st.integers(0, 10**11).map(lambda fen: f"{fen // 100}.{fen % 100:02}")


@given(
    nets=st.lists(FEN, max_size=4),
    level=st.sampled_from(["regional", "industry", "enterprise"]),
    on=st.sampled_from(["2022-10-31", "2023-06-15", "2024-06-15"]),
    at=st.sampled_from(["150100", "150200", "150400"]),
    earlier=st.lists(st.tuples(st.sampled_from(["2022-07-01", "2022-08-01"]), FEN), max_size=2),
)
def test_no_award_passes_the_ceiling_of_the_notice(
    nets: list[str], level: str, on: str, at: str, earlier: list[tuple[str, str]]
) -> None:
    paid_on = f"{on[:4]}-08-15" if on < "2023" else f"{on[:4]}-05-15"
    facts: dict[str, Any] = {**PLATFORM, "recognised_on": "2022-07-01", "platform_level": level, "recognised": True}
    facts |= {"investment": invoices(*nets, paid_on=paid_on), "services": services(*nets, paid_on=paid_on)}
    base = sum(int(net.replace(".", "")) for net in nets)
    used = sum(int(approved.replace(".", "")) for _, approved in earlier)
    history = tuple(award("17", day, approved) for day, approved in earlier)
    caps = {"regional": 500_000_000, "industry": 400_000_000, "enterprise": 300_000_000}
    most = {
        "2a": min(caps[level], (base * 20 + 50) // 100),
        "17": min(max(0, 300_000_000 - used), (base * 30 + 50) // 100),
        "10b": min(200_000_000, (base * 20 + 50) // 100),
    }
    for offer, ceiling in most.items():
        answer = ask(offer, facts, on=on, at=at, history=history)
        assert answer.outcome == "award" and answer.amount is not None
        assert 0 <= answer.amount <= ceiling, (offer, answer.amount, ceiling)


@given(st.lists(st.sampled_from(["near", "middle", "far"]), max_size=12), st.sampled_from(["150200", "150400"]))
def test_no_parcel_is_paid_more_than_thirty_fen(bands: list[str], at: str) -> None:
    facts = {"claim_month": "2023-05", "parcels": parcels(*bands, gacha=f"{at[:4]}23102201")}
    answer = ask("14", facts, at=at)
    assert answer.amount is not None and 0 <= answer.amount <= 30 * len(bands)
