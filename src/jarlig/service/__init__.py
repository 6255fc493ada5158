"""The service half: programmes run by people, on a database that guards them. The rules half never imports it."""
