"""Screens (页面): templates, components and views; they call acts and queries and never touch models."""
