"""Which task comes when: the order of the classes and the instants of a phase. Pure."""

import random
from collections.abc import Sequence
from itertools import accumulate

from benchmarks.harness.shared.spec import TaskClass

NS_PER_S = 1_000_000_000
STEP_KIND = 100
"""Added to the `kind` of a task for each step of a chain that follows it."""


def order_of_kinds(tasks: Sequence[TaskClass], count: int, seed: int) -> list[int]:
    """Indices into *tasks*, *count* of them, in the exact proportions of their shares, shuffled.

    The largest remainders get what rounding leaves over. The same seed gives the same order.

    >>> halves = (TaskClass(name="a", workload="noop"), TaskClass(name="b", workload="noop"))
    >>> sorted(order_of_kinds(halves, 5, seed=1))
    [0, 0, 0, 1, 1]
    """
    whole = sum(task.share for task in tasks)
    exact = [count * task.share / whole for task in tasks]
    counts = [int(x) for x in exact]
    by_remainder = sorted(range(len(tasks)), key=lambda i: (counts[i] - exact[i], i))
    for i in by_remainder[: count - sum(counts)]:
        counts[i] += 1
    kinds = [i for i, n in enumerate(counts) for _ in range(n)]
    if len(tasks) > 1:
        random.Random(seed).shuffle(kinds)  # noqa: S311 -- an order, not a secret
    return kinds


def slots_of(tasks: Sequence[TaskClass], kinds: Sequence[int], first: int) -> list[int]:
    """The first slot of each task, when *first* is free and chains take one slot per step."""
    widths = (tasks[kind].slots for kind in kinds)
    return list(accumulate(widths, initial=first))[:-1]


def offsets_ns(count: int, rate_per_s: float, seed: int) -> list[int]:
    """When each task of a load is due, in ns from its begin; all zero for a burst (rate 0).

    A paced load has one arrival in each interval of 1 / rate, at a random place within it, so that
    the rate is exact over any stretch and no polling loop can fall into step with it.
    """
    if rate_per_s <= 0:
        return [0] * count
    place = random.Random(seed).random  # noqa: S311 -- jitter, not a secret
    interval_ns = NS_PER_S / rate_per_s
    return [int((i + place()) * interval_ns) for i in range(count)]
