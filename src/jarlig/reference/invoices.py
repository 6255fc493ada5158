"""Invoice numbers (发票号码): form, region part and the key by which one invoice is known whatever way it was typed.

Three forms: the fully digital invoice (数电票), 20 digits: year 2, region 2, channel 1, serial 15, no check digit; the
older invoice, a code (发票代码) of 10 or 12 digits and a number (发票号码) of 8; the fiscal bill for road tolls
(通行费财政电子票据), a code of 8 and a number of 10 digits. Sources: announcements of the tax authorities on each form;
MOF Caizong [2020] No. 12 (财综〔2020〕12号) for the toll bill. That an invoice exists and is not void or red-flushed
only the tax service can say.

All digits are text: the older code of 12 begins with 0, which a spreadsheet drops when it takes the code for a number.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

from jarlig.reference.errors import NO_WORDS, BadCode, Words
from jarlig.reference.typed import plain

WHAT = Words("发票号码", "invoice number")
CODE = Words("发票代码", "invoice code")
#: The first fully digital invoices were issued in December 2021.
FIRST_DIGITAL_YEAR = 21

DIGITAL, OLDER, TOLL = "digital", "older", "toll"
FORMS = {
    DIGITAL: Words("数电票（20位号码）", "fully digital invoice (20 digits)"),
    OLDER: Words("发票代码10或12位加号码8位", "code of 10 or 12 digits and number of 8"),
    TOLL: Words("通行费财政票据代码8位加号码10位", "toll bill code of 8 digits and number of 10"),
}
_ANY = Words("；".join(form.zh for form in FORMS.values()), "; ".join(form.en for form in FORMS.values()))
_SPREADSHEET = Words(
    "该单元格已被表格软件转成数值，部分数字已丢失，请设为文本后重新录入。",
    "A spreadsheet turned this cell into a number and lost digits; make it text and enter it again.",
)
_PAIRS = {(12, 8): OLDER, (10, 8): OLDER, (8, 10): TOLL}

#: First digit of a code of 12: 0 the State Taxation Administration, 1 a tax bureau of the region.
_FIRST_OF_TWELVE = ("0", "1")
_separators = re.compile(r"[\s\-‐‑–—−/,;、:_]+")
_looks_like_a_float = re.compile(r"[0-9]+\.[0-9]*|[0-9](?:\.[0-9]+)?[Ee]\+?[0-9]+").fullmatch
_all_digits = re.compile(r"[0-9]+").fullmatch


@dataclass(frozen=True, slots=True)
class Invoice:
    """A well-formed invoice number; make one with `check_invoice`.

    Attributes:
        form: a key of `FORMS`.
        code: the invoice or bill code; empty for a fully digital invoice.
        number: the digits of the number, leading zeros kept.
    """

    form: str
    code: str
    number: str

    @property
    def key(self) -> str:
        """The one text that stands for this invoice: 20 digits, or code and number joined by a hyphen.

        A red-flush (红冲) carries a number of its own; which invoice it reverses is told beside it.
        """
        return f"{self.code}-{self.number}" if self.code else self.number

    @property
    def year(self) -> int:
        """The year of issue by the number or code, four digits."""
        start = {DIGITAL: 0, TOLL: 6, OLDER: 5 if len(self.code) == 12 else 4}[self.form]
        return 2000 + int((self.code or self.number)[start : start + 2])

    @property
    def region(self) -> str:
        """First two digits of the issuing region: 15 for Inner Mongolia.

        Cities with a plan of their own (计划单列市) may carry digits that are not in GB/T 2260.
        """
        start = {DIGITAL: 2, TOLL: 0, OLDER: 1 if len(self.code) == 12 else 0}[self.form]
        return (self.code or self.number)[start : start + 2]


def check_invoice(text: str) -> Invoice:
    """An invoice read from one text: 20 digits, or code and number with a blank or hyphen between.

    Full-width digits are made plain (NFKC), blanks at the ends and between groups of a fully digital number dropped.
    Code and number without anything between are refused: 10 + 8 and 8 + 10 digits cannot be told apart.

    Raises:
        BadCode: with the forms expected and, where it can be told, what happened to the number.
    """
    groups = _groups(text)
    digits = "".join(groups)
    if not _all_digits(digits):
        hint = _SPREADSHEET if _looks_like_a_float(plain(text)) else NO_WORDS
        raise BadCode(text, WHAT, None, _ANY, hint)
    form = _PAIRS.get((len(groups[0]), len(digits) - len(groups[0]))) if len(groups) == 2 else None
    # A fully digital number typed as 12 and 8 digits begins with its year, which is never 0 or 1 in front.
    if form and not (len(groups[0]) == 12 and groups[0][0] not in _FIRST_OF_TWELVE):
        return Invoice(form, groups[0], groups[1])
    if len(digits) == 20:
        return _digital(digits)
    raise BadCode(text, WHAT, None, _ANY, _hint(len(groups), len(digits)))


def check_invoice_parts(code: str, number: str) -> Invoice:
    """An older invoice or toll bill from its two cells, each normalised as `check_invoice` does.

    Raises:
        BadCode: when the lengths go with neither form, or a code of 12 digits begins with neither 0 nor 1.
    """
    first, second = "".join(_groups(code)), "".join(_groups(number))
    form = _PAIRS.get((len(first), len(second)))
    if form is None or not _all_digits(first + second):
        expected = Words(f"{FORMS[OLDER].zh}；{FORMS[TOLL].zh}", f"{FORMS[OLDER].en}; {FORMS[TOLL].en}")
        raise BadCode(f"{code}-{number}", WHAT, None, expected, _hint(2, len(first + second)))
    if len(first) == 12 and first[0] not in _FIRST_OF_TWELVE:
        raise BadCode(first, CODE, 1, Words("0或1（12位代码首位）", "0 or 1 (first of 12 digits)"))
    return Invoice(form, first, second)


def _groups(text: str) -> list[str]:
    short = text if plain(text) else ""
    return [group for group in _separators.split(unicodedata.normalize("NFKC", short)) if group]


def _digital(digits: str) -> Invoice:
    if int(digits[:2]) >= FIRST_DIGITAL_YEAR:
        return Invoice(DIGITAL, "", digits)
    paired = f"{digits[:12]}-{digits[12:]}"
    hint = Words(
        f"如为12位代码加8位号码，请写作 {paired}。", f"As a code of 12 and a number of 8 digits, write {paired}."
    )
    year = Words(f"年份（{FIRST_DIGITAL_YEAR}及以后）", f"a year from {FIRST_DIGITAL_YEAR} on")
    raise BadCode(digits, FORMS[DIGITAL], 1, year, hint if digits[0] in _FIRST_OF_TWELVE else NO_WORDS)


def _hint(groups: int, digits: int) -> Words:
    if digits == 18 and groups == 1:
        return Words("代码与号码之间请加空格或“-”。", "Put a blank or hyphen between code and number.")
    if digits in (17, 19):
        return Words(
            f"共{digits}位，可能丢了首位的0，请按文本录入。",
            f"{digits} digits: a leading 0 may be lost; enter it as text.",
        )
    return Words(f"实为{digits}位数字。", f"There are {digits} digits.")
