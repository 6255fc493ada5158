"""Each mechanism of the language on the smallest programme that shows it: figures below, at and above every edge."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, strategies as st
from tests.policy.frame import HEAD, Frame, codes

from jarlig.engines.exact import Climber
from jarlig.ladder.numbers import parse_date
from jarlig.policy.messages import PolicyError

MONEY = "{money: {}, title: {zh: 数, en: n}}"
REVENUE = f"facts: {{now: {MONEY}, before: {MONEY}, small: {{yes_no: {{}}, title: {{zh: 小, en: small}}}}}}\n"
LEVEL = """
facts:
  level: {choice: {low: {zh: 低, en: low}, high: {zh: 高, en: high}}, title: {zh: 级, en: level}}
  now: {money: {}, title: {zh: 数, en: n}}
"""
LINES = """
facts:
  lines:
    rows: {most: 100, key: no, reverses: back}
    title: {zh: 清单, en: lines}
    columns:
      no: {code: text}
      back: {code: text, or: none}
      net: {money: signed}
      refund: {money: {}, or: none}
      paid_on: {date: {}, or: none}
      n: {integer: {least: -1000}}
      kind: {choice: {hard: {zh: 硬, en: hard}, soft: {zh: 软, en: soft}}}
"""
WORDS = "{zh: 甲, en: a}"
LOCAL = f"local: l1\ntitle: {WORDS}\nat: '990102'\nvalid: {{from: 2024-01-01, to: 2026-12-31}}\n"


def refused(tmp_path: Path, offer: str, **options: Any) -> list[str]:
    """The codes with which a programme, or the ladder of its offer, is refused."""
    with pytest.raises(PolicyError) as caught:
        Frame(tmp_path, offer, **options).ask({})
    return codes(caught.value)


def award(offer: str, on: str = "2024-05-01", state: str = "approved", **values: Any) -> dict[str, Any]:
    """A row of the history."""
    return {"offer": offer, "on": on, "guide_year": on[:4], "state": state, "uscc": "U1", **values}


class TestFormulas:
    """`amount`, `rate` with `of`, `each` with `count` or `every`."""

    def test_a_lump_sum_is_paid_as_written(self, tmp_path: Path) -> None:
        assert Frame(tmp_path, "amount: 200_000").yuan({}) == "200000.00"

    def test_a_rate_takes_a_share_and_rounds_a_half_fen_up_once(self, tmp_path: Path) -> None:
        frame = Frame(tmp_path, REVENUE + "rate: 12.5%\nof: now")
        assert frame.yuan({"now": "1000.04"}) == "125.01"  # 125.005
        assert frame.yuan({"now": "1000.03"}) == "125.00"  # 125.00375

    def test_a_formula_in_whole_yuan_is_shown_in_fen(self, tmp_path: Path) -> None:
        answer = Frame(tmp_path, "amount: 5\ncap: 3").ask({})
        assert (answer.formula_amount, answer.amount) == (500, 300)
        assert isinstance(answer.formula_amount, int)

    def test_a_formula_that_would_be_negative_pays_nothing(self, tmp_path: Path) -> None:
        for number, offer in enumerate(("amount: now - before", "rate: 10%\nof: now - before")):
            frame = Frame(tmp_path / str(number), REVENUE + offer)
            assert frame.yuan({"now": "1", "before": "2"}) == "0.00"

    def test_so_much_a_unit_keeps_the_decimals_of_area_and_months(self, tmp_path: Path) -> None:
        offer = """
            facts:
              area: {quantity: {unit: square_metre, decimals: 2}, title: {zh: 积, en: area}}
              months: {integer: {unit: month, most: 12}, title: {zh: 月, en: months}}
            each: 12.5
            count: least(area, 2_000) * months
        """
        frame = Frame(tmp_path, offer)
        assert frame.yuan({"area": "10.35", "months": "7"}) == "905.63"  # 905.625
        assert frame.yuan({"area": "2000.01", "months": "12"}) == "300000.00"

    def test_a_part_without_its_other_half_is_no_formula(self, tmp_path: Path) -> None:
        wrong = ("rate: 10%", "each: 5", "amount: 5\nof: now", "amount: 5\nrate: 10%\nof: now", "cap: 5")
        for number, offer in enumerate(wrong):
            assert refused(tmp_path / str(number), REVENUE + offer) == ["E604"], offer

    def test_money_of_two_currencies_is_never_mixed(self, tmp_path: Path) -> None:
        usd = "facts: {exports: {money: {currency: usd}, title: {zh: 出, en: exports}}}\n"
        assert refused(tmp_path, usd + "rate: 10%\nof: exports") == ["E501"]

    def test_unknown_is_never_an_amount(self, tmp_path: Path) -> None:
        frame = Frame(tmp_path, REVENUE + "rate: 10%\nof: now\ncap: 5")
        ladder = frame.desk.plans.plan(parse_date("2024-06-01")).ladder("a")
        answer = Climber(ladder).climb({"on": parse_date("2024-06-01"), "guide_year": 2024})
        assert answer.unknown and answer.award is None and answer.formula is None


class TestSteps:
    """`every`: full, started and exact steps, of a number or of growth."""

    STAND = "facts: {stand: {quantity: {unit: square_metre, decimals: 2}, title: {zh: 展, en: stand}}}\neach: 10_000\n"
    GROWTH = REVENUE + "each: 200_000\nevery: {step: 5%, grown: now, since: before, above: 10%, from_zero: 1}\n"

    @pytest.mark.parametrize(("area", "full", "started"), [
        ("0", 0, 0), ("0.01", 0, 1), ("8.99", 0, 1), ("9", 1, 1), ("9.01", 1, 2), ("18", 2, 2), ("18.01", 2, 3),
    ])  # fmt: skip
    def test_full_and_started_steps_differ_between_the_edges_only(
        self, tmp_path: Path, area: str, full: int, started: int
    ) -> None:
        for how, count in (("full", full), ("started", started)):
            frame = Frame(tmp_path / how, self.STAND + f"every: {{step: 9, of: stand, count: {how}}}")
            assert frame.yuan({"stand": area}) == f"{count * 10_000}.00"

    def test_exact_steps_pay_in_proportion(self, tmp_path: Path) -> None:
        frame = Frame(tmp_path, self.STAND + "every: {step: 0.4, of: stand, count: exact}")
        assert frame.yuan({"stand": "1.01"}) == "25250.00"

    def test_an_exact_step_that_would_lose_a_digit_is_refused(self, tmp_path: Path) -> None:
        assert refused(tmp_path, self.STAND + "every: {step: 9, of: stand, count: exact}") == ["E613"]

    def test_steps_above_a_threshold_count_the_excess_alone(self, tmp_path: Path) -> None:
        frame = Frame(tmp_path, self.STAND + "every: {step: 9, of: stand, above: 20}")
        assert [frame.yuan({"stand": x}) for x in ("20", "28.99", "29")] == ["0.00", "0.00", "10000.00"]

    @pytest.mark.parametrize(("now", "steps"), [
        ("90", 0), ("110", 0), ("114.99", 0), ("115", 1), ("119.99", 1), ("120", 2), ("200", 18),
    ])  # fmt: skip
    def test_full_steps_of_growth_begin_above_the_threshold(self, tmp_path: Path, now: str, steps: int) -> None:
        assert Frame(tmp_path, self.GROWTH).yuan({"now": now, "before": "100"}) == f"{steps * 200_000}.00"

    def test_growth_from_zero_counts_as_the_programme_says(self, tmp_path: Path) -> None:
        assert Frame(tmp_path, self.GROWTH).yuan({"now": "7", "before": "0"}) == "200000.00"

    def test_steps_of_dollars_give_yuan(self, tmp_path: Path) -> None:
        offer = """
            facts: {exports: {money: {currency: usd}, title: {zh: 出, en: exports}}}
            each: 30_000
            every: {step: 1_000_000, of: exports}
            cap: 600_000
        """
        frame = Frame(tmp_path, offer)
        assert [frame.yuan({"exports": x}) for x in ("999999.99", "1000000", "20000000", "21000000")] == [
            "0.00", "30000.00", "600000.00", "600000.00",
        ]  # fmt: skip

    def test_every_needs_one_number_or_both_sides_of_a_growth(self, tmp_path: Path) -> None:
        for number, keys in enumerate(
            ("step: 5", "step: 5, grown: now", "step: 5, of: now, grown: now, since: before")
        ):
            assert refused(tmp_path / str(number), REVENUE + f"each: 1\nevery: {{{keys}}}") == ["E612"]

    @given(now=st.integers(0, 10**9), before=st.integers(1, 10**9))
    def test_steps_of_growth_are_what_division_would_give(self, growth: Frame, now: int, before: int) -> None:
        expected = max(0, (Fraction(now, before) - 1 - Fraction(1, 10)) // Fraction(1, 20))
        assert growth.yuan({"now": str(now), "before": str(before)}) == f"{expected * 200_000}.00"


@pytest.fixture(scope="module")
def growth(tmp_path_factory: pytest.TempPathFactory) -> Frame:
    """One frame for all examples of a property: compiling is not what it tests."""
    return Frame(tmp_path_factory.mktemp("growth"), TestSteps.GROWTH)


class TestFigures:
    """The ways to write a figure."""

    def test_by_gives_each_choice_its_figure(self, tmp_path: Path) -> None:
        frame = Frame(tmp_path, LEVEL + "amount: {by: level, low: 1, high: 2}")
        assert [frame.yuan({"level": level}) for level in ("low", "high")] == ["1.00", "2.00"]

    def test_by_must_name_every_choice_and_no_other(self, tmp_path: Path) -> None:
        assert refused(tmp_path / "1", LEVEL + "amount: {by: level, low: 1}") == ["E603"]
        assert refused(tmp_path / "2", LEVEL + "amount: {by: level, low: 1, high: 2, mid: 3}") == ["E204"]
        assert refused(tmp_path / "3", LEVEL + "amount: {by: now, low: 1}") == ["E609"]

    def test_whole_bands_give_the_whole_number_one_rate(self, tmp_path: Path) -> None:
        frame = Frame(
            tmp_path, REVENUE + "rate: {of: now, bands: {under 100: 5%, 100 to 200: 8%, over 200: 10%}}\nof: now"
        )
        found = [frame.yuan({"now": now}) for now in ("99.99", "100", "200", "200.01")]
        assert found == ["5.00", "8.00", "16.00", "20.00"]

    def test_marginal_bands_give_each_slice_its_own_rate(self, tmp_path: Path) -> None:
        frame = Frame(
            tmp_path, REVENUE + "rate: {marginal: {up to 100: 10%, over 100 to 200: 20%, over 200: 5%}}\nof: now"
        )
        found = [frame.yuan({"now": now}) for now in ("0", "100", "101", "200", "300")]
        assert found == ["0.00", "10.00", "10.20", "30.00", "35.00"]

    def test_marginal_bands_stand_only_under_rate_and_each(self, tmp_path: Path) -> None:
        assert refused(tmp_path, REVENUE + "amount: {marginal: {up to 100: 10%, over 100: 20%}}") == ["E610"]

    def test_a_growth_band_divides_nothing_and_says_what_growth_from_zero_is(self, tmp_path: Path) -> None:
        bands = "bands: {under 15%: 0, 15% to under 25%: 1, from 25%: 3}"
        frame = Frame(tmp_path, REVENUE + f"amount: {{grown: now, since: before, from_zero: 9, {bands}}}")
        found = [frame.yuan({"now": now, "before": "300"}) for now in ("344.99", "345", "374.99", "375", "0")]
        assert found == ["0.00", "1.00", "1.00", "3.00", "0.00"]
        assert frame.yuan({"now": "5", "before": "0"}) == "9.00"

    def test_a_share_of_another_base_caps_and_is_rounded_itself(self, tmp_path: Path) -> None:
        frame = Frame(tmp_path, REVENUE + "rate: 30%\nof: now\ncap: [200, {share: 50%, of: before}]")
        assert frame.yuan({"now": "500", "before": "1000"}) == "150.00"
        assert frame.yuan({"now": "5000", "before": "1000"}) == "200.00"
        assert frame.yuan({"now": "5000", "before": "0.01"}) == "0.01"  # half a fen goes up

    def test_a_table_serves_two_offers_on_two_bases(self, tmp_path: Path) -> None:
        tables = (
            f"tables: {{scale: {{title: {WORDS}, form: ratio, of: money, bands: {{under 100: 5%, from 100: 8%}}}}}}"
        )
        other = f'offer: b\ntitle: {WORDS}\ncites: "1"\nto: unit\nrate: {{table: scale, of: revenue}}\nof: revenue\n'
        other += f"facts: {{revenue: {MONEY}}}"
        frame = Frame(tmp_path, REVENUE + "rate: {table: scale, of: now}\nof: now", programme=tables, others=(other,))
        assert (frame.yuan({"now": "99"}), frame.yuan({"revenue": "100"}, offer="b")) == ("4.95", "8.00")

    def test_a_marginal_table_takes_the_base_it_stands_on(self, tmp_path: Path) -> None:
        table = f"{{title: {WORDS}, form: ratio, of: money, how: marginal, bands: {{up to 100: 10%, over 100: 20%}}}}"
        frame = Frame(tmp_path / "1", REVENUE + "rate: {table: t}\nof: now", programme=f"tables: {{t: {table}}}")
        assert frame.yuan({"now": "200"}) == "30.00"
        wrong = REVENUE + "rate: {table: t, of: before}\nof: now"
        assert refused(tmp_path / "2", wrong, programme=f"tables: {{t: {table}}}") == ["E201"]

    def test_a_table_or_parameter_that_is_not_there_names_its_neighbour(self, tmp_path: Path) -> None:
        assert refused(tmp_path / "1", REVENUE + "rate: {table: scala, of: now}\nof: now") == ["E301"]
        assert refused(tmp_path / "2", REVENUE + "rate: {dated: lpr, on: on}\nof: now") == ["E301"]

    DATED = """
        parameters:
          base:
            title: {zh: 率, en: base}
            form: ratio
            values:
              - {from: 2024-01-01, to: 2024-06-30, value: 4.2%, basis: {zh: 一, en: one}}
              - {from: 2024-07-01, to: 2024-12-31, value: 3.85%, basis: {zh: 二, en: two}}
    """

    def test_a_dated_value_is_that_of_its_day_and_never_guessed(self, tmp_path: Path) -> None:
        lent = f"facts: {{lent_on: {{date: {{}}, title: {WORDS}}}, loan: {MONEY}}}\n"
        frame = Frame(tmp_path, lent + "rate: {dated: base, on: lent_on}\nof: loan", programme=self.DATED)
        days = ("2024-01-01", "2024-06-30", "2024-07-01", "2024-12-31", "2023-12-31", "2025-01-01")
        found = [frame.yuan({"lent_on": day, "loan": "1000"}) for day in days]
        assert found == ["42.00", "42.00", "38.50", "38.50", "awaiting_guide", "awaiting_guide"]

    def test_an_unknown_that_changes_nothing_is_not_asked_for_while_a_value_is_awaited(self, tmp_path: Path) -> None:
        """Its answer would bring nobody nearer to the sum: what is awaited is the value."""
        yes_no = f"{{yes_no: {{}}, title: {WORDS}}}"
        facts = f"lent_on: {{date: {{}}, title: {WORDS}}}, loan: {MONEY}, small: {yes_no}, farm: {yes_no}"
        rate = "{default: {dated: base, on: lent_on}, unless: [{when: small and farm, then: 1%}]}"
        frame = Frame(tmp_path, f"facts: {{{facts}}}\nrate: {rate}\nof: loan", programme=self.DATED)
        late = {"lent_on": "2025-01-01", "loan": "1000"}
        assert frame.ask({**late, "farm": False}).outcome == "awaiting_guide"
        whole = frame.ask({**late, "farm": True})
        assert whole.outcome == "range" and [one.key for one in whole.missing] == ["small"]

    def test_periods_of_a_parameter_must_meet(self, tmp_path: Path) -> None:
        gap = self.DATED.replace("2024-07-01", "2024-07-02")
        assert refused(tmp_path, REVENUE + "rate: {dated: base, on: on}\nof: now", programme=gap) == ["E611"]

    def test_default_gives_way_to_its_exception_and_two_of_them_ask_a_person(self, tmp_path: Path) -> None:
        offer = "amount: {default: 1, unless: [{when: small, then: 2}, {when: now > 5, then: 3}]}"
        frame = Frame(tmp_path, REVENUE + offer)
        assert frame.yuan({"small": "false", "now": "5"}) == "1.00"
        assert frame.yuan({"small": "true", "now": "5"}) == "2.00"
        assert frame.yuan({"small": "false", "now": "6"}) == "3.00"
        both = frame.ask({"small": "true", "now": "6"})
        assert (both.outcome, [doubt.name for doubt in both.doubts]) == ("needs_decision", ["amount_exceptions_1_2"])

    def test_a_case_may_give_plain_numbers_where_money_is_wanted(self, tmp_path: Path) -> None:
        frame = Frame(tmp_path / "1", REVENUE + "amount: case when small then 100 else now end")
        assert [frame.yuan({"small": s, "now": "7"}) for s in ("true", "false")] == ["100.00", "7.00"]
        frame = Frame(tmp_path / "2", REVENUE + "amount: 50\ncap: case when small then 100 else 30.5 end")
        assert [frame.yuan({"small": s}) for s in ("true", "false")] == ["50.00", "30.50"]

    def test_a_figure_is_of_the_kind_its_place_wants(self, tmp_path: Path) -> None:
        wrong = {"amount: 20%": "E608", "rate: -5%\nof: now": "E606", "amount: 1.234": "E503", "amount: small": "E605",
                 "amount: {open: date}": "E605", "amount: {decide: ratio, from: 0.1, to: 0.2}": "E605",
                 "amount: {by: small, a: 1, bands: {}}": "E607", "amount: [1, 2]": "E604"}  # fmt: skip
        for number, (offer, code) in enumerate(wrong.items()):
            assert refused(tmp_path / str(number), REVENUE + offer) == [code], offer


class TestDecisions:
    """`decide`: a person, inside bounds."""

    OFFER = REVENUE + "amount: {decide: money, from: 100, to: 500}"

    def test_until_a_person_decides_there_is_no_amount(self, tmp_path: Path) -> None:
        judged = Frame(tmp_path, self.OFFER).desk.plans.plan(parse_date("2024-06-01")).ladder("a").judged
        assert [(value.name, value.kind.low, value.kind.high) for value in judged] == [("amount", 10_000, 50_000)]

    def test_a_decision_holds_inside_its_bounds_only(self, tmp_path: Path) -> None:
        frame = Frame(tmp_path, self.OFFER)
        assert [frame.yuan({"decisions": {"amount": x}}) for x in ("100", "500")] == ["100.00", "500.00"]
        for outside in ("99.99", "500.01"):
            with pytest.raises(PolicyError) as caught:
                frame.ask({"decisions": {"amount": outside}})
            assert codes(caught.value) == ["E803"]

    def test_a_decided_rate_keeps_its_decimals(self, tmp_path: Path) -> None:
        frame = Frame(tmp_path, REVENUE + "rate: {decide: ratio, from: 7.5%, to: 20%}\nof: now")
        assert frame.yuan({"now": "1000", "decisions": {"rate": "0.1"}}) == "100.00"
        assert frame.yuan({"now": "1000", "decisions": {"rate": "0.125"}}) == "125.00"

    def test_decisions_of_two_offers_stand_under_their_ids(self, tmp_path: Path) -> None:
        frame = Frame(tmp_path, self.OFFER, others=(HEAD.replace("offer: a", "offer: b") + self.OFFER,))
        assert frame.yuan({"decisions": {"a": {"amount": "200"}, "b": {"amount": "7"}}}) == "200.00"

    @pytest.mark.parametrize(
        ("decisions", "code"),
        [({"amuont": "200"}, "E801"), ({"a": {"amuont": "200"}}, "E801"), ({"c": {"amount": "200"}}, "E801"),
         (["200"], "E802"), ("200", "E802"), ({"a": "5"}, "E801"), ({"amount": {"from": "1"}}, "E802")],
    )  # fmt: skip
    def test_a_decision_that_nobody_asks_for_is_refused(self, tmp_path: Path, decisions: Any, code: str) -> None:
        with pytest.raises(PolicyError) as caught:
            Frame(tmp_path, self.OFFER).ask({"decisions": decisions})
        assert codes(caught.value) == [code]

    def test_a_decision_for_another_offer_may_stand_in_the_same_facts(self, tmp_path: Path) -> None:
        other = HEAD.replace("offer: a", "offer: b") + REVENUE + "rate: {decide: ratio, from: 5%, to: 20%}\nof: now"
        frame = Frame(tmp_path, self.OFFER, others=(other,))
        assert frame.yuan({"decisions": {"amount": "200", "rate": "0.1"}}) == "200.00"

    def test_bounds_the_wrong_way_round_are_refused(self, tmp_path: Path) -> None:
        assert refused(tmp_path, "amount: {decide: money, from: 5, to: 1}") == ["E210"]
