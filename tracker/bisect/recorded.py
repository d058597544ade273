"""What earlier results say of the commits between the ends."""

import math
from collections.abc import Iterator, Sequence

from tracker.bisect.line import LineCommit
from tracker.bisect.target import label_of
from tracker.compare.measurer import RowKey
from tracker.errors import TrackerError
from tracker.history import Source, read_history
from tracker.model import Floats, History, Series
from tracker.search.policy import SearchPolicy
from tracker.search.prior import Recorded, prior_of


def prior(
    line: Sequence[LineCommit],
    source: Source,
    label: str,
    measured: set[int],
    policy: SearchPolicy,
) -> Floats:
    """Probability of each commit of *line* after the first.

    Args:
        line: the good end and what follows.
        source: where earlier results are; none is as good as any.
        label: the row that is searched with.
        measured: positions whose results are of this very search, which counts them itself.
        policy: what all commits have alike.
    """
    try:
        history = read_history(source)
        recorded = [
            found
            for series in history.series
            if (found := _recorded(series, history, line, label, measured)) is not None
        ]
    except TrackerError:  # no results yet, or none of these commits
        recorded = []
    return prior_of([commit.files for commit in line[1:]], recorded, policy)


def _recorded(
    series: Series,
    history: History,
    line: Sequence[LineCommit],
    label: str,
    measured: set[int],
) -> Recorded | None:
    named = label.replace("'", "")  # the harness writes no quotes
    if named not in {each.replace("'", "") for each in _labels(series, history.project)}:
        return None
    places = {commit.sha: place for place, commit in enumerate(line)}
    values = {
        places[sha]: float(value)
        for position, value in zip(series.positions.tolist(), series.values, strict=True)
        if (sha := history.commits[position].sha) in places and not math.isnan(value)
    }
    chosen = {place: value for place, value in sorted(values.items()) if place not in measured}
    return Recorded(positions=tuple(chosen), values=tuple(chosen.values())) if chosen else None


def _labels(series: Series, project: str) -> Iterator[str]:
    """What a search calls the row of *series*; in our suite a row names no library."""
    params = series.key.params
    yield label_of(RowKey(scenario="", benchmark=series.key.benchmark, params=params))
    if series.library == project:
        others = tuple(each for each in params if each[0] != "library")
        yield label_of(RowKey(scenario="", benchmark=series.key.benchmark, params=others))
