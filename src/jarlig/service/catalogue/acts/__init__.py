"""What is done to the catalogue: one file a verb."""
