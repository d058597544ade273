"""A history as its cells, to be compared with another one."""

import math

from tracker.model import History, Outcome


def cells(history: History) -> dict[tuple[object, ...], object]:
    """Every cell that was measured or failed, by series and commit, in full precision."""
    found: dict[tuple[object, ...], object] = {}
    for series in history.series:
        for i, position in enumerate(series.positions.tolist()):
            if series.outcomes.get(position) is Outcome.UNSUPPORTED:
                continue
            key = (series.key, series.metric.unit, series.metric.better, series.version)
            numbers = [series.values[i], series.low[i], series.high[i]]
            found[*key, history.commits[position].sha] = (
                [None if math.isnan(n) else n for n in numbers],
                series.samples_at(i).tolist(),
                int(series.loops[i]) if series.loops.size else 0,
            )
    return found
