"""Serving of stored files (文件下载): as an attachment that can do nothing, to who may see it."""
