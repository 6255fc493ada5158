"""Mechanisms that look beyond one formula: parts, rows, limits and history, terms and overlays, pools, payments."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, strategies as st
from tests.policy.frame import Frame
from tests.policy.test_mechanisms import LINES, LOCAL, MONEY, REVENUE, WORDS, award, refused

from jarlig.ladder.numbers import parse_date

PARTS = """
cap: [300, {share: 50%, of: before}]
parts:
  - {part: one, title: {zh: 一, en: one}, rate: 10%, of: now, cap: 200, floor: 20}
  - {part: two, title: {zh: 二, en: two}, when: [small], amount: 50}
"""


class TestParts:
    """A sum of components under one cap."""

    def test_components_add_up_and_one_that_does_not_hold_counts_nothing(self, tmp_path: Path) -> None:
        frame = Frame(tmp_path, REVENUE + PARTS)
        assert frame.yuan({"now": "1000", "small": "true", "before": "9999"}) == "150.00"
        assert frame.yuan({"now": "1000", "small": "false", "before": "9999"}) == "100.00"

    def test_each_component_has_its_own_cap_and_floor_below_the_common_caps(self, tmp_path: Path) -> None:
        frame = Frame(tmp_path, REVENUE + PARTS.replace("cap: [300,", "cap: [240,"))
        assert frame.yuan({"now": "1", "small": "false", "before": "9999"}) == "20.00"
        assert frame.yuan({"now": "9000", "small": "false", "before": "9999"}) == "200.00"
        assert frame.yuan({"now": "9000", "small": "true", "before": "9999"}) == "240.00"
        assert frame.yuan({"now": "9000", "small": "true", "before": "100.01"}) == "50.01"

    def test_the_floor_of_a_component_is_a_step_of_its_own(self, tmp_path: Path) -> None:
        answer = Frame(tmp_path, REVENUE + PARTS).ask({"now": "1", "small": "false", "before": "9999"})
        found = [Fraction(step.value, 10 ** answer.ladder.step(step.name).node.kind.scale)
                 for step in answer.trace if step.name in ("one_capped", "one_floor", "one_floored")]  # fmt: skip
        assert found == [Fraction(1, 10), 20, 20]

    def test_components_are_rounded_once_together(self, tmp_path: Path) -> None:
        parts = "parts:\n" + "".join(
            f"  - {{part: {name}, title: {WORDS}, rate: 50%, of: now}}\n" for name in ("one", "two")
        )
        assert Frame(tmp_path, REVENUE + parts).yuan({"now": "0.01"}) == "0.01"

    def test_a_guide_fills_a_component_by_its_name(self, tmp_path: Path) -> None:
        offer = f"parts: [{{part: one, title: {WORDS}, amount: {{open: money}}, cap: {{open: money}}}}]"
        frame = Frame(tmp_path, offer, guide="fill: {a: {one_amount: 30, one_cap: 20}}")
        assert frame.yuan({}) == "20.00"

    def test_parts_and_a_formula_of_its_own_do_not_go_together(self, tmp_path: Path) -> None:
        assert refused(tmp_path, REVENUE + "amount: 5" + PARTS.replace("cap: [300, {share: 50%, of: before}]", "")) == [
            "E604"
        ]


class TestRows:
    """Sums and counts over rows, and a small ladder for each row."""

    def lines(self, *rows: dict[str, str]) -> dict[str, Any]:
        return {"lines": [{"no": str(number), **row} for number, row in enumerate(rows)]}

    def test_a_sum_counts_the_rows_for_which_every_condition_holds(self, tmp_path: Path) -> None:
        of = "{sum: net, over: lines, where: [kind = hard, paid_on between 2024-01-01 and on]}"
        frame = Frame(tmp_path, LINES + f"rate: 10%\nof: {of}")
        row = {"net": "100", "kind": "hard", "paid_on": "2024-02-01"}
        case = self.lines(row, {**row, "kind": "soft"}, {**row, "paid_on": "2024-06-02"}, {**row, "paid_on": "none"})
        assert frame.yuan(case) == "10.00"
        assert frame.yuan({"lines": []}) == "0.00"

    def test_a_reversal_takes_its_original_along(self, tmp_path: Path) -> None:
        frame = Frame(tmp_path, LINES + "rate: 10%\nof: {sum: net, over: lines, where: [kind = hard]}")
        cancelled = self.lines(
            {"net": "100", "kind": "hard"}, {"net": "-100", "back": "0"}, {"net": "7", "kind": "hard"}
        )
        assert frame.yuan(cancelled) == "0.70"

    def test_rows_are_counted(self, tmp_path: Path) -> None:
        frame = Frame(tmp_path, LINES + "each: 5\ncount: {rows: lines, where: [kind = hard]}")
        assert frame.yuan(self.lines({"kind": "hard"}, {"kind": "soft"}, {"kind": "hard"})) == "10.00"

    def test_a_row_takes_the_rate_of_its_column_and_its_own_cap(self, tmp_path: Path) -> None:
        frame = Frame(
            tmp_path, LINES + "for_each: {row: lines, rate: {by: kind, hard: 30%, soft: 20%}, of: net, cap: 40}"
        )
        case = self.lines(
            {"net": "100", "kind": "hard"}, {"net": "100", "kind": "soft"}, {"net": "9999", "kind": "hard"}
        )
        assert frame.yuan(case) == "90.00"

    def test_a_lump_sum_a_row_by_bands(self, tmp_path: Path) -> None:
        bands = "{of: net, bands: {under 100: 0, 100 to under 500: 2, from 500: 8}}"
        frame = Frame(tmp_path, LINES + f"for_each: {{row: lines, amount: {bands}}}")
        rows = [{"net": net} for net in ("99.99", "100", "499.99", "500")]
        assert [frame.yuan(self.lines(row)) for row in rows] == ["0.00", "2.00", "2.00", "8.00"]
        assert frame.yuan(self.lines(*rows)) == "12.00"

    def test_so_much_a_row_and_unit(self, tmp_path: Path) -> None:
        frame = Frame(tmp_path, LINES + "for_each: {row: lines, each: 0.125, count: n}")
        assert frame.yuan(self.lines({"n": "2"}, {"n": "1"})) == "0.38"  # 0.375, rounded once

    def test_one_wrong_column_is_told_once(self, tmp_path: Path) -> None:
        assert refused(tmp_path, LINES + "rate: 10%\nof: {sum: nett, over: lines}") == ["E301"]


class TestNone:
    """A fact declared `or: none`: the known value "there is none"."""

    DAY = f"ended_on: {{date: {{}}, or: none, title: {WORDS}}}"
    FACTS = f"facts: {{{DAY}, got: {{money: {{}}, or: none, title: {WORDS}}}}}\n"

    @pytest.mark.parametrize(("test", "none", "early", "late"), [
        ("ended_on is null", True, False, False),
        ("ended_on is not null", False, True, True),
        ("ended_on < on", False, True, False),
        ("not ended_on < on", True, False, True),
        ("ended_on is null or ended_on > on", True, False, True),
        ("ended_on != 2024-01-01", True, False, True),
        ("ended_on in (2024-01-01, 2024-12-31)", False, True, True),
        ("ended_on.year = 2024", False, True, True),
        ("ended_on is null or years(ended_on, on) >= 1", True, False, False),
    ])  # fmt: skip
    def test_none_is_before_nothing_and_equals_nothing(
        self, tmp_path: Path, test: str, none: bool, early: bool, late: bool
    ) -> None:
        frame = Frame(tmp_path, self.FACTS + f'amount: 1\nwhen:\n  - "{test}"')
        found = [frame.yuan({"ended_on": day}) for day in ("none", "2024-01-01", "2024-12-31")]
        assert found == ["1.00" if holds else "not_eligible" for holds in (none, early, late)]

    def test_what_stands_for_none_must_be_said(self, tmp_path: Path) -> None:
        assert refused(tmp_path / "1", self.FACTS + "amount: got") == ["E421"]
        frame = Frame(tmp_path / "2", self.FACTS + "amount: 100 - coalesce(got, 0)")
        assert [frame.yuan({"got": got}) for got in ("none", "30")] == ["100.00", "70.00"]

    def test_only_a_fact_that_may_be_none_is_asked(self, tmp_path: Path) -> None:
        for number, test in enumerate(("now is null", "coalesce(now, 0) > 1")):
            assert refused(tmp_path / str(number), REVENUE + f"amount: 1\nwhen: ['{test}']") == ["E415"]

    def test_a_column_may_be_none_beside_one_that_is_summed(self, tmp_path: Path) -> None:
        rows = {"lines": [{"no": "1", "net": "100"}, {"no": "2", "net": "100", "refund": "30"}]}
        frame = Frame(tmp_path / "1", LINES + "rate: 10%\nof: {sum: 'net - coalesce(refund, 0)', over: lines}")
        assert frame.yuan(rows) == "17.00"
        frame = Frame(tmp_path / "2", LINES + "rate: 10%\nof: {sum: net, over: lines, where: [refund < 50]}")
        assert frame.yuan(rows) == "10.00"

    def test_years_needs_two_days(self, tmp_path: Path) -> None:
        for number, call in enumerate(("years(on)", "years(on, guide_year)", "years(on, on, on)")):
            wrong = f"amount: 1\nwhen:\n  - {call} > 1"
            assert refused(tmp_path / str(number), wrong) == ["E422"], call


class TestSets:
    """A fact that holds several of a list."""

    FACTS = """
        facts:
          held: {set: {iso: {zh: 一, en: iso}, ce: {zh: 二, en: ce}}, title: {zh: 认证, en: held}}
          main: {choice: {iso: {zh: 一, en: iso}, ce: {zh: 二, en: ce}}, title: {zh: 主, en: main}}
        amount: 1
    """

    def test_a_word_or_a_fact_is_asked_for_in_a_set(self, tmp_path: Path) -> None:
        for number, test in enumerate(("iso in held", "main in held")):
            frame = Frame(tmp_path / str(number), self.FACTS + f"    when: [{test}]\n")
            case = {"main": "iso"}
            assert frame.yuan({**case, "held": ["iso", "ce"]}) == "1.00"
            assert frame.yuan({**case, "held": ["ce"]}) == "not_eligible"
            assert frame.yuan({**case, "held": []}) == "not_eligible"

    def test_a_word_that_is_no_choice_names_those_that_are(self, tmp_path: Path) -> None:
        assert refused(tmp_path, self.FACTS + "    when: [isso in held]\n") == ["E204"]


class TestLimits:
    """`limit`: awards, years, amounts; per subject, over a window, read from the history."""

    def frame(self, folder: Path, limit: str, **options: Any) -> Frame:
        return Frame(folder, f"amount: 100\nlimit: {{{limit}}}", **options)

    def test_so_many_awards_a_subject(self, tmp_path: Path) -> None:
        frame = self.frame(tmp_path, "awards: 2, per: project")
        one = award("a", approved="5", project_code="P1")
        assert frame.yuan({}, history=[one]) == "100.00"
        assert frame.yuan({}, history=[one, one]) == "not_eligible"
        assert frame.yuan({}, history=[one, {**one, "project_code": "P2"}]) == "100.00"
        assert frame.yuan({}, history=[one, award("a", state="void", project_code="P1")]) == "100.00"

    def test_a_month_of_claims_is_a_subject(self, tmp_path: Path) -> None:
        frame = self.frame(tmp_path, "awards: 1, per: monthly")
        march = award("a", approved="5", claim_month="2024-03")
        assert frame.yuan({"claim_month": "2024-03"}, history=[march]) == "not_eligible"
        assert frame.yuan({"claim_month": "2024-04"}, history=[march]) == "100.00"

    @pytest.mark.parametrize(("window", "on", "left"), [
        ("ever", "2024-01-01", False), ("validity", "2023-12-31", True), ("validity", "2024-01-01", False),
        ("guide_year", "2024-05-01", False), ("guide_year", "2023-12-31", True),
        ("calendar_year", "2024-01-01", False), ("calendar_year", "2023-12-31", True),
        ("rolling 12 months", "2023-06-01", True), ("rolling 12 months", "2023-06-02", False),
    ])  # fmt: skip
    def test_each_window_begins_and_ends_on_its_day(self, tmp_path: Path, window: str, on: str, left: bool) -> None:
        frame = self.frame(tmp_path, f"awards: 1, per: enterprise, over: {window}")
        expected = "100.00" if left else "not_eligible"
        assert frame.yuan({}, on="2024-06-01", history=[award("a", on, approved="5")]) == expected

    def test_what_is_left_of_an_amount_is_paid(self, tmp_path: Path) -> None:
        frame = self.frame(tmp_path, "amount: 150, per: enterprise, over: validity")
        found = [frame.yuan({}, history=[award("a", approved=x)]) for x in ("49.99", "50", "50.01", "150", "200")]
        assert found == ["100.00", "100.00", "99.99", "0.00", "0.00"]

    def test_a_pending_award_counts_at_its_capped_amount_and_a_recovered_one_at_the_rest(self, tmp_path: Path) -> None:
        frame = self.frame(tmp_path, "amount: 150, per: enterprise, over: validity")
        assert frame.yuan({}, history=[award("a", state="pending", capped="120")]) == "30.00"
        assert frame.yuan({}, history=[award("a", approved="120", recovered="100")]) == "100.00"
        assert frame.yuan({}, history=[award("a", approved="120", recovered="120")]) == "100.00"

    def test_a_limit_may_count_several_offers(self, tmp_path: Path) -> None:
        other = f'offer: b\ntitle: {WORDS}\ncites: "1"\nto: unit\namount: 1'
        frame = self.frame(tmp_path, "awards: 1, per: enterprise, across: [a, b]", others=(other,))
        assert frame.yuan({}, history=[award("b", approved="5")]) == "not_eligible"

    ROW = "years: 2, per: enterprise, in_a_row: true"

    @pytest.mark.parametrize(("years", "restart", "no_restart"), [
        ((), "100.00", "100.00"),
        ((2025,), "100.00", "100.00"),
        ((2024, 2025), "not_eligible", "not_eligible"),
        ((2024,), "100.00", "not_eligible"),
        ((2023, 2024), "100.00", "not_eligible"),
    ])  # fmt: skip
    def test_years_in_a_row_begin_anew_or_end_with_a_gap(
        self, tmp_path: Path, years: tuple[int, ...], restart: str, no_restart: str
    ) -> None:
        history = [award("a", f"{year}-05-01", approved="5") for year in years]
        for after, expected in (("restart", restart), ("no_restart", no_restart)):
            frame = self.frame(tmp_path / after, f"{self.ROW}, after_a_gap: {after}", years=(2024, 2025, 2026))
            assert frame.yuan({}, on="2026-05-01", history=history) == expected

    def test_a_year_that_was_not_open_breaks_a_run_only_where_the_programme_says_so(self, tmp_path: Path) -> None:
        history = [award("a", approved="5")]
        for word, expected in (("does_not_break", "100.00"), ("breaks", "not_eligible")):
            limit = f"{self.ROW}, after_a_gap: no_restart, year_not_open: {word}"
            frame = self.frame(tmp_path / word, limit, years=(2024, 2026))
            assert frame.yuan({}, on="2026-05-01", history=history) == expected

    def test_a_quota_and_the_best_by_a_number_are_told_and_never_refuse(self, tmp_path: Path) -> None:
        limit = "limit: [{awards: 5, over: guide_year, by: now}, {awards: 3, over: validity}]"
        answer = Frame(tmp_path, REVENUE + f"amount: 100\n{limit}").ask({}, history=[award("a", approved="5")] * 9)
        assert answer.amount == 10_000
        assert [condition.name for condition in answer.conditions] == ["quota_1", "quota_2"]

    def test_a_limit_says_one_thing_over_a_window_for_somebody(self, tmp_path: Path) -> None:
        wrong = {"awards: 1, years: 2": "E208", "per: enterprise": "E208", "amount: 5, per: enterprise": "E202",
                 "amount: 5, over: validity": "E202", "years: 3": "E202", "awards: 1, per: nobody": "E303",
                 "awards: 1, per: enterprise, over: rolling 0 months": "E204"}  # fmt: skip
        for number, (limit, code) in enumerate(wrong.items()):
            assert refused(tmp_path / str(number), f"amount: 1\nlimit: {{{limit}}}") == [code], limit

    @given(used=st.integers(0, 30_000))
    def test_earlier_and_new_awards_never_exceed_the_limit(self, limited: Frame, used: int) -> None:
        paid = limited.ask({}, history=[award("a", approved=f"{used / 100:.2f}")]).amount
        assert paid == max(0, min(10_000, 15_000 - used))


@pytest.fixture(scope="module")
def limited(tmp_path_factory: pytest.TempPathFactory) -> Frame:
    """One frame for all examples of a property."""
    limit = "limit: {amount: 150, per: enterprise, over: validity}"
    return Frame(tmp_path_factory.mktemp("limited"), f"amount: 100\n{limit}")


class TestOtherAwards:
    """`less`, `after`, `exclusive`."""

    OTHER = f'offer: b\ntitle: {WORDS}\ncites: "1"\nto: unit\namount: 1'

    def test_an_upgrade_pays_the_difference(self, tmp_path: Path) -> None:
        frame = Frame(tmp_path, "amount: 100\nless: {paid_before: [a], per: enterprise}")
        found = [frame.yuan({}, history=[award("a", approved=x)]) for x in ("0", "40", "100", "101")]
        assert found == ["100.00", "60.00", "0.00", "0.00"]

    def test_one_award_comes_after_another(self, tmp_path: Path) -> None:
        frame = Frame(tmp_path, "amount: 100\nafter: {offers: [b], per: project}", others=(self.OTHER,))
        before = award("b", approved="5", project_code="P1")
        assert [step.key for step in frame.ask({}).refused] == ["after"]
        assert frame.yuan({}, history=[before]) == "100.00"
        assert frame.yuan({}, history=[{**before, "project_code": "P2"}]) == "not_eligible"

    def test_two_offers_exclude_each_other_for_one_subject(self, tmp_path: Path) -> None:
        frame = Frame(tmp_path, "amount: 100\nexclusive: {with: [b], per: project}", others=(self.OTHER,))
        assert frame.yuan({}, history=[award("b", approved="5", project_code="P1")]) == "not_eligible"
        assert frame.yuan({}, history=[award("b", approved="5", project_code="P2")]) == "100.00"
        assert frame.yuan({}, history=[award("b", state="void", project_code="P1")]) == "100.00"

    GOT = f"facts: {{got: {MONEY}}}\namount: 100\n"

    def test_support_from_elsewhere_excludes_or_is_made_up_to_the_higher(self, tmp_path: Path) -> None:
        plain = Frame(tmp_path / "1", self.GOT + "exclusive: {with: elsewhere, received: got}")
        higher = Frame(tmp_path / "2", self.GOT + "exclusive: {with: elsewhere, received: got, keep: higher}")
        assert [plain.yuan({"got": got}) for got in ("0", "0.01")] == ["100.00", "not_eligible"]
        assert [higher.yuan({"got": got}) for got in ("0", "40", "100", "101")] == ["100.00", "60.00", "0.00", "0.00"]

    def test_an_exclusion_that_could_not_be_asked_is_refused(self, tmp_path: Path) -> None:
        wrong = ("{with: elsewhere}", "{with: [a]}", "{with: [a], per: enterprise, keep: higher}",
                 "{with: [a], per: enterprise, received: got}")  # fmt: skip
        for number, exclusive in enumerate(wrong):
            assert refused(tmp_path / str(number), self.GOT + f"exclusive: {exclusive}") == ["E202"], exclusive


class TestClaims:
    """Claim years and months."""

    OFFER = """
        facts: {first: {date: {}, title: {zh: 首, en: first}}}
        claims: {per: year, from: first, years: 3}
        amount: {of: claim_year, bands: {up to 1: 100, over 1 to 2: 50, over 2: 20}}
    """

    def test_the_claim_year_turns_on_the_day_of_the_year(self, tmp_path: Path) -> None:
        frame = Frame(tmp_path, self.OFFER)
        days = ("2024-06-01", "2023-06-02", "2023-06-01", "2022-06-01", "2021-06-02", "2021-06-01")
        found = [frame.yuan({"first": day}) for day in days]
        assert found == ["100.00", "100.00", "50.00", "20.00", "20.00", "not_eligible"]

    def test_a_month_of_claims_picks_its_rows(self, tmp_path: Path) -> None:
        columns = "{month: {month: {}}, net: {money: {}}}"
        sales = f"facts: {{sales: {{rows: {{most: 9}}, title: {WORDS}, columns: {columns}}}}}\n"
        of = "{sum: net, over: sales, where: [month = claim_month]}"
        frame = Frame(tmp_path, sales + f"claims: {{per: month}}\nrate: 10%\nof: {of}")
        rows = [{"month": "2024-03", "net": "10"}, {"month": "2024-04", "net": "20"}]
        assert [frame.yuan({"sales": rows, "claim_month": m}) for m in ("2024-03", "2024-04", "2024-05")] == [
            "1.00", "2.00", "0.00",
        ]  # fmt: skip

    def test_claims_are_counted_from_a_day(self, tmp_path: Path) -> None:
        assert refused(tmp_path, REVENUE + "claims: {per: year, from: small}\namount: 1") == ["E301"]


class TestTermsAndOverlays:
    """Open terms, who fills them and inside which bounds; lowering, raising, closing."""

    def test_while_a_term_is_open_the_answer_says_who_must_fill_it(self, tmp_path: Path) -> None:
        answer = Frame(tmp_path, "amount: {open: money}").ask({})
        assert (answer.outcome, answer.amount) == ("awaiting_guide", None)
        assert [(term.term, term.filled_by) for term in answer.open_terms] == [("amount", "guide")]

    def test_a_guide_fills_inside_the_bounds_of_the_notice(self, tmp_path: Path) -> None:
        offer = "rate: {open: ratio, at_least: 5%, at_most: 30%, decimals: 2}\nof: now"
        for number, (rate, expected) in enumerate((("30%", "30.00"), ("5%", "5.00"))):
            frame = Frame(tmp_path / str(number), REVENUE + offer, guide=f"fill: {{a: {{rate: {rate}}}}}")
            assert frame.yuan({"now": "100"}) == expected
        wrong = (("31%", "E702"), ("4%", "E702"), ("12.5%", "E503"))
        for number, (rate, code) in enumerate(wrong, 5):
            assert refused(tmp_path / str(number), REVENUE + offer, guide=f"fill: {{a: {{rate: {rate}}}}}") == [code]

    def test_a_whole_figure_is_filled_with_the_facts_it_may_use(self, tmp_path: Path) -> None:
        offer = REVENUE + "amount: {open: figure, may_use: [now, before]}\ncap: 80"
        bands = "bands: {under 20%: 0, from 20%: 90}"
        fill = f"fill: {{a: {{amount: {{grown: now, since: before, from_zero: 0, {bands}}}}}}}"
        frame = Frame(tmp_path / "1", offer, guide=fill)
        assert [frame.yuan({"now": now, "before": "100"}) for now in ("119", "120")] == ["0.00", "80.00"]
        assert refused(
            tmp_path / "2", offer, guide="fill: {a: {amount: {default: 1, unless: [{when: small, then: 2}]}}}"
        ) == ["E301"]

    def test_floors_and_limits_may_be_left_open(self, tmp_path: Path) -> None:
        floor = Frame(tmp_path / "1", "amount: 5\nfloor: {open: money}", guide="fill: {a: {floor: 7}}")
        limit = "amount: 5\nlimit: {amount: {open: money}, per: enterprise, over: validity}"
        capped = Frame(tmp_path / "2", limit, guide="fill: {a: {limit: 3}}")
        assert (floor.yuan({}), capped.yuan({})) == ("7.00", "3.00")

    def test_two_open_terms_in_one_figure_need_names(self, tmp_path: Path) -> None:
        two = "amount: {default: {open: money}, unless: [{when: small, then: {open: money}}]}"
        assert refused(tmp_path, REVENUE + two, guide="fill: {a: {amount: 1}}") == ["E712"]

    def test_only_the_one_named_fills_and_only_what_is_open(self, tmp_path: Path) -> None:
        local = "amount: {open: money, filled_by: local}"
        assert refused(tmp_path / "1", local, guide="fill: {a: {amount: 1}}") == ["E708"]
        assert refused(tmp_path / "2", "amount: 5", guide="fill: {a: {amount: 1}}") == ["E701"]

    PARCELS = """
        facts:
          parcels:
            rows: {most: 100}
            title: {zh: 快件, en: parcels}
            columns: {distance: {choice: {open: list, filled_by: local}}}
        terms: {price: {open: unit_rate, by: distance, at_most: 0.3, decimals: 4, filled_by: local}}
        for_each: {row: parcels, each: price}
    """
    LIST = f"{{near: {WORDS}, far: {WORDS}}}"

    def test_a_place_fills_a_list_and_a_rate_for_each_of_its_words(self, tmp_path: Path) -> None:
        fill = f"fill: {{a: {{distance: {self.LIST}, price: {{near: 0.1, far: 0.3}}}}}}"
        frame = Frame(tmp_path, self.PARCELS, local=LOCAL + fill)
        rows = {"parcels": [{"distance": "near"}, {"distance": "near"}, {"distance": "far"}]}
        assert frame.yuan(rows, at="990102") == "0.50"
        assert frame.ask({"parcels": []}, at="990101").outcome == "awaiting_guide"

    def test_a_place_fills_a_rate_written_where_it_stands(self, tmp_path: Path) -> None:
        inline = self.PARCELS.replace("each: price", "each: {open: unit_rate, by: distance, filled_by: local}")
        fill = f"fill: {{a: {{distance: {self.LIST}, each: {{near: 0.1, far: 0.2}}, price: {{near: 0, far: 0}}}}}}"
        frame = Frame(tmp_path, inline, local=LOCAL + fill)
        assert frame.yuan({"parcels": [{"distance": "near"}, {"distance": "far"}]}, at="990102") == "0.30"

    @pytest.mark.parametrize(("offer", "guide", "code"), [
        ("amount: 5", "lower: {a: {amount: 6}}", "E703"),
        ("amount: 5\nfloor: 3", "raise: {a: {floor: 2}}", "E703"),
        ("amount: 5\ncap: [4, 3]", "lower: {a: {cap: 2}}", "E704"),
        ("amount: 5", "lower: {a: {cap: 2}}", "E706"),
        ("amount: 5", "lower: {a: {floor: 2}}", "E201"),
        ("amount: 5\nfloor: 3\ncap: 4", "lower: {a: {cap: 2}}", "E711"),
    ])  # fmt: skip
    def test_an_overlay_goes_in_one_direction(self, tmp_path: Path, offer: str, guide: str, code: str) -> None:
        assert refused(tmp_path, offer, guide=guide) == [code]

    def test_a_guide_lowers_figures_by_name_and_place(self, tmp_path: Path) -> None:
        offer = "rate: {of: now, bands: {under 100: 20%, from 100: 30%}}\nof: now\ncap: [90, {share: 50%, of: before}]"
        guide = "lower: {a: {rate: {bands: {from 100: 25%}}, cap: [80, {share: 40%}]}}"
        frame = Frame(tmp_path, REVENUE + offer, guide=guide)
        found = [frame.yuan({"now": now, "before": "190"}) for now in ("99", "200", "400")]
        assert found == ["19.80", "50.00", "76.00"]

    def test_closed_offers_and_windows_are_told_before_anything_else(self, tmp_path: Path) -> None:
        never = "amount: 1\nwhen: [on < 2000-01-01]"
        assert Frame(tmp_path / "1", never, opens=()).ask({}).closed_because == "not_opened"
        window = "windows: {a: {from: 2024-03-01, to: 2024-03-31}}"
        frame = Frame(tmp_path / "2", "amount: 1", guide=window)
        found = [frame.yuan({}, on=day) for day in ("2024-02-29", "2024-03-01", "2024-03-31", "2024-04-01")]
        assert found == ["closed", "1.00", "1.00", "closed"]
        assert frame.yuan({}, on="2024-04-01", guide=2024) == "1.00"  # what if: the window is not asked

    def test_a_place_narrows_the_window_of_the_year_it_speaks_of(self, tmp_path: Path) -> None:
        local = LOCAL + "windows: {a: {from: 2024-04-01, to: 2024-04-30}}"
        frame = Frame(tmp_path / "1", "amount: 1", local=local, years=(2024, 2025))
        found = [frame.yuan({}, on=day, at="990102") for day in ("2024-03-31", "2024-04-30", "2025-03-31")]
        assert found == ["closed", "1.00", "1.00"]
        wide = LOCAL + "windows: {a: {from: 2024-01-01, to: 2024-04-30}}"
        frame = Frame(tmp_path / "2", "amount: 1", local=wide)
        with pytest.raises(Exception, match="E709"):
            frame.ask({}, at="990102")

    def test_added_conditions_hold_for_awards_and_may_be_for_some_offers(self, tmp_path: Path) -> None:
        gates = "gates: {when: [registered_at.league = 990100], cites: '3'}"
        frame = Frame(tmp_path, "amount: 1", guide=gates)
        refusal = frame.ask({"registered_at": "980101"}).refused
        assert [(step.key, step.cites[0].text) for step in refusal] == [("guide_gates.1", "guide:2024 3")]
        assert frame.yuan({"registered_at": "990102"}) == "1.00"


class TestTransfersAndPools:
    """Money to governments, floors that a pool cannot keep."""

    POOL = "nature: transfer\npool: {amount: 1_000, among: ['990101', '990102'], split: shares}"

    def test_a_pool_is_shared_among_the_listed_places(self, tmp_path: Path) -> None:
        frame = Frame(tmp_path, self.POOL, guide="fill: {a: {split: {'990101': 65%, '990102': 35%}}}")
        found = [frame.yuan({}, at=place) for place in ("990101", "990102", "990103")]
        assert found == ["650.00", "350.00", "not_eligible"]

    def test_leagues_are_listed_by_their_own_codes(self, tmp_path: Path) -> None:
        pool = self.POOL.replace("990101", "990100").replace("990102", "980100")
        frame = Frame(tmp_path, pool, guide="fill: {a: {split: {'990100': 65%, '980100': 35%}}}")
        assert [frame.yuan({}, at=place) for place in ("990103", "980100")] == ["650.00", "350.00"]

    def test_shares_make_up_the_whole(self, tmp_path: Path) -> None:
        for number, (split, code) in enumerate((("60%", "E710"), ("70%", "E710"))):
            fill = f"fill: {{a: {{split: {{'990101': 35%, '990102': {split}}}}}}}"
            assert refused(tmp_path / str(number), self.POOL, guide=fill) == [code]

    def test_a_share_by_factors_is_set_by_the_allocation(self, tmp_path: Path) -> None:
        frame = Frame(tmp_path, "nature: transfer\npool: {amount: 1_000, split: factors}")
        answer = frame.ask({"allocated_share": "0.125"}, at="990101")
        assert (answer.amount, [c.name for c in answer.conditions]) == (12_500, ["allocation"])

    def test_a_transfer_needs_a_sum(self, tmp_path: Path) -> None:
        assert refused(tmp_path, "nature: transfer") == ["E604"]

    def test_a_floor_lifts_and_a_pool_too_small_for_it_asks_a_person(self, tmp_path: Path) -> None:
        offer = "amount: 5\nfloor: 10\nlimit: [{awards: 1, per: enterprise}, {awards: 3, over: validity}]"
        assert Frame(tmp_path / "1", offer).yuan({}) == "10.00"
        for number, (pool, outcome) in enumerate((("29.99", "needs_decision"), ("30", "award")), 2):
            guide = f"pools: {{p: {{offers: [a], amount: {pool}, share: pro_rata}}}}"
            assert Frame(tmp_path / str(number), offer, guide=guide).ask({}).outcome == outcome

    def test_what_is_left_of_a_limit_below_the_floor_asks_a_person(self, tmp_path: Path) -> None:
        offer = "amount: 50\nfloor: 10\nlimit: {amount: 100, per: enterprise, over: validity}"
        frame = Frame(tmp_path, offer)
        assert frame.yuan({}, history=[award("a", approved="90")]) == "10.00"
        short = frame.ask({}, history=[award("a", approved="90.01")])
        assert [doubt.name for doubt in short.doubts] == ["limit_1_below_floor"]

    def test_information_needs_no_guide(self, tmp_path: Path) -> None:
        frame = Frame(tmp_path, REVENUE + "nature: inform\namount: greatest(now - before, 0)", opens=())
        assert frame.yuan({"now": "5", "before": "3"}, on="2024-01-01") == "2.00"


class TestPayments:
    """`pay`: when, never how much."""

    PAY = (
        f"amount: 100.01\npay: [{{title: {WORDS}, share: 33.335%}}, {{title: {WORDS}, share: 30%}}, {{title: {WORDS}}}]"
    )

    def test_the_last_part_takes_the_rest(self, tmp_path: Path) -> None:
        answer = Frame(tmp_path, self.PAY).ask({})
        assert [paid for _, paid in answer.payments] == [3_334, 3_000, 3_667]

    def test_shares_of_all_parts_make_up_the_whole(self, tmp_path: Path) -> None:
        whole = f"amount: 5\npay: [{{title: {WORDS}, share: 60%}}, {{title: {WORDS}, share: 30%}}]"
        assert refused(tmp_path / "1", whole) == ["E710"]
        first = f"amount: 5\npay: [{{title: {WORDS}}}, {{title: {WORDS}, share: 30%}}]"
        assert refused(tmp_path / "2", first) == ["E202"]


class TestReadingTogether:
    """What a wrong entry says, and what it does not drag along."""

    def test_references_to_an_entry_that_cannot_be_read_are_not_told_as_well(self, tmp_path: Path) -> None:
        assert refused(tmp_path, "amout: 5") == ["E201"]

    def test_a_fact_may_be_like_that_of_another_offer_with_dots_in_its_id(self, tmp_path: Path) -> None:
        other = f'offer: b.1\ntitle: {WORDS}\ncites: "1"\nto: unit\nrate: 10%\nof: spent\nfacts: {{spent: {MONEY}}}'
        frame = Frame(tmp_path, "facts: {spent: {like: b.1.spent}}\nrate: 20%\nof: spent", others=(other,))
        assert frame.yuan({"spent": "10"}) == "2.00"
        assert frame.programme.offers["a"].facts["spent"].title.zh == "数"

    def test_the_answer_cites_the_notice_and_the_guide_that_set_the_figure(self, tmp_path: Path) -> None:
        answer = Frame(tmp_path, "amount: {open: money}", guide="fill: {a: {amount: 5}}").ask({})
        formula = answer.ladder.step("formula")
        assert [cite.source for cite in formula.cites] == ["notice", "guide:2024"]
        assert answer.question.on == parse_date("2024-06-01")
