"""The policy room (政策室): programmes and their versions, guides, interpretations, the register of recognitions."""
