"""The libraries side by side: plain values from run records. Pure.

Per scenario and metric one row per library, with the median, its interval, and the effect against
one base library. For metrics only one library was measured in there is nothing to compare, and they
are left out.
"""

from collections.abc import Iterable, Sequence

import msgspec
import numpy as np

from tracker.model import Better, Metric, Tier
from tracker.model.catalogue import METRICS
from tracker.model.run_record import RunRecord
from tracker.report.escape import clean
from tracker.report.libraries.effect import Effect, measure_effect, median_interval
from tracker.units import quantity

VERSION = 1


class LibraryFigures(msgspec.Struct, frozen=True, kw_only=True):
    """One library's number in one metric of one scenario; null where it is not known.

    Attributes:
        outcome: measured, failed or unsupported.
        reason: why it is not measured, or in what way it is approximated.
        median: of the runs, in the base unit of the metric; low and high are its 95 % interval.
        ratio: median over the median of the base library, with its 95 % interval.
        delta: Cliff's delta against the base library, -1 to 1.
        effect: delta in a word.
        better: whether it is better than the base: "better", "worse", "alike" (no clear
            difference), or "unknown".
        runs: number of runs.
    """

    library: str
    version: str
    outcome: str
    reason: str
    median: float | None
    low: float | None
    high: float | None
    ratio: float | None
    ratio_low: float | None
    ratio_high: float | None
    delta: float | None
    effect: str
    better: str
    runs: int


class MetricTable(msgspec.Struct, frozen=True, kw_only=True):
    """All libraries in one metric of one scenario; best first, those without a number last."""

    scenario: str
    title: str
    metric: str
    unit: str
    better: str
    tier: str
    description: str
    base: str
    rows: list[LibraryFigures]


class LibraryComparison(msgspec.Struct, frozen=True, kw_only=True):
    """The whole comparison, as `tracker compare-libraries --format json` prints it."""

    version: int
    base: str
    tables: list[MetricTable]


def compare_libraries(
    records: Iterable[RunRecord],
    *,
    base: str,
    scenarios: Sequence[str] = (),
    tier: Tier | None = None,
) -> LibraryComparison:
    """Set the libraries of *records* side by side, against *base*.

    Args:
        records: one of each (scenario, library).
        base: the library that ratios are taken against.
        scenarios: only these; all when empty.
        tier: only metrics of this tier; all when None.
    """
    by_scenario: dict[str, list[RunRecord]] = {}
    for record in records:
        by_scenario.setdefault(record.scenario, []).append(record)
    tables = [
        _table(records_of, metric, base)
        for scenario, records_of in sorted(by_scenario.items())
        if not scenarios or scenario in scenarios
        for metric in _metrics_of(records_of)
        if tier is None or metric.tier is tier
    ]
    return LibraryComparison(version=VERSION, base=base, tables=tables)


def encode(comparison: LibraryComparison) -> str:
    """Return the comparison as JSON."""
    return msgspec.json.encode(comparison).decode() + "\n"


def render(comparison: LibraryComparison, *, first: Sequence[str]) -> str:
    """Return the tables as text; in each, the libraries of *first* come first."""
    blocks = []
    for table in comparison.tables:
        rows = sorted(table.rows, key=lambda row: _rank(row.library, first))
        lines = (_line(row, table.unit) for row in rows)
        blocks.append("\n".join((_heading(table), *lines)))
    if not blocks:
        return "nothing to compare: no metric was measured in two libraries\n"
    return "\n\n".join(blocks) + "\n"


def _metrics_of(records: Sequence[RunRecord]) -> list[Metric]:
    counts: dict[str, int] = {}
    for record in records:
        for name in record.metrics:
            counts[name] = counts.get(name, 0) + 1
    return [METRICS[name] for name in METRICS if counts.get(name, 0) > 1]


def _table(records: Sequence[RunRecord], metric: Metric, base: str) -> MetricTable:
    by_library = {record.library: record for record in records}
    reference = by_library[base].samples_of(metric.name) if base in by_library else ()
    rows = [_figures(record, metric, reference) for record in records]
    sign = 1 if metric.better is Better.LOWER else -1
    rows.sort(key=lambda row: (row.median is None, sign * (row.median or 0.0), row.library))
    return MetricTable(
        scenario=records[0].scenario,
        title=records[0].title,
        metric=metric.name,
        unit=metric.unit,
        better=metric.better,
        tier=metric.tier,
        description=metric.description,
        base=base,
        rows=rows,
    )


def _figures(record: RunRecord, metric: Metric, reference: Sequence[float]) -> LibraryFigures:
    samples = record.samples_of(metric.name)
    effect = measure_effect(reference, samples)
    low, high = median_interval(samples)
    outcome = record.outcome
    if outcome == "measured" and not samples:
        outcome = "unsupported"
    return LibraryFigures(
        library=record.library,
        version=record.version,
        outcome=outcome,
        reason=record.reason or record.support.reason,
        median=_known(float(np.median(samples))) if samples else None,
        low=_known(low),
        high=_known(high),
        ratio=_known(effect.ratio),
        ratio_low=_known(effect.ratio_low),
        ratio_high=_known(effect.ratio_high),
        delta=_known(effect.delta),
        effect=effect.size,
        better=_direction(effect, metric.better),
        runs=len(samples),
    )


def _direction(effect: Effect, better: Better) -> str:
    """Whether the interval, of the ratio if there is one, lies on one side of no difference."""
    low, high, none = effect.ratio_low, effect.ratio_high, 1.0
    if np.isnan(low):
        low, high, none = effect.difference_low, effect.difference_high, 0.0
    if np.isnan(low) or np.isnan(high):
        return "unknown"
    if low <= none <= high:
        return "alike"
    return "better" if (low > none) == (better is Better.HIGHER) else "worse"


def _known(value: float) -> float | None:
    return float(value) if np.isfinite(value) else None


def _rank(library: str, first: Sequence[str]) -> int:
    return first.index(library) if library in first else len(first)


def _heading(table: MetricTable) -> str:
    head = f"{table.scenario}: {table.metric} ({table.better} is better; ratios to {table.base})"
    columns = ("library", "median", "95 % interval", "ratio", "interval", "Cliff's delta")
    return head + "\n" + "  {:14} {:>16}  {:27} {:>7}  {:15} {}".format(*columns)


def _line(row: LibraryFigures, unit: str) -> str:
    if row.median is None:
        return f"  {row.library:14} {row.outcome}: {clean(row.reason)}"
    shown = quantity(row.median, unit)
    interval = "too few runs"
    if row.low is not None and row.high is not None:
        interval = f"{quantity(row.low, unit)} .. {quantity(row.high, unit)}"
    ratio = "n/a" if row.ratio is None else f"{row.ratio:.2f}"
    span = ""
    if row.ratio_low is not None and row.ratio_high is not None:
        span = f"{row.ratio_low:.2f} .. {row.ratio_high:.2f}"
    delta = "" if row.delta is None else f"{row.delta:+.2f} {row.effect}"
    return f"  {row.library:14} {shown:>16}  {interval:27} {ratio:>7}  {span:15} {delta}"
