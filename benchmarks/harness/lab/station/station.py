"""What the order of a run needs of the world; `opened_station.py` opens the real one."""

from collections.abc import Mapping
from contextlib import AbstractContextManager
from typing import Protocol

from benchmarks.harness.lab.results.run_data import Sample
from benchmarks.harness.lab.results.stamps import Ints


class Station(Protocol):
    """The workers of one round with their producer and broker, as long as its `with` block."""

    @property
    def spawned_ns(self) -> int:
        """When the first worker was started."""
        ...

    @property
    def facts(self) -> Mapping[str, str]:
        """Name, version and settings of the broker."""
        ...

    @property
    def versions(self) -> Mapping[str, str]:
        """Installed versions that the producer reported."""
        ...

    @property
    def queued(self) -> Mapping[str, float]:
        """Numbers of the scenario's probe from while the first tasks waited for the workers."""
        ...

    def raw_stamps(self) -> Ints:
        """All slots of the timeline as of now, shape (n, 8)."""
        ...

    def send(self, *, first_slot: int, tasks: int, rate_per_s: float, seed: int) -> None:
        """Order tasks from the producer and return at once; rate 0 is a burst."""
        ...

    def send_canaries(self, first_slot: int, copies: int) -> None:
        """Order *copies* tasks of each class."""
        ...

    def sending(self) -> bool:
        """Whether the last order is not yet carried out."""
        ...

    @property
    def sending_cpu_s(self) -> float | None:
        """CPU seconds that the producer needed to send the last order, where it says."""
        ...

    def check(self) -> None:
        """Look whether everything is still alive.

        Raises:
            CellFailedError: broker, workers, producer or a companion died; it says which and how.
        """
        ...

    def sample(self) -> Sample:
        """One look at usage and backlog."""
        ...

    def backlog(self) -> int:
        """What the broker says it holds."""
        ...

    def probe(self, moment: str, phase: str) -> Mapping[str, float]:
        """The scenario's own numbers."""
        ...


type OpenStation = AbstractContextManager[Station]
