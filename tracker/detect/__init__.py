"""Statistics, pure: numbers in, values out."""

from tracker.detect.steps import find_changes
from tracker.model import Change, Status

__all__ = ["Change", "Status", "find_changes"]
