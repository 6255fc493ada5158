"""What may I do, and why (权限说明): the rules as they answer the reader."""
