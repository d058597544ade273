"""Reads results, commits and run records, and makes the model of them."""

from tracker.history.config import Source, resolve_source
from tracker.history.load import load_history

__all__ = ["Source", "load_history", "resolve_source"]
