"""What the libraries of our suite promise about a task, as `docs/libraries.md` has it."""

from collections.abc import Iterable

from tracker.site_data.schema import Guarantees

_KNOWN = {
    "asynctasq": ("Redis", "after the task", "stay in its processing list"),
    "taskiq": ("Redis", "when the result is saved", "run again after 10 minutes"),
    "dramatiq": ("Redis", "after the task", "run again after a minute or more"),
    "huey": ("Redis", "when taken", "lost"),
    "celery": ("Redis", "when started", "lost, as are those that the pool had accepted"),
    "rq": ("Redis", "after the task", "stay in the registry of started jobs"),
    "arq": ("Redis", "after the task", "run again after 310 s"),
    "procrastinate": ("PostgreSQL", "after the task", "stay as doing, for the user to retry"),
}


def guarantees_of(libraries: Iterable[str]) -> list[Guarantees]:
    """Return what is known of *libraries*, in their order; nothing of others."""
    return [
        Guarantees(library=name, broker=broker, acknowledged=acknowledged, killed=killed)
        for name in libraries
        if name in _KNOWN
        for broker, acknowledged, killed in [_KNOWN[name]]
    ]
