"""Reads asv results, run records and commits."""
