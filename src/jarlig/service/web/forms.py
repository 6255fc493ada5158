"""Django forms as accessible pages (表单): every field by the component of its widget, errors at top and field.

``render_form`` makes a whole page; ``field`` one field, where a page arranges its own.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from typing import Any
from weakref import WeakSet

from django import forms
from django.forms.boundfield import BoundField
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.utils.translation import gettext as _
from markupsafe import Markup

from jarlig.service.web.fields import DateParts, MoneyInput

UNPROCESSABLE = 422
UNJUDGED: WeakSet[Any] = WeakSet()


def render_form(
    request: HttpRequest,
    form: forms.BaseForm,
    *,
    title: str,
    intro: str = "",
    button: str = "",
    back: str = "",
    caption: str = "",
    action: str = "",
    formsets: Sequence[forms.BaseFormSet] = (),
    template: str = "form.html",
    **more: Any,
) -> HttpResponse:
    """A page with one form: its title, its fields, one button.

    A form with errors answers 422, is titled "Error:" and begins with a summary that leads to each field.

    Args:
        request: what was asked.
        form: the form, bound or not.
        title: what is asked of the reader.
        intro: a sentence before the fields.
        button: the words on the button; "Save and continue" by default.
        back: the address of the page before, if there is one to go back to.
        caption: the section that the page belongs to.
        action: where the form goes; the page's own address by default.
        formsets: what the page asks for beside the form, any number of times; judged and summed up with it.
        template: another template, which extends ``form.html``.
        **more: what that template needs.
    """
    bad = any(is_bad(one) for one in (form, *formsets))
    values = {
        "form": form, "title": title, "intro": intro, "button": button or _("Save and continue"), "back": back,
        "caption": caption, "action": action, "formsets": formsets, "bad": bad, **more,
    }  # fmt: skip
    return render(request, template, values, status=UNPROCESSABLE if bad else 200)


def field(one: BoundField, **more: Any) -> Markup:
    """One field: label, hint, error and control.

    Args:
        one: the bound field, as ``form["name"]``.
        **more: parameters of the component that replace or join ours, such as ``label_size="m"``.
    """
    kind = one.field.widget
    if kind.is_hidden:
        return hidden(one)
    size = more.pop("label_size", "")
    shared: dict[str, Any] = {"id": one.id_for_label or one.auto_id, "name": one.html_name}
    if one.help_text:
        shared["hint"] = {"text": str(one.help_text)}
    if wrong := errors_of(one):
        shared["errorMessage"] = {"text": " ".join(wrong), "visuallyHiddenText": _("Error")}
    shared["label"] = {"text": label_of(one), "classes": f"govuk-label--{size}" if size else ""}
    fieldset = {"legend": {"text": label_of(one), "classes": f"govuk-fieldset__legend--{size or 's'}"}}
    attributes = {name: text for name, text in one.field.widget.attrs.items() if name not in TAKEN}
    if one.field.disabled:
        shared["disabled"] = True
    for types, draw in BY_WIDGET:
        if isinstance(kind, types):
            return Markup(draw(one, shared | {"attributes": attributes} | more, fieldset))
    raise TypeError(f"no component for {type(kind).__name__}")


def label_of(one: BoundField) -> str:
    """The label, marked where the field may stay empty."""
    text = str(one.label)
    settled = one.field.required or one.field.disabled or isinstance(one.field.widget, forms.CheckboxInput)
    return text if settled else _("%(label)s (optional)") % {"label": text}


def hidden(one: BoundField) -> Markup:
    """A hidden field."""
    widget = one.field.widget
    values = one.value() if isinstance(widget, forms.MultipleHiddenInput) else [one.value()]
    tag = Markup('<input type="hidden" name="{}" value="{}">')
    return Markup("").join(tag.format(one.html_name, "" if value is None else value) for value in values or [])


def error_summary(form: forms.BaseForm, *formsets: forms.BaseFormSet) -> Markup:
    """What is wrong, at the top of the page: each error leads to its field; empty when nothing is."""
    listed: list[dict[str, str]] = []
    for whole in (form, *formsets):
        if not is_bad(whole):
            continue
        if isinstance(whole, forms.BaseFormSet):
            listed += [{"text": str(error)} for error in whole.non_form_errors()]
        for part in whole.forms if isinstance(whole, forms.BaseFormSet) else [whole]:
            listed += [{"text": str(error)} for error in part.non_field_errors()]
            for one in part:
                listed += [{"text": text, "href": "#" + first_control(one)} for text in errors_of(one)]
    if not listed:
        return Markup("")
    return kept("error_summary", {"titleText": _("There is a problem"), "errorList": listed})


def errors_of(one: BoundField) -> list[str]:
    """What is wrong with a field; that nothing stands there is said with the field's name, unless its form says it."""
    found: list[str] = []
    if not one.form.is_bound or one.form in UNJUDGED:
        return found
    for error in one.form.errors.as_data().get(one.name, []):
        unsaid = error.code == "required" and error.message == forms.Field.default_error_messages["required"]
        found += [_required(one)] if unsaid else [str(text) for text in error.messages]
    return found


def _required(one: BoundField) -> str:
    widget, label = one.field.widget, {"label": str(one.label)}
    if isinstance(widget, forms.CheckboxInput):
        return _("Tick “%(label)s”.") % label
    if isinstance(widget, forms.FileInput):
        return _("Upload: %(label)s.") % label
    if isinstance(widget, (forms.Select, forms.RadioSelect)):
        return _("Choose: %(label)s.") % label
    return _("Fill in: %(label)s.") % label


def is_bad(whole: forms.BaseForm | forms.BaseFormSet) -> bool:
    """Whether something was sent and is wrong."""
    return whole.is_bound and whole not in UNJUDGED and not whole.is_valid()


def without_judging(*wholes: forms.BaseForm | forms.BaseFormSet) -> None:
    """What was sent is shown as it was typed and judged later, when the reader only asked for one more item."""
    for whole in wholes:
        UNJUDGED.add(whole)
        if isinstance(whole, forms.BaseFormSet):
            without_judging(*whole.forms)


def first_control(one: BoundField) -> str:
    """The id of the first control of a field, where an error leads."""
    auto = one.auto_id or one.html_name
    return f"{auto}_year" if isinstance(one.field.widget, DateParts) else str(auto)


def formset(forms_: forms.BaseFormSet, *, legend: str, item: str, add: str) -> Markup:
    """Add another (再加一项): the items of a formset, each removable, and a button for one more.

    Without a script the button sends the form, and the view answers with ``one_more(request.POST, prefix)``.
    """
    from django.template.loader import get_template

    values = {"formset": forms_, "legend": legend, "item": item, "add": add}
    return Markup(get_template("components/another.html").render(values))


def one_more(data: QueryDict, prefix: str) -> QueryDict | None:
    """What was sent, with room for one more item, if the button for it was pressed; nothing is lost."""
    if data.get("add") != prefix:
        return None
    longer = data.copy()
    total = data.get(f"{prefix}-TOTAL_FORMS", "0")
    longer[f"{prefix}-TOTAL_FORMS"] = str(int(total if total.isdecimal() else 0) + 1)
    return longer


def kept(name: str, params: dict[str, Any]) -> Markup:
    """A kept component."""
    from jarlig.service.web.environment import govuk

    return getattr(govuk, name)(params)


def _text(one: BoundField, params: dict[str, Any], _fieldset: dict[str, Any]) -> Markup:
    widget = one.field.widget
    value = one.value()
    if not (isinstance(widget, forms.DateInput) and isinstance(value, dt.date)):  # a browser reads 2023-10-10 alone
        value = widget.format_value(value)
    # A page can say everything but the null character, which a form has refused already.
    text = "" if value is None else str(value).replace("\x00", "")
    params |= {"value": text, "type": getattr(widget, "input_type", "text")}
    if isinstance(widget, MoneyInput):
        params |= {
            "classes": "govuk-input--width-10 jl-input--money", "inputmode": "decimal", "autocomplete": "off",
            "suffix": {"text": str(widget.unit)},
        }  # fmt: skip
    elif isinstance(widget, forms.NumberInput):
        params |= {"classes": "govuk-input--width-5", "inputmode": "numeric", "type": "text"}
    elif isinstance(widget, forms.DateInput):
        params |= {"classes": "govuk-input--width-10", "type": "date"}
    for name in ("autocomplete", "inputmode", "spellcheck", "autocapitalize"):
        if name in widget.attrs:
            params[name] = widget.attrs[name]
    if "class" in widget.attrs:
        params["classes"] = widget.attrs["class"]
    return kept("input", params)


def _textarea(one: BoundField, params: dict[str, Any], _fieldset: dict[str, Any]) -> Markup:
    attrs = one.field.widget.attrs
    rows = attrs.get("rows", "10")
    params |= {"value": str(one.value() or ""), "rows": "5" if rows == "10" else str(rows)}
    return kept("textarea", params)


def _select(one: BoundField, params: dict[str, Any], _fieldset: dict[str, Any]) -> Markup:
    if isinstance(one.field.widget, forms.SelectMultiple):
        params["attributes"] = params["attributes"] | {"multiple": {"value": True, "optional": True}}
    return kept("select", params | {"items": [
        {"value": choice["value"], "text": choice["label"], "selected": choice["selected"]} for choice in choices(one)
    ]})  # fmt: skip


def _radios(one: BoundField, params: dict[str, Any], fieldset: dict[str, Any]) -> Markup:
    return kept("radios", _several(one, params, fieldset))


def _checkboxes(one: BoundField, params: dict[str, Any], fieldset: dict[str, Any]) -> Markup:
    return kept("checkboxes", _several(one, params, fieldset))


def _several(one: BoundField, params: dict[str, Any], fieldset: dict[str, Any]) -> dict[str, Any]:
    items = [
        {
            "value": choice["value"],
            "text": choice["label"],
            "checked": choice["selected"],
            "disabled": one.field.disabled,
        }
        for choice in choices(one)
    ]
    return params | {"idPrefix": one.auto_id, "fieldset": fieldset, "items": items}


def _tick(one: BoundField, params: dict[str, Any], _fieldset: dict[str, Any]) -> Markup:
    ticked = {"value": "on", "text": label_of(one), "checked": bool(one.value()), "disabled": one.field.disabled}
    if params.pop("hint", None):
        ticked["hint"] = {"text": str(one.help_text)}
    return kept("checkboxes", params | {"idPrefix": one.auto_id, "items": [ticked]})


def _file(one: BoundField, params: dict[str, Any], _fieldset: dict[str, Any]) -> Markup:
    several = getattr(one.field.widget, "allow_multiple_selected", False)
    texts: dict[str, Any] = {
        "javascript": True, "multiple": several,
        "chooseFilesButtonText": _("Choose files") if several else _("Choose file"),
        "dropInstructionText": _("or drop here"), "noFileChosenText": _("No file chosen"),
        "enteredDropZoneText": _("Entered drop zone"), "leftDropZoneText": _("Left drop zone"),
    }  # fmt: skip
    if several:
        chosen = _("%{count} files chosen")
        texts["multipleFilesChosenText"] = {"one": chosen, "other": chosen}
    return kept("file_upload", params | texts)


def _password(one: BoundField, params: dict[str, Any], _fieldset: dict[str, Any]) -> Markup:
    return kept("password_input", params | {
        "showPasswordText": _("Show"), "hidePasswordText": _("Hide"),
        "showPasswordAriaLabelText": _("Show password"), "hidePasswordAriaLabelText": _("Hide password"),
        "passwordShownAnnouncementText": _("Your password is shown"),
        "passwordHiddenAnnouncementText": _("Your password is hidden"),
        "autocomplete": one.field.widget.attrs.get("autocomplete", "current-password"),
    })  # fmt: skip


def _date(one: BoundField, params: dict[str, Any], fieldset: dict[str, Any]) -> Markup:
    widget = one.field.widget
    value = one.value()
    values = value if isinstance(value, list) else widget.decompress(value)
    bad = " govuk-input--error" if errors_of(one) else ""
    names = {"year": _("Year"), "month": _("Month"), "day": _("Day")}
    items = [
        {
            "name": f"{one.html_name}_{part}", "id": f"{one.auto_id}_{part}", "label": names[part],
            "value": value or "",
            "classes": f"govuk-input--width-{4 if part == 'year' else 2}{bad}",
        }
        for part, value in zip(names, values, strict=True)
    ]  # fmt: skip
    params.pop("label")
    return kept("date_input", params | {"id": one.auto_id, "fieldset": fieldset, "items": items})


def choices(one: BoundField) -> list[dict[str, Any]]:
    """The choices of a field in their order, groups laid flat, each with whether it is chosen."""
    widget = one.field.widget
    chosen = widget.format_value(one.value())
    found = []
    for _name, options, _index in widget.optgroups(one.html_name, chosen if isinstance(chosen, list) else [chosen]):
        for option in options:
            found.append({
                "value": str(option["value"]), "label": str(option["label"]), "selected": bool(option["selected"])
            })  # fmt: skip
    return found


TAKEN = ("class", "rows", "cols", "autocomplete", "inputmode", "spellcheck", "autocapitalize", "id", "name")
BY_WIDGET: tuple[tuple[type | tuple[type, ...], Callable[..., Markup]], ...] = (
    (DateParts, _date),
    (forms.CheckboxSelectMultiple, _checkboxes),
    (forms.RadioSelect, _radios),
    (forms.CheckboxInput, _tick),
    (forms.Select, _select),
    (forms.Textarea, _textarea),
    (forms.FileInput, _file),
    (forms.PasswordInput, _password),
    (forms.widgets.Input, _text),
)
