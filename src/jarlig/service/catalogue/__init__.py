"""Programmes as published (方案目录): versions, windows, routes, interpretations and recognitions."""
