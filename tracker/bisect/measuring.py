"""One commit measured once: what that takes and gives, and who does it."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Protocol

from tracker.asv.builds import Build
from tracker.asv.command import AsvProject
from tracker.bisect.recording import record
from tracker.compare.asv_turns import AsvMeasurer
from tracker.compare.harness_turns import HarnessMeasurer, HarnessSetup
from tracker.compare.measurer import Answer, Label, Reading, Turn


class CommitMeasurer(Protocol):
    """Measures built commits: with a clock, or by counting."""

    def measure(self, build: Build, scenario: str, seed: int) -> Answer:
        """Measure *build* once; what went wrong is in the answer, never raised."""
        ...


type OpenCommitMeasurer = Callable[[], AbstractContextManager[CommitMeasurer]]
"""Starts a measurer; what it started ends with its context."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AsvCommits:
    """Measures with one `asv run` each, and keeps what it gives as the project's results.

    Attributes:
        project: where asv works, and where results are kept.
        read: results folder and scenario to readings.
        on_line: called with every line that asv prints.
        bench: pattern of the benchmarks to run, "" for all.
        kept: the commits whose results are kept: those of the branch.
    """

    project: AsvProject
    read: Callable[[Path, str], tuple[Reading, ...]]
    on_line: Callable[[str], None]
    bench: str
    kept: frozenset[str]

    def measure(self, build: Build, scenario: str, seed: int) -> Answer:
        """See `CommitMeasurer`."""

        def keep(folder: Path, name: str) -> tuple[Reading, ...]:
            readings = self.read(folder, name)
            if build.sha in self.kept:
                record(folder, build, self.project)
            return readings

        measurer = AsvMeasurer(
            project=self.project,
            pythons={Label.HEAD: build.python},
            shas={Label.HEAD: build.sha},
            env_vars=build.env_vars,
            read=keep,
            on_line=self.on_line,
            bench=self.bench,
        )
        return measurer.measure(Turn(label=Label.HEAD, scenario=scenario, seed=seed))


@dataclass(frozen=True, slots=True, kw_only=True)
class HarnessCommits:
    """Measures with our harness. A turn in parts is no ordinary run, so none is kept as a result.

    Attributes:
        seats: interpreters that the harness is asked to use; ours to change between turns.
    """

    harness: HarnessMeasurer
    seats: dict[Label, str]

    def measure(self, build: Build, scenario: str, seed: int) -> Answer:
        """See `CommitMeasurer`."""
        self.seats[Label.HEAD] = build.python
        return self.harness.measure(Turn(label=Label.HEAD, scenario=scenario, seed=seed))


def open_asv(commits: AsvCommits) -> AbstractContextManager[CommitMeasurer]:
    """Nothing lives between the turns of asv."""
    return nullcontext(commits)


@contextmanager
def open_harness(setup: HarnessSetup) -> Iterator[CommitMeasurer]:
    """The harness runs for as long as the context does."""
    seats: dict[Label, str] = {}
    with HarnessMeasurer(replace(setup, pythons=seats)) as harness:
        yield HarnessCommits(harness=harness, seats=seats)
