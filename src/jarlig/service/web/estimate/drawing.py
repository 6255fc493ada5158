"""The control of a question (答题控件), whose label is the heading of the page: reason and hint belong to it."""

from __future__ import annotations

from typing import Any

from django import forms
from django.forms.boundfield import BoundField
from django.utils.translation import gettext as _
from markupsafe import Markup

from jarlig.service.web.estimate.forms import AnswerForm
from jarlig.service.web.estimate.places import Group
from jarlig.service.web.fields import DateParts
from jarlig.service.web.forms import choices, errors_of, field, kept

CHOSEN = ("yes_no", "choice", "set", "offers")
_LARGE = "govuk-label--l", "govuk-fieldset__legend--l"


def control(form: AnswerForm, title: str, told: dict[str, Any]) -> Markup:
    """The control of a question with its heading, its reason, its hint and what is wrong."""
    one = form["value"]
    hint = {"html": described(told)}
    if form.places:
        return _grouped(form, one, title, hint)
    if "to" in form.fields:
        return _figure(form, title, hint, told["unit"])
    heading = {"text": title, "isPageHeading": True, "classes": _LARGE[0]}
    shared = {"id": one.auto_id, "name": one.html_name, "hint": hint, **_wrong(one)}
    fieldset = {"legend": heading | {"classes": _LARGE[1]}}
    widget = one.field.widget
    if isinstance(widget, DateParts):
        drawn = _day(one, {**shared, "fieldset": fieldset})
        return drawn + field(form["none"]) if "none" in form.fields else drawn
    if form.question.kind in CHOSEN:
        items = [{"value": each["value"], "text": each["label"], "checked": each["selected"],
                  "selected": each["selected"]} for each in choices(one)]  # fmt: skip
        if widget.__class__ is forms.Select:
            return kept("select", {**shared, "label": heading, "items": items})
        name = "checkboxes" if form.question.kind in ("set", "offers") else "radios"
        inline = "govuk-radios--inline" if name == "radios" and len(items) == 2 else ""
        return kept(name, {**shared, "idPrefix": one.auto_id, "fieldset": fieldset, "items": items,
                           "classes": inline})  # fmt: skip
    return kept("input", {
        **shared, "label": heading, "value": shown(one), "autocomplete": "off", "spellcheck": False,
        "classes": "govuk-input--width-20", "suffix": {"text": told["unit"]} if told["unit"] else None,
    })  # fmt: skip


def _day(one: BoundField, shared: dict[str, Any]) -> Markup:
    """Year, month and day."""
    value = one.value()
    parts = value if isinstance(value, list) else one.field.widget.decompress(value)
    bad = " govuk-input--error" if errors_of(one) else ""
    items = [
        {
            "name": f"{one.html_name}_{name}", "id": f"{one.auto_id}_{name}", "label": label, "value": printable(part),
            "classes": f"govuk-input--width-{4 if name == 'year' else 2}{bad}",
        }
        for (name, label), part in zip(
            (("year", _("Year")), ("month", _("Month")), ("day", _("Day"))), parts, strict=True
        )
    ]  # fmt: skip
    return kept("date_input", {**shared, "items": items})


def described(told: dict[str, Any]) -> Markup:
    """Why it is asked and how to answer."""
    parts = [Markup('<span class="jl-est-why"><b>{}</b> {}</span>').format(_("Why we ask:"), told["why"])]
    if told["hint"]:
        parts.append(Markup("<span>{}</span>").format(told["hint"]))
    if told["bounds"]:
        parts.append(Markup("<span>{} {}</span>").format(_("Possible:"), told["bounds"]))
    return Markup("").join(parts)


def shown(one: BoundField) -> str:
    """What stands in a line, without what no page can show."""
    return printable(one.value())


def printable(text: Any) -> str:
    """What was typed, as far as a page can show it."""
    return "".join(each for each in str(text or "") if each.isprintable())


def _wrong(one: BoundField) -> dict[str, Any]:
    found = errors_of(one)
    return {"errorMessage": {"text": " ".join(found), "visuallyHiddenText": _("Error")}} if found else {}


def _figure(form: AnswerForm, title: str, hint: dict[str, Any], unit: str) -> Markup:
    """Two lines: a figure, and where only a range is known its upper end."""
    lines = []
    for name, label in (("value", _("Figure, or at least")), ("to", _("at most (only for a range)"))):
        one = form[name]
        lines.append(kept("input", {
            "id": one.auto_id, "name": one.html_name, "value": shown(one), "label": {"text": label},
            "classes": "govuk-input--width-10 jl-input--money", "inputmode": "text", "autocomplete": "off",
            "spellcheck": False, "suffix": {"text": unit} if unit else None, **_wrong(one),
        }))  # fmt: skip
    return _fieldset(title, hint, Markup('<div class="jl-est-range">{}</div>').format(Markup("").join(lines)))


def _fieldset(title: str, hint: dict[str, Any], inside: Markup) -> Markup:
    return Markup(
        '<fieldset class="govuk-fieldset" aria-describedby="asked-hint">'
        '<legend class="govuk-fieldset__legend govuk-fieldset__legend--l">'
        '<h1 class="govuk-fieldset__heading">{}</h1></legend>'
        '<div id="asked-hint" class="govuk-hint">{}</div>{}</fieldset>'
    ).format(title, hint["html"], inside)


def _group(group: Group, chosen: str) -> Markup:
    option = Markup('<option value="{}"{}>{}</option>')
    options = Markup("").join(
        option.format(code, Markup(" selected") if code == chosen else "", name) for code, name in group.options
    )
    return Markup('<optgroup label="{}">{}</optgroup>').format(group.title, options)


def _grouped(form: AnswerForm, one: BoundField, title: str, hint: dict[str, Any]) -> Markup:
    """Leagues with their banners in one list: a letter leads to a name, arrows go on."""
    chosen = str(one.value() or "")
    wrong = errors_of(one)
    groups = Markup("").join(_group(group, chosen) for group in form.places)
    error = Markup(
        '<p id="{}-error" class="govuk-error-message"><span class="govuk-visually-hidden">{}:</span> {}</p>'
    ).format(one.auto_id, _("Error"), " ".join(wrong)) if wrong else ""  # fmt: skip
    return Markup(
        '<div class="govuk-form-group{}"><h1 class="govuk-label-wrapper">'
        '<label class="govuk-label govuk-label--l" for="{id}">{}</label></h1>'
        '<div id="{id}-hint" class="govuk-hint">{}</div>{}'
        '<select class="govuk-select{}" id="{id}" name="{}" aria-describedby="{id}-hint{}">'
        '<option value="">{}</option>{}</select></div>'
    ).format(
        " govuk-form-group--error" if wrong else "", title, hint["html"], error,
        " govuk-select--error" if wrong else "", one.html_name, f" {one.auto_id}-error" if wrong else "", _("Choose"),
        groups, id=one.auto_id,
    )  # fmt: skip
