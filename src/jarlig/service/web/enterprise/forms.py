"""Forms of an enterprise's people."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from jarlig.service.bodies.queries import named
from jarlig.service.enterprises.queries import places_of_registration
from jarlig.service.web.fields import DatePartsField

LETTER_HINT = _("PDF, JPG or PNG, at most 25 MB; the seal of the enterprise must be readable.")


class RegisterForm(forms.Form):
    """For which enterprise one means to speak."""

    uscc = forms.CharField(
        label=_("Unified social credit code"),
        max_length=40,
        help_text=_("18 digits and capital letters, as on the licence."),
        widget=forms.TextInput({"autocomplete": "off", "spellcheck": "false", "autocapitalize": "characters"}),
    )
    name = forms.CharField(label=_("Name of the enterprise"), max_length=120, help_text=_("As on the licence."))
    area = forms.ChoiceField(label=_("Where it is registered"), help_text=_("Banner, county, district or zone."))
    role = forms.ChoiceField(
        label=_("How you will show that you belong to it"), widget=forms.RadioSelect, initial="signatory",
        choices=[
            ("signatory", _("I have a letter of authorisation with its seal")),
            ("member", _("A signatory who speaks for it already will appoint me")),
        ],
    )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.areas = {str(area.pk): area for area in places_of_registration()}
        self.fields["area"].choices = [("", _("Choose")), *((key, _place(area)) for key, area in self.areas.items())]


def _place(area: Any) -> str:
    return f"{named(area.parent)} · {named(area)}" if area.parent else named(area)


class LetterForm(forms.Form):
    """A letter of authorisation."""

    file = forms.FileField(label=_("Letter of authorisation"), help_text=LETTER_HINT, max_length=1000)


class AppointForm(forms.Form):
    """A place for somebody who asked."""

    role = forms.ChoiceField(
        label=_("As what"), widget=forms.RadioSelect,
        choices=[
            ("agent", _("Agent: speaks within a mandate until a day, touches no account")),
            ("member", _("Member: one of the enterprise's own people")),
        ],
    )  # fmt: skip
    mandate = forms.CharField(
        label=_("What an agent may do"), required=False, max_length=500, widget=forms.Textarea({"rows": 2})
    )
    ends_on = DatePartsField(label=_("An agent's last day"), required=False)


class ReasonForm(forms.Form):
    """Why something is done."""

    reason = forms.CharField(label=_("Reason"), max_length=1000, widget=forms.Textarea({"rows": 3}))


class AccountForm(forms.Form):
    """An account in the enterprise's own name."""

    account_name = forms.CharField(
        label=_("Name of the account"), max_length=120, help_text=_("The name of the enterprise.")
    )
    bank = forms.CharField(label=_("Bank and branch"), max_length=120)
    routing = forms.CharField(
        label=_("Bank routing code"),
        max_length=40,
        help_text=_("12 digits, on the bank's paper."),
        widget=forms.TextInput({"autocomplete": "off", "inputmode": "numeric"}),
    )
    number = forms.CharField(
        label=_("Account number"), max_length=60, help_text=_("Digits only; shown later by its last four."),
        widget=forms.TextInput({"autocomplete": "off", "inputmode": "numeric"}),
    )  # fmt: skip


class NameForm(forms.Form):
    """A new name with its document."""

    name = forms.CharField(label=_("New name"), max_length=120)
    file = forms.FileField(label=_("Document of the registry"), help_text=LETTER_HINT, max_length=1000)
