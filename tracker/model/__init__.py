"""The values everything else speaks in. Frozen, and free of any I/O.

Two shapes of data. A *series* is columnar (numpy arrays, one entry per measured commit), because
histories have millions of points. Everything that is judged or shown is a small frozen record.
"""

from tracker.model.history import (
    Commit,
    Environment,
    Exclusion,
    Floats,
    History,
    Ints,
    Marks,
    Series,
    SeriesKey,
)
from tracker.model.judgement import (
    Change,
    Event,
    EventKind,
    JudgedChange,
    JudgedHistory,
    JudgedSeries,
    Member,
)
from tracker.model.metric import (
    Better,
    Metric,
    Outcome,
    Status,
    Tier,
    Verdict,
)

__all__ = [
    "Better",
    "Change",
    "Commit",
    "Environment",
    "Event",
    "EventKind",
    "Exclusion",
    "Floats",
    "History",
    "Ints",
    "JudgedChange",
    "JudgedHistory",
    "JudgedSeries",
    "Marks",
    "Member",
    "Metric",
    "Outcome",
    "Series",
    "SeriesKey",
    "Status",
    "Tier",
    "Verdict",
]
