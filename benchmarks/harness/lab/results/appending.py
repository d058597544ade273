"""The record of a cell that was measured again: all its runs, as asv has all its samples."""

from statistics import fmean, stdev

import msgspec
from hdrh.histogram import HdrHistogram

from benchmarks.harness.lab.results import histogram, validation
from benchmarks.harness.lab.results.record import (
    CellRecord,
    HistogramRecord,
    MetricRecord,
    RunRecord,
    ValidationRecord,
)

SAME = (
    "library", "library_versions", "scenario", "scenario_version", "harness_version", "size",
    "commit", "environment", "machine",
)  # fmt: skip
"""What two records must share to be of one cell."""


def appended(earlier: CellRecord, later: CellRecord) -> CellRecord:
    """Return *later* with the runs of *earlier* before its own.

    Records that are not of one cell, or of which one has no numbers, are not joined: *later* stays.
    """
    measured = earlier.outcome == later.outcome == "measured"
    if not measured or any(getattr(earlier, name) != getattr(later, name) for name in SAME):
        return later
    metrics = {
        name: MetricRecord(unit=one.unit, samples=[*_samples(earlier, name), *one.samples])
        for name, one in later.metrics.items()
    }
    throughput = metrics["throughput"].samples if "throughput" in metrics else []
    cv = stdev(throughput) / fmean(throughput) if len(throughput) > 1 else None
    warnings = [*earlier.validation.warnings, *later.validation.warnings]
    return msgspec.structs.replace(
        later,
        started_at_ms=earlier.started_at_ms,
        runs=[*earlier.runs, *_renumbered(earlier.runs, later.runs)],
        metrics=metrics,
        validation=ValidationRecord(
            throughput_cv=cv, grade=validation.grade(cv), warnings=list(dict.fromkeys(warnings))
        ),
        histogram=_histogram(earlier.histogram, later.histogram),
    )


def _samples(record: CellRecord, metric: str) -> list[float]:
    stored = record.metrics.get(metric)
    return stored.samples if stored else []


def _renumbered(earlier: list[RunRecord], later: list[RunRecord]) -> list[RunRecord]:
    """The *later* runs, their rounds and numbers after those of *earlier*."""
    rounds = 1 + max((run.round for run in earlier), default=-1)
    before = {
        variant: sum(run.variant == variant for run in earlier)
        for variant in {run.variant for run in later}
    }
    return [
        msgspec.structs.replace(
            run, round=run.round + rounds, index=run.index + before[run.variant]
        )
        for run in later
    ]


def _histogram(
    earlier: HistogramRecord | None, later: HistogramRecord | None
) -> HistogramRecord | None:
    if earlier is None or later is None:
        return later
    both = HdrHistogram.decode(earlier.encoded)
    both.add(HdrHistogram.decode(later.encoded))
    return msgspec.structs.replace(
        later,
        encoded=histogram.encoded(both),
        count=both.get_total_count(),
        curve=histogram.curve(both),
    )
