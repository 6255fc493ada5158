"""What is done to enterprises, their people and accounts: one file a verb."""
