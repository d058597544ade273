"""The rows of a comparison that were counted: one per scenario and metric."""

from collections.abc import Iterator, Mapping

from tracker.counts.count_changes import CountChange
from tracker.counts.focus import CountedScenario
from tracker.model import Verdict
from tracker.model.comparison import Reproduction, Row, Summary


def counted_rows(scenarios: Mapping[str, CountedScenario], library: str) -> Iterator[Row]:
    """Yield a row for every counted cost; its interval is as wide as equal code scatters."""
    for scenario, one in scenarios.items():
        for change in one.changes:
            yield _row(change, scenario, f"{one.benchmark}.track_{change.metric.name}", library)


def _row(change: CountChange, scenario: str, benchmark: str, library: str) -> Row:
    metric, ratio = change.metric, change.ratio
    reach = change.tolerance / change.base if change.base else 0.0
    return Row(
        benchmark=benchmark,
        scenario=scenario,
        library=library,
        metric=metric.name,
        params=(),
        unit=metric.unit,
        better=metric.better,
        gates=metric.gates,
        floor=metric.floor,
        base=_summary(change.base),
        head=_summary(change.head),
        ratio=ratio,
        low=None if ratio is None else max(ratio - reach, 0.0),
        high=None if ratio is None else ratio + reach,
        p_value=None,
        noise_floor=reach,
        verdict=change.verdict,
        minimum_detectable_effect=max(reach, metric.floor),
        rounds=1,
        rounds_to_settle=None,
        check=Reproduction.NOT_MEASURED,
        control_divided_out=False,
        reason=_reason(change),
        counted=True,
    )


def _summary(value: float) -> Summary:
    return Summary(median=value, q25=value, q75=value, cv=None, n=1)


def _reason(change: CountChange) -> str:
    if not change.moved:
        return "the same on both sides"
    if change.verdict is Verdict.NO_CHANGE:
        return "it moved by less than its floor"
    return "counted on both sides, no clock involved"
