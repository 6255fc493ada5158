"""Checked facts of the country: codes, divisions, working days, invoice numbers, tax tables."""
