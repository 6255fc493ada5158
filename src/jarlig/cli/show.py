"""``jarlig programmes`` and ``jarlig show``: what a programme holds, and how each offer stands in each year."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

import click

from jarlig.cli import calling, help, screen
from jarlig.cli.help import pick
from jarlig.cli.labels import ENCODED, NATURES, PAYEES, RHYTHMS, STATES
from jarlig.ladder.steps import Words
from jarlig.words import cites, fmt

if TYPE_CHECKING:
    from jarlig.cli.words_beside import Beside
    from jarlig.library import Programme
    from jarlig.policy import model


@help.command("programmes", help="列出随附方案。 / List the programmes that come with this package.")
def programmes(lang: str) -> None:
    """Prints a table of the shipped programmes."""
    from jarlig.library import load, shipped

    rows = []
    for name in shipped():
        read = load(name).model
        period = "–".join(fmt.day(day, lang) for day in read.valid)
        rows.append((name, marked(read.title, read.sample, lang), read.document.number, period))
    if not rows:
        screen.say(pick("没有随附方案。 / There is no programme here.", lang))
        return
    head = pick("方案,标题,文号,有效期 / programme,title,document,valid", lang).split(",")
    screen.table(head, rows)


@help.command(
    "show",
    help="查看方案：条款、事项、目标、职责、指南，以及各事项在各年度的状态。给出事项编号则看该事项。 / "
    "Show a programme: its clauses, offers, targets, duties and guides, and how each offer stands in each year. "
    "With the id of an offer, show that offer.",
    epilog="例：\n  jarlig show PROGRAMME\n  jarlig show ./我的方案 OFFER --notice 原文.txt / "
    "Examples:\n  jarlig show PROGRAMME\n  jarlig show ./my-programme OFFER --notice notice.txt",
)
@click.argument("programme")
@click.argument("offer", required=False)
@help.option("--notice", metavar="FILE", help="公文原文，在各项旁显示原文 / The notice's text, to show its own words.")
def show(lang: str, programme: str, offer: str | None, notice: str | None) -> None:
    """Prints a programme, or one of its offers."""
    from jarlig.cli import offer_page
    from jarlig.cli.words_beside import Beside
    from jarlig.library import load

    read = load(programme)
    beside = Beside.of(read.model, notice, lang)
    if offer is not None:
        offer_page.show(read, programme, offer, lang, beside)
        return
    _cover(read, lang)
    _offers(read, lang)
    _targets(read.model, lang)
    _duties(read.model, lang)
    _overlays(read.model, lang)
    _clauses(read.model, lang, beside)
    example = next(iter(read.model.offers), "")
    screen.say(pick("\n看一个事项： / \nOne offer:", lang) + "\n  " + calling.pasteable("show", programme, example))


def marked(title: Words, is_sample: bool, lang: str) -> str:
    """A title, marked as illustrative unless it says so itself."""
    return cites.marked(title[lang], is_sample, lang)


def bodies(read: model.Programme, names: Iterable[str], lang: str) -> str:
    """Bodies (部门) by their names."""
    return ("、" if lang == "zh" else "; ").join(read.bodies[name][lang] for name in names)


def state(read: Programme, offer: str, guide: model.Overlay) -> str:
    """How an offer stands under a guide: open, awaiting the guide or a place, not open (a key of ``STATES``)."""
    ladder = read.desk.plans.plan(guide.start, guide.year).ladder(offer)
    if ladder.state != "open":
        return "closed" if ladder.state == "closed" else "guide"
    waiting = {term.filled_by for term in ladder.open_terms}
    return "guide" if "guide" in waiting else "local" if "local" in waiting else "open"


def _cover(read: Programme, lang: str) -> None:
    document = read.model.document
    screen.prose(marked(read.title, read.model.sample, lang))
    first, last = (fmt.day(day, lang) for day in read.model.valid)
    for line in (
        f"文号：{document.number} / document: {document.number}",
        f"印发：{document.issued_by.zh}，{fmt.day(document.issued_on, 'zh')} / "
        f"issued by: {document.issued_by.en}, {fmt.day(document.issued_on, 'en')}",
        f"有效期：{first}至{last} / valid: {first} to {last}",
    ):
        screen.prose(pick(line, lang), "  ", "    ")


def _clauses(read: model.Programme, lang: str, beside: Beside) -> None:
    if not read.clauses:
        return
    screen.heading(pick(f"条款（{len(read.clauses)}） / Clauses ({len(read.clauses)})", lang))
    if beside.notice is None:
        head = pick("条款,概要,编码为 / clause,summary,encoded as", lang).split(",")
        screen.table(head, [(name, c.summary[lang], ENCODED[c.encoded][lang]) for name, c in read.clauses.items()])
        return
    for clause in read.clauses.values():
        screen.prose(f"{clause.label[lang]}　{clause.summary[lang]}", "  ", "      ")
        beside.clause(clause, "      ")


def _offers(read: Programme, lang: str) -> None:
    guides = sorted(read.model.guides)
    screen.heading(pick(f"事项（{len(read.offers)}） / Offers ({len(read.offers)})", lang))
    head = [*pick("编号,标题,对象 / id,title,for", lang).split(","), *map(str, guides)]
    rows = []
    with screen.progress(pick("编译 / compiling", lang), len(read.offers)) as tick:
        for name, offer in read.offers.items():
            states = [STATES[state(read, name, read.model.guides[year])][lang] for year in guides]
            if offer.nature == "inform":
                states = [NATURES["inform"][lang]] * len(guides)
            rows.append((name, offer.title[lang], PAYEES[offer.to][lang], *states))
            tick(name)
    screen.table(head, rows)


def _targets(read: model.Programme, lang: str) -> None:
    if read.targets:
        screen.heading(pick(f"目标（{len(read.targets)}） / Targets ({len(read.targets)})", lang))
        head = pick("编号,目标,数量,周期 / id,target,goal,over", lang).split(",")
        rows = [(t.target, t.title[lang], goal(t, lang), _every(t, lang)) for t in read.targets.values()]
        screen.table(head, rows, [2])


def goal(target: model.Target, lang: str) -> str:
    """What a target asks for: at least so many, or a span."""
    unit = target.unit[lang]
    if target.at_most is None:
        return f"≥ {target.at_least:,} {unit}"
    return f"{target.at_least:,}–{target.at_most:,} {unit}"


def _every(target: model.Target, lang: str) -> str:
    return pick("每年 / every year" if target.every == "year" else "有效期内 / validity", lang)


def _duties(read: model.Programme, lang: str) -> None:
    if read.duties:
        screen.heading(pick(f"职责（{len(read.duties)}） / Duties ({len(read.duties)})", lang))
        head = pick("编号,职责,部门,周期 / id,duty,body,rhythm", lang).split(",")
        duties = read.duties.values()
        screen.table(
            head, [(d.duty, d.title[lang], bodies(read, d.bodies, lang), RHYTHMS[d.rhythm][lang]) for d in duties]
        )
    if read.registers:
        screen.heading(pick(f"登记（{len(read.registers)}） / Registers ({len(read.registers)})", lang))
        screen.table(
            pick("编号,登记,部门 / id,register,body", lang).split(","),
            [(r.register, r.title[lang], bodies(read, r.bodies, lang)) for r in read.registers.values()],
        )


def _overlays(read: model.Programme, lang: str) -> None:
    overlays = list(read.overlays())
    if not overlays:
        return
    screen.heading(pick("指南与地方细则 / Guides and local rules", lang))
    head = pick("名称,标题,期间,事项 / name,title,period,offers", lang).split(",")
    rows = []
    for overlay in overlays:
        touched = {*overlay.fill, *overlay.lower, *overlay.narrow} if overlay.opens is None else set(overlay.opens)
        period = f"{fmt.day(overlay.start, lang)}–{fmt.day(overlay.end, lang)}"
        rows.append(
            (str(overlay.year or overlay.id), marked(overlay.title, overlay.sample, lang), period, str(len(touched)))
        )
    screen.table(head, rows, [3])
