"""The public pages of programmes (方案公开页): measures with their status, guide and days, from data alone."""
