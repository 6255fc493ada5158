"""The kernel: kinds of value, nodes of a sum, steps of an answer; imports nothing of ours."""
