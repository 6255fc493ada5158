"""The sayings themselves, ``key: (Chinese, English)``: phrases of nodes, steps of a ladder, answers as a whole."""
