"""The demonstration (演示): a pick-a-person sign-in and made-up data, on a marked database of one machine alone."""
