"""The room of enterprises (企业): who they are, who may speak for them, and which account is theirs."""
