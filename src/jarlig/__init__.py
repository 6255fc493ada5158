"""Jarlig (зарлиг, an edict): from a government support notice to a running programme."""

__version__ = "0.1.0"
