"""Starts measurements: asv for commits, the harness for comparisons."""
