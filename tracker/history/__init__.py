"""Reads results, commits and run records, and makes the model of them."""

from tracker.history.config import Source, resolve_source
from tracker.history.load import read_history

__all__ = ["Source", "read_history", "resolve_source"]
