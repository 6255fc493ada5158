"""Screens of the administration (系统管理): areas, bodies, people, calendar, texts, acts, jobs, storage."""
