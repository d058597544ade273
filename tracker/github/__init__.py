"""Speaks to GitHub."""
