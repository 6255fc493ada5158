"""What is done to bodies, people and seats: one file a verb."""
