"""Receipts: self-contained, the same bytes every time, and every change is found and named."""

import json
from copy import deepcopy
from dataclasses import replace

import pytest
from hypothesis import given, settings, strategies as st
from tests.words.lamps import RENEW, answers, ask, desk, programme, without

import jarlig
from jarlig.ladder.steps import Words
from jarlig.policy.messages import Place, PolicyError, problem
from jarlig.words.canonical import canonical, canonical_facts, digest, ladder_hash
from jarlig.words.receipts import make, verify
from jarlig.words.report import as_json

DECIDED = ("award", "not_eligible", "needs_decision", "closed", "lapsed", "what_if", "information", "awaiting_guide")


def find(name):
    return programme() if name == "lamps" else None


def told(verification):
    return " ".join(found.en for found in verification.problems)


def sealed(receipt):
    """The receipt with its hashes made anew, as a careful forger would."""
    receipt = {name: value for name, value in receipt.items() if name != "hash"}
    receipt["facts_hash"] = digest(canonical(receipt["facts"]))
    return {**receipt, "hash": digest(canonical(receipt))}


def changed(path, value, seal=False):
    receipt = deepcopy(make(answers()["award"]))
    target = receipt
    for key in path[:-1]:
        target = target[key]
    target[path[-1]] = value
    return sealed(receipt) if seal else receipt


@pytest.fixture(autouse=True)
def exact_only(monkeypatch):
    """No case here needs an estimate but those of an open guide, which the desk of the fixture gives."""
    monkeypatch.setattr("jarlig.words.receipts.Desk", lambda programme: desk())


@pytest.mark.parametrize("name", DECIDED)
def test_every_answer_is_computed_again_from_its_receipt(name):
    receipt = make(answers()[name])
    assert verify(receipt, find).ok
    assert verify(json.dumps(receipt, indent=2).encode(), find) == verify(receipt, find)


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("name", DECIDED)
def test_a_report_with_its_receipt_is_checked_as_one(name, lang):
    answer = answers()[name]
    report = as_json(answer, lang, make(answer))
    assert verify(json.dumps(report, ensure_ascii=False).encode(), find).ok


def test_a_receipt_holds_all_it_needs():
    receipt = make(answers()["award"])
    assert receipt["facts"]["history"][0]["approved"] == "500000.00" and receipt["facts"]["on_list"] == "false"
    assert set(receipt["programme"]["files"]) == {
        "clauses.yaml", "guides/2023.yaml", "measures/01.yaml", "programme.yaml"}  # fmt: skip
    assert receipt["programme"]["local"] is None and receipt["question"]["guide"] == "2023"
    assert receipt["answer"]["amount"] == "100000.00" and receipt["engine"]["version"] == jarlig.__version__
    assert make(answers()["lapsed"])["programme"]["guide"] is None


def test_the_same_question_gives_the_same_bytes():
    first, second = canonical(make(ask("renew"))), canonical(make(ask("renew", dict(reversed(RENEW.items())))))
    assert first == second


@given(st.permutations(sorted(RENEW)), st.integers(0, 10**9))
@settings(max_examples=40)
def test_a_receipt_depends_on_the_facts_and_not_on_their_order(order, fen):
    row = {"invoice_no": "1", "net": f"{fen // 100}.{fen % 100:02d}", "category": "lamp", "paid_on": "2022-07-01"}
    facts = {**RENEW, "costs": [row]}
    one, other = make(ask("renew", facts)), make(ask("renew", {name: facts[name] for name in order}))
    assert canonical(one) == canonical(other)
    assert one["facts_hash"] != make(ask("renew"))["facts_hash"]
    assert verify(one, find).ok


def test_another_fact_question_or_rule_is_another_receipt():
    base = make(ask("renew"))["hash"]
    others = [ask("renew", without(grade="town")), ask("renew", on="2023-06-02"), ask("renew", at=""),
              ask("model", {"score": "1"})]  # fmt: skip
    assert len({base, *(make(answer)["hash"] for answer in others)}) == 5


def test_tampered_facts_are_told():
    found = verify(changed(["facts", "grade"], "town"), find)
    assert not found.ok and "the facts inside the receipt were changed" in told(found)


def test_facts_changed_with_their_hashes_give_other_figures():
    found = verify(changed(["facts", "history"], [], seal=True), find)
    assert not found.ok
    assert "the amount differs: the receipt has 100000.00, computed again it is 250000.00" in told(found)


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("amount", "100000.01", "the amount differs: the receipt has 100000.01, computed again it is 100000.00"),
        ("formula_amount", None, "the amount by formula differs: the receipt has none"),
        ("outcome", "range", "the answer differs: the receipt has Range, computed again it is Determined"),
        ("low", "0.00", "the lowest amount differs"),
    ],
)
def test_a_changed_figure_is_named(name, value, words):
    found = verify(changed(["answer", name], value, seal=True), find)
    assert not found.ok and words in told(found)
    assert "the receipt was changed" in told(verify(changed(["answer", name], value), find))


def test_changed_steps_are_told_even_when_the_figures_agree():
    assert "values of the steps" in told(verify(changed(["answer", "steps"], "0" * 64, seal=True), find))


@pytest.mark.parametrize("name", ["measures/01.yaml", "guides/2023.yaml", "clauses.yaml"])
def test_the_rule_file_that_changed_is_named(name, monkeypatch):
    receipt = make(answers()["award"])
    files = {**programme().files, name: programme().files[name] + b"# a remark\n"}
    later = replace(programme(), files=files)
    again = replace(answers()["award"], plan=replace(answers()["award"].plan, programme=later))
    monkeypatch.setattr("jarlig.words.receipts._again", lambda *args: again)
    found = verify(receipt, find)
    assert told(found) == f"the rule file {name} is not what it was"
    assert name in found.problems[0].zh


def test_a_file_that_came_or_went_is_named():
    files = dict(make(answers()["award"])["programme"]["files"])
    del files["clauses.yaml"]
    found = verify(changed(["programme", "files"], {**files, "local/x.yaml": "0"}, seal=True), find)
    assert "clauses.yaml governs now" in told(found) and "local/x.yaml that governed then is gone" in told(found)


def test_another_guide_than_then_is_told():
    named = changed(["question", "what_if"], "true", seal=True)
    assert verify(named, find).ok  # the guide of that day, asked for by its year, gives the same answer
    found = verify(changed(["question", "guide"], "2024", seal=True), find)
    assert told(found) == "the year of the guide differs: the receipt has 2024, computed again it is 2023"


def test_a_file_changed_in_the_guide_is_not_blamed_on_the_notice():
    receipt = make(answers()["award"])
    assert receipt["programme"]["notice"] == make(answers()["what_if"])["programme"]["notice"]
    assert receipt["programme"]["guide"] != make(answers()["what_if"])["programme"]["guide"]


def test_a_report_that_says_otherwise_than_its_receipt_is_told():
    answer = answers()["award"]
    report = {**as_json(answer, "zh", make(answer)), "amount": "999999.00"}
    found = verify(report, find)
    assert not found.ok and "the amount is 999999.00 in the report, 100000.00 in the receipt" in told(found)
    report = as_json(answer, "zh", make(answer))
    report["steps"][5]["value"] = "1.00"
    assert "values of the steps" in told(verify(report, find))
    assert "values of the steps" in told(verify({**report, "steps": "x"}, find))


TOLD = ("title", "nature", "says", "next", "missing", "conditions", "doubts", "refused", "open_terms", "payments",
        "samples", "cites", "citations", "steps")  # fmt: skip


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("part", TOLD)
def test_a_changed_part_of_a_report_is_named(part, lang):
    answer = answers()["award"]
    report = as_json(answer, lang, make(answer))
    for wrong in ("x", None, [*report[part], "more"] if isinstance(report[part], list) else ["x"]):
        found = verify({**report, part: wrong}, find)
        assert not found.ok and f"“{part}” of the report" in told(found)
    left = {name: value for name, value in report.items() if name != part}
    assert f"“{part}” of the report" in told(verify(left, find))


def test_the_words_of_a_step_are_checked_with_its_value():
    answer = answers()["award"]
    report = as_json(answer, "zh", make(answer))
    report["steps"][2]["says"] = "不是这样。"
    assert told(verify(report, find)) == "the part “steps” of the report differs from the one computed again"


def test_a_part_that_no_answer_has_is_refused():
    answer = answers()["award"]
    found = verify({**as_json(answer, "zh", make(answer)), "approved": "9.00"}, find)
    assert told(found) == "the report holds “approved”, which no answer has"


def test_a_report_in_two_languages_at_once_is_refused():
    answer = answers()["award"]
    report = {**as_json(answer, "zh", make(answer)), "title": as_json(answer, "en")["title"]}
    assert not verify(report, find).ok


def test_an_unknown_programme_says_how_to_give_it():
    found = verify(make(answers()["award"]), lambda name: None)
    assert not found.ok and "“lamps” is not known here; give its folder" in told(found)


def test_a_programme_that_cannot_be_read_is_told():
    def broken(name):
        raise PolicyError((problem("E110", Place("x", 0, 0), name="x"),))

    assert "E110" in told(verify(make(answers()["award"]), broken))


def test_another_version_of_the_engine_is_a_note_and_no_problem():
    found = verify(changed(["engine"], {"version": "0.0.9", "ladder": "0"}, seal=True), find)
    assert found.ok and "version 0.0.9" in found.notes[0].en and "steps of the computation" in found.notes[1].en
    assert verify(make(answers()["award"]), find).notes == ()


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "cannot be read"),
        (b"\xff\xfe\x00", "cannot be read"),
        (b"[]", "no receipt"),
        (b"{}", "no receipt"),
        (b'"text"', "no receipt"),
        (b"null", "no receipt"),
        (b"[" * 100_000, "cannot be read"),
        (b'{"a":' * 5_000 + b"1" + b"}" * 5_000, "cannot be read"),
        (b'{"format": "jarlig-receipt-1", "format": "x"}', "cannot be read"),
        (b'{"format": NaN}', "cannot be read"),
        (b'{"format": "jarlig-receipt-1"}', "“engine” of the receipt is missing"),
        (b'{"format": "jarlig-receipt-2"}', "no receipt"),
        (b'{"receipt": null}', "holds no receipt"),
        (b'{"receipt": "x"}', "holds no receipt"),
        (b"9" * 10_000, "no receipt"),
    ],
    ids=range(15),
)
def test_a_file_that_is_no_receipt_says_so(data, words):
    found = verify(data, find)
    assert not found.ok and words in told(found) and found.problems[0].zh


def test_values_that_no_json_can_hold_are_no_receipt():
    loop = {}
    loop["format"] = loop
    for values in ({"format": {1, 2}}, {"format": float("nan")}, loop):
        assert "no receipt" in told(verify(values, find))


@pytest.mark.parametrize(
    ("path", "value", "words"),
    [
        (["facts"], [], "“facts”"),
        (["programme", "name"], {}, "give its folder"),
        (["programme", "files"], None, "“programme.files”"),
        (["question", "offer"], None, "“question”"),
        (["question", "at"], {}, "“question”"),
        (["question", "at"], "no place", ""),
        (["question", "guide"], "99999", "“question.guide”"),
        (["question", "guide"], "２０２３", "“question.guide”"),
        (["question", "on"], "2023-13-01", "there is no month 13"),
        (["question", "offer"], "renwe", "give no answer"),
        (["facts", "grade"], "river", "give no answer"),
        (["facts", "grade"], ["street"], "give no answer"),
        (["facts", "nonsense"], "1", "give no answer"),
        (["facts", "costs"], "many", "give no answer"),
        (["answer", "amount"], ["1"], "the amount differs"),
        (["facts_hash"], 5, "facts"),
    ],
)
def test_a_receipt_with_a_wrong_part_names_the_part(path, value, words):
    found = verify(changed(path, value, seal=path != ["facts_hash"]), find)
    assert words in told(found)
    assert not found.ok or path == ["question", "at"]


@given(st.data())
@settings(max_examples=80)
def test_whatever_is_done_to_a_receipt_it_is_answered_and_never_believed(data):
    receipt = deepcopy(make(answers()["award"]))
    spot, key = receipt, data.draw(st.sampled_from(sorted(receipt)))
    while isinstance(spot[key], dict | list) and spot[key] and data.draw(st.booleans()):
        spot = spot[key]
        key = data.draw(st.sampled_from(sorted(spot) if isinstance(spot, dict) else range(len(spot))))
    plain = st.none() | st.booleans() | st.integers() | st.text(max_size=5)
    junk = st.recursive(plain, lambda inner: st.lists(inner, max_size=2))
    value = data.draw(junk | st.dictionaries(st.text(max_size=3), junk, max_size=2))
    same = spot[key] == value or (isinstance(value, int) and str(value).lower() == spot[key])
    spot[key] = value
    found = verify(receipt, find)
    assert found.ok is same and all(isinstance(one, Words) and one.zh and one.en for one in found.problems)


def test_texts_are_kept_in_one_normal_form():
    assert canonical_facts({"e\u0301": ["e\u0301", None]}) == {"\u00e9": ["\u00e9", None]}
    assert canonical({"b": 1, "a": "中"}) == '{"a":"中","b":1}'.encode()


def test_the_hash_of_a_ladder_follows_what_it_computes():
    ladder = answers()["award"].ladder
    assert ladder_hash(ladder) == ladder_hash(ask("renew", without(grade="town")).ladder)
    assert ladder_hash(ladder) != ladder_hash(replace(ladder, valid=(1, 2)))
    reworded = replace(ladder, steps=tuple(replace(step, label=Words("x", "x")) for step in ladder.steps))
    assert ladder_hash(ladder) == ladder_hash(reworded)
    assert ladder_hash(ladder) != ladder_hash(replace(ladder, steps=ladder.steps[:-1]))
