"""Whether a measurement can be relied on: spread, outliers, warnings. Pure.

The limits come from the practice that a coefficient of variation below 0.10 is excellent and one
above 0.20 needs more runs; a project's own gate (0.15 in CI) is the tracker's business.
"""

from collections.abc import Sequence
from itertools import combinations, groupby
from statistics import median

import numpy as np

from benchmarks.harness.lab.results import stamps as st
from benchmarks.harness.lab.results.metrics import foreign_cpu, of_run
from benchmarks.harness.lab.results.run_data import PhaseData, RunData

EXCELLENT_CV = 0.10
"""Coefficient of variation of throughput below which runs hardly differ."""
GOOD_CV = 0.20
"""Above it a cell is flagged as unreliable."""
BACKLOG_SHARE = 0.5
"""A backlog of this share of a load is a warning: half of it was queued at once."""
RATE_MARGIN = 1.05
"""An enqueue rate this many times the processing rate is sustained growth of the queue."""
FOREIGN_CORES = 0.1
"""Cores that others may keep busy during a phase before the run is flagged."""
RISING_TAU = 0.8
"""Kendall's tau of the queue depth over the runs from which on it rises."""
RISING_RATIO = 1.1
FEWEST_TO_RISE = 4

OUTLIER_SCORE = 3.5
"""Modified z-score; B. Iglewicz, D. Hoaglin, "How to Detect and Handle Outliers" (ASQC, 1993)."""
NORMAL_MAD = 0.6745
"""Median absolute deviation of a standard normal."""
FEWEST_TO_OUTLIE = 4

BACKLOG_WINDOW_NS = 50_000_000
"""Slack in time between a stamp and the broker's own count of the same task."""
BACKLOG_SLACK_SHARE = 0.05
"""Share of a phase's tasks by which the broker may disagree beyond the library's own buffer."""


def grade(cv: float | None) -> str:
    """One word for a coefficient of variation.

    >>> grade(0.05), grade(0.15), grade(0.3), grade(None)
    ('excellent', 'good', 'unreliable', 'unknown')
    """
    if cv is None:
        return "unknown"
    if cv < EXCELLENT_CV:
        return "excellent"
    return "good" if cv <= GOOD_CV else "unreliable"


def outliers(values: Sequence[float]) -> list[bool]:
    """Which values stand apart by the modified z-score; with few values, none.

    >>> outliers([10.0, 10.2, 9.9, 10.1, 20.0])
    [False, False, False, False, True]
    """
    if len(values) < FEWEST_TO_OUTLIE:
        return [False] * len(values)
    center = median(values)
    spread = median(abs(value - center) for value in values)
    if spread == 0:
        return [False] * len(values)
    return [NORMAL_MAD * abs(value - center) / spread > OUTLIER_SCORE for value in values]


def run_warnings(run: RunData) -> list[str]:
    """What is odd about one run."""
    warnings = []
    if run.warmup is not None and run.warmup.verdict == "no_steady_state":
        warnings.append(f"no steady state within {run.warmup.tasks} warm-up tasks")
    for _, parts in groupby(run.phases, key=lambda data: id(data.phase)):
        warnings.extend(_load_warnings(list(parts)))
    return warnings


def _load_warnings(parts: Sequence[PhaseData]) -> list[str]:
    """What is odd about a load, by the worst of its parts."""
    name, warnings = parts[0].phase.name, []
    share = max(st.depth_max(part.stamps) / max(len(part.stamps), 1) for part in parts)
    if share > BACKLOG_SHARE:
        warnings.append(f"{name}: the backlog reached {100 * share:.0f} % of the tasks")
    foreign = max((used for part in parts if (used := foreign_cpu(part)) is not None), default=0.0)
    if foreign > FOREIGN_CORES:
        warnings.append(f"{name}: other processes kept {foreign:.1f} cores busy")
    rates = [
        (sent, done)
        for part in parts
        if (sent := st.enqueue_rate_per_s(part.stamps))
        and (done := st.processing_rate_per_s(part.stamps))
    ]
    sent, done = max(rates, key=lambda rate: rate[0] / rate[1], default=(0.0, 1.0))
    if sent > RATE_MARGIN * done:
        rates_text = f"faster ({sent:.0f}/s) than processed ({done:.0f}/s)"
        warnings.append(f"{name}: tasks were sent {rates_text}")
    return warnings


def rises(depths: Sequence[float]) -> bool:
    """Whether values grow from run to run: Kendall's tau near 1, and by more than a little.

    >>> rises([10, 12, 15, 20]), rises([10, 20, 12, 11])
    (True, False)
    """
    pairs = list(combinations(depths, 2))
    if len(depths) < FEWEST_TO_RISE or depths[0] <= 0:
        return False
    tau = sum((later > sooner) - (later < sooner) for sooner, later in pairs) / len(pairs)
    return tau >= RISING_TAU and depths[-1] > RISING_RATIO * depths[0]


def warnings_of(runs: Sequence[RunData]) -> list[str]:
    """What is odd about the runs together."""
    warnings = []
    depths = [m["queue_depth_max"] for m in map(of_run, runs) if m.get("queue_depth_max")]
    if rises([d for d in depths if d is not None]):
        warnings.append("the queue got deeper from run to run")
    unsteady = sum(r.warmup is not None and r.warmup.verdict == "no_steady_state" for r in runs)
    if unsteady:
        warnings.append(f"{unsteady} of {len(runs)} runs began without a steady state")
    disturbed = sum(
        any((foreign_cpu(p) or 0.0) > FOREIGN_CORES for p in run.phases) for run in runs
    )
    if disturbed:
        warnings.append(f"{disturbed} of {len(runs)} runs were disturbed by other processes")
    rates = [m["throughput"] for m in map(of_run, runs) if m.get("throughput")]
    marked = sum(outliers([r for r in rates if r is not None]))
    if marked:
        warnings.append(f"{marked} of {len(runs)} runs are outliers in throughput (kept)")
    return warnings


def backlog_disagreement(phase: PhaseData, buffer: int) -> str:
    """Empty when the broker's own backlog agrees with the stamps, else a sentence.

    Between asking and answering, the true figure lies between "sent before, not started after" and
    "sent after, not ended before"; *buffer* is how much workers may hold or not yet acknowledge.
    """
    slack = buffer + 1 + BACKLOG_SLACK_SHARE * len(phase.stamps)
    for sample in phase.samples:
        if sample.backlog is None:
            continue
        stamps = phase.stamps
        before, after = sample.asked_ns - BACKLOG_WINDOW_NS, sample.at_ns + BACKLOG_WINDOW_NS
        low = _made(stamps.sent, before) - _made(stamps.started, after) - slack
        high = _made(stamps.sent, after) - _made(stamps.finished, before) + slack
        if not low <= sample.backlog <= high:
            return (
                f"{phase.phase.name}: the broker says {sample.backlog} tasks are queued, "
                f"the stamps say {max(low, 0):.0f} to {high:.0f}"
            )
    return ""


def _made(times: st.Ints, until_ns: int) -> int:
    """How many of *times* were made by *until_ns*."""
    return int(np.count_nonzero((times > 0) & (times <= until_ns)))
