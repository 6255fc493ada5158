"""The answer to one question: outcomes in their order, documents that govern, doubts, and parts of a payment."""

import itertools

import pytest
from hypothesis import given, strategies as st

from jarlig.engines.answer import Desk, claimed_twice, instalments
from jarlig.ladder.numbers import parse_date
from jarlig.ladder.outcome import OUTCOMES, outcome
from jarlig.ladder.steps import Ladder, Words
from jarlig.policy.messages import PolicyError
from jarlig.policy.reading import read_files

FIRM = "91350100M000100Y43"
HASH = "0" * 64
PROGRAMME = """
programme: small
title: {zh: 小方案, en: small}
document: {number: 试1号, title: {zh: 试, en: trial}, issued_by: {zh: 厅, en: office}, issued_on: 2022-06-06}
valid: {from: 2022-06-06, to: 2025-06-05}
region: "150000"
bodies: {office: {zh: 厅, en: office}}
subjects: {enterprise: uscc}
facts:
  uscc: {code: uscc, title: {zh: 代码, en: code}}
closing:
  - {rule: iii, says: {zh: 均为上限, en: upper limits}, cites: "9", effect: upper_limits}
"""
CLAUSES = f"""
clauses:
  "1": {{label: {{zh: 一, en: one}}, summary: {{zh: 甲, en: a}}, paragraph: 1, sha256: {HASH}, encoded: offer}}
  "9": {{label: {{zh: 九, en: nine}}, summary: {{zh: 癸, en: z}}, paragraph: 2, sha256: {HASH}, encoded: rule}}
"""
HEAD = '  title: {zh: 事项, en: offer}\n  cites: "1"\n  to: enterprise\n'
SPENT = (
    "  facts: {spent: {money: {}, title: {zh: 投入, en: spent}}, built: {yes_no: {}, title: {zh: 新建, en: built}}}\n"
)
MEASURES = (
    f"- offer: share\n{HEAD}{SPENT}  when: [built]\n  rate: 20%\n  of: spent\n  cap: 100\n"
    f"- offer: later\n{HEAD}{SPENT}  when: [built]\n  amount: {{open: money}}\n"
    f"- offer: shut\n{HEAD}  amount: 5\n"
    f"- offer: weighed\n{HEAD}  amount: {{decide: money, from: 10, to: 30}}\n"
    f"- offer: kept\n{HEAD}  amount: 300\n  floor: 200\n"
    "  limit: [{awards: 5, over: validity}, {amount: 400, per: enterprise, over: validity}]\n"
    f"- offer: parts\n{HEAD}  amount: 100.01\n"
    "  pay: [{title: {zh: 首期, en: first}, share: 33.3%}, {title: {zh: 末期, en: last}}]\n"
)
GUIDE = """
guide: 2023
title: {zh: 指南, en: guide}
sample: true
applications: {from: 2023-03-01, to: 2023-10-31}
opens: [share, later, weighed, kept, parts]
windows: {parts: {from: 2023-04-01, to: 2023-04-30}}
"""
IN_WINDOW = "2023-06-01"


def desk(guide: str = GUIDE) -> Desk:
    files = {
        "programme.yaml": PROGRAMME,
        "clauses.yaml": CLAUSES,
        "measures/m.yaml": MEASURES,
        "guides/2023.yaml": guide,
    }
    return Desk(read_files({name: text.encode() for name, text in files.items()}))


def ask(offer: str, on: str = IN_WINDOW, guide: int | None = None, rules: str = GUIDE, **facts):
    return desk(rules).determine(offer, {"uscc": FIRM, "history": [], **facts}, on=parse_date(on), guide=guide)


@pytest.mark.parametrize("flags", list(itertools.product([False, True], repeat=7)))
def test_the_first_outcome_that_applies_wins(flags):
    names = ("lapsed", "closed", "refused", "awaiting", "unknown", "bounded", "doubtful")
    given_ = dict(zip(names, flags, strict=True))
    found = outcome(**given_)
    order = [
        (given_["lapsed"], "lapsed"),
        (given_["closed"], "closed"),
        (given_["refused"], "not_eligible"),
        (given_["awaiting"], "awaiting_guide"),
        (given_["unknown"] and not given_["bounded"], "undetermined"),
        (given_["unknown"], "range"),
        (given_["doubtful"], "needs_decision"),
        (True, "award"),
    ]
    assert found == next(name for holds, name in order if holds)
    assert found in OUTCOMES


def test_an_award_has_its_amounts_and_the_sample_mark_of_its_guide():
    answer = ask("share", spent="499.98", built=True)
    assert (answer.outcome, answer.formula_amount, answer.amount) == ("award", 10_000, 10_000)
    assert answer.samples == ("guide:2023",)
    assert ask("share", spent="600", built=True).formula_amount == 12_000


@pytest.mark.parametrize(
    ("on", "found"),
    [
        ("2022-06-05", "lapsed"),
        ("2025-06-05", "awaiting_guide"),
        ("2025-06-06", "lapsed"),
        ("2023-02-28", "closed"),
        ("2023-03-01", "award"),
        ("2023-10-31", "award"),
        ("2023-11-01", "closed"),
        ("2024-05-01", "awaiting_guide"),
    ],
)
def test_validity_and_window_turn_on_their_first_and_last_day(on, found):
    assert ask("share", on, spent="1", built=True).outcome == found


def test_an_offer_may_have_a_window_of_its_own():
    assert ask("parts", "2023-04-30").outcome == "award"
    assert ask("parts", "2023-05-01").outcome == "closed"


def test_a_guide_asked_for_by_its_year_is_a_question_what_if():
    answer = ask("share", "2024-05-01", guide=2023, spent="1", built=True)
    assert answer.outcome == "award" and answer.question.what_if
    assert ask("share", "2026-01-01", guide=2023, spent="1", built=True).outcome == "lapsed"


def test_a_false_condition_stands_before_an_open_term_and_after_a_closed_offer():
    assert ask("later", built=False).outcome == "not_eligible"
    answer = ask("later", built=True)
    assert answer.outcome == "awaiting_guide" and [term.term for term in answer.open_terms] == ["amount"]
    assert ask("shut").outcome == "closed"


def test_a_false_condition_refuses_whatever_else_is_unknown():
    answer = ask("share", built=False)
    assert answer.outcome == "not_eligible" and [step.key for step in answer.refused] == ["when.1"]


def test_a_person_decides_inside_the_bounds_and_then_there_is_an_amount():
    answer = ask("weighed")
    assert (answer.outcome, answer.amount, answer.low, answer.high) == ("needs_decision", None, 1_000, 3_000)
    assert ask("weighed", decisions={"amount": "20"}).amount == 2_000
    with pytest.raises(PolicyError):
        ask("weighed", decisions={"amount": "30.01"})


def award(amount: str) -> dict:
    return {
        "offer": "kept",
        "uscc": FIRM,
        "on": "2023-04-01",
        "guide_year": 2023,
        "state": "approved",
        "approved": amount,
        "recovered": "0",
    }


@pytest.mark.parametrize(
    ("before", "found", "amount"), [("199", "award", 20_100), ("200", "award", 20_000), ("201", "needs_decision", None)]
)
def test_what_is_left_of_a_limit_below_the_floor_is_a_question_for_a_person(before, found, amount):
    answer = ask("kept", history=[award(before)])
    assert (answer.outcome, answer.amount) == (found, amount)


@pytest.mark.parametrize(("pool", "found"), [("999.99", "needs_decision"), ("1000", "award")])
def test_a_pool_too_small_for_its_floors_names_both_clauses(pool, found):
    rules = GUIDE + f"pools: {{circles: {{offers: [kept], amount: {pool}, share: pro_rata}}}}\n"
    answer = ask("kept", rules=rules)
    assert answer.outcome == found
    if found == "needs_decision":
        assert {cite.ref for cite in answer.doubts[0].cites} >= {"1", "9"}


LOCAL = """
local: north
title: {zh: 北市细则, en: rules of the north}
at: "150200"
valid: {from: 2023-01-01, to: 2023-12-31}
fill: {near: {each: 0.2}}
"""
PLACED = PROGRAMME.replace('region: "150000"', 'region: "150000"\napplied_at: seat').replace(
    "facts:\n", "facts:\n  seat: {division: county, title: {zh: 所在地, en: seat}}\n"
)
PIECES = "  facts: {n: {integer: {}, title: {zh: 件, en: pieces}}}\n"
NEAR = f"- offer: near\n{HEAD}{PIECES}  each: {{open: unit_rate, at_most: 0.3, filled_by: local}}\n  count: n\n"


def placed(**facts):
    files = {
        "programme.yaml": PLACED,
        "clauses.yaml": CLAUSES,
        "measures/m.yaml": NEAR,
        "local/n.yaml": LOCAL,
        "guides/2023.yaml": GUIDE.replace("share, later, weighed, kept, parts", "near").split("windows")[0],
    }
    at = facts.pop("at", "")
    found = Desk(read_files({name: text.encode() for name, text in files.items()}))
    return found.determine("near", {"n": "10", **facts}, on=parse_date(IN_WINDOW), at=at)


def test_without_a_place_of_application_the_rules_of_the_seat_apply():
    assert placed(seat="150221").amount == 200 and placed(seat="150221").question.at == "150221"
    assert placed(at="150200").amount == 200


def test_a_place_given_stands_before_the_seat():
    answer = placed(seat="150221", at="150400")
    assert answer.outcome == "awaiting_guide" and answer.question.at == "150400"


def test_while_the_place_is_not_known_it_is_what_is_missing_and_no_guide_is_awaited():
    answer = placed()
    assert (answer.outcome, answer.low, answer.high) == ("range", 0, 300)
    assert answer.missing[0].key == "at"


def test_a_quota_is_told_as_a_condition_and_never_refuses():
    assert [condition.name for condition in ask("kept").conditions] == ["quota_1"]


def test_missing_history_is_a_range_and_an_empty_one_asserts_none():
    whole = desk().determine("kept", {"uscc": FIRM}, on=parse_date(IN_WINDOW))
    assert whole.outcome == "range" and whole.high == 30_000
    assert ask("kept").amount == 30_000


def test_the_last_part_of_a_payment_takes_the_rest():
    answer = ask("parts", "2023-04-15")
    assert [amount for _, amount in answer.payments] == [3_330, 6_671]


@given(st.integers(0, 10**12), st.lists(st.integers(0, 300_000), min_size=0, max_size=3))
def test_parts_of_a_payment_always_add_up_to_the_award(amount, shares):
    ladder = Ladder(
        "x", "award", (), (), "formula", "award", pay=(*((Words("", ""), s, 6) for s in shares), (Words("", ""), 0, 0))
    )
    parts = [part for _, part in instalments(ladder, amount)]
    assert sum(parts) == amount and all(part >= 0 for part in parts)


def test_a_match_answers_every_offer_in_the_order_of_the_programme():
    answers = desk().match({"uscc": FIRM, "history": [], "spent": "10", "built": True}, on=parse_date(IN_WINDOW))
    assert [(a.question.offer, a.outcome) for a in answers] == [
        ("share", "award"),
        ("later", "awaiting_guide"),
        ("shut", "closed"),
        ("weighed", "needs_decision"),
        ("kept", "award"),
        ("parts", "closed"),
    ]


@pytest.mark.parametrize(("offer", "guide", "code"), [("nothing", None, "E811"), ("share", 2031, "E812")])
def test_an_unknown_offer_or_guide_is_told_with_what_there_is(offer, guide, code):
    with pytest.raises(PolicyError) as caught:
        ask(offer, guide=guide)
    assert caught.value.problems[0].code == code


def test_rows_told_as_one_figure_give_a_range_beside_missing_conditions():
    lines = "{rows: {most: 9}, title: {zh: 明细, en: lines}, columns: {net: {money: {}}}}"
    built = "{yes_no: {}, title: {zh: 新建, en: built}}"
    facts = f"  facts: {{lines: {lines}, built: {built}}}\n"
    offer = f"- offer: rows\n{HEAD}{facts}  when: [built]\n  rate: 20%\n  of: {{sum: net, over: lines}}\n"
    files = {
        "programme.yaml": PROGRAMME,
        "clauses.yaml": CLAUSES,
        "measures/m.yaml": offer,
        "guides/2023.yaml": GUIDE.replace("share, later, weighed, kept, parts", "rows").split("windows")[0],
    }
    ask_rows = Desk(read_files({name: text.encode() for name, text in files.items()}))
    answer = ask_rows.determine("rows", {"lines": {"about": "1000"}}, on=parse_date(IN_WINDOW))
    assert (answer.outcome, answer.low, answer.high) == ("range", 0, 20_000)
    known = ask_rows.determine("rows", {"lines": {"about": "1000"}, "built": True}, on=parse_date(IN_WINDOW))
    assert (known.outcome, known.low, known.high) == ("range", 20_000, 20_000)


@pytest.mark.parametrize(("named", "twice"), [({}, (("lines", ("one", "two")),)), ({"for": "one"}, ())])
def test_rows_that_name_no_offer_are_told_when_two_offers_count_them(named, twice):
    lines = "{rows: {most: 9}, title: {zh: 明细, en: lines}, columns: {net: {money: {}}}}"
    offers = "".join(
        f"- offer: {name}\n{HEAD}  facts: {{lines: {lines}}}\n  rate: 20%\n  of: {{sum: net, over: lines}}\n"
        for name in ("one", "two")
    )
    guide = GUIDE.replace("share, later, weighed, kept, parts", "one, two").split("windows")[0]
    files = {"programme.yaml": PROGRAMME, "clauses.yaml": CLAUSES, "measures/m.yaml": offers, "guides/2023.yaml": guide}
    both = Desk(read_files({name: text.encode() for name, text in files.items()}))
    answers = both.match({"lines": [{"net": "100", **named}]}, on=parse_date(IN_WINDOW))
    found = claimed_twice(answers)
    assert tuple((name, tuple(a.question.offer for a in told)) for name, told in found) == twice


INVOICES = "{rows: {most: 9, key: no%s}, title: {zh: 明细, en: lines}, columns: {no: {code: text}, net: {money: {}}}}"


def two_offers(facts, names=("lines", "lines"), once="", built=True):
    """The answers of two offers that each pay a share of a list of invoices, the second under a condition."""
    kind = INVOICES % once
    offers = "".join(
        f"- offer: {offer}\n{HEAD}  facts: {{{name}: {kind}, built: {{yes_no: {{}}, title: {{zh: 新, en: new}}}}}}\n"
        f"  when: [{gate}]\n  rate: 20%\n  of: {{sum: net, over: {name}}}\n"
        for offer, name, gate in zip(("one", "two"), names, ("built or not built", "built"), strict=True)
    )
    guide = GUIDE.replace("share, later, weighed, kept, parts", "one, two").split("windows")[0]
    files = {"programme.yaml": PROGRAMME, "clauses.yaml": CLAUSES, "measures/m.yaml": offers, "guides/2023.yaml": guide}
    both = Desk(read_files({name: text.encode() for name, text in files.items()}))
    return both.match({"built": built, **facts}, on=parse_date(IN_WINDOW))


ONE, TWO = {"no": "7", "net": "100"}, {"no": "8", "net": "100"}


def test_one_invoice_under_the_ids_of_two_offers_is_refused_with_both_lines():
    with pytest.raises(PolicyError) as caught:
        two_offers({"one": {"lines": [ONE]}, "two": {"lines": [TWO, ONE]}})
    (problem,) = caught.value.problems
    assert problem.code == "E810"
    assert "“two.lines” line 2 claims under two what line 1 claims under one (7)" in problem.en


def test_one_invoice_in_a_shared_list_and_under_an_offer_s_id_is_refused():
    with pytest.raises(PolicyError, match="E810"):
        two_offers({"lines": [ONE], "two": {"lines": [ONE]}})


def test_invoices_of_two_offers_that_differ_are_both_paid():
    answers = two_offers({"one": {"lines": [ONE]}, "two": {"lines": [TWO]}})
    assert [answer.amount for answer in answers] == [2_000, 2_000]
    unknown = {**ONE, "no": None}
    assert [a.amount for a in two_offers({"one": {"lines": [unknown]}, "two": {"lines": [unknown]}})] == [2_000, 2_000]


def test_an_invoice_of_an_offer_that_is_refused_may_serve_the_other():
    answers = two_offers({"one": {"lines": [ONE]}, "two": {"lines": [ONE]}}, built=False)
    assert [answer.outcome for answer in answers] == ["award", "not_eligible"]


@pytest.mark.parametrize(("once", "kept"), [("", False), (", key_once: offer", False), (", key_once: ever", True)])
def test_a_key_that_serves_once_ever_serves_one_list_whatever_their_names(once, kept):
    facts = {"lines": [ONE], "costs": [ONE]}
    if kept:
        with pytest.raises(PolicyError, match="E810"):
            two_offers(facts, ("lines", "costs"), once)
    else:
        assert [answer.amount for answer in two_offers(facts, ("lines", "costs"), once)] == [2_000, 2_000]


@pytest.mark.parametrize("at", ["garbage", "1502", "15010", "050102", "1501020001", "１５０１０２"])
def test_a_place_that_is_no_code_is_refused(at):
    with pytest.raises(PolicyError, match="E416"):
        desk().determine("share", {"spent": "1", "built": True}, on=parse_date(IN_WINDOW), at=at)


@pytest.mark.parametrize(
    ("at", "said"),
    [
        ("999999", "no province-level division begins with 99; codes of Inner Mongolia begin with 15"),
        ("250102", "near it: 150102 (Xincheng District)"),
        ("151999", "near it: 152200 (Hinggan League)"),
    ],
)
def test_a_place_that_there_is_not_is_told_with_the_nearest_codes(at, said):
    with pytest.raises(PolicyError) as caught:
        desk().determine("share", {"spent": "1", "built": True}, on=parse_date(IN_WINDOW), at=at)
    assert said in caught.value.problems[0].en


@pytest.mark.parametrize("at", ["", "150102", "150102001", "150102001001"])
def test_a_place_may_be_given_to_the_county_the_township_or_the_village(at):
    answer = desk().determine("share", {"spent": "1", "built": True}, on=parse_date(IN_WINDOW), at=at)
    assert answer.outcome == "award"
