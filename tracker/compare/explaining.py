"""Why base and head of a comparison differ: its counts and its clock, joined with the sources."""

from collections.abc import Iterator, Mapping
from pathlib import Path

import msgspec

from tracker.asv.builds import Build
from tracker.compare.counting import Counted
from tracker.compare.measurer import Label
from tracker.explain.explaining import Findings, Side, explain
from tracker.explain.share import TimedChange
from tracker.history.sources import read_code_change
from tracker.model import Verdict
from tracker.model.comparison import Comparison
from tracker.model.explanation import Explanation

_CHANGED = {Verdict.WORSE, Verdict.BETTER}


def explain_comparison(
    comparison: Comparison, counted: Counted, builds: Mapping[Label, Build]
) -> Explanation | None:
    """Return the explanation; None where the counts of the functions cannot be read."""
    base, head = (
        _side(comparison.project, counted, builds[label], label)
        for label in (Label.BASE, Label.HEAD)
    )
    findings = Findings(
        timed=tuple(_timed(comparison)),
        counted={name: one.changes for name, one in counted.scenarios.items()},
    )
    code = read_code_change(
        Path(builds[Label.HEAD].repository), base.sha, head.sha, comparison.project
    )
    try:
        return explain(comparison.project, base, head, code, findings)
    except msgspec.MsgspecError:
        return None


def _side(project: str, counted: Counted, build: Build, label: Label) -> Side:
    return Side(
        sha=build.sha,
        counts={name: counts for (name, side), counts in counted.counts.items() if side is label},
        packages={name: text for name, text in build.packages.items() if name != project},
    )


def _timed(comparison: Comparison) -> Iterator[TimedChange]:
    """What the clock found of the library itself."""
    for row in comparison.rows:
        if row.counted or row.library != comparison.project or row.verdict not in _CHANGED:
            continue
        if row.ratio is not None and row.low is not None and row.high is not None:
            yield TimedChange(
                scenario=row.scenario,
                metric=row.metric,
                ratio=row.ratio,
                low=row.low,
                high=row.high,
            )
