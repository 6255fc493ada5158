"""``jarlig show PROGRAMME OFFER``: who can get what, by which figures and conditions, with which facts and evidence."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from jarlig.cli import calling, screen
from jarlig.cli.help import pick
from jarlig.cli.labels import CLAIMS, FILLERS, NATURES, PAYEES, STATES, kind_words
from jarlig.cli.show import bodies, state
from jarlig.ladder import nodes as n
from jarlig.ladder.kinds import Number
from jarlig.ladder.steps import Step
from jarlig.words import cites, fmt
from jarlig.words.catalogue import say
from jarlig.words.expressions import Speaker, plain

if TYPE_CHECKING:
    from jarlig.cli.words_beside import Beside
    from jarlig.library import Programme
    from jarlig.policy import model
    from jarlig.policy.plans import Plan

#: Steps that state a rule; the others only carry a figure on.
_RULES = ("base", "count", "rate", "each", "amount", "formula", "part", "cap", "share_cap", "less", "limit", "floor")
_GATES = ("gate", "part_gate")
#: What every programme may ask without defining it: how it is given, and its kind.
_BUILT_IN = {
    "at": ("--at", "区划代码 / division code"),
    "claim_year": ("claim_year", "整数 / whole number"),
    "claim_month": ("claim_month", "月份 / month"),
    "history": ("history", "清单，[] 为没有 / list; [] for none"),
}


@dataclass(frozen=True)
class Rule:
    """One line of what holds in a year."""

    text: str
    indent: str = "  "

    def undated(self, plan: Plan, lang: str) -> Rule:
        """The same without the name of the year's guide, so that two years can be compared."""
        name = cites.overlay_name(plan.guide, lang) if plan.guide else ""
        return Rule(self.text.replace(name, "") if name else self.text, self.indent)


def show(read: Programme, given: str, name: str, lang: str, beside: Beside) -> None:
    """Prints the page of an offer; ``given`` is how the user named the programme.

    Raises:
        PolicyError: E811 for an unknown id, E813 for a register, target or duty.
    """
    guides = [read.model.guides[year] for year in sorted(read.model.guides)]
    plans = [read.desk.plans.plan(guide.start, guide.year) for guide in guides]
    plans = plans or [read.desk.plans.plan(read.model.valid[0])]
    offer = plans[0].offer(name)
    _head(read.model, offer, lang, beside)
    before: list[Rule] = []
    for plan in plans:
        rules = _rules(plan, offer, lang, beside)
        known = [rule.undated(plan, lang) for rule in rules]
        _year(read, plan, offer, rules if known != before else None, lang)
        before = known
    _terms(offer, plans, lang)
    _facts(plans, offer, lang)
    command = calling.pasteable("determine", given, name, "--facts", "FILE")
    screen.say(pick("\n测算： / \nDetermine:", lang) + f"\n  {command}")


def _head(read: model.Programme, offer: model.Offer, lang: str, beside: Beside) -> None:
    screen.say(f"{offer.offer}　{offer.title[lang]}" if lang == "zh" else f"{offer.offer}  {offer.title[lang]}")
    clause = read.clauses.get(offer.cites)
    if clause:
        screen.prose(f"{clause.label[lang]}{'：' if lang == 'zh' else ': '}{clause.summary[lang]}", "  ", "  ")
        beside.clause(clause, "    ")
    lines = [
        ("对象 / for", PAYEES[offer.to][lang]),
        ("性质 / nature", NATURES[offer.nature][lang]),
        ("申领 / claimed", CLAIMS[offer.claims.per][lang]),
        ("部门 / bodies", bodies(read, offer.bodies, lang)),
        ("后续报告 / report", offer.report[lang] if offer.report else ""),
    ]
    for title, value in lines:
        if value:
            screen.prose(f"{pick(title, lang)}{'：' if lang == 'zh' else ': '}{value}", "  ", "    ")


def _year(read: Programme, plan: Plan, offer: model.Offer, rules: list[Rule] | None, lang: str) -> None:
    """The heading of a year with the state of the offer in it, and its rules unless they did not change."""
    guide = plan.guide
    if guide is None:
        screen.heading(pick("尚无年度指南 / No yearly guide yet", lang))
    else:
        window = fmt.period(*(plan.ladder(offer.offer).window or (guide.start, guide.end)), lang)
        told = NATURES["inform"] if offer.nature == "inform" else STATES[state(read, offer.offer, guide)]
        title = cites.overlay_name(guide, lang)
        screen.heading(f"{title}：{told.zh}（{window}）" if lang == "zh" else f"{title}: {told.en} ({window})")
    if rules is None:
        screen.say(pick("  与上一年度相同 /   as in the year before", lang))
    for rule in rules or []:
        screen.prose(rule.text, rule.indent, rule.indent + "  ")


def _rules(plan: Plan, offer: model.Offer, lang: str, beside: Beside) -> list[Rule]:
    """The conditions and figures of an offer in one year."""
    ladder = plan.ladder(offer.offer)
    speaker = Speaker(plan.programme, offer, plan.fact_defs(offer.offer), lang, ladder)
    spans = beside.spans(offer) or {}
    rules: list[Rule] = []
    for step in ladder.steps:
        if step.role in _GATES or step.role in _RULES:
            rules += _step(step, speaker)
            if step.key in spans:
                rules.append(Rule(f"“{spans[step.key]}”", "      "))
    decided = pick("· 须由人裁定： / · a person decides: ", lang)
    rules += [Rule(decided + doubt.label[lang]) for doubt in ladder.doubts]
    rules += [Rule(f"· {condition.says[lang]}") for condition in ladder.conditions]
    rules += [Rule(f"· {title[lang]} {fmt.percent(share, scale)}") for title, share, scale in ladder.pay]
    return rules


def _step(step: Step, speaker: Speaker) -> list[Rule]:
    """One step: what it asks or what it is, its table where it has one, and what it rests on."""
    lang, node = speaker.lang, plain(step.node)
    if step.role == "formula" and any(isinstance(part, n.StepRef) for part in n.walk(node)):
        return []  # it only puts together the steps that are told already
    if isinstance(node, n.Earlier):
        return []  # what an enterprise has had is no rule
    phrase, label = speaker.phrase(node), step.label[lang]
    source = cites.citations(step.cites, speaker.programme, lang)
    if step.role in _GATES:
        return [Rule(f"✓ {label or phrase} {source}")]
    colon = "：" if lang == "zh" else ": "
    table = list(branches(node, speaker))
    tests = node.where if isinstance(node, n.Sum) else ()
    return [
        Rule(f"· {label if table or phrase == label else label + colon + phrase} {source}"),
        *(Rule(f"– {speaker.phrase(test)}", "      ") for test in tests),
        *(Rule(f"{head}{colon}{value}", "      ") for head, value in table),
    ]


def branches(node: n.Node, speaker: Speaker) -> Iterator[tuple[str, str]]:
    """The rows of a figure that is a table: each choice or band with what it is asked of, and the figure it gives."""
    if isinstance(node, n.Choose):
        for choice, value in node.table:
            name = f"{speaker.phrase(node.by)} {speaker.value(choice, node.by.kind, node.by)}"
            yield name, speaker.phrase(plain(value))
    elif isinstance(node, n.Banded) and isinstance(node.of.kind, Number):
        kind = node.of.kind
        ratio = not kind.unit and bool(kind.scale)
        for at, value in enumerate(node.values):
            band = speaker.band(node.edges, at, lambda edge: speaker.figure(edge, kind, ratio))
            yield f"{speaker.phrase(plain(node.of))} {band}", speaker.phrase(plain(value))
    elif isinstance(node, n.Banded):
        yield from _dated(node, speaker)
    elif isinstance(node, n.Grown):
        for at, value in enumerate(node.values):
            band = speaker.band(node.edges, at, lambda edge: fmt.percent(edge, node.edge_scale))
            yield band, speaker.phrase(plain(value))
    elif isinstance(node, n.Case):
        yield from _cases(node, speaker)


def _dated(node: n.Banded, speaker: Speaker) -> Iterator[tuple[str, str]]:
    """The periods of a dated value; days without a published value have no row."""
    for at, value in enumerate(node.values):
        if not isinstance(plain(value), n.Open):
            first, last = node.edges[at - 1 : at], node.edges[at : at + 1]
            days = [fmt.day(edge + closed, speaker.lang) for edge, closed in first]
            days += [fmt.day(edge - (not closed), speaker.lang) for edge, closed in last]
            period = speaker.say("run", first=days[0], last=days[1]) if len(days) == 2 else days[0]
            yield period, speaker.phrase(plain(value))


def _cases(node: n.Case, speaker: Speaker) -> Iterator[tuple[str, str]]:
    """The tables behind a rule and its exceptions, each under its condition; nothing when none of them is a table."""
    found = [(speaker.phrase(test), list(branches(plain(then), speaker))) for test, then in node.branches]
    found.append((pick("其他情形 / otherwise", speaker.lang), list(branches(plain(node.otherwise), speaker))))
    if all(rows for _, rows in found):
        for head, rows in found:
            yield from ((f"{head}{speaker.say('list_stop')}{period}", value) for period, value in rows)


def _terms(offer: model.Offer, plans: list[Plan], lang: str) -> None:
    """What a later document fills, who fills it, and in which years it is still open."""
    still: dict[str, list[str]] = {}
    names: dict[str, tuple[str, str]] = {}
    for plan in plans:
        ladder, year = plan.ladder(offer.offer), plan.guide.year if plan.guide else ""
        speaker = Speaker(plan.programme, offer, plan.fact_defs(offer.offer), lang, ladder)
        for term in ladder.open_terms:
            if term.filled_by == "parameter":
                continue  # its values are told where the figure stands
            names[term.term] = speaker.term(term.term), FILLERS[term.filled_by][lang]
            still.setdefault(term.term, []).append(str(year))
        for name, definition in offer.terms.items():
            names[name] = speaker.term(name), FILLERS[definition.filled_by][lang]
    if names:
        screen.heading(pick("由后续文件填写 / Filled by later documents", lang))
        head = pick("参数,标题,由谁填写,尚未填写的年度 / term,title,filled by,not yet filled in", lang).split(",")
        none = pick("无 / none", lang)
        screen.table(head, [(name, *words, ", ".join(still.get(name, [])) or none) for name, words in names.items()])


def _facts(plans: list[Plan], offer: model.Offer, lang: str) -> None:
    """The facts that the offer reads: how each is spelt in a facts file, its kind, evidence and verifier."""
    read: set[str] = set()
    for plan in plans:
        ladder = plan.ladder(offer.offer)
        read |= set(ladder.facts) | {node.rows for node in ladder.nodes() if isinstance(node, n.Sum)}
        if any(isinstance(node, n.Earlier) for node in ladder.nodes()):
            read.add("history")
    programme, rows = plans[-1].programme, []
    for name, fact in plans[-1].fact_defs(offer.offer).items():
        if name in read:
            rows.append((name, fact.title[lang], _kind(fact, programme, lang), _proof(fact, programme, lang)))
            rows += [
                (f".{column}", definition.title[lang] if definition.title[lang] != column else "",
                 _kind(definition, programme, lang), _proof(definition, programme, lang))
                for column, definition in fact.columns.items()
            ]  # fmt: skip
    rows += [
        (spelt, say(f"built_in.{name}", lang), pick(kind, lang), "")
        for name, (spelt, kind) in _BUILT_IN.items()
        if name in read
    ]
    screen.heading(pick("需要的事实 / Facts", lang))
    screen.table(pick("名称,标题,类型,证明与核实 / name,title,kind,evidence; verified by", lang).split(","), rows)


def _kind(fact: model.FactDef, programme: model.Programme, lang: str) -> str:
    words = kind_words(fact.kind, programme.units)[lang]
    if fact.labels:
        words = "\n".join(f"{value} {label[lang]}" for value, label in fact.labels.items())
    elif fact.open_kind in FILLERS:
        words += pick("（由{0}公布） /  (published by {0})", lang).format(FILLERS[fact.open_kind][lang])
    return words + (pick("，或 none / , or none", lang) if fact.or_none else "")


def _proof(fact: model.FactDef, programme: model.Programme, lang: str) -> str:
    evidence = [programme.evidence[name][lang] for name in fact.evidence if name in programme.evidence]
    body = bodies(programme, [fact.verified_by], lang) if fact.verified_by in programme.bodies else ""
    return "\n".join(filter(None, [("、" if lang == "zh" else ", ").join(evidence), body]))
