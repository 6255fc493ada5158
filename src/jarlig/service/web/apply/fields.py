"""From a fact to a field of a form and back (事实到表单项): by its kind alone, text read as people write it."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from typing import Any

from django import forms
from django.utils.translation import gettext as _

from jarlig.asking.question import kind_name, unit_words
from jarlig.asking.reading import Unreadable, Wanted, check, read
from jarlig.ladder.kinds import CNY, Choice, Code, Division, Number, Rows, Some, YesNo
from jarlig.ladder.steps import Words
from jarlig.library import Programme as Rules
from jarlig.policy.facts import BUILT_IN
from jarlig.policy.model import FactDef
from jarlig.reference.divisions import divisions
from jarlig.reference.errors import UnknownDivision
from jarlig.service.catalogue.kinds import is_chinese
from jarlig.service.web.apply.shared import lang, words_of
from jarlig.service.web.fields import MoneyInput
from jarlig.service.web.figures import money
from jarlig.words.catalogue import words as said_words

#: More options than these stand in a list that opens.
MOST_RADIOS = 8
#: The value of "none of these" of a set, and of "none" of a fact that may have none.
NOTHING = "-"
NONE = "none"


def wanted(rules: Rules, fact: FactDef) -> Wanted:
    """What an answer to a fact must be."""
    units = rules.model.units
    unit = unit_words(fact.kind, lambda name: units.get(name, Words(name.replace("_", " "), name.replace("_", " "))))
    return Wanted(fact.kind, fact.labels, fact.or_none, unit, rules.model.region)


class FactField(forms.Field):
    """An answer to a fact, kept as a file of facts spells it; empty is not known, which a draft may be."""

    def __init__(self, what: Wanted, *, needed: bool = True, **options: Any) -> None:
        super().__init__(required=needed, widget=widget_of(what), **options)
        self.what = what

    def bound_data(self, data: Any, initial: Any) -> Any:
        """What was typed, as a page can show it again."""
        return echoed(super().bound_data(data, initial))

    def clean(self, value: Any) -> Any:
        """The plain value.

        Raises:
            ValidationError: with what is wrong and how to write it.
        """
        try:
            return self._read(value)
        except Unreadable as error:
            said = {"column": self.label, "why": words_of(error.said)}
            raise forms.ValidationError(_("%(column)s: %(why)s") % said, code="unreadable") from error

    def _read(self, value: Any) -> Any:
        if isinstance(self.what.kind, Some):
            chosen = value if isinstance(value, list) else []
            if NOTHING in chosen and len(chosen) > 1:
                raise forms.ValidationError(_("Choose “none of these” alone, or what there is."), code="both")
            return [] if chosen == [NOTHING] else check(self.what, chosen) if chosen else ""
        text = str(value or "")
        if not text.strip():
            return ""
        plain = read(self.what, text)
        if isinstance(plain, dict):
            raise forms.ValidationError(_("Write one exact figure here, not a range."), code="range")
        return plain


class PlainText(forms.CharField):
    """Lines of text, shown again without what no page can hold."""

    def bound_data(self, data: Any, initial: Any) -> Any:
        """What was typed, as a page can show it again."""
        return echoed(super().bound_data(data, initial))


def echoed(data: Any) -> Any:
    """Text without control characters."""
    if not isinstance(data, str):
        return data
    return "".join(one for one in data if one.isprintable() or one in "\t\n\r")


def widget_of(what: Wanted) -> forms.Widget:
    """The control of a kind."""
    kind = what.kind
    none = [(NONE, _("None"))] if what.or_none else []
    if isinstance(kind, YesNo):
        return forms.RadioSelect(choices=[("true", _("Yes")), ("false", _("No")), *none])
    if isinstance(kind, Choice) and kind.values:
        options = [(value, label(what.labels, value)) for value in kind.values] + none
        if len(options) <= MOST_RADIOS:
            return forms.RadioSelect(choices=options)
        return forms.Select(choices=[("", _("Choose")), *options])
    if isinstance(kind, Some):
        options = [(value, label(what.labels, value)) for value in kind.of.values]
        return forms.CheckboxSelectMultiple(choices=[*options, (NOTHING, _("None of these"))])
    if isinstance(kind, Number) and kind.unit == CNY:
        return MoneyInput()
    width = "govuk-input--width-30" if isinstance(kind, (Code, Division)) else "govuk-input--width-10"
    return forms.TextInput({"autocomplete": "off", "spellcheck": "false", "class": width})


def label(labels: Mapping[str, Words], value: str) -> str:
    """An option as the programme calls it."""
    return words_of(labels[value]) if value in labels else value


def hint(what: Wanted, fact: FactDef, rules: Rules) -> str:
    """Why it is asked, how to write it, what shows it and who looks at it."""
    parts = [words_of(fact.why)] if fact.why else []
    parts.append(how(what))
    titles = [words_of(rules.model.evidence[one]) for one in fact.evidence if one in rules.model.evidence]
    if titles:
        parts.append(_("Shown by: %(documents)s.") % {"documents": _(", ").join(titles)})
    if fact.verified_by in rules.model.bodies:
        parts.append(_("Verified by: %(body)s.") % {"body": words_of(rules.model.bodies[fact.verified_by])})
    joint = "" if is_chinese() else " "
    return joint.join(ended(one) for one in parts if one)


def ended(sentence: str) -> str:
    """A sentence with its full stop and, in English, a capital."""
    stop = "。" if is_chinese() else "."
    whole = sentence if sentence.endswith(("。", ".", "？", "?")) else sentence + stop
    return whole if is_chinese() else whole[:1].upper() + whole[1:]


def how(what: Wanted) -> str:
    """How to write an answer of a kind; empty where the control says it."""
    kind, unit = what.kind, words_of(what.unit)
    if isinstance(kind, Rows):
        return ""
    if isinstance(kind, Number):
        shown = {"money": _("For example 1,234,567.89."), "ratio": _("For example 20%.")}.get(kind_name(kind), "")
        if unit and kind.unit != CNY:
            shown = _("In: %(unit)s.") % {"unit": unit}
    else:
        shown = {
            "date": _("For example 2023-06-01."), "month": _("For example 2023-06."),
            "division": _("A division code, or the full name."), "code": _("As it stands on the certificate."),
        }.get(kind_name(kind), "")  # fmt: skip
    if what.or_none and not isinstance(kind, (YesNo, Choice)):
        shown += ("" if is_chinese() else " ") + _("Write “none” if there is none.")
    return shown.strip()


def field_of(rules: Rules, fact: FactDef, needed: bool = True) -> FactField:
    """The field of a fact."""
    what = wanted(rules, fact)
    return FactField(what, needed=needed, label=words_of(fact.title), help_text=hint(what, fact, rules))


def built_in(name: str) -> FactField:
    """The field of a month or year of claiming, which belongs to no programme."""
    what = Wanted(BUILT_IN[name], {})
    return FactField(what, label=words_of(said_words("built_in." + name)), help_text=how(what))


class FactForm(forms.Form):
    """A page of facts: fields by the names of the facts, under a prefix of their own."""

    def __init__(self, *args: Any, made: Mapping[str, FactField], **options: Any) -> None:
        super().__init__(*args, prefix="a", **options)
        for name, one in made.items():
            self.fields[name] = one
            value = self.initial.get(name)
            if isinstance(one.what.kind, Some) and value == []:
                self.initial[name] = [NOTHING]


# Values in words ------------------------------------------------------------------------------------------------------


def said(rules: Rules, fact: FactDef | None, value: Any) -> str:
    """A kept value as people read it."""
    if value is None or value == "":
        return _("not known")
    if fact is None:
        return str(value)
    kind = fact.kind
    if value == NONE and fact.or_none:
        return _("None")
    if isinstance(value, list):
        return _(", ").join(label(fact.labels, str(one)) for one in value) or _("None of these")
    if isinstance(kind, YesNo):
        return {"true": _("Yes"), "false": _("No")}.get(value, str(value))
    if isinstance(kind, Number):
        return figure(rules, fact, str(value))
    if isinstance(kind, Division):
        return place(str(value))
    return label(fact.labels, str(value))


def figure(rules: Rules, fact: FactDef, text: str) -> str:
    """A number with its unit."""
    try:
        number = Decimal(text.replace("_", "").rstrip("%"))
    except InvalidOperation:
        return text
    if kind_name(fact.kind) == "money":
        return f"{money(number)} {words_of(wanted(rules, fact).unit)}"
    if text.endswith("%"):
        return text
    return f"{number:,f} {words_of(wanted(rules, fact).unit)}".strip()


def place(code: str) -> str:
    """A division by its name and code."""
    try:
        found = divisions().division(code)
    except UnknownDivision:
        return code
    return f"{found.zh if lang() == 'zh' else found.en} {code}"
