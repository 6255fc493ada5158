"""Check and estimate (测算): public screens that ask one question a page and say what can be got."""
