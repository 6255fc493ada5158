"""Screens on which an enterprise applies (申报): its files, their claims, and what was submitted."""
