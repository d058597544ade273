"""From a `History` to a `JudgedHistory`: every series, and what only all of them can say. Pure.

1. `machine`: series -> the steps that a machine's series share.
2. `tracker.detect`: each series -> `Found`, its change points and its noise.
3. `multiplicity`: p-values of all changes -> the cut that controls false discoveries.
4. `meaning`, `newest`, `environments`: a change -> direction, relevance, what else changed.
5. `history`: all of it joined, `judge(History) -> JudgedHistory`.
"""

from tracker.judge.history import JudgeSeries, SeriesTask, judge, judge_series

__all__ = ["JudgeSeries", "SeriesTask", "judge", "judge_series"]
