"""Screens of an enterprise's people (企业门户): who speaks for it, its names, its account."""
