"""Kernel nodes in words: every kind of node, in both languages, without a code or a name of a file."""

import pytest
from tests.words.lamps import programme

from jarlig.ladder import build, nodes as n
from jarlig.ladder.kinds import (
    CNY,
    DATE,
    MONTH,
    PURE,
    Choice,
    Code,
    Division,
    Number,
    Some,
    integer,
    money,
)
from jarlig.ladder.nodes import Node
from jarlig.policy.expressions import Scope, compile_expression
from jarlig.policy.messages import Place
from jarlig.policy.text import Scalar
from jarlig.words.expressions import Speaker, between
from jarlig.words.naming import division_name, runs

OFFER = programme().offers["renew"]
FACTS = {**programme().fact_defs(programme().offers["model"]), **programme().fact_defs(OFFER)}
NAMES = {name: n.Fact(name, fact.kind) for name, fact in FACTS.items() if name != "costs"}
COLUMNS = {name: n.Column(name, kind) for name, kind in FACTS["costs"].kind.columns}  # type: ignore[union-attr]  # rows
RATIO = Number(PURE, 4, 0, 10**4)
GRADE = NAMES["grade"]


def node(text: str) -> Node:
    names = {**NAMES, **COLUMNS, "on": n.Fact("on", DATE), "at": n.Fact("at", Division("county")),
             "share": n.Fact("share", RATIO)}  # fmt: skip
    place = Place("test", 1, 1)
    return compile_expression(Scalar(text, place, False, len(text)), Scope(names, {}, frozenset({"reverses"})))


def both(tree: Node) -> tuple[str, str]:
    zh, en = (Speaker(programme(), OFFER, FACTS, lang).phrase(tree) for lang in ("zh", "en"))
    return zh, en


@pytest.mark.parametrize(
    ("text", "zh", "en"),
    [
        ("tax_credit != d", "纳税信用等级不为D级", "tax credit is not grade D"),
        ("tax_credit = a", "纳税信用等级为A级", "tax credit is grade A"),
        ("score >= 60", "评分不低于60分", "score is at least 60 points"),
        ("60 <= score", "评分不低于60分", "score is at least 60 points"),
        ("score < 60.5", "评分不足60.5分", "score is below 60.5 points"),
        ("net > 1000", "不含税金额超过1,000.00元", "net sum is above CNY 1,000.00"),
        ("share <= 0.125", "share不超过12.5%", "share is at most 12.5%"),
        ("done_on <= on", "验收日期不晚于申请日期", "day of acceptance is not later than the application date"),
        ("done_on > 2022-06-06", "验收日期晚于2022年6月6日", "day of acceptance is after 6 June 2022"),
        ("done_on < 2022-06-06", "验收日期早于2022年6月6日", "day of acceptance is before 6 June 2022"),
        ("paid_on between 2022-06-06 and 2023-09-30", "付款日期在2022年6月6日至2023年9月30日之间",
         "day of payment is from 6 June 2022 to 30 September 2023"),
        ("score not between 60 and 80", "评分不在60分至80分之间", "score is not between 60 points and 80 points"),
        ("category in (lamp, cable)", "类别属于灯具、线缆", "category is lamps or cable"),
        ("category not in (other)", "类别不属于其他", "category is not other"),
        ("registered_at.region = 150000", "注册地所在省级行政区为内蒙古自治区",
         "the region of place of registration is Inner Mongolia"),
        ("registered_at.league in (150100, 150200)", "注册地所在盟市属于呼和浩特市、包头市",
         "the league or city of place of registration is Hohhot or Baotou"),
        ("done_on.year = 2023", "验收日期的年份为2023", "the year of day of acceptance is 2023"),
        ("reverses is null", "没有冲销", "there is no reverses"),
        ("reverses is not null", "有冲销", "there is a reverses"),
        ("not on_list", "“列入失信名单”为否", "“on the dishonesty list” is no"),
        ("not tax_credit = a", "并非“纳税信用等级为A级”", "it is not so that tax credit is grade A"),
        ("on_list and score > 1 and (tax_credit = a or tax_credit = d)",
         "列入失信名单，且评分超过1分，且（纳税信用等级为A级，或纳税信用等级为D级）",
         "on the dishonesty list and score is above 1 points and (tax credit is grade A or tax credit is grade D)"),
        ("net * 2 - 5", "不含税金额乘以2减5.00元", "net sum times 2 less CNY 5.00"),
        ("least(net, 5)", "不含税金额与5.00元中较低者", "the lower of net sum and CNY 5.00"),
        ("greatest(net, 0)", "不含税金额（负数按零计）", "net sum, not below zero"),
        ("greatest(net, 7)", "不含税金额与7.00元中较高者", "the higher of net sum and CNY 7.00"),
        ("case when on_list then 1 else 2 end", "列入失信名单的，为1；其他情形为2",
         "1 when on the dishonesty list; otherwise 2"),
    ],
)  # fmt: skip
def test_an_expression_is_said_as_an_office_would(text, zh, en):
    assert both(node(text)) == (zh, en)


def test_a_term_nobody_has_filled_is_said_to_be_open():
    speaker = Speaker(programme(), OFFER, FACTS, "zh")
    assert speaker.phrase(n.Open("costs_from", DATE, "guide")) == "待确定的费用起日"
    assert speaker.term("eligible") == "可计入的类别"
    assert Speaker(programme(), OFFER, FACTS, "en").term("eligible") == "the eligible values of category"
    assert speaker.term("cap_2") == "上限" and speaker.term("each") == "单位标准"
    assert speaker.term("tax_rate") == "所得税税率"


def test_a_judged_figure_and_steps_say_what_they_are():
    amount = money()
    assert both(n.Judged("amount", amount)) == ("由人裁定的金额", "the amount as a person decides")
    of = NAMES["score"]
    assert both(n.Steps(of, n.Literal(100, of.kind), "full", 0, integer())) == (
        "评分每满10分的次数", "full steps of 10 points in score")  # fmt: skip
    assert both(n.Steps(of, n.Literal(100, of.kind), "started", 0, integer()))[0] == (
        "评分每10分的次数（不足一次按一次计）"
    )
    assert both(n.YearsSince(NAMES["done_on"], n.Fact("on", DATE), integer()))[0] == "验收日期至申请日期的整年数"
    assert both(n.Part(n.Column("code", Code("industry")), "sector", Code("sector")))[1] == "the division of code"
    assert both(n.Earlier("awards", ("renew",), (), n.Window("ever"), integer()))[0] == "此前获奖补次数"


def test_sums_say_what_is_added_over_which_list():
    total = n.Sum("costs", (), COLUMNS["net"], money(signed=True))
    assert both(total) == ("投资的不含税金额之和", "the sum of net sum over investment")
    count = n.Sum("costs", (), build.literal(1, 0), integer())
    assert both(count) == ("投资的行数", "the lines of investment")


def test_figures_by_choice_are_spelt_out_while_they_are_few():
    values = tuple((key, n.Literal(value, money())) for key, value in (("street", 100), ("town", 200)))
    assert both(n.Choose(GRADE, values, money())) == (
        "按项目级别（街道级1.00元、城镇级2.00元）",
        "by grade: street CNY 1.00 and town CNY 2.00",
    )
    open_one = (*values[:1], ("town", n.Open("cap", money(), "guide")))
    assert both(n.Choose(GRADE, open_one, money()))[0] == "按项目级别确定的数值"


def test_bands_and_growth_are_named():
    of = NAMES["score"]
    values = (n.Literal(0, money()), n.Literal(1, money()))
    assert both(n.Banded(of, ((600, False),), values, money()))[0] == "按评分分档确定的数值"
    rates = (n.Literal(1, RATIO), n.Literal(2, RATIO))
    assert both(n.Marginal(COLUMNS["net"], (100,), rates, money()))[0] == "按不含税金额分段累进计算"
    grown = n.Grown(of, of, ((200_000, False),), 6, values, values[0], money())
    assert both(grown)[0] == "按评分较评分的增幅分档确定的数值"


class Reasons:
    """Which branch gave a figure: an evaluator that knows the facts of one case."""

    def __init__(self, **facts):
        self.facts = facts

    def __call__(self, tree):
        if isinstance(tree, n.Literal):
            return tree.value
        if isinstance(tree, n.Compare):
            left = self(tree.left)
            return None if left is None else left == self(tree.right)
        return self.facts.get(getattr(tree, "name", ""))

    def zh(self, tree):
        return Speaker(programme(), OFFER, FACTS, "zh").reason(tree, self)


def bands(*edges):
    values = tuple(n.Literal(at, money()) for at in range(len(edges) + 1))
    return n.Banded(NAMES["score"], edges, values, money())


@pytest.mark.parametrize(
    ("score", "words"),
    [
        (599, "不足60分"),
        (600, "60分以上、80分以下"),
        (800, "60分以上、80分以下"),
        (801, "超过80分、不足90分"),
        (900, "90分以上"),
    ],
)
def test_a_band_is_said_with_both_its_edges(score, words):
    tree = bands((600, False), (800, True), (900, False))
    (told,) = Reasons(score=score).zh(tree)
    assert told.endswith(f"属于“{words}”一档")
    assert Reasons().zh(tree) == []


def test_a_lone_upper_edge_that_counts_is_said_so():
    (told,) = Reasons(score=600).zh(bands((600, True)))
    assert "60分以下" in told


def test_growth_says_its_band_or_that_there_is_none():
    now, since = n.Fact("score", NAMES["score"].kind), n.Fact("before", NAMES["score"].kind)
    values = tuple(n.Literal(at, money()) for at in range(3))
    tree = n.Grown(now, since, ((200_000, False), (500_000, False)), 6, values, values[0], money())
    assert "“20%以上、不足50%”" in Reasons(score=120, before=100).zh(tree)[0]
    assert "“50%以上”" in Reasons(score=150, before=100).zh(tree)[0]
    assert "没有增幅" in Reasons(score=150, before=0).zh(tree)[0]
    assert Reasons(score=150).zh(tree) == []


def test_a_choice_an_exception_and_a_decision_say_themselves():
    values = tuple((key, n.Literal(value, money())) for key, value in (("street", 100), ("town", 200)))
    assert Reasons(grade="town").zh(n.Choose(GRADE, values, money())) == ["项目级别为城镇级"]
    assert Reasons().zh(n.Choose(GRADE, values, money())) == []
    test = n.Compare("=", GRADE, n.Literal("town", GRADE.kind))
    exception = n.Case(((test, n.Literal(1, money())),), NAMES["score"], money())
    assert Reasons(grade="town").zh(exception) == ["项目级别为城镇级"]
    assert Reasons(grade="street").zh(exception) == ["没有例外情形", "按评分计"]
    assert Reasons().zh(exception) == []
    assert Reasons(amount=5).zh(n.Judged("amount", money())) == ["由人裁定"]
    assert Reasons().zh(n.Judged("amount", money())) == []


def test_a_share_of_a_base_is_said_with_its_figure():
    share = build.rounded(build.multiply(COLUMNS["net"], build.literal(8, 2)))
    assert Reasons().zh(share) == ["不含税金额的8%，四舍五入到分"]


def test_values_take_the_words_of_their_kind():
    zh = Speaker(programme(), OFFER, FACTS, "zh")
    assert zh.value(None, money()) == "未知" and zh.value(n.NONE, Code("text")) == "无"
    assert zh.value(2022 * 12, MONTH) == "2022年1月"
    assert zh.value(frozenset({"other", "lamp"}), Some(COLUMNS["category"].kind), COLUMNS["category"]) == "灯具、其他"
    assert zh.value("x", Choice((), open=True)) == "x"
    assert zh.value(123, Number((("lamp", 1),), 0, 0, 999)) == "123盏"
    assert zh.value(3, Number((*CNY, ("lamp", -1)), 1, 0, 9)) == "0.3元/盏"


def test_a_built_in_and_an_untitled_name_are_readable():
    en = Speaker(programme(), OFFER, FACTS, "en")
    assert en.title("claim_month") == "the month of the claim" and en.title("no_such_fact") == "no such fact"
    assert en.column("costs", "paid_on") == "day of payment" and en.any_column("not_there") == "not there"


def test_a_division_is_called_by_its_name_and_an_unknown_one_by_its_code():
    assert division_name("150204", "zh") == "青山区" and division_name("110000", "zh") == "110000"
    assert division_name("150204001", "zh") == "青山区（150204001）"


def test_codes_that_count_up_are_told_as_a_run():
    assert runs(["15", "13", "14", "43"]) == [("13", "15"), ("43", "43")]
    assert runs(["ab", "ac"]) == [("ab", "ab"), ("ac", "ac")] and runs([]) == []


def test_only_two_bounds_of_one_item_are_a_between():
    pair = node("score between 1 and 2")
    assert isinstance(pair, n.All) and between(pair)
    loose = node("score >= 1 and share <= 1")
    assert isinstance(loose, n.All) and between(loose) is None
    assert between(n.All((pair,))) is None


def test_a_choice_in_a_set_that_was_stated_reads_as_part_of_it():
    held = n.Within(n.Literal("a", GRADE.kind), n.Fact("held", Some(GRADE.kind)))
    assert both(held)[0].endswith("包括A级") and " include grade A" in both(held)[1]
    assert "不包括" in both(n.Not(held))[0] and "do not include" in both(n.Not(held))[1]


def test_the_year_of_claiming_has_a_name_of_its_own():
    years = n.YearsSince(NAMES["done_on"], n.Fact("on", DATE), integer(0, 200))
    assert both(build.add(years, build.literal(1, 0))) == (
        "自验收日期起的申报年次",
        "year of claiming, counted from day of acceptance",
    )
