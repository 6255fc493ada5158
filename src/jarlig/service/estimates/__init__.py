"""Estimates that are kept for a while (测算记录): answers without a name, found again by a code and by nothing else."""
