"""The engines: each climbs a ladder from the facts of a case to a figure."""
