"""What the screens of the administration share: a form that does an act, a page of one thing, what was just done."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar
from urllib.parse import urlencode

from django import forms
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _, gettext_lazy

from jarlig.service.bodies.permission import RULES, may
from jarlig.service.bodies.queries import named
from jarlig.service.bodies.roles import ROLES
from jarlig.service.ground.errors import NotAllowed, Refused
from jarlig.service.web.context import Link, fill
from jarlig.service.web.forms import render_form
from jarlig.service.web.status import Word
from jarlig.service.web.tables import Table, arrange, render_table

Made = TypeVar("Made")

WORDS = {
    "held": Word("held", "good", "在任", "Held"),
    "ended": Word("ended", "quiet", "已结束", "Ended"),
    "to_come": Word("to_come", "moving", "待开始", "To come"),
    "active": Word("active", "good", "在职", "Active"),
    "left": Word("left", "quiet", "已离职", "Left"),
    "open": Word("open", "good", "正常", "Open"),
    "closed": Word("closed", "quiet", "已撤销", "Closed"),
    "draft": Word("draft", "act", "草稿，待第二人启用", "Draft, for a second person"),
    "in_force": Word("in_force", "good", "已启用", "In force"),
    "replaced": Word("replaced", "quiet", "已被替代", "Replaced"),
    "discarded": Word("discarded", "quiet", "已作废", "Discarded"),
    "missing": Word("missing", "unknown", "尚无", "None yet"),
    "added": Word("added", "good", "已新增", "Added"),
    "changed": Word("changed", "moving", "已更新", "Changed"),
    "unchanged": Word("unchanged", "quiet", "无变化", "Unchanged"),
    "refused": Word("refused", "against", "未导入", "Not imported"),
    "read": Word("read", "good", "可用", "Can be used"),
    "in_order": Word("in_order", "good", "已定序，字节与哈希一致", "In order, bytes and hash agree"),
    "not_in_order": Word("not_in_order", "moving", "待定序", "Not in order yet"),
    "broken": Word("broken", "against", "字节与哈希不一致", "Bytes and hash disagree"),
    "failed": Word("failed", "against", "失败", "Failed"),
    "stalled": Word("stalled", "hold", "停滞", "Stalled"),
    "todo": Word("todo", "moving", "待执行", "To do"),
    "doing": Word("doing", "moving", "执行中", "Doing"),
}

LEVELS = {
    "region": gettext_lazy("region"),
    "league": gettext_lazy("league or city"),
    "county": gettext_lazy("banner, county or district"),
    "filing": gettext_lazy("filing office"),
}


@dataclass(frozen=True, slots=True)
class Section:
    """A part of a page with one plain table: heads, rows of values, and what is said where there are none."""

    title: str
    heads: Sequence[str]
    rows: Sequence[Sequence[Any]]
    nothing: str = ""
    intro: str = ""


@dataclass(frozen=True, slots=True)
class ToDo:
    """Something that may be done from a page; where it may not, the reason stands in its place."""

    text: str
    href: str
    reason: str = ""
    warns: bool = False


@dataclass(slots=True)
class Shown:
    """A page of one thing: title, status, short values, tables, and what may be done."""

    title: str
    caption: str = ""
    status: Word | None = None
    intro: str = ""
    values: list[tuple[str, Any]] = field(default_factory=list)
    sections: list[Section] = field(default_factory=list)
    todo: list[ToDo] = field(default_factory=list)


def show(
    request: HttpRequest, shown: Shown, *crumbs: Link, template: str = "admin/thing.html", **more: Any
) -> HttpResponse:
    """The page of one thing."""
    within(request, *crumbs, Link(shown.title, ""))
    return render(request, template, {"shown": shown, "done": done(request), **more})


def within(request: HttpRequest, *crumbs: Link) -> None:
    """Says where in the administration the page lies; who has no part in it is not led there."""
    top = (Link(_("Administration"), reverse("admin-overview")),) if may("see_administration").allowed else ()
    fill(request, crumbs=(*top, *crumbs), wide=True)


def to_do(act: str, thing: Any, href: str, *, text: str = "", warns: bool = False) -> ToDo:
    """What may be done to a thing, or why not."""
    answer = may(act, thing)
    return ToDo(text or str(RULES[act].title), href, "" if answer.allowed else str(answer.reason), warns)


def listed(
    request: HttpRequest, table: Table, rows: Sequence[Mapping[str, Any]], *, todo: Sequence[ToDo] = (), **more: Any
) -> HttpResponse:
    """The page of a list: the table under its own name, what was just done and what may be done."""
    state = table.state(request.GET)
    within(request, Link(table.caption, ""))
    return render_table(
        request, state, arrange(state, rows), title=table.caption, done=done(request), todo=todo,
        **{"template": "admin/table.html", **more},
    )  # fmt: skip


def steps_of_draft(kind: str, draft: Any) -> list[ToDo]:
    """What a second person does with a draft, where acts and addresses are named for its kind."""
    return [
        to_do(f"put_{kind}_in_force", draft, reverse(f"admin-{kind}-in-force", args=[draft.pk])),
        to_do(f"discard_{kind}", draft, reverse(f"admin-{kind}-discard", args=[draft.pk]), warns=True),
    ]


def put_aside(request: HttpRequest, act: str, do: Callable[[str], Any], back: str) -> HttpResponse:
    """A page that asks once more before a draft is put aside."""
    return confirm(request, act, do, back, intro=_("The draft is kept and comes in force no more."))


def go(name: str, *args: Any, done: str = "") -> HttpResponse:
    """Leads on to a page after something was done, which says what it was."""
    address = reverse(name, args=args)
    return HttpResponseRedirect(f"{address}?{urlencode({'done': done})}" if done else address)


def done(request: HttpRequest) -> str:
    """What was just done, in words: an act that there is, and nothing else that an address says."""
    act = request.GET.get("done", "")
    return _("Done: %(act)s.") % {"act": RULES[act].title} if act in RULES else ""


def attempted(form: forms.Form, do: Callable[[], Made]) -> Made | None:
    """Does an act; what it refuses stands at the field it is about, and nothing has changed.

    Raises:
        NotAllowed: what may not be done is no matter of a field.
    """
    try:
        with transaction.atomic():
            return do()
    except NotAllowed:
        raise
    except Refused as error:
        form.add_error(error.field if error.field in form.fields else None, str(error))
        return None


def choosing(choices: Iterable[tuple[str, str]]) -> list[tuple[str, str]]:
    """Choices of which none is chosen by chance."""
    return [("", _("Choose one")), *choices]


def sent(request: HttpRequest) -> QueryDict | None:
    """What a form sent, be it nothing at all; None where it is only asked for."""
    return request.POST if request.method == "POST" else None


def sent_with_files(request: HttpRequest) -> tuple[QueryDict | None, Any]:
    """The same with its files."""
    return sent(request), request.FILES if request.method == "POST" else None


class ReasonForm(forms.Form):
    """Why something is done."""

    reason = forms.CharField(
        label=gettext_lazy("Reason"),
        required=False,
        max_length=500,
        widget=forms.Textarea(attrs={"rows": "3"}),
        help_text=gettext_lazy("It is written down with the act."),
    )


def confirm(
    request: HttpRequest,
    act: str,
    do: Callable[[str], Any],
    back: str,
    *,
    intro: str = "",
    title: str = "",
    to: str = "",
    button: str = "",
    asks_why: bool = False,
) -> HttpResponse:
    """A page that asks once more, takes a reason (``asks_why``: wants one), does the act and leads back."""
    form = ReasonForm(sent(request))
    form.fields["reason"].required = asks_why
    if request.method == "POST" and form.is_valid():
        reason = form.cleaned_data["reason"]
        if attempted(form, lambda: do(reason) or True):
            return HttpResponseRedirect(f"{to or back}?{urlencode({'done': act})}")
    words = title or str(RULES[act].title)
    within(request, Link(words, ""))
    return render_form(request, form, title=words, intro=intro, button=button or words, back=back)


def role_name(role: str) -> str:
    """A role in words."""
    return str(ROLES[role].title) if role in ROLES else role


def area_link(area: Any) -> Link | str:
    """An area by its name, leading to its page."""
    return Link(named(area), reverse("admin-area", args=[area.pk])) if area else ""


def body_link(body: Any) -> Link:
    """A body by its name, leading to its page."""
    return Link(named(body), reverse("admin-body", args=[body.pk]))


def person_link(key: Any, names: dict[Any, str]) -> Link | str:
    """A person by their name, leading to their page where the reader may see them."""
    return Link(names[key], reverse("admin-person", args=[key])) if key in names else words_for(names, key)


def words_for(names: dict[Any, str], key: Any) -> str:
    """The name of a person, or that the reader's seat does not see who it is."""
    return "" if key is None else names.get(key, _("somebody of another office"))


def seat_state(seat: Any, today: Any) -> Word:
    """How a seat stands today."""
    if seat.state != "held" or (seat.ends_on and seat.ends_on < today):
        return WORDS["ended"]
    return WORDS["to_come"] if seat.starts_on > today else WORDS["held"]


def logins(person: Any) -> str:
    """The logins of a person that are open."""
    accounts = list(person.accounts.all())
    return _(", ").join(account.login for account in accounts if account.is_active)
