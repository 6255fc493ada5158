"""What an enterprise applies for, from draft to acknowledgement: files, claims, rows, evidence, submissions."""
