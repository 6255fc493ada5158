"""The history of a case: a key is the same however it is spelt, and a slip is told, never silently no award."""

import pytest
from tests.policy.frame import HEAD, Frame, codes

from jarlig.ladder.history import EarlierAward
from jarlig.policy.messages import PolicyError

FIRM = "91350100M000100Y43"
FACTS = """
facts:
  credit: {code: uscc, title: {zh: 代码, en: code}}
  lot: {code: text, or: none, title: {zh: 批次, en: lot}}
  size: {quantity: {unit: kg, decimals: 2}, title: {zh: 数量, en: size}}
  since: {date: {}, title: {zh: 日期, en: day}}
  new: {yes_no: {}, title: {zh: 新, en: new}}
  place: {division: county, title: {zh: 地, en: place}}
"""
OFFER = FACTS + "amount: 100\nlimit: {awards: 1, per: it}\n"
CASE = {"credit": FIRM, "lot": "none", "size": "5", "since": "2024-01-02", "new": True, "place": "990101",
        "claim_month": "2024-05"}  # fmt: skip


def award(**keys):
    return {"offer": "a", "on": "2024-04-01", "guide_year": "2024", "state": "approved", "approved": "100", **keys}


def asked(folder, key, *history, offer=OFFER, others=(), case=CASE):
    return Frame(folder, offer, subject=key, others=others).yuan(case, history=list(history))


def refused(folder, key, *history):
    with pytest.raises(PolicyError) as caught:
        asked(folder, key, *history)
    (problem,) = caught.value.problems
    return problem


@pytest.mark.parametrize(
    ("key", "same", "other"),
    [
        ("credit", FIRM.lower(), "91330100799655058B"),
        ("credit", f" {FIRM} ", "91330100799655058B"),
        ("project_code", " P1 ", "P2"),
        ("lot", "none", "L1"),
        ("size", "5.00", "5.01"),
        ("size", "5.0", "0.5"),
        ("since", "2024-01-02", "2024-01-03"),
        ("new", "true", "false"),
        ("place", "990101", "990102"),
        ("claim_month", "2024-05", "2024-04"),
        ("guide_year", "2024", "2023"),
    ],
)
def test_an_award_to_the_same_subject_counts_however_its_key_is_spelt(tmp_path, key, same, other):
    assert asked(tmp_path / "1", key, award(**{key: same})) == "not_eligible"
    assert asked(tmp_path / "2", key, award(**{key: other})) == "100.00"
    if key != "guide_year":
        assert asked(tmp_path / "3", key, award(**{key: None})) in ("range", "undetermined")


@pytest.mark.parametrize(
    ("key", "text"),
    [("credit", "91350100M000100Y4Z"), ("size", "5,0"), ("since", "soon"), ("new", "yes"), ("place", "99"),
     ("claim_month", "2024-5x"), ("guide_year", "24"), ("project_code", "")],
)  # fmt: skip
def test_a_key_that_is_no_value_of_its_fact_is_refused(tmp_path, key, text):
    told = refused(tmp_path, key, award(**{key: text}))
    assert told.code == "E803" and f"history.1.{key}" in told.en


def test_none_is_a_key_only_of_facts_that_may_be_none(tmp_path):
    assert refused(tmp_path / "1", "since", award(since="none")).code == "E803"
    known = {**CASE, "lot": "L1"}
    assert asked(tmp_path / "2", "lot", award(lot="none"), case=known) == "100.00"


def test_an_award_of_an_offer_that_there_is_not_is_refused(tmp_path):
    told = refused(tmp_path, "credit", award(credit=FIRM), award(offer="A", credit=FIRM))
    assert told.code == "E811" and "“A”" in told.en and "Known: a." in told.hint_en


def test_a_key_of_no_subject_is_refused_with_the_nearest_name(tmp_path):
    told = refused(tmp_path / "1", "credit", award(crdit=FIRM))
    assert told.code == "E801" and "“credit”" in told.hint_en
    assert "“approved”" in refused(tmp_path / "2", "credit", award(credit=FIRM, aproved="5")).hint_en


def test_a_key_is_of_one_kind_in_all_offers(tmp_path):
    def other(kind):
        facts = f"facts: {{credit: {{{kind}, title: {{zh: 号, en: number}}}}}}\namount: 5"
        return HEAD.replace("offer: a", "offer: b") + facts

    assert asked(tmp_path / "1", "credit", award(offer="b", credit=FIRM), others=(other("code: uscc"),)) == "100.00"
    with pytest.raises(PolicyError) as caught:
        asked(tmp_path / "2", "credit", award(offer="b", credit="17"), others=(other("integer: {}"),))
    assert codes(caught.value) == ["E306"]
    assert asked(tmp_path / "3", "lot", award(offer="b", lot="L1"), others=(other("integer: {}"),)) == "100.00"


def test_an_award_whose_offer_is_not_known_may_be_of_any(tmp_path):
    assert asked(tmp_path, "credit", award(offer=None, credit=FIRM.lower())) in ("range", "undetermined")


def test_a_missing_month_is_estimated_against_the_months_of_the_history(tmp_path):
    case = {name: value for name, value in CASE.items() if name != "claim_month"}
    answer = Frame(tmp_path, OFFER, subject="claim_month").ask(case, history=[award(claim_month="2024-04")])
    assert (answer.outcome, answer.low, answer.high) == ("range", 0, 10_000)


def test_the_history_of_one_case_is_read_once_for_all_offers(tmp_path):
    frame = Frame(tmp_path, OFFER, subject="credit", others=(HEAD.replace("offer: a", "offer: b") + OFFER,))
    answers = frame.desk.match({**CASE, "uscc": "U1", "history": [award(credit=FIRM)]}, on=738_673)
    one, other = (answer.typed.values["history"] for answer in answers)
    assert one is other and isinstance(one[0], EarlierAward) and one[0].keys["credit"] == FIRM
