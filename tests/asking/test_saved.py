"""A session as JSON comes back the same, and nothing in it is believed before it is checked."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, strategies as st
from tests.asking.firms import NMG, SAMPLE, programme
from tests.asking.test_interview import begun
from tests.policy.provoking import provokes
from tests.tiny import edited

from jarlig.asking import Interview, from_json, to_json
from jarlig.asking.saved import MOST_BYTES
from jarlig.library import load
from jarlig.policy.messages import PolicyError

SESSION = begun(**{
    "for": "2a、17", "2a.newly_built": "不知道", "2a.investment.total": "400万至600万", "history": "17 80万 2022",
    "10a.online_sales_before": "约500万",
})  # fmt: skip


def test_a_session_comes_back_as_it_was() -> None:
    text = json.dumps(to_json(SESSION), ensure_ascii=False)
    again = from_json(programme(NMG), text)
    assert list(again.answers.items()) == list(SESSION.answers.items())
    assert again.spans == SESSION.spans
    assert again.next_question() == SESSION.next_question()
    assert from_json(programme(NMG), text.encode()) == again


def test_a_place_given_apart_comes_back_too() -> None:
    begun_ = Interview.begin(programme(SAMPLE), "2025-06-01", "990102")
    assert from_json(programme(SAMPLE), to_json(begun_)).place == "990102"


@provokes("E972")
@pytest.mark.parametrize(
    "change",
    [
        {"schema": "jarlig-asking-0"}, {"schema": None}, {"extra": 1}, {"on": "2023-6-1"}, {"on": 5}, {"at": None},
        {"answers": {}}, {"answers": [1]}, {"answers": [{"question": "for"}]},
        {"answers": [{"question": 1, "answer": ""}]},
        {"answers": [{"question": "for", "answer": []}] * 2}, {"answers": [{"question": "for", "answer": []}] * 501},
    ],
)  # fmt: skip
def test_a_record_of_another_shape_is_refused(change: dict[str, Any]) -> None:
    with pytest.raises(PolicyError) as error:
        from_json(programme(NMG), {**to_json(SESSION), **change})
    assert error.value.problems[0].code == "E972"


@pytest.mark.parametrize(
    ("change", "name"),
    [({"extra": 1}, "extra"), ({"answers": [{"question": "for", "answer": [], "by": "x"}]}, "by"),
     ({"\x1b[31m": 1}, r"\x1b[31m")],
)  # fmt: skip
def test_what_is_not_known_in_a_record_is_named(change: dict[str, Any], name: str) -> None:
    with pytest.raises(PolicyError) as error:
        from_json(programme(NMG), {**to_json(SESSION), **change})
    assert f"“{name}”" in error.value.problems[0].zh
    assert f"“{name}”" in error.value.problems[0].en


def test_a_record_that_is_too_large_or_no_json_is_refused_also_when_it_was_read_before() -> None:
    large = [{"question": str(number), "answer": "x" * 400} for number in range(200)]
    for answers in (large, [{"question": "for", "answer": {1, 2}}]):
        with pytest.raises(PolicyError) as error:
            from_json(programme(NMG), {**to_json(SESSION), "answers": answers})
        assert error.value.problems[0].code == "E972"


@pytest.mark.parametrize("text", ["a\x00b", "\ud800", "\u202eabc", "a\nb", "x" * 501])
def test_a_text_that_would_turn_a_page_around_is_no_answer(text: str) -> None:
    saved = {**to_json(SESSION), "answers": [{"question": "name", "answer": text}]}
    with pytest.raises(PolicyError) as error:
        from_json(programme(NMG), saved)
    assert error.value.problems[0].code == "E971"


@pytest.mark.parametrize("text", ["", "[", "[]", "1", "[" * 60_000, " " * (MOST_BYTES + 1), b"\xff\xfe{}", '{"a": 1}'])
def test_a_text_that_is_no_record_is_refused(text: str | bytes) -> None:
    with pytest.raises(PolicyError) as error:
        from_json(programme(NMG), text)
    assert error.value.problems[0].code == "E972"


@pytest.mark.parametrize(
    ("id_", "value"),
    [
        ("tax_credit", "z"), ("tax_credit", 1), ("tax_credit", ["a"]),
        ("2a.investment.total", {"from": "9", "to": "1"}),
        ("2a.investment.total", {"from": 1, "to": 2}), ("2a.recognised_on", "1800-01-01"), ("for", ["nothing"]),
        ("for", "2a"), ("history", [{"approved": "1"}]), ("history", [{"offer": "2a", "approved": "-1"}]),
        ("registered_at", "990101"), ("10a.recognised", True), ("2a.investment.total", "1e9"),
        ("14.parcels.count", "-1"),
    ],
)  # fmt: skip
def test_a_hostile_answer_is_refused(id_: str, value: Any) -> None:
    saved = {**to_json(SESSION), "answers": [{"question": id_, "answer": value}]}
    with pytest.raises(PolicyError) as error:
        from_json(programme(NMG), saved)
    assert error.value.problems[0].code == "E971"


@provokes("E973")
def test_a_record_of_another_version_or_programme_is_refused() -> None:
    for name, change in ((SAMPLE, {}), (NMG, {"fingerprint": "0" * 64})):
        with pytest.raises(PolicyError) as error:
            from_json(programme(name), {**to_json(SESSION), **change})
        assert error.value.problems[0].code == "E973"


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=10),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)


@given(st.sampled_from(["for", "history", "tax_credit", "2a.investment.total", "registered_at", "x"]), JSON)
def test_any_json_at_all_is_read_or_refused(id_: str, value: Any) -> None:
    try:
        from_json(programme(NMG), {**to_json(SESSION), "answers": [{"question": id_, "answer": value}]})
    except PolicyError as error:
        assert error.problems[0].code in ("E970", "E971")


def test_an_option_that_another_place_does_not_offer_is_no_answer_there(tmp_path: Path) -> None:
    lot = "    lot: {choice: {open: list, filled_by: local}, title: {zh: 类, en: lot}}\n"
    filled = 'fill: {"2": {lot: {%s: {zh: 类, en: lot}}}}\n'
    head = 'title: {zh: 细则, en: rules}\nat: "150100"\nvalid: {from: 2023-01-01, to: 2024-12-31}\n'
    score = "    score:\n      quantity:"
    read = load(edited(
        tmp_path / "tiny", ("measures/01.yaml", score, lot + score), ("local/1502.yaml", "", filled % "near"),
        ("local/1501.yaml", "", 'local: "1501"\n' + head + filled % "far"),
    ))  # fmt: skip
    near = Interview.begin(read, "2023-06-01").answer("at", "150202").answer("2.lot", "near")
    assert near.answer("2.score", "85").answer("at", "150204").answers["2.lot"] == "near"
    assert list(near.answer("at", "150102").answers) == ["at"]
    saved = to_json(near)
    saved["answers"][0]["answer"] = "150102"
    with pytest.raises(PolicyError) as error:
        from_json(read, saved)
    assert error.value.problems[0].code == "E971"
