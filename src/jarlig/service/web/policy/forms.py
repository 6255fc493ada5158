"""Forms of the policy room, and how a refusal of an act comes back to its field."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from jarlig.service.ground.errors import NotAllowed, Refused

_MOMENT = "%Y-%m-%d %H:%M"


def tried(form: forms.Form, act: Callable[[], Any]) -> Any:
    """What the act gave; None when it was refused, which the form then says, and nothing was changed.

    Raises:
        NotAllowed: what may not be done at all is a page of its own.
    """
    try:
        with transaction.atomic():
            return act()
    except NotAllowed:
        raise
    except Refused as error:
        form.refused = error
        form.add_error(error.field if error.field in form.fields else None, str(error))
        return None


class ImportForm(forms.Form):
    """A folder as a ZIP, or one that comes with the package."""

    folder = forms.FileField(label=_("Programme folder"), required=False,
                             help_text=_("A ZIP of the folder in which programme.yaml lies, up to 4 MB."))  # fmt: skip
    shipped_as = forms.ChoiceField(label=_("Or one that comes with the system"), required=False)

    def __init__(self, shipped: list[str], *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        self.fields["shipped_as"].choices = [("", "–"), *((name, name) for name in shipped)]
        if not shipped:
            del self.fields["shipped_as"]

    def clean(self) -> dict[str, Any]:
        """One of the two."""
        given: dict[str, Any] = super().clean() or {}
        if not given.get("folder") and not given.get("shipped_as") and "folder" not in self.errors:
            self.add_error("folder", _("Choose a file."))
        return given


class ReasonForm(forms.Form):
    """Why something is done."""

    reason = forms.CharField(label=_("Reason"), widget=forms.Textarea(attrs={"rows": 3}), max_length=1_000)


class ConfirmForm(forms.Form):
    """A word that one has looked."""

    looked = forms.BooleanField(label=_("I have read the report of the check and the comparison of the versions."))


class InterpretationForm(forms.Form):
    """A question about a clause and its answer."""

    clause = forms.ChoiceField(label=_("Clause"))
    question = forms.CharField(label=_("Question (Chinese)"), widget=forms.Textarea(attrs={"rows": 3}))
    answer = forms.CharField(label=_("Answer (Chinese)"), widget=forms.Textarea(attrs={"rows": 5}))
    question_en = forms.CharField(
        label=_("Question (English)"), widget=forms.Textarea(attrs={"rows": 3}), required=False
    )
    answer_en = forms.CharField(label=_("Answer (English)"), widget=forms.Textarea(attrs={"rows": 5}), required=False)
    replaces = forms.ChoiceField(label=_("Replaces"), required=False)


class WindowForm(forms.Form):
    """When applications are taken."""

    offer = forms.ChoiceField(label=_("Offer"))
    opens_at = forms.DateTimeField(
        label=_("Opens at"), input_formats=[_MOMENT], required=False,
        help_text=_("For example 2024-03-01 09:00, Beijing time; empty: as the guide says."),
    )  # fmt: skip
    closes_at = forms.DateTimeField(
        label=_("Closes at"), input_formats=[_MOMENT], required=False,
        help_text=_("This instant no longer belongs to it; empty: as the guide says."),
    )  # fmt: skip


class ExtendForm(ReasonForm):
    """Until when, and why."""

    closes_at = forms.DateTimeField(label=_("Closes at"), input_formats=[_MOMENT],
                                    help_text=_("For example 2024-03-01 09:00, Beijing time."))  # fmt: skip
    field_order = ("closes_at", "reason")


class RouteForm(forms.Form):
    """A route, a step a line."""

    name = forms.SlugField(label=_("Name in data"), max_length=40, help_text=_("The same name replaces that route."))
    title_zh = forms.CharField(label=_("Title (Chinese)"), max_length=100)
    title_en = forms.CharField(label=_("Title (English)"), max_length=100)
    offers = forms.MultipleChoiceField(label=_("For offers"), widget=forms.CheckboxSelectMultiple)
    steps = forms.CharField(
        label=_("Steps"), widget=forms.Textarea(attrs={"rows": 8}),
        help_text=_("A step a line: step, body, working days, who must agree (all, any or a number); for example: "
                    "acceptance, commerce, 5"),
    )  # fmt: skip

    def read(self) -> list[dict[str, str]]:
        """The lines as steps."""
        keys = ("step", "by", "workdays", "agree")
        lines = [line.replace("，", ",").split(",") for line in self.cleaned_data["steps"].splitlines() if line.strip()]
        return [{key: part.strip() for key, part in zip(keys, line, strict=False) if part.strip()} for line in lines]


class RecognitionForm(forms.Form):
    """What a body vouches for."""

    kind = forms.ChoiceField(label=_("Kind"))
    uscc = forms.CharField(label=_("Unified social credit code"), max_length=40)
    value = forms.CharField(label=_("Value"), max_length=200, help_text=_("A level, a number, a date, true or false."))
    number = forms.CharField(label=_("Document number"), max_length=200, required=False)
    dated = forms.DateField(
        label=_("Recognised on"), input_formats=["%Y-%m-%d"], help_text=_("For example 2024-05-10.")
    )
    valid_until = forms.DateField(label=_("Valid until"), input_formats=["%Y-%m-%d"], required=False)
    subject = forms.CharField(label=_("Code of the project, park or circle"), max_length=80, required=False)


class SheetForm(forms.Form):
    """A list of recognitions."""

    sheet = forms.FileField(label=_("List of recognitions"), help_text=_("XLSX, with the heads of the empty sheet."))
