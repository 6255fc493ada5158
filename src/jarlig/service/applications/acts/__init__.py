"""What is done with files and claims: one file a verb."""
