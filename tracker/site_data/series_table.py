"""The table of all series, their worst-first order, and their sparklines."""

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from tracker.model import JudgedChange, JudgedSeries, Metric, Outcome, Tier, Verdict
from tracker.model.catalogue import METRICS
from tracker.model.effect_size import effect_over_noise
from tracker.site_data.rounding import number
from tracker.site_data.schema import FINDERS, SPARKS_PER_PAGE, Finder, Sparks, Table
from tracker.site_data.series import metric_info, not_withdrawn, position_of
from tracker.site_data.sparklines import sparkline

VERDICTS = (
    Verdict.WORSE, Verdict.SUSPECTED, Verdict.CANNOT_TELL, Verdict.NO_CHANGE, Verdict.BETTER,
)  # fmt: skip
TIERS = (Tier.PRIMARY, Tier.SECONDARY, Tier.DIAGNOSTIC)
OUTCOMES = (Outcome.MEASURED, Outcome.FAILED, Outcome.UNSUPPORTED)

UNKNOWN_NOISE = 0.05
"""Stands for the smallest change that could be established where that is not known."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SeriesSummary:
    """What the overview says of one series.

    Attributes:
        value: newest measured value, NaN when there is none.
        change: the change that the verdict speaks of, or None.
        changed_at: position of its first commit after, or None.
        outcome: what became of its newest cell.
        age: commits since the newest value.
    """

    judged: JudgedSeries
    value: float
    change: JudgedChange | None
    changed_at: int | None
    outcome: Outcome
    age: int

    @property
    def ratio(self) -> float:
        """After / before of the change, NaN without one."""
        return self.change.change.ratio if self.change else math.nan

    @property
    def is_better(self) -> bool:
        """Whether the change is for the better."""
        return self.change is not None and self.change.direction is Verdict.BETTER


def stable_order(series: Iterable[JudgedSeries]) -> list[JudgedSeries]:
    """Order series by first commit, then by key: new ones come last, old ones keep their place."""

    def sort_key(judged: JudgedSeries) -> tuple[int, str, tuple[tuple[str, str], ...], str, str]:
        key, positions = judged.series.key, judged.series.positions
        first = int(positions[0]) if positions.size else 2**62
        return (first, key.benchmark, key.params, key.machine, key.environment)

    return sorted(series, key=sort_key)


def summarize(judged: JudgedSeries, newest: int) -> SeriesSummary:
    """Return the overview's row of one series; *newest* is the position of the newest commit."""
    series = judged.series
    last = series.newest_measured
    newest_cell = position_of(series, -1) if series.positions.size else newest
    changes = not_withdrawn(judged)
    change = judged.standing or (changes[-1] if changes else None)
    return SeriesSummary(
        judged=judged,
        value=float(series.values[last]) if last is not None else math.nan,
        change=change,
        changed_at=position_of(series, change.change.index) if change else None,
        outcome=series.outcomes.get(newest_cell, Outcome.MEASURED),
        age=newest - position_of(series, last) if last is not None else newest + 1,
    )


def worst_first(rows: Sequence[SeriesSummary], tracked: str = "") -> list[int]:
    """Return row numbers: worse, failed, suspected, cannot tell, no change, better.

    What is suspected to be better comes before what is. In each the library *tracked* first, then
    what matters most, then by effect over noise.
    """

    def sort_key(
        number_and_row: tuple[int, SeriesSummary],
    ) -> tuple[int, bool, int, float, int, int]:
        i, row = number_and_row
        tier = TIERS.index(row.judged.series.metric.tier)
        group = VERDICTS.index(row.judged.verdict) * 2
        if row.outcome is Outcome.FAILED and group:
            group = 1
        elif row.judged.verdict is Verdict.SUSPECTED and row.is_better:
            group = VERDICTS.index(Verdict.BETTER) * 2 - 1
        foreign = bool(tracked) and row.judged.series.library != tracked
        return (group, foreign, tier, -_size(row), -(row.changed_at or -1), i)

    return [i for i, _ in sorted(enumerate(rows), key=sort_key)]


def _size(row: SeriesSummary) -> float:
    noise = row.judged.minimum_detectable_effect
    return effect_over_noise(row.ratio, noise if noise > 0 else UNKNOWN_NOISE)


class _Names[K]:
    """Numbers the distinct values in the order in which they come."""

    def __init__(self) -> None:
        self.numbers: dict[K, int] = {}

    def __call__(self, value: K) -> int:
        return self.numbers.setdefault(value, len(self.numbers))


def _rank_of_metric(metric: Metric) -> tuple[int, str, str]:
    """Ours in the order of the catalogue, then foreign ones by name."""
    known = list(METRICS)
    place = known.index(metric.name) if metric.name in METRICS else len(known)
    return (place, metric.name, metric.unit)


def make_table(rows: Sequence[SeriesSummary], order: Sequence[int]) -> Table:
    """Return the table in the order of *rows*; *order* names them worst first."""
    scenario, library, machine, environment = (_Names[str]() for _ in range(4))
    params = _Names[tuple[tuple[str, str], ...]]()
    metrics = sorted({row.judged.series.metric for row in rows}, key=_rank_of_metric)
    metric = {one: i for i, one in enumerate(metrics)}

    judged = [row.judged for row in rows]
    series = [one.series for one in judged]
    columns = {
        "scenario": [scenario(one.title) for one in series],
        "library": [library(one.library) for one in series],
        "metric": [metric[one.metric] for one in series],
        "params": [params(one.key.params) for one in series],
        "machine": [machine(one.key.machine) for one in series],
        "environment": [environment(one.key.environment) for one in series],
        "verdict": [VERDICTS.index(one.verdict) for one in judged],
        "outcome": [OUTCOMES.index(row.outcome) for row in rows],
        "age": [row.age for row in rows],
        "rank": np.argsort(np.array(order, dtype=np.int64)).tolist() if order else [],
    }
    return Table(
        **columns,
        scenarios=list(scenario.numbers),
        libraries=list(library.numbers),
        metrics=[metric_info(one) for one in metrics],
        params_sets=[[list(pair) for pair in pairs] for pairs in params.numbers],
        machines=list(machine.numbers),
        environments=list(environment.numbers),
        id=[one.id for one in series],
        value=[number(row.value) for row in rows],
        change=[number(row.ratio) for row in rows],
        changed_at=[row.changed_at for row in rows],
        noise=[number(one.minimum_detectable_effect, 3) for one in judged],
        far_out=_far_out(rows),
    )


def _far_out(rows: Sequence[SeriesSummary]) -> dict[str, float]:
    found = ((i, row.judged.far_out) for i, row in enumerate(rows))
    rounded = ((i, number(ratio)) for i, ratio in found if ratio is not None)
    return {str(i): ratio for i, ratio in rounded if ratio is not None}


def make_finders(rows: Sequence[SeriesSummary], files: Sequence[str]) -> list[Finder]:
    """Return which file each series has; *files* are the names of the packs of the series."""
    parts: list[dict[str, str]] = [{} for _ in range(FINDERS)]
    for row, file in zip(rows, files, strict=True):
        parts[int(row.judged.series.id[:2], 16) * FINDERS // 256][row.judged.series.id] = file
    return [Finder(id=list(part), file=list(part.values())) for part in parts]


def spark_pages(rows: Sequence[SeriesSummary], order: Sequence[int]) -> Iterator[Sparks]:
    """Yield the sparklines in pages, in *order* of the numbers of the rows."""
    for start in range(0, len(order), SPARKS_PER_PAGE):
        page = list(order[start : start + SPARKS_PER_PAGE])
        drawn = [
            sparkline(
                rows[i].judged.series.values, rows[i].judged.series.positions, rows[i].changed_at
            )
            for i in page
        ]
        yield Sparks(
            row=page,
            line=[one.line for one in drawn],
            mark=[one.mark for one in drawn],
            reach=[one.reach for one in drawn],
        )
