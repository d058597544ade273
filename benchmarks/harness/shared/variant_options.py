"""Options of variants that several adapters read."""

from benchmarks.harness.shared.app_context import AppContext
from benchmarks.harness.shared.spec import Variant

CPU_FORM = "cpu_form"
IN_PROCESSES = "processes"
ON_THREADS = "threads"
IN_EVENT_LOOP = "event_loop"
TUNED = "tuned"
HELD = "held"
HELD_ANSWER_LIMIT_S = 600.0
"""So long a client of workers that are held still must wait for an answer that has come already."""


def cpu_form(context: AppContext) -> str:
    """Where CPU work runs: in processes unless the variant shows an anti-pattern."""
    return dict(context.variant.options).get(CPU_FORM, IN_PROCESSES)


def is_tuned(variant: Variant) -> bool:
    """Whether a library's polling is faster, its database less durable than by default; yes."""
    return dict(variant.options).get(TUNED, "yes") == "yes"


def is_held(context: AppContext) -> bool:
    """Whether workers are stopped between bursts, longer than a client may wait by default."""
    return dict(context.variant.options).get(HELD) == "yes"


def retries_of(context: AppContext, workload: str) -> int:
    """Return how often a failed task of *workload* is tried again."""
    return max(
        (
            task.max_retries
            for task in context.variant.tasks
            if workload in (task.workload, *task.then)
        ),
        default=0,
    )
