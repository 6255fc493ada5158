"""The proof engine: a ladder for all facts at once, as constraints of integers for a solver (z3).

It is imported only when proofs are asked for: the solver is a library of the extra ``prove``.
"""
