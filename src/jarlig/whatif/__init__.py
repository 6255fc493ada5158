"""What if: populations that are made up, and rules that are compared on them."""
