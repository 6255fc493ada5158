"""The kinds of file that are taken, each with what must not stand in it."""
