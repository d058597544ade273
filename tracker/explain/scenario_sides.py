"""One scenario as both commits ran it: what causes are found in."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from tracker.explain.pricing import Priced
from tracker.explain.source_code import CodeChange
from tracker.model.counts import Counts
from tracker.model.explanation import OtherVersion

ROLES = ("worker", "producer")


@dataclass(frozen=True, slots=True, kw_only=True)
class Sides:
    """One scenario as both commits ran it.

    Attributes:
        code: the sources of both, None where they are not known.
        versions: installed packages whose versions differ.
        waiting: roles that spend more time in head without spending more CPU time.
        sampled: functions in which a profiler saw another time, where one looked.
    """

    base: Counts
    head: Counts
    code: CodeChange | None
    versions: Mapping[str, OtherVersion]
    waiting: Collection[str] = ()
    sampled: Sequence[Priced] = ()

    def more_allocations(self, role: str) -> float:
        """More allocations per task in head, 0 where they were not counted."""
        name = "allocations_per_task" if role == "worker" else "enqueue_allocations_per_task"
        base, head = (side.metrics.get(name) for side in (self.base, self.head))
        return head.value - base.value if base and head else 0.0
