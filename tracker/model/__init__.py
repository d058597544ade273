"""The values everything else speaks in. Frozen, and free of any I/O.

Two shapes of data. A *series* is columnar (numpy arrays, one entry per measured commit), because
histories have millions of points. Everything that is judged or shown is a small frozen record.

- `metric`, `catalogue`, `metric_titles`: what is measured, the metrics we know, and their titles.
- `history`: `Series` and `History`; `run_record`, `counts`, `profiler_samples`: what the harness
  says.
- `judgement`: `JudgedHistory`, its changes and events; `effect_size`: the order to show changes in.
- `comparison`, `not_measured`: base and head, or why there is no result; `explanation`: the causes.
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
    Fate,
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
    "Fate",
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
