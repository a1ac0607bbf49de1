"""Choosing sites: candidates, the demand they reach, the choice, and what speaks against it."""
