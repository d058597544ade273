"""The shape of a task body; the bodies themselves are in workloads.py."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from benchmarks.harness.shared.timeline import stamped, stamped_async


def no_arguments(_index: int, _seed: int) -> tuple[object, ...]:
    """For bodies that take only their slot."""
    return ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Workload:
    """A task body, written once in two forms; adapters register one of them.

    Attributes:
        body: `body(slot, *arguments)`.
        body_async: the same as a coroutine function.
        arguments: `arguments(index, seed)` gives the arguments of the index-th task of a phase;
            called by the producer outside the stamped time.
        cpu: whether it is processor work that belongs into a process pool where there is one.
    """

    name: str
    body: Callable[..., None]
    body_async: Callable[..., Awaitable[None]]
    arguments: Callable[[int, int], tuple[object, ...]] = no_arguments
    cpu: bool = False

    def stamped(self, module: str) -> Callable[..., None]:
        """The sync form with its start and end stamped; what adapters register.

        Args:
            module: the adapter's `__name__`, where a worker will look for it by the name `name`.
        """
        return self._named(stamped(self.body), module)

    def stamped_async(self, module: str) -> Callable[..., Awaitable[None]]:
        """The async form, likewise."""
        return self._named(stamped_async(self.body_async), module)

    def _named[F: Callable[..., object]](self, run: F, module: str) -> F:
        run.__name__ = run.__qualname__ = self.name
        run.__module__ = module
        return run
