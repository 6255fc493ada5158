"""The words: explanations, receipts and the handbook, in Chinese and English."""
