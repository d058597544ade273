"""The next step of a chain, for libraries that have no chains: the task itself sends it.

What a slot is (class and step) stands in its `kind`; see `load.STEP_KIND`.
"""

import functools

from benchmarks.harness.shared.app_context import AppContext
from benchmarks.harness.shared.load_schedule import STEP_KIND
from benchmarks.harness.shared.spec import TaskClass
from benchmarks.harness.shared.timeline import KIND, WIDTH, attached


@functools.cache
def _classes() -> tuple[TaskClass, ...]:
    return AppContext.from_environment().variant.tasks


def has_chains() -> bool:
    """Tell whether any task of this measurement has followers."""
    return any(task.then for task in _classes())


def take_next(slot: int) -> tuple[str, int] | None:
    """Return workload and slot of what follows *slot*; None at the end of the chain.

    Call it after the body has ended well, and enqueue what it returns.
    """
    kind = attached().words[slot * WIDTH + KIND]
    step, index = divmod(kind, STEP_KIND)
    followers = _classes()[index].then
    if step >= len(followers):
        return None
    return followers[step], slot + 1
