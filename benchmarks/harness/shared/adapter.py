"""What the harness asks of a library. One file per library under adapters/, listed in registry.py.

An adapter's module is imported in three environments: asv's, the harness's and the library's own.
So it imports nothing but the standard library and this package at the top, and its library inside
functions. Worker commands that want a module with an application or tasks in it name the adapter's
own module, whose `__getattr__` (PEP 562) makes them on first use from `AppContext`.
"""

from collections.abc import Awaitable, Callable, Sequence
from contextlib import AbstractAsyncContextManager, AbstractContextManager
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from benchmarks.harness.shared.app_context import AppContext
from benchmarks.harness.shared.spec import TaskClass, WorkerPlan


class BrokerKind(StrEnum):
    """Which server a library's messages live in."""

    REDIS = "redis"
    POSTGRES = "postgres"


class Level(StrEnum):
    """How well a library offers what a scenario wants."""

    NATIVE = "native"
    APPROXIMATE = "approximate"
    UNSUPPORTED = "unsupported"


@dataclass(frozen=True, slots=True, kw_only=True)
class Support:
    """Whether a library can run a scenario, and why not, or in what way only nearly."""

    level: Level = Level.NATIVE
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkerCommand:
    """One command to start; the harness adds the context, the module path and the process group.

    Attributes:
        arguments: after the interpreter of the library's environment, e.g. ("-m", "celery", ...).
        environment: variables that the library wants.
    """

    arguments: tuple[str, ...]
    environment: tuple[tuple[str, str], ...] = ()


class BrokerClient(Protocol):
    """What an adapter may ask of the broker, from the harness's process."""

    def command(self, *words: str) -> object:
        """Redis: send a command, return its reply (str, int, list, ...)."""
        ...

    def query(self, sql: str) -> list[tuple[object, ...]]:
        """PostgreSQL: run a statement in autocommit, return its rows."""
        ...


type Send = Callable[..., object]
"""`send(slot, *arguments)` enqueues one task."""

type SendAsync = Callable[..., Awaitable[object]]
"""`await send(slot, *arguments)` enqueues one task."""

type SenderOf = Callable[[TaskClass], Send]
type AsyncSenderOf = Callable[[TaskClass], SendAsync]


class Adapter(Protocol):
    """One library.

    Attributes:
        name: as in the registry and in asv's parameter.
        distribution: name on the Python registry.
        reported: distributions whose versions go into the record, the library's own first.
        broker: which server it wants.
        asynchronous: whether `producer` gives coroutine functions.
    """

    @property
    def name(self) -> str: ...  # noqa: D102
    @property
    def distribution(self) -> str: ...  # noqa: D102
    @property
    def reported(self) -> tuple[str, ...]: ...  # noqa: D102
    @property
    def broker(self) -> BrokerKind: ...  # noqa: D102
    @property
    def asynchronous(self) -> bool: ...  # noqa: D102

    def support(self, scenario: str, variant: str) -> Support:
        """Whether the library offers what this variant of a scenario needs."""
        ...

    def worker_commands(self, context: AppContext) -> Sequence[WorkerCommand]:
        """The commands that together serve `context.variant.workers`; harness process."""
        ...

    def producer(
        self, context: AppContext
    ) -> AbstractContextManager[SenderOf] | AbstractAsyncContextManager[AsyncSenderOf]:
        """Connect; the value inside the `with` makes one fast `send` per task class.

        Runs in the producer's process, in the library's environment. A synchronous adapter
        returns a context manager, an asynchronous one an async context manager.
        """
        ...

    def prepare(self, broker: BrokerClient, context: AppContext) -> None:
        """Whatever must exist before producer and workers start; harness process.

        Raises:
            CellFailedError: it could not be made; the reason says why.
        """
        ...

    def backlog(self, broker: BrokerClient, queues: Sequence[str]) -> int:
        """Tasks that the broker still holds for *queues*; harness process.

        Must be 0 when every task has been finished and acknowledged.
        """
        ...

    def local_buffer(self, plan: WorkerPlan) -> int:
        """Most tasks by which `backlog` may differ from what the stamps say.

        Those that workers hold and the broker no longer counts (prefetched, early acknowledged),
        and those that it still counts although they are finished (late acknowledgement).
        """
        ...
