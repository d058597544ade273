"""What the harness tells a producer, a worker or a companion: one JSON text in one variable."""

import json
import os
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field

from benchmarks.harness.shared.spec import TaskClass, Variant, Work, WorkerPlan

VARIABLE = "TRACKER_CONTEXT"


@dataclass(frozen=True, slots=True, kw_only=True)
class AppContext:
    """Everything an adapter needs to make its library's application.

    Attributes:
        broker_url: of the server of this measurement, "redis://127.0.0.1:.../0" or "postgresql://".
        timeline: path of the shared file of stamps.
        folder: private folder of this round, removed afterwards (logs, sockets, state).
        variant: workers, tasks (register those workloads), events and options.
        python: interpreter of the library's environment.
    """

    library: str
    broker_url: str
    timeline: str
    folder: str
    variant: Variant
    seed: int = 0
    python: str = ""
    extra: Mapping[str, str] = field(default_factory=dict)

    @property
    def workloads(self) -> tuple[str, ...]:
        """Names of all workloads to register, followers of chains included, each once."""
        names = [n for task in self.variant.tasks for n in (task.workload, *task.then)]
        return tuple(dict.fromkeys(names))

    def to_environment(self) -> dict[str, str]:
        """The variables to add to the environment of a process."""
        return {VARIABLE: json.dumps(asdict(self)), **self.extra}

    @classmethod
    def from_environment(cls, environ: Mapping[str, str] = os.environ) -> "AppContext":
        """The context that `to_environment` wrote.

        Raises:
            KeyError: this process was not started by the harness.
        """
        raw = json.loads(environ[VARIABLE])
        variant = raw.pop("variant")
        workers = variant["workers"]
        return cls(
            variant=Variant(
                name=variant["name"],
                workers=WorkerPlan(
                    work=Work(workers["work"]),
                    concurrency=workers["concurrency"],
                    processes=workers["processes"],
                    queues=tuple(workers["queues"]),
                ),
                tasks=tuple(
                    TaskClass(**{**task, "then": tuple(task["then"])}) for task in variant["tasks"]
                ),
                events=variant["events"],
                options=tuple((name, value) for name, value in variant["options"]),
            ),
            **raw,
        )
