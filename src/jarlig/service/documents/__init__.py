"""The room of documents (文件): what people hand in, checked before it is kept, kept once, and served harmlessly."""
