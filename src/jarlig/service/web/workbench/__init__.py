"""Screens of the banner's receiver (受理工作台) for enterprises: letters, disputes, new names, accounts."""
