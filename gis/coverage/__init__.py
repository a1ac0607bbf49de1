"""Machinery coverage: who can be served, in which season, by whom."""
