"""Reads results, commits and run records, and makes the model of them."""

from tracker.history.config import Source, resolve_source
from tracker.history.load import load_history
from tracker.history.run_records import read_run_records

__all__ = ["Source", "load_history", "read_run_records", "resolve_source"]
