"""What the site says of one series: its metric and its changes."""

from collections.abc import Iterable, Sequence
from datetime import date

from tracker.model import (
    Commit,
    EventKind,
    JudgedChange,
    JudgedSeries,
    Metric,
    Series,
    Status,
    Verdict,
)
from tracker.model.metric_titles import metric_title
from tracker.settings.triage import Action, TriageRule, find_rule
from tracker.site_data.rounding import number
from tracker.site_data.schema import ChangeInfo, MetricInfo, Triage

type TriageOf = dict[tuple[str, int], Triage]
"""What people decided, by (series id, position of the first commit after the change)."""


def not_withdrawn(judged: JudgedSeries) -> tuple[JudgedChange, ...]:
    """Return the changes of a series without those that were withdrawn, oldest first."""
    return tuple(item for item in judged.changes if not item.change.is_withdrawn)


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
    earliest, latest = series.suspects(change.earliest, change.latest)
    return ChangeInfo(
        position=position_of(series, change.index),
        earliest=earliest,
        latest=latest,
        before=number(change.before),
        after=number(change.after),
        ratio=number(change.ratio),
        ratio_low=number(change.ratio_low),
        ratio_high=number(change.ratio_high),
        p_value=number(change.p_value, 3),
        status=change.status.value,
        state=_state(item, triage),
        verdict=_verdict(item).value,
        points_since=change.points_since,
        environment_changes=list(item.environment_changes),
        triage=triage,
    )


def _verdict(item: JudgedChange) -> Verdict:
    """What is said of a change: what an event puts down to the machine is suspected, as it is.

    It is no change of a commit, but the step was found.
    """
    if item.kind is EventKind.MACHINE and item.event is not None:
        return Verdict.SUSPECTED
    return item.verdict


def _state(item: JudgedChange, triage: Triage | None) -> str:
    """A step may be confirmed, while what it is to be put down to is not."""
    if triage:
        return "accepted" if triage.action == Action.ACCEPT.value else "silenced"
    status = item.change.status
    if status is Status.CONFIRMED and _verdict(item) is Verdict.SUSPECTED:
        return "cause unsure"
    return "new" if status is Status.SUSPECTED else status.value


def decide(
    series: Iterable[JudgedSeries],
    commits: Sequence[Commit],
    rules: Sequence[TriageRule],
    today: date,
) -> TriageOf:
    """Return what the triage *rules* that hold on *today* say of each change point."""
    triage: TriageOf = {}
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
                triage[one.series.id, position] = decision
    return triage


def changes_of(judged: JudgedSeries, triage: TriageOf) -> list[ChangeInfo]:
    """Return all changes of a series, withdrawn ones included, oldest first."""
    series = judged.series
    return [
        change_info(series, item, triage.get((series.id, position_of(series, item.change.index))))
        for item in judged.changes
    ]
