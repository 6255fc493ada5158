"""Checked facts of the country: codes, divisions, working days, invoice numbers, bank codes, tax tables."""

from jarlig.reference.banks import BankRouting, check_bank_routing, check_company_account
from jarlig.reference.divisions import Division, Divisions, banner_of, division, divisions, league_of
from jarlig.reference.errors import (
    BadCode,
    BadCount,
    BadTable,
    ReferenceFault,
    UnknownDay,
    UnknownDivision,
    UnknownParameter,
    Words,
)
from jarlig.reference.invoices import Invoice, check_invoice, check_invoice_parts
from jarlig.reference.tax import TaxParameter, TaxTable, excluded_from_rd, parameter, tax_table
from jarlig.reference.uscc import Uscc, check_uscc, uscc_is_valid
from jarlig.reference.workdays import (
    WorkdayCalendar,
    add_workdays,
    holiday_name,
    is_workday,
    workday_calendar,
    workdays_between,
)

__all__ = [
    "BadCode",
    "BadCount",
    "BadTable",
    "BankRouting",
    "Division",
    "Divisions",
    "Invoice",
    "ReferenceFault",
    "TaxParameter",
    "TaxTable",
    "UnknownDay",
    "UnknownDivision",
    "UnknownParameter",
    "Uscc",
    "Words",
    "WorkdayCalendar",
    "add_workdays",
    "banner_of",
    "check_bank_routing",
    "check_company_account",
    "check_invoice",
    "check_invoice_parts",
    "check_uscc",
    "division",
    "divisions",
    "excluded_from_rd",
    "holiday_name",
    "is_workday",
    "league_of",
    "parameter",
    "tax_table",
    "uscc_is_valid",
    "workday_calendar",
    "workdays_between",
]
