"""Why base and head of a comparison differ: its counts and its clock, joined with the sources."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

import msgspec

from tracker.asv.builds import Build
from tracker.compare.counting import Counted
from tracker.compare.measurer import Label
from tracker.compare.sampling import NotSampled, Sample
from tracker.explain.explained_share import TimedChange
from tracker.explain.explaining import CountedCommit, Findings, are_same, explain
from tracker.explain.task_stages import TIMES, Timing, stages_of
from tracker.history.package_sources import read_code_change
from tracker.model import Verdict
from tracker.model.catalogue import CPU_TIMES
from tracker.model.comparison import Comparison, Row
from tracker.model.explanation import Explanation, Stage, fitting

_CHANGED = {Verdict.WORSE, Verdict.BETTER}
EXPLAINED = 0.9
"""Share of a timed change from which on nothing is left that a profiler could find."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sampling:
    """How to sample a scenario, and whether it is done where no clock asks for it."""

    sample: Sample
    always: bool


def explain_comparison(
    comparison: Comparison,
    counted: Counted,
    builds: Mapping[Label, Build],
    sampling: Sampling,
) -> Explanation | None:
    """Return the explanation; None where the counts of the functions cannot be read.

    One scenario is sampled: with *always* the one of which most is said, else the first that a
    clock found worse by more than the counts explain.
    """
    base, head = (
        _side(comparison.project, counted, builds[label], label)
        for label in (Label.BASE, Label.HEAD)
    )
    findings = Findings(
        timed=tuple(_timed(comparison)),
        counted={name: one.changes for name, one in counted.scenarios.items()},
        stages=changed_stages(comparison),
    )
    code = read_code_change(
        Path(builds[Label.HEAD].repository), base.sha, head.sha, comparison.project
    )
    try:
        counted_only = explain(comparison.project, base, head, code, findings)
        scenario = (
            _asked(counted_only, base) if sampling.always else unexplained(counted_only, comparison)
        )
        if not scenario or are_same(base, head, code):
            return counted_only
        sampled = sampling.sample(scenario)
        if isinstance(sampled, NotSampled):
            absent = {"sampling": fitting(sampled.reason)}
            return msgspec.structs.replace(counted_only, absent=absent)
        findings = replace(findings, profiles={scenario: sampled})
        return explain(comparison.project, base, head, code, findings)
    except msgspec.MsgspecError:
        return None


def _asked(found: Explanation, base: CountedCommit) -> str:
    """The scenario of which most is said; the first one where no count moved."""
    return next((one.scenario for one in found.scenarios), next(iter(base.counts), ""))


def unexplained(explanation: Explanation, comparison: Comparison) -> str:
    """The first scenario that a clock found worse by more than its counts account for, else ""."""
    worse = {row.scenario for row in _timed_rows(comparison) if row.verdict is Verdict.WORSE}
    for one in explanation.scenarios:
        if one.scenario in worse and (one.share is None or one.share.value < EXPLAINED):
            return one.scenario
    return ""


def _side(project: str, counted: Counted, build: Build, label: Label) -> CountedCommit:
    return CountedCommit(
        sha=build.sha,
        counts={name: counts for (name, side), counts in counted.counts.items() if side is label},
        packages={name: text for name, text in build.packages.items() if name != project},
    )


def _timed(comparison: Comparison) -> Iterator[TimedChange]:
    """What the clock found of the library itself."""
    for row in _timed_rows(comparison):
        if row.verdict not in _CHANGED:
            continue
        if row.ratio is not None and row.low is not None and row.high is not None:
            yield TimedChange(
                scenario=row.scenario,
                metric=row.metric,
                ratio=row.ratio,
                low=row.low,
                high=row.high,
                base=row.base.median,
            )


def _timed_rows(comparison: Comparison) -> list[Row]:
    return [row for row in comparison.rows if not row.counted and row.library == comparison.project]


def changed_stages(comparison: Comparison) -> dict[str, tuple[Stage, ...]]:
    """Where the time of a task changed, in scenarios of which a clock found something changed."""
    stages = {}
    rows = _timed_rows(comparison)
    for scenario in {row.scenario for row in rows if _is_of_time(row) and row.verdict in _CHANGED}:
        timings = {
            row.metric: Timing(
                metric=row.metric, base=row.base.median, ratio=row.ratio, low=row.low, high=row.high
            )
            for row in reversed(rows)  # of several parameters the first
            if row.scenario == scenario and row.metric in TIMES
            if row.ratio is not None and row.low is not None and row.high is not None
        }
        stages[scenario] = stages_of(timings.values())
    return stages


def _is_of_time(row: Row) -> bool:
    """Whether it times, other than the CPU."""
    return row.metric not in CPU_TIMES and (row.unit == "s" or row.unit.endswith("/s"))
