"""The package as a library: one call to load, one to ask, exact types, and errors that name the way out."""

from __future__ import annotations

import subprocess
import sys
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

import pytest
from tests.cli.conftest import FACTS
from tests.policy.frame import codes
from tests.tiny import CODE, edited

import jarlig
from jarlig import library
from jarlig.policy.facts import read_facts

CASE = {
    "uscc": CODE, "registered_at": "150102", "project_code": "P1", "level": "regional", "newly_built": True,
    "recognised_on": date(2023, 1, 1), "history": [], "score": 70,
    "investment": [
        {"seller": CODE, "invoice_no": "23151000000000000001", "net": Decimal("1000000.10"), "category": "hardware",
         "paid_on": date(2022, 7, 1)},
    ],
}  # fmt: skip


@pytest.fixture
def programme(tmp_path: Path) -> jarlig.Programme:
    return jarlig.load(edited(tmp_path / "方案"))


def test_an_award_is_told_in_fen_and_in_yuan(programme: jarlig.Programme) -> None:
    answer = programme.determine("1a", CASE, on="2023-06-01")
    assert (answer.outcome, answer.amount, answer.low, answer.high) == ("award", 20000002, 20000002, 20000002)
    yuan = (answer.yuan, answer.formula_yuan, answer.low_yuan, answer.high_yuan)
    assert yuan == (Decimal("200000.02"),) * 4
    assert all(str(value) == "200000.02" for value in yuan)


def test_what_has_no_amount_has_none_in_yuan_either(programme: jarlig.Programme) -> None:
    answer = programme.determine("1a", CASE, on="2026-06-01")
    assert (answer.outcome, answer.yuan, answer.formula_yuan, answer.low_yuan, answer.high_yuan) == (
        "lapsed",
        *[None] * 4,
    )


@pytest.mark.parametrize("on", ["2023-06-01", date(2023, 6, 1), datetime(2023, 6, 1, 23, 59, tzinfo=UTC)])
def test_a_day_is_a_date_or_its_text(programme: jarlig.Programme, on: date | str) -> None:
    assert programme.determine("2", CASE, on=on).question.on == date(2023, 6, 1).toordinal()


def test_facts_are_a_mapping_a_path_or_facts_read_before(programme: jarlig.Programme, tmp_path: Path) -> None:
    path = tmp_path / "facts.yaml"
    path.write_text(FACTS, "utf-8")
    for facts in (CASE, path, str(path), read_facts(path)):
        assert programme.determine("1a", facts, on="2023-06-01").amount == 20000002


def test_guide_place_and_history_are_asked_for_by_name(programme: jarlig.Programme) -> None:
    assert programme.determine("2", CASE, on="2024-06-01", guide=2023).yuan == Decimal("100000.00")
    assert programme.determine("1a", CASE, on="2023-06-01", at="150200").yuan == Decimal("150000.02")
    earlier = [{"offer": "1a", "on": "2022-09-01", "state": "paid", "approved": 1, "uscc": CODE, "project_code": "P1"}]
    assert programme.determine("1a", CASE, on="2023-06-01", history=earlier).outcome == "not_eligible"


def test_a_match_answers_every_offer(programme: jarlig.Programme) -> None:
    answers = programme.match(CASE, on="2023-06-01")
    assert [answer.question.offer for answer in answers] == list(programme.offers) == ["1a", "2"]


def test_a_programme_tells_its_name_and_title(programme: jarlig.Programme) -> None:
    assert (programme.name, programme.title.zh, programme.title.en) == ("tiny", "测试方案", "Tiny programme")


def test_every_shipped_programme_loads_by_its_name() -> None:
    assert library.shipped()
    for name in library.shipped():
        assert jarlig.load(name).name == name


@pytest.mark.parametrize("name", ["", "nowhere", "../x", "\x00"])
def test_an_unknown_name_lists_the_known_ones(name: str) -> None:
    with pytest.raises(jarlig.PolicyError) as error:
        jarlig.load(name)
    assert codes(error.value) == ["E114"]
    assert all(known in error.value.problems[0].hint_zh for known in library.shipped())


def test_a_name_that_is_nearly_right_is_answered_with_the_right_one() -> None:
    known = next(iter(library.shipped()))
    with pytest.raises(jarlig.PolicyError, match=f"Did you mean {known}"):
        jarlig.load(known.replace("e", "a", 1))


def test_a_float_is_refused_because_it_is_not_exact(programme: jarlig.Programme) -> None:
    with pytest.raises(jarlig.PolicyError, match="a float is not exact"):
        programme.determine("2", {"score": 70.5}, on="2023-06-01")


@pytest.mark.parametrize(
    ("asked", "code"), [({"on": "1 June"}, "E803"), ({"at": "Hohhot"}, "E803"), ({"guide": 1999}, "E812")]
)
def test_a_wrong_question_is_a_policy_error(programme: jarlig.Programme, asked: dict[str, object], code: str) -> None:
    with pytest.raises(jarlig.PolicyError) as error:
        programme.determine("2", CASE, **{"on": "2023-06-01", **asked})  # type: ignore[arg-type]  # wrong on purpose
    assert codes(error.value) == [code]


def test_today_is_the_day_in_china(monkeypatch: pytest.MonkeyPatch, programme: jarlig.Programme) -> None:
    class Late(datetime):
        @classmethod
        def now(cls, tz: object = None) -> datetime:
            return datetime(2023, 5, 31, 16, 30, tzinfo=UTC).astimezone(tz)  # type: ignore[arg-type]  # the zone asked for

    monkeypatch.setattr(library, "datetime", Late)
    assert library.today() == date(2023, 6, 1)
    assert programme.determine("2", CASE).question.on == date(2023, 6, 1).toordinal()


def test_importing_the_package_imports_nothing_heavy_until_it_is_used() -> None:
    script = (
        "import sys, jarlig; heavy = {'yaml', 'jarlig.library'} & set(sys.modules); jarlig.load; print(sorted(heavy))"
    )
    source = str(Path(library.__file__).parents[1])
    done = subprocess.run([sys.executable, "-c", script], env={"PYTHONPATH": source}, capture_output=True, text=True)
    assert (done.stdout, done.stderr) == ("[]\n", "")


def test_a_table_of_cases_is_answered_from_python(programme: jarlig.Programme, tmp_path: Path) -> None:
    row = f"A,2023-06-01,{CODE},150102,70\n"
    (tmp_path / "cases.csv").write_text("case,on,uscc,registered_at,score\n" + row, "utf-8")
    report = programme.run(tmp_path / "cases.csv", tmp_path / "out.csv", offers=["2"])
    assert [(line.offer, line.outcome, line.cases, line.amount) for line in report.lines] == [
        ("2", "award", 1, Decimal("100000.00"))
    ]
    assert (report.cases, report.left_out, report.rejects) == (1, 0, 0)
    with pytest.raises(jarlig.PolicyError, match="E811"):
        programme.run(tmp_path / "cases.csv", tmp_path / "out.csv", offers=["9"])


def test_what_the_package_exports_is_there_and_nothing_else_is_made_up() -> None:
    for name in jarlig.__all__:
        assert getattr(jarlig, name)
    with pytest.raises(AttributeError, match="has no attribute 'laod'"):
        jarlig.laod  # type: ignore[attr-defined]  # misspelt on purpose  # noqa: B018
