"""The file of one series: its whole history in columns, and its changes."""

import hashlib
from collections.abc import Iterable, Sequence
from datetime import date

import numpy as np

from tracker.model import Commit, Floats, JudgedChange, JudgedSeries, Metric, Series, Status
from tracker.model.metric_titles import metric_title
from tracker.settings.triage import TriageRule, find_rule
from tracker.site_data.columns import number, rounded, sample_columns
from tracker.site_data.encoding import numbers, wholes
from tracker.site_data.schema import (
    SCHEMA_VERSION,
    ChangeInfo,
    MetricInfo,
    Numbers,
    SeriesFile,
    Triage,
)

type TriageOf = dict[tuple[str, int], Triage]
"""What people decided, by (series id, position of the first commit after the change)."""


def standing(judged: JudgedSeries) -> tuple[JudgedChange, ...]:
    """Return the changes of a series that still stand, oldest first."""
    return tuple(item for item in judged.changes if item.change.status is not Status.WITHDRAWN)


def position_of(series: Series, index: int) -> int:
    """Return the position of the commit of point *index*."""
    return int(series.positions[index])


def metric_info(metric: Metric) -> MetricInfo:
    """Return what the site needs to know of *metric*."""
    return MetricInfo(
        name=metric.name,
        title=metric_title(metric.name),
        unit=metric.unit,
        better=metric.better.value,
        floor=metric.floor,
        gates=metric.gates,
        tier=metric.tier.value,
        description=metric.description,
    )


def change_info(series: Series, item: JudgedChange, triage: Triage | None) -> ChangeInfo:
    """Return one change with its indices turned into positions of commits."""
    change = item.change
    return ChangeInfo(
        position=position_of(series, change.index),
        earliest=series.first_suspect(change.earliest),
        latest=position_of(series, change.latest),
        before=number(change.before),
        after=number(change.after),
        ratio=number(change.ratio),
        ratio_low=number(change.ratio_low),
        ratio_high=number(change.ratio_high),
        p_value=number(change.p_value, 3),
        status=change.status.value,
        verdict=item.verdict.value,
        points_since=change.points_since,
        environment_changes=list(item.environment_changes),
        triage=triage,
    )


def decide(
    series: Iterable[JudgedSeries],
    commits: Sequence[Commit],
    rules: Sequence[TriageRule],
    today: date,
) -> TriageOf:
    """Return what the triage *rules* that hold on *today* say of each change point."""
    found: TriageOf = {}
    for one in series if rules else ():
        for item in one.changes:
            position = position_of(one.series, item.change.index)
            rule = find_rule(
                rules,
                names=(one.series.key.benchmark, one.series.key.label),
                metric=one.series.metric.name,
                commit=commits[position].sha,
                today=today,
            )
            if rule:
                decision = Triage(action=rule.action.value, sentence=rule.sentence)
                found[one.series.id, position] = decision
    return found


def changes_of(judged: JudgedSeries, triage: TriageOf) -> list[ChangeInfo]:
    """Return all changes of a series, withdrawn ones included, oldest first."""
    series = judged.series
    return [
        change_info(series, item, triage.get((series.id, position_of(series, item.change.index))))
        for item in judged.changes
    ]


def fingerprint(judged: JudgedSeries, changes: list[ChangeInfo]) -> str:
    """Return eight hex digits of everything that `series_file` is made of.

    The file is a pure function of these inputs and of the schema, so equal names mean equal
    files, and an unchanged series is neither rounded nor encoded again.
    """
    series = judged.series
    digest = hashlib.blake2b(digest_size=4)
    for array in (series.positions, series.values, series.low, series.high, series.samples):
        digest.update(np.ascontiguousarray(array).view(np.uint8))
    digest.update(np.ascontiguousarray(series.offsets).view(np.uint8))
    rest = (
        SCHEMA_VERSION, series.key, series.metric, series.title, series.library,
        series.version, sorted(series.outcomes.items()), sorted(series.reasons.items()),
        judged.verdict, judged.minimum_detectable_effect, judged.drift, judged.notes, changes,
    )  # fmt: skip
    digest.update(repr(rest).encode("utf-8", "surrogatepass"))
    return digest.hexdigest()


def series_file(judged: JudgedSeries, changes: list[ChangeInfo]) -> SeriesFile:
    """Return the file of one series."""
    series = judged.series
    samples, counts, step = sample_columns(series)
    values, low, high = rounded(np.stack((series.values, series.low, series.high)))
    return SeriesFile(
        schema_version=SCHEMA_VERSION,
        id=series.id,
        benchmark=series.key.benchmark,
        scenario=series.title,
        library=series.library,
        version=series.version,
        metric=metric_info(series.metric),
        params=[list(pair) for pair in series.key.params],
        machine=series.key.machine,
        environment=series.key.environment,
        verdict=judged.verdict.value,
        noise=number(judged.minimum_detectable_effect, 3),
        drift=number(judged.drift, 3),
        notes=list(judged.notes),
        positions=wholes(series.positions),
        values=numbers(values),
        low=_known(low),
        high=_known(high),
        samples=samples,
        sample_counts=counts,
        sample_step=step,
        outcomes={str(key): value.value for key, value in sorted(series.outcomes.items())},
        reasons={str(key): value for key, value in sorted(series.reasons.items())},
        changes=changes,
        level=None if standing(judged) else _median(series.values),
    )


def _median(values: Floats) -> float | None:
    known = values[np.isfinite(values)]
    return number(float(np.median(known))) if known.size else None


def _known(values: Floats) -> Numbers:
    """Return a column, empty when nothing in it is known."""
    return numbers(values) if np.isfinite(values).any() else []
