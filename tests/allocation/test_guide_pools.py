"""The keys of a guide's pool: what each says, how an answer tells it, and every way to write it wrongly."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.policy.frame import HEAD, Frame, codes

from jarlig.allocation.model import Quota
from jarlig.allocation.terms import Guided
from jarlig.ladder.steps import Cite
from jarlig.policy.messages import PolicyError

FACTS = """\
facts:
  score: {quantity: {unit: point, decimals: 1, most: 100}, title: {zh: 评分, en: score}}
  size: {integer: {}, title: {zh: 规模, en: size}}
  cost: {money: {}, title: {zh: 费用, en: cost}}
  since: {date: {}, title: {zh: 起, en: since}}
"""
OFFER = FACTS + "amount: 100\n"
OTHER = HEAD.replace("offer: a", "offer: b") + "amount: 90\n"


def pool(folder: Path, text: str, offer: str = OFFER, **more: object) -> Frame:
    """A programme whose guide has the pool ``p`` of offer a with these keys."""
    guide = f"pools: {{p: {{offers: [a], amount: 1_000, {text}}}}}\n"
    return Frame(folder, offer, guide=guide, **more)  # type: ignore[arg-type]


def says(frame: Frame, lang: str) -> str:
    return next(c.says[lang] for c in frame.ask({}).ladder.conditions if c.name == "pool_p")


def refused(folder: Path, text: str, code: str, offer: str = OFFER) -> str:
    """The English sentence of the one problem of a pool."""
    with pytest.raises(PolicyError) as caught:
        pool(folder, text, offer).ask({})
    assert codes(caught.value) == [code]
    return caught.value.problems[0].en


@pytest.mark.parametrize(
    ("text", "zh", "en"),
    [
        (
            "share: pro_rata",
            "资金池 1,000 元，不足时按比例核减",
            "pool of CNY 1,000, reduced pro rata when requests exceed it",
        ),
        (
            "share: ranking, by: score",
            "资金池 1,000 元，不足时按排序支持（评分高者优先）",
            "pool of CNY 1,000, served by rank (highest score first) when requests exceed it",
        ),
        (
            "share: ranking, by: [score, amount], first: lowest, most: 3, partial: drop",
            "资金池 1,000 元，最多 3 个，不足时按排序支持（评分、测算金额低者优先），余额不足全额的不予支持",
            "pool of CNY 1,000 for at most 3 awards, served by rank (lowest score, then capped amount first) when "
            "requests exceed it; a claim that the rest does not cover gets nothing",
        ),
        (
            "share: pro_rata, floor: 50.5",
            "资金池 1,000 元，不足时按比例核减，核减后不低于 50.5 元",
            "pool of CNY 1,000, reduced pro rata when requests exceed it; none is scaled below CNY 50.5",
        ),
        (
            "share: first_come",
            "资金池 1,000 元，不足时先到先得",
            "pool of CNY 1,000, first come, first served when requests exceed it",
        ),
    ],
)
def test_an_answer_tells_how_its_pool_is_shared(tmp_path: Path, text: str, zh: str, en: str) -> None:
    frame = pool(tmp_path, text)
    assert (says(frame, "zh"), says(frame, "en")) == (zh, en)


def test_fen_of_a_pool_are_told(tmp_path: Path) -> None:
    frame = Frame(tmp_path, OFFER, guide="pools: {p: {offers: [a], amount: 1_000.05, share: pro_rata}}\n")
    assert says(frame, "en").startswith("pool of CNY 1,000.05, ")


def test_a_pool_says_nothing_more_than_it_is_told(tmp_path: Path) -> None:
    found = pool(tmp_path, "share: ranking").programme.guides[2024].pools["p"]
    assert (found.by, found.first, found.most, found.partial, found.ties, found.floor, found.carry_over) == (
        (), "highest", None, "cut", (), 0, 0,
    )  # fmt: skip


@pytest.mark.parametrize(
    "text",
    [
        "share: first_come, by: score",
        "share: ranking, first: lowest",
        "share: pro_rata, partial: cut",
        "share: pro_rata, partial: drop",
    ],
)
def test_a_key_that_would_say_nothing_is_refused(tmp_path: Path, text: str) -> None:
    assert "has nothing to say here" in refused(tmp_path, text, "E841")


def test_places_in_a_pool_shared_pro_rata_need_an_order(tmp_path: Path) -> None:
    assert "no order to fill it in" in refused(tmp_path / "a", "share: pro_rata, most: 5", "E842")
    for number, order in enumerate(("by: score", "ties: [on, case]", "ties: case")):
        assert pool(tmp_path / str(number), f"share: pro_rata, most: 5, {order}").yuan({}) == "100.00"


@pytest.mark.parametrize("name", ["scores", "since"])
def test_claims_are_ranked_by_a_number_of_every_offer_and_nothing_else(tmp_path: Path, name: str) -> None:
    assert f"“{name}” is no number of offer a" in refused(tmp_path, f"share: ranking, by: {name}", "E843")


def test_a_number_of_one_offer_cannot_rank_the_other(tmp_path: Path) -> None:
    guide = "pools: {p: {offers: [a, b], amount: 1_000, share: ranking, by: score}}\n"
    frame = Frame(tmp_path, OFFER, guide=guide, others=(OTHER,))
    assert frame.yuan({}) == "100.00"
    with pytest.raises(PolicyError) as caught:
        frame.ask({}, offer="b")
    assert codes(caught.value) == ["E843"]


def test_an_offer_draws_on_one_pool(tmp_path: Path) -> None:
    guide = "pools:\n  p: {offers: [a], amount: 1, share: pro_rata}\n  q: {offers: [a], amount: 1, share: pro_rata}\n"
    with pytest.raises(PolicyError) as caught:
        Frame(tmp_path, OFFER, guide=guide)
    assert codes(caught.value) == ["E840"]
    assert "“p” and “q”" in caught.value.problems[0].en


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("share: pro_rata, floor: -1", "E606"),
        ("share: pro_rata, floor: 1.005", "E205"),
        ("share: pro_rata, carry_over: -1%", "E606"),
        ("share: pro_rata, carry_over: 101%", "E702"),
        ("share: pro_rata, carry_over: all", "E205"),
        ("share: pro_rata, carry_over: 0.1234567", "E503"),
        ("share: ranking, most: 0", "E205"),
        ("share: ranking, partial: half", "E204"),
        ("share: ranking, ties: [size]", "E204"),
        ("share: lottery", "E204"),
    ],
)
def test_a_value_that_a_key_cannot_have_is_refused(tmp_path: Path, text: str, code: str) -> None:
    refused(tmp_path, text, code)


def test_a_pool_below_zero_is_refused(tmp_path: Path) -> None:
    with pytest.raises(PolicyError) as caught:
        Frame(tmp_path, OFFER, guide="pools: {p: {offers: [a], amount: -5, share: pro_rata}}\n")
    assert codes(caught.value) == ["E606"]


@pytest.mark.parametrize(
    ("most", "limit", "outcome"),
    [("", "", "award"), ("most: 3, ", "", "needs_decision"), ("most: 2, ", "", "award"),
     ("most: 2, ", "limit: {awards: 9}\n", "award"), ("most: 9, ", "limit: {awards: 3}\n", "needs_decision")],
)  # fmt: skip
def test_a_pool_is_too_small_for_its_floors_when_as_many_as_it_has_places_do_not_fit(
    tmp_path: Path, most: str, limit: str, outcome: str
) -> None:
    offer = f"{FACTS}amount: 500\nfloor: 400\n{limit}"
    assert pool(tmp_path, f"{most}share: ranking, by: score", offer).ask({}).outcome == outcome


# terms


def guided(frame: Frame, year: int = 2024, **more: object) -> Guided:
    return Guided(frame.programme, year, **more)  # type: ignore[arg-type]


def test_what_the_guide_says_is_what_is_applied(tmp_path: Path) -> None:
    frame = pool(tmp_path, "share: ranking, by: [size, score], most: 4, partial: drop, carry_over: 12.5%")
    plan = guided(frame).pools["p"]
    assert (plan.terms.size, plan.terms.share, plan.terms.partial) == (100_000, "ranking", "drop")
    assert (plan.terms.quotas, plan.terms.carry_over) == ((Quota(4),), 125_000)
    assert plan.pool.by == ("size", "score")
    assert plan.cite == Cite("guide:2024", "", True)


def test_limits_without_a_subject_or_by_a_number_are_places_and_others_are_not(tmp_path: Path) -> None:
    limits = """\
limit:
  - {awards: 5, over: guide_year}
  - {awards: 1, per: project}
  - {awards: 2, per: enterprise, by: score, over: guide_year, cites: "1"}
  - {years: 3, per: enterprise}
"""
    plan = guided(pool(tmp_path, "share: pro_rata", OFFER + limits)).pools["p"]
    found = [(place.quota, place.per, place.by, place.offer) for place in plan.places]
    assert found == [(Quota(5, False), (), "", "a"), (Quota(2), ("uscc",), "score", "a")]


def test_a_guide_that_lowers_a_quota_has_fewer_places(tmp_path: Path) -> None:
    lowered = "lower: {a: {awards: 2}}\n"
    guide = "pools: {p: {offers: [a], amount: 1_000, share: first_come}}\n" + lowered
    frame = Frame(tmp_path, OFFER + "limit: {awards: 5, over: guide_year}\n", guide=guide)
    assert guided(frame).pools["p"].terms.quotas == (Quota(2),)


LASTING = OFFER + "limit: {awards: 5, over: %s}\n"


@pytest.mark.parametrize(
    ("over", "asks"),
    [("validity", True), ("ever", True), ("rolling 24 months", True), ("guide_year", False), ("calendar_year", False)],
)
def test_a_quota_over_several_years_needs_the_awards_made_before(tmp_path: Path, over: str, asks: bool) -> None:
    frame = pool(tmp_path, "share: first_come", LASTING % over, years=(2024, 2025))
    first, second = (guided(frame, year).pools["p"].places[0] for year in (2024, 2025))
    assert first.lacks is None
    assert (second.lacks is not None and second.lacks.code) == ("E855" if asks else False)
    told = guided(frame, 2025, taken={"a": 3}).pools["p"].places[0]
    assert (told.lacks, told.quota.most) == (None, 2)
    assert guided(frame, 2025, taken={"a": 9}).pools["p"].places[0].quota.most == 0


def test_a_quota_shared_by_offers_of_two_pools_is_refused(tmp_path: Path) -> None:
    guide = """\
pools:
  p: {offers: [a], amount: 1_000, share: first_come}
  q: {offers: [b], amount: 1_000, share: first_come}
"""
    frame = Frame(tmp_path, OFFER + "limit: {awards: 5, across: [a, b]}\n", guide=guide, others=(OTHER,))
    with pytest.raises(PolicyError) as caught:
        guided(frame)
    assert codes(caught.value) == ["E859"]
    assert "a, b share one quota but draw on the pools p, q" in caught.value.problems[0].en


FLOORS = [
    ("floor: 80", (8_000, True)),
    ("floor: {amount: 80, when_it_cannot_be_kept: scale}", (8_000, False)),
    ("floor: {amount: 80, in_scaling: scale}", None),
    ("floor: {share: 50%, of: cost}", (None, True)),
]


@pytest.mark.parametrize(("floor", "kept"), FLOORS)
def test_a_floor_is_kept_as_it_says_itself(tmp_path: Path, floor: str, kept: tuple[int | None, bool] | None) -> None:
    plan = guided(pool(tmp_path, "share: pro_rata", f"{OFFER}{floor}\n")).pools["p"]
    found = plan.floors.get("a")
    assert (found and (found.fen, found.firm)) == kept


def test_a_floor_that_the_guide_raised_is_kept_and_both_are_named(tmp_path: Path) -> None:
    guide = "pools: {p: {offers: [a], amount: 1_000, share: pro_rata, floor: 5}}\nraise: {a: {floor: 90}}\n"
    plan = guided(Frame(tmp_path, OFFER + "floor: 80\n", guide=guide)).pools["p"]
    assert plan.floors["a"].fen == 9_000
    assert plan.floor_cites(["a"]) == (Cite("notice", "1"), Cite("guide:2024", "", True))


def carried(folder: Path, before: str, fen: int, years: tuple[int, ...] = (2024, 2025)) -> PolicyError | int:
    """What is carried into the pool of 2025 when the pool of 2024 has these keys, or why it cannot be."""
    frame = pool(folder, f"share: pro_rata{before}", years=years)
    try:
        return guided(frame, 2025, carried_in={"p": fen}).pools["p"].terms.carried_in
    except PolicyError as error:
        return error


def test_what_the_guide_lets_stay_is_carried_into_next_years_pool(tmp_path: Path) -> None:
    assert carried(tmp_path / "a", ", carry_over: 30%", 30_000) == 30_000
    assert carried(tmp_path / "b", "", 0) == 0
    wrong = [
        (", carry_over: 30%", 30_001, (2024, 2025), "allows 300.00"),
        ("", 1, (2024, 2025), "lets nothing stay"),
        (", carry_over: 30%", 1, (2025,), "no guide of 2024"),
    ]
    for number, (before, fen, years, said) in enumerate(wrong):
        error = carried(tmp_path / str(number), before, fen, years)
        assert isinstance(error, PolicyError)
        assert codes(error) == ["E851"]
        assert said in error.problems[0].en


def test_a_pool_that_the_guide_does_not_have_is_named_with_the_nearest(tmp_path: Path) -> None:
    frame = pool(tmp_path, "share: pro_rata")
    for more in ({"only": "pp"}, {"carried_in": {"pp": 5}}):
        with pytest.raises(PolicyError) as caught:
            guided(frame, **more)
        assert codes(caught.value) == ["E845"]
        assert "Did you mean “p”?" in caught.value.problems[0].hint_en
    assert list(guided(frame, only="p").pools) == ["p"]
    with pytest.raises(PolicyError) as caught:
        guided(frame, 2030)
    assert codes(caught.value) == ["E812"]
