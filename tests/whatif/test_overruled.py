"""A figure that a reform changes where a guide or a place still sets its own: it has no effect, and that is said."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pytest
from tests.whatif.comparing import ALWAYS, compared, reform_file, table

from jarlig.library import load
from jarlig.policy import model
from jarlig.policy.plans import Plan
from jarlig.whatif.data import as_json
from jarlig.whatif.overruled import overruled, warnings
from jarlig.whatif.page import render
from jarlig.whatif.reform import Reformed, read_reform, reformed

GUIDE, BAOTOU, CHIFENG = "2023", "1502-baotou", "1504-chifeng"
#: Reforms of the shipped programme; for each the document and the figure that stand in its way.
STANDING = {
    "a cap": ("offers: {2a: {cap: {regional: 6_000_000}}}", {(GUIDE, "4_000_000")}),
    "every cap": (
        "offers: {2a: {cap: {regional: 6_000_000, industry: 5_000_000, enterprise: 4_000_000}}}",
        {(GUIDE, "4_000_000"), (GUIDE, "3_000_000"), (GUIDE, "2_000_000"), (CHIFENG, "1_500_000")},
    ),
    "an amount": ("offers: {2b: {amount: 9_000_000}}", {(GUIDE, "4_000_000")}),
    "a limit": (
        "offers: {10b: {limit: {amount: 3_000_000}}}", {(BAOTOU, "1_200_000")},
    ),
    "one limit of a list": (
        "offers: {10a: {limit: [{amount: 2_000_000, per: enterprise, over: validity}, "
        "{years: 2, per: enterprise, over: validity}]}}",
        {(CHIFENG, "800_000")},
    ),
    "a guide's own, where a place stands": (
        "offers: {2a: {cap: {enterprise: 4_000_000}}}\nguides: {'2023': {lower: {2a: {cap: {enterprise: 3_000_000}}}}}",
        {(CHIFENG, "1_500_000")},
    ),
    "nothing, for the guide is changed as well": (
        "offers: {2a: {cap: {regional: 6_000_000}}}\n"
        "guides: {'2023': {lower: {2a: {cap: {regional: 6_000_000}}}}}", set(),
    ),
    "nothing, for the guide lowers no rate": ("offers: {2a: {rate: 25%}}", set()),
    "nothing, for the guide's line goes": (
        "offers: {2b: {amount: 9_000_000}}\nguides: {'2023': {lower: {2b: null}}}", set(),
    ),
}  # fmt: skip


@cache
def nmg() -> model.Programme:
    return load("nmg-ecommerce-2022").model


YEAR = ALWAYS.replace("1990-01-01", "2023-01-01").replace("2150-12-31", "2023-12-31")


def made(body: str, head: str = YEAR) -> Reformed:
    return reformed(nmg(), read_reform((head + body + "\n").encode(), "r.yaml"))


@pytest.mark.parametrize(("body", "expected"), STANDING.values(), ids=STANDING)
def test_what_stands_in_the_way_of_a_reform_is_named(body: str, expected: set[tuple[str, str]]) -> None:
    assert {(one.overlay.id, one.stands.text) for one in overruled(made(body))} == expected


@pytest.mark.parametrize(("body", "expected"), STANDING.values(), ids=STANDING)
def test_what_is_told_is_true_for_the_ladders(body: str, expected: set[tuple[str, str]]) -> None:
    """Under a document that is named the offer's award is computed as before; under the guide of an untold one not."""
    reform = made(body)
    named = {(one.offer, one.overlay.id) for one in overruled(reform)}
    for offer in {change.entry for change in reform.changes if change.kind == "offer"}:
        before, after = (Plan(of, of.guides[2023]).ladder(offer).steps for of in (nmg(), reform.programme))
        if (offer, GUIDE) in named:
            assert before == after
        elif (offer, BAOTOU) not in named:
            assert before != after


def test_documents_that_cannot_govern_while_the_reform_holds_are_left_alone() -> None:
    later = ALWAYS.replace("1990-01-01", "2024-01-01")
    assert not overruled(made("offers: {2b: {amount: 9_000_000}}", later))
    assert overruled(made("offers: {2b: {amount: 9_000_000}}", later), 2023)


def test_a_warning_names_the_figure_the_line_and_the_way_out_in_both_languages() -> None:
    (told,) = warnings(made("offers: {2b: {amount: 9_000_000}}"), nmg())
    text = nmg().files["guides/2023.yaml"].decode().split("\n")
    line = next(at for at, one in enumerate(text, 1) if one == "  2b: {amount: 4_000_000}")
    assert told.zh == (
        f"事项 2b 的“金额”改为 9,000,000，但《2023年度电子商务奖补申报指南（示例）》（guides/2023.yaml:{line}）"
        "仍定为 4,000,000，适用它的案例不变；要使改动生效，请在改革文件的 guides › 2023 › lower › 2b 下一并更改"
    )
    assert told.en == (
        f"“amount” of offer 2b becomes 9,000,000, but Application guide 2023 (illustrative) (guides/2023.yaml:{line}) "
        "still sets 4,000,000: cases under it do not change. To change them, set it under guides › 2023 › lower › 2b "
        "of the reform too"
    )


def test_a_reform_without_effect_says_so_on_the_page_and_in_its_data(tmp_path: Path) -> None:
    reform = reform_file(tmp_path, "offers: {2b: {amount: 9_000_000}}\n")
    tables = table(tmp_path, "case,on\na,2023-05-01\n")
    found = compared(nmg(), "rules", reform, ["2b"], tables, tmp_path)
    assert (found.total.difference, len(found.sides[1].warnings), found.sides[0].warnings) == (0, 1, ())
    for lang, said in (("zh", "仍定为 4,000,000"), ("en", "still sets 4,000,000")):
        assert said in render(found, lang)
    assert "4,000,000" in as_json(found)["rules"][1]["warnings"][0]["zh"]
