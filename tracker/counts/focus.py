"""Which scenarios deserve the clock once all are counted, in which order, and why not the others.

A clock needs minutes for what a count knows at once. So it goes where counts moved, the largest
change first, until that scenario is decided, and to scenarios in which waiting is the point. Where
nothing moved, code that costs the same runs in the same time.

How large a change is, is told by what all of a task costs: tasks that do more for themselves hide
it from a clock. Own lines cannot tell that, as they are the library's alone.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from tracker.counts.count_changes import CountChange

OWN_PYTHON = frozenset(
    {"lines_per_task", "calls_per_task", "enqueue_lines_per_task", "enqueue_calls_per_task"}
)


class Clock(StrEnum):
    """Which scenarios the user wants timed."""

    MOVED = "moved"
    ALL = "all"
    NONE = "none"


@dataclass(frozen=True, slots=True, kw_only=True)
class CountedScenario:
    """What counting said of one scenario.

    Attributes:
        reason: why it could not be counted on both sides, "" when it was.
        benchmark: asv's name of its class of benchmarks, "" when nothing was counted.
        waiting: whether waiting is what it measures.
    """

    changes: tuple[CountChange, ...]
    reason: str = ""
    benchmark: str = ""
    waiting: bool = False

    @property
    def moved(self) -> bool:
        """Whether any count differs between base and head."""
        return any(change.moved for change in self.changes)

    @property
    def gates(self) -> bool:
        """Whether any count that gates differs."""
        return any(change.moved and change.metric.gates for change in self.changes)

    @property
    def size(self) -> float:
        """The largest change of what all of a task costs, as an absolute log ratio."""
        whole = [each for each in self.changes if each.metric.name not in OWN_PYTHON]
        return max((change.size for change in whole if change.moved), default=0.0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Focus:
    """The scenarios to time, in order, and of the others why they are not."""

    timed: tuple[str, ...]
    left_out: Mapping[str, str]


def focus(counted: Mapping[str, CountedScenario], clock: Clock) -> Focus:
    """Choose among all scenarios of a comparison.

    >>> focus({"a": CountedScenario(changes=())}, Clock.MOVED).left_out
    {'a': 'no count moved'}
    """
    if clock is Clock.NONE:
        return Focus(timed=(), left_out=dict.fromkeys(counted, "timing was not asked for"))
    names = list(counted)
    if clock is Clock.MOVED:
        names = [name for name, one in counted.items() if one.moved or one.waiting or one.reason]
    timed = sorted(names, key=lambda name: _rank(counted[name]))
    left_out = {name: "no count moved" for name in counted if name not in names}
    return Focus(timed=tuple(timed), left_out=left_out)


def _rank(one: CountedScenario) -> tuple[int, bool, float]:
    """What moved comes first, then what could not be counted, then what waits."""
    kind = 0 if one.moved else 1 if one.reason else 2
    return kind, not one.gates, -one.size
