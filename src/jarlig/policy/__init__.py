"""The language: a folder of YAML read, checked, overlaid and made into ladders."""
