"""The first charts: what matters most of the tracked library, each with its control behind it."""

from collections.abc import Sequence

import numpy as np

from tracker.model import Floats, Outcome, Series, Tier, Verdict
from tracker.model.catalogue import METRICS
from tracker.site_data.schema import Matrix
from tracker.site_data.series_table import SeriesSummary
from tracker.site_data.sparklines import sparkline

MOST_CELLS = 88


def make_matrix(rows: Sequence[SeriesSummary], tracked: str) -> Matrix:
    """Return a small chart of each primary series of *tracked*; none where no library is.

    Where there are more than `MOST_CELLS`, whole groups with something worse come first.
    """
    own = [i for i, row in enumerate(rows) if tracked and _is_primary(row, tracked)]
    own.sort(key=lambda i: _place(rows[i].judged.series))
    if len(own) > MOST_CELLS:
        worse = {_group(row.judged.series) for row in map(rows.__getitem__, own) if _is_bad(row)}
        own.sort(key=lambda i: _group(rows[i].judged.series) not in worse)
    controls = _controls(rows, tracked)
    matrix = Matrix(
        series=len(own), row=[], line=[], mark=[], reach=[], control=[], control_line=[]
    )
    for i in own[:MOST_CELLS]:
        series = rows[i].judged.series
        drawn = sparkline(series.values, series.positions, rows[i].changed_at)
        control = controls.get(_cell(series))
        matrix.row.append(i)
        matrix.line.append(drawn.line)
        matrix.mark.append(drawn.mark)
        matrix.reach.append(drawn.reach)
        matrix.control.append(control)
        matrix.control_line.append("")
        if control is not None and drawn.reach:
            beside = _values_at(rows[control].judged.series, series)
            other = sparkline(beside, series.positions, rows[i].changed_at, reach=drawn.reach)
            matrix.control_line[-1] = other.line if other.reach == drawn.reach else ""
    return matrix


def _is_primary(row: SeriesSummary, tracked: str) -> bool:
    series = row.judged.series
    return series.library == tracked and series.metric.tier is Tier.PRIMARY


def _controls(rows: Sequence[SeriesSummary], tracked: str) -> dict[object, int]:
    """Return the row of the first control of each cell."""
    controls: dict[object, int] = {}
    for i, row in enumerate(rows):
        if row.judged.series.library != tracked:
            controls.setdefault(_cell(row.judged.series), i)
    return controls


def _is_bad(row: SeriesSummary) -> bool:
    return row.judged.verdict is Verdict.WORSE or row.outcome is Outcome.FAILED


def _group(series: Series) -> tuple[object, ...]:
    return series.scenario, series.key.params, series.key.machine, series.key.environment


def _place(series: Series) -> tuple[object, ...]:
    """By scenario, then metrics in the order of the catalogue."""
    metrics = list(METRICS)
    name = series.metric.name
    place = metrics.index(name) if name in METRICS else len(metrics)
    return *_group(series), place


def _cell(series: Series) -> object:
    """Return what a series shares with the same measurement of another library."""
    params = tuple(pair for pair in series.key.params if pair[0] != "library")
    return (
        series.scenario, series.metric.name, params, series.key.machine, series.key.environment,
    )  # fmt: skip


def _values_at(control: Series, series: Series) -> Floats:
    """Return the values of *control* at the commits of *series*, NaN where it has none."""
    values = np.full(series.positions.size, np.nan)
    _, there, here = np.intersect1d(control.positions, series.positions, return_indices=True)
    values[here] = control.values[there]
    return values
