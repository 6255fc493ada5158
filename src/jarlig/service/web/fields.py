"""Fields that our forms have beside Django's own (表单字段): sums of money, days in three parts."""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from typing import Any

from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from jarlig.service.web.figures import money

MOST_FEN = 10**15


class MoneyInput(forms.TextInput):
    """One line for a sum, with its unit beside it."""

    unit: str | Promise = _("CNY")

    def format_value(self, value: Any) -> str | None:
        """Fen as the sum that was meant; what was typed stays as it was typed."""
        return money(value) if isinstance(value, int) else super().format_value(value)


class MoneyField(forms.Field):
    """A sum in yuan, kept as ``int`` fen (分): comma groups and full-width digits are read."""

    widget = MoneyInput
    default_error_messages = {  # noqa: RUF012 - Django's own way to declare them
        "invalid": _("Write the sum in figures, for example 1190297.31."),
        "decimals": _("Write at most two decimals: the smallest unit is the fen."),
        "negative": _("The sum must not be less than zero."),
        "large": _("The sum is larger than this service can take."),
    }

    def __init__(self, *, negative: bool = False, **options: Any) -> None:
        super().__init__(**options)
        self.negative = negative

    def to_python(self, value: Any) -> int | None:
        """Fen, or ``None`` for an empty line."""
        text = unicodedata.normalize("NFKC", str(value or "")).strip().replace(" ", "").replace("\u2212", "-")
        text = re.sub(r"(?:元|CNY|¥)$", "", text.removeprefix("¥"))
        if not text:
            return None
        found = re.fullmatch(r"(-?)(\d+|\d{1,3}(?:,\d{3})+)(?:\.(\d+))?", text)
        if not found:
            raise forms.ValidationError(self.error_messages["invalid"], code="invalid")
        sign, whole, part = found[1], found[2].replace(",", ""), (found[3] or "").rstrip("0")
        if len(part) > 2:
            raise forms.ValidationError(self.error_messages["decimals"], code="decimals")
        if len(whole.lstrip("0")) > 14 or (fen := int(whole) * 100 + int(part.ljust(2, "0"))) >= MOST_FEN:
            raise forms.ValidationError(self.error_messages["large"], code="large")
        if sign and not self.negative and fen:
            raise forms.ValidationError(self.error_messages["negative"], code="negative")
        return -fen if sign else fen


class DateParts(forms.MultiWidget):
    """A day in three short lines: year, month, day."""

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__({part: forms.TextInput(attrs) for part in ("year", "month", "day")})

    def decompress(self, value: Any) -> list[str]:
        """The three parts of a day."""
        return [str(value.year), str(value.month), str(value.day)] if isinstance(value, dt.date) else ["", "", ""]


class DatePartsField(forms.MultiValueField):
    """A day that the reader knows by heart, in three parts (年、月、日)."""

    widget = DateParts
    default_error_messages = {  # noqa: RUF012 - Django's own way to declare them
        "incomplete": _("Write the year, the month and the day."),
        "invalid": _("There is no such day. Write it in figures, for example 2023 10 9."),
    }

    def __init__(self, **options: Any) -> None:
        parts = tuple(forms.CharField(required=False, max_length=4) for _part in range(3))
        super().__init__(parts, require_all_fields=False, **options)

    def compress(self, data_list: list[str]) -> dt.date | None:
        """The day, or ``None`` where nothing was written."""
        if not any(data_list):
            return None
        if not all(data_list) or len(data_list) != 3:
            raise forms.ValidationError(self.error_messages["incomplete"], code="incomplete")
        try:
            year, month, day = (int(unicodedata.normalize("NFKC", one)) for one in data_list)
            return dt.date(year, month, day)
        except ValueError:
            raise forms.ValidationError(self.error_messages["invalid"], code="invalid") from None
