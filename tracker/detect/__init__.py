"""Statistics, pure: numbers in, values out."""

from tracker.detect.history import JudgeSeries, SeriesTask, judge, judge_series
from tracker.detect.policy import DEFAULT, Policy
from tracker.detect.steps import Found, find_changes
from tracker.detect.stream import EMPTY, SeriesState, advance
from tracker.model import Change, Status

__all__ = [
    "DEFAULT",
    "EMPTY",
    "Change",
    "Found",
    "JudgeSeries",
    "Policy",
    "SeriesState",
    "SeriesTask",
    "Status",
    "advance",
    "find_changes",
    "judge",
    "judge_series",
]
