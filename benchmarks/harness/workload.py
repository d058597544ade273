"""The shape of a task body; the bodies themselves are in workloads.py."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from benchmarks.harness.timeline import stamped, stamped_async


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
    """

    name: str
    body: Callable[..., None]
    body_async: Callable[..., Awaitable[None]]
    arguments: Callable[[int, int], tuple[object, ...]] = no_arguments

    def stamped(self) -> Callable[..., None]:
        """The sync form with its start and end stamped; what adapters register."""
        return stamped(self.body)

    def stamped_async(self) -> Callable[..., Awaitable[None]]:
        """The async form, likewise."""
        return stamped_async(self.body_async)
