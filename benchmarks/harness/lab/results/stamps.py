"""What the stamps of a phase say: exact, vectorised, pure.

All times are ns of the monotonic clock in arrays of shape (n,), one entry per slot, 0 where a stamp
was never made. Results are in seconds. A task of a chain that is not the first has no `due` of its
own; its `due` and `sent` are then 0 and it counts in nothing that starts from them.
"""

from dataclasses import dataclass
from typing import Self

import numpy as np
import numpy.typing as npt

from benchmarks.harness.shared import timeline
from benchmarks.harness.shared.load_schedule import STEP_KIND

type Ints = npt.NDArray[np.int64]
type Floats = npt.NDArray[np.float64]

NS = 1e9


@dataclass(frozen=True, kw_only=True)
class Stamps:
    """The columns of timeline.py for the slots of one phase."""

    due: Ints
    sent: Ints
    started: Ints
    finished: Ints
    attempts: Ints
    done: Ints
    failed: Ints
    kind: Ints

    @classmethod
    def of(cls, raw: Ints) -> Self:
        """A copy of *raw*, shape (n, 8)."""
        columns = np.array(raw, dtype=np.int64).T
        return cls(**dict(zip(timeline.COLUMNS, columns, strict=True)))

    def select(self, mask: npt.NDArray[np.bool_]) -> Self:
        """Those tasks for which *mask* is true."""
        return type(self)(**{name: getattr(self, name)[mask] for name in timeline.COLUMNS})

    def __len__(self) -> int:
        """Number of slots."""
        return len(self.due)


def settled(raw: Ints, retries: Ints) -> npt.NDArray[np.bool_]:
    """Which slots need no more waiting: done, failed for good, or after a failed step of a chain.

    Args:
        raw: shape (n, 8).
        retries: shape (n,), further attempts that a failed task gets.
    """
    gone = raw[:, timeline.FAILED] > retries
    steps = raw[:, timeline.KIND] // STEP_KIND
    for step in range(1, int(steps.max(initial=0)) + 1):
        followers = np.flatnonzero(steps == step)
        gone[followers] |= gone[followers - 1]
    return (raw[:, timeline.DONE] > 0) | gone


def lost(stamps: Stamps) -> int:
    """Tasks that were sent and whose body never ended."""
    return int(np.count_nonzero((stamps.sent > 0) & (stamps.finished == 0)))


def doubled(stamps: Stamps) -> int:
    """Tasks whose body ended well more than once."""
    return int(np.count_nonzero(stamps.done > 1))


def failures(stamps: Stamps) -> int:
    """Tasks that ended, but never well."""
    return int(np.count_nonzero((stamps.finished > 0) & (stamps.done == 0)))


def latency_s(stamps: Stamps) -> Floats:
    """From due to finished, of tasks that ended well, in slot order."""
    ok = (stamps.done > 0) & (stamps.due > 0)
    return (stamps.finished[ok] - stamps.due[ok]) / NS


def wait_s(stamps: Stamps) -> Floats:
    """From sent to the first start, of tasks that started."""
    ok = (stamps.started > 0) & (stamps.sent > 0)
    return (stamps.started[ok] - stamps.sent[ok]) / NS


def execution_s(stamps: Stamps) -> Floats:
    """From the first start to the last end, of tasks that ended; retries and their delays count."""
    ok = stamps.finished > 0
    return (stamps.finished[ok] - stamps.started[ok]) / NS


def _count_until(times: Ints, at_ns: Ints) -> Ints:
    """How many of *times* (zeros left out) are at or before each of *at_ns*."""
    made = np.sort(times[times > 0])
    return np.searchsorted(made, at_ns, side="right").astype(np.int64)


def depth_at(stamps: Stamps, at_ns: Ints) -> Ints:
    """Unfinished tasks (sent, not ended) at each instant."""
    return _count_until(stamps.sent, at_ns) - _count_until(_ends(stamps), at_ns)


def _ends(stamps: Stamps) -> Ints:
    return np.where(stamps.sent > 0, stamps.finished, 0)


def depth_max(stamps: Stamps) -> int:
    """Largest number of unfinished tasks; it is reached just after some task was sent."""
    sent = stamps.sent[stamps.sent > 0]
    return int(depth_at(stamps, sent).max(initial=0))


def queue_age_max_s(stamps: Stamps) -> float | None:
    """Longest time that the oldest task waited: the longest wait there was.

    A task with the longest wait has, when it starts, nothing older beside it that waited longer.
    """
    waits = wait_s(stamps)
    return float(waits.max()) if len(waits) else None


def throughput_per_s(stamps: Stamps) -> float | None:
    """Tasks that ended well, over the time from the first due to the last end."""
    ok = stamps.done > 0
    due = stamps.due[stamps.due > 0]
    if not ok.any() or not len(due):
        return None
    return _rate(int(ok.sum()), int(stamps.finished[ok].max() - due.min()))


def enqueue_rate_per_s(stamps: Stamps) -> float | None:
    """Tasks sent per second: the gaps between the first and the last enqueue call."""
    sent = stamps.sent[stamps.sent > 0]
    return _rate(len(sent) - 1, int(np.ptp(sent))) if len(sent) > 1 else None


def processing_rate_per_s(stamps: Stamps) -> float | None:
    """Tasks that ended well, over the time from the first start to the last end."""
    ok = stamps.done > 0
    if not ok.any():
        return None
    return _rate(int(ok.sum()), int(stamps.finished[ok].max() - stamps.started[ok].min()))


def _rate(count: int, duration_ns: int) -> float | None:
    return count * NS / duration_ns if duration_ns > 0 else None


def percentile(values: Floats, percent: float) -> float | None:
    """The *percent*-th percentile (linear between order statistics), None of nothing."""
    return float(np.percentile(values, percent)) if len(values) else None
