"""Writes the site to disk."""
