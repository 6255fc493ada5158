"""One question as a form (答题表单): a control for every kind, and what was sent as the rules half reads it.

A form checks shape only: whether something was sent, and how much. What an answer means is read by
``jarlig.asking``, whose sentences say how to write it.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from django import forms
from django.forms import BaseFormSet
from django.forms.formsets import formset_factory
from django.utils.translation import gettext as _, gettext_lazy

from jarlig.asking import Interview, Question
from jarlig.ladder.steps import Words
from jarlig.service.web.estimate.places import Group, places
from jarlig.service.web.fields import DatePartsField, MoneyField
from jarlig.service.web.figures import chinese

Sent = str | dict[str, str] | list[str] | list[dict[str, str]] | None
#: So many options are shown one below the other; more are chosen from a list.
MOST_SHOWN = 12
NONE = "none"
#: Longer than the rules half reads, so that it is the one to say so; a page is never longer for it.
_MOST = 600
FIGURES = ("money", "total", "number", "count")
YEARS = (1990, 2099)


def said(words: Words) -> str:
    """Words of a programme in the reader's language."""
    return words.zh if chinese() else words.en


def headed(text: str) -> str:
    """A text as a heading begins."""
    return text[:1].upper() + text[1:]


class AnswerForm(forms.Form):
    """The control of a question; ``reply`` is what was answered, as ``Interview.answer`` takes it."""

    def __init__(self, interview: Interview, question: Question, data: Any = None) -> None:
        super().__init__(data)
        self.question = question
        self.places: tuple[Group, ...] = ()
        known = interview.answers.get(question.id)
        kind = question.kind
        title = headed(said(question.title))
        if kind in ("yes_no", "choice"):
            options = yes_no() if kind == "yes_no" else [(one.id, headed(said(one.title))) for one in question.options]
            if question.or_none:
                options.append((NONE, _("There is none")))
            shown = forms.RadioSelect if len(options) <= MOST_SHOWN else forms.Select
            if shown is forms.Select:
                options.insert(0, ("", _("Choose")))
            self.fields["value"] = forms.ChoiceField(
                label=title, choices=options, widget=shown, initial=known, error_messages=not_offered()
            )
        elif kind in ("set", "offers"):
            options = [(one.id, headed(said(one.title))) for one in question.options]
            if kind == "set":
                options.append((NONE, _("None of these")))
            first = [NONE] if known == [] and kind == "set" else known
            self.fields["value"] = forms.MultipleChoiceField(
                label=title,
                choices=options,
                widget=forms.CheckboxSelectMultiple,
                initial=first,
                error_messages=not_offered(),
            )
        elif kind == "date":
            first = known if isinstance(known, str) and known != NONE else None
            self.fields["value"] = DatePartsField(label=title, required=not question.or_none,
                                                  initial=first and date.fromisoformat(first))  # fmt: skip
            if question.or_none:
                self.fields["none"] = forms.BooleanField(
                    label=_("There is none"), required=False, initial=known == NONE
                )
        elif kind == "division" and (found := places(interview, question.id)):
            self.places = found
            known_places = [one for group in found for one in group.options]
            self.fields["value"] = forms.ChoiceField(
                label=title, choices=known_places, widget=forms.Select, initial=known, error_messages=not_offered()
            )
        else:
            self._line(title, known)

    def _line(self, title: str, known: Any) -> None:
        figure = self.question.kind in FIGURES
        first, last = typed(known)
        mode = {"inputmode": "decimal" if figure else "text", "autocomplete": "off", "spellcheck": "false"}
        self.fields["value"] = forms.CharField(
            label=title, max_length=_MOST, initial=first, widget=forms.TextInput(mode), strip=True
        )
        if figure:
            self.fields["to"] = forms.CharField(
                label=_("to"), max_length=_MOST, required=False, initial=last, widget=forms.TextInput(mode)
            )

    def clean(self) -> dict[str, Any]:
        """What was sent, where only one of two things may be."""
        found: dict[str, Any] = super().clean() or {}
        value = found.get("value")
        if self.question.kind == "set" and isinstance(value, list) and NONE in value and len(value) > 1:
            self.add_error("value", _("Choose “None of these” alone, or what applies."))
        if self.question.kind == "date" and self.question.or_none and "value" in found:
            if found.get("none") and value is not None:
                self.add_error("value", _("Give a day or tick that there is none, not both."))
            elif not found.get("none") and value is None:
                self.add_error("value", _("Write the day, or tick that there is none."))
        return found

    def reply(self) -> Sent:
        """What was answered."""
        value = self.cleaned_data["value"]
        if self.question.kind == "date":
            return NONE if value is None else str(value.isoformat())
        if isinstance(value, list):
            return [] if value == [NONE] else list(value)
        last = self.cleaned_data.get("to")
        return f"{value}{'至' if chinese() else ' to '}{last}" if last else str(value)


class AwardForm(forms.Form):
    """An earlier award: under which offer, about how much, and in which year."""

    offer = forms.ChoiceField(label=gettext_lazy("Measure"), choices=())
    approved = MoneyField(label=gettext_lazy("Amount received"), required=False)
    guide_year = forms.IntegerField(label=gettext_lazy("Year"), min_value=YEARS[0], max_value=YEARS[1], required=False)

    def __init__(self, *args: Any, options: list[tuple[str, str]], **more: Any) -> None:
        super().__init__(*args, **more)
        self.fields["offer"].choices = options


class HistoryForm(forms.Form):
    """The earlier awards stand in a formset beside it; it has no field of its own."""


def awards(interview: Interview, data: Any = None) -> BaseFormSet:
    """Earlier awards, one by one; those that were told before stand there already."""
    options = [("", _("Choose")), *((name, f"{name} {said(one.title)}")
                                    for name, one in interview.programme.offers.items())]  # fmt: skip
    made = formset_factory(AwardForm, extra=0, min_num=1, max_num=40, validate_max=True, can_delete=False)
    known = interview.answers.get("history")
    first = [
        {"offer": row["offer"], "approved": _fen(row.get("approved")), "guide_year": row.get("guide_year")}
        for row in known or [] if isinstance(row, dict)
    ]  # fmt: skip
    return made(data, prefix="awards", form_kwargs={"options": options}, initial=first)


def awards_sent(formset: BaseFormSet) -> list[dict[str, str]]:
    """What was told of them, as the rules half keeps it."""
    found = []
    for form in formset.forms:
        row = {"offer": form.cleaned_data["offer"]}
        if form.cleaned_data["approved"] is not None:
            fen = form.cleaned_data["approved"]
            row["approved"] = f"{fen // 100}.{fen % 100:02d}"
        if form.cleaned_data["guide_year"] is not None:
            row["guide_year"] = str(form.cleaned_data["guide_year"])
        found.append(row)
    return found


def not_offered() -> dict[str, str]:
    """What is said of something that was not to be chosen; it is not repeated."""
    return {"invalid_choice": _("Choose from what is offered."), "invalid_list": _("Choose from what is offered.")}


def yes_no() -> list[tuple[str, str]]:
    """The two answers to a plain question."""
    return [("true", _("Yes")), ("false", _("No"))]


def typed(known: Any) -> tuple[str, str]:
    """A figure as it stands in its two lines."""
    if isinstance(known, Mapping):
        if "about" in known:
            return _("about %(figure)s") % {"figure": known["about"]}, ""
        return str(known.get("from", "")), str(known.get("to", ""))
    return (known, "") if isinstance(known, str) else ("", "")


def _fen(text: str | None) -> int | None:
    return None if text is None else int(Decimal(text) * 100)
