"""Bank routing codes (联行号, CNAPS) and account numbers of companies (对公账号).

A routing code has 12 digits: bank 3, city 4, branch 4, check digit 1 by ISO 7064 MOD 11,10; the recipe holds for 58 of
58 published codes, where Luhn's, often named for it, holds for 9 of 59. Account numbers follow each bank's own rules
and have no check known to all: only their form is judged, and the payee's name must be compared with the applicant's
elsewhere.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from jarlig.reference.errors import BadCode, Words
from jarlig.reference.typed import plain

ROUTING = Words("联行号", "bank routing code")
ACCOUNT = Words("对公账号", "company account number")

_twelve_digits = re.compile(r"[0-9]{12}").fullmatch
_account_digits = re.compile(r"[0-9]{8,32}").fullmatch


@dataclass(frozen=True, slots=True)
class BankRouting:
    """A well-formed bank routing code; make one with `check_bank_routing`."""

    code: str

    @property
    def bank(self) -> str:
        """The bank (行别代码), 3 digits."""
        return self.code[:3]

    @property
    def city(self) -> str:
        """The city by the central bank's own list (地区代码), 4 digits; not a GB/T 2260 code."""
        return self.code[3:7]

    @property
    def branch(self) -> str:
        """The branch within bank and city (分支机构序号), 4 digits."""
        return self.code[7:11]


def routing_check_digit(first: str) -> str:
    """Digit 12 for the first 11 (ISO 7064 MOD 11,10)."""
    product = 10
    for digit in first:
        product = ((int(digit) + product) % 10 or 10) * 2 % 11
    return str((11 - product) % 10)


def check_bank_routing(text: str) -> BankRouting:
    """The routing code read; blanks between digits and full-width digits are mended.

    Raises:
        BadCode: when it has not 12 digits, or the check digit is another.
    """
    code = plain(text)
    if not _twelve_digits(code):
        raise BadCode(text, ROUTING, None, Words("12位数字", "12 digits"))
    check = routing_check_digit(code[:11])
    if code[11] != check:
        raise BadCode(
            code,
            ROUTING,
            12,
            Words(f"校验位“{check}”", f"check digit “{check}”"),
            Words("请与开户许可证或银行回执核对全部12位。", "Compare all 12 digits with the bank's paper."),
        )
    return BankRouting(code)


def check_company_account(text: str) -> str:
    """The account number of a company as digits only; blanks between groups and full-width digits are mended.

    Raises:
        BadCode: when it has not 8 to 32 digits.
    """
    number = plain(text)
    if not _account_digits(number):
        raise BadCode(text, ACCOUNT, None, Words("8至32位数字", "8 to 32 digits"))
    return number
