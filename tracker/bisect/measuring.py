"""One commit measured once: what that takes and gives, and who does it."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Protocol

from tracker.asv.builds import Build
from tracker.asv.command import AsvProject
from tracker.bisect.recording import record
from tracker.compare.asv_turns import EVERYTHING, AsvMeasurer
from tracker.compare.counting import read_counts, request_counts
from tracker.compare.harness_process import HarnessDiedError, HarnessProcess
from tracker.compare.harness_turns import HarnessMeasurer, HarnessSetup
from tracker.compare.measurer import Answer, Label, Reading, RowKey, Turn
from tracker.counts.instruments import QUICK, instrument_of
from tracker.model import Outcome
from tracker.model.counts import CountedMetric


class CommitMeasurer(Protocol):
    """Measures built commits: with a clock, or by counting."""

    def measure(self, build: Build, scenario: str, seed: int) -> Answer:
        """Measure *build* once; what went wrong is in the answer, never raised."""
        ...


SEED = 0
"""Of the tasks that are counted."""


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


@dataclass(frozen=True, slots=True, kw_only=True)
class CountedCommits:
    """Counts with our harness, and reads no clock.

    Attributes:
        setup: what runs; its interpreters are ours to change between counts.
        metric: name of the only metric that is wanted, "" for all that are counted soon.
    """

    harness: HarnessProcess
    setup: HarnessSetup
    seats: dict[Label, str]
    metric: str = ""

    def only(self, metric: str) -> "CountedCommits":
        """The same with nothing but what *metric* needs."""
        return replace(self, metric=metric)

    def measure(self, build: Build, scenario: str, _seed: int) -> Answer:
        """See `CommitMeasurer`; the seed is always the same, as counts are those of equal tasks."""
        self.seats[Label.HEAD] = build.python
        instruments = (instrument_of(self.metric),) if self.metric else QUICK
        request = request_counts(self.setup, scenario, Label.HEAD, SEED, instruments)
        try:
            answer = self.harness.ask(request)
        except HarnessDiedError as error:
            return _no_counts(str(error))
        found = read_counts(answer)
        if found.counts is None:
            return _no_counts(found.reason)
        metrics = found.counts.metrics
        if self.metric and self.metric not in metrics:
            reasons = "; ".join(dict.fromkeys(found.counts.absent.values()))
            return _no_counts(reasons or f"{scenario} does not count {self.metric}")
        readings = [
            self._reading(scenario, f"{found.benchmark}.track_{name}", each)
            for name, each in metrics.items()
        ]
        return Answer(outcome=Outcome.MEASURED, reason="", readings=tuple(readings), facts={})

    def _reading(self, scenario: str, benchmark: str, counted: CountedMetric) -> Reading:
        return Reading(
            key=RowKey(scenario=scenario, benchmark=benchmark, params=()),
            metric=self.setup.describe(benchmark, counted.unit),
            library=self.setup.project,
            value=counted.value,
            samples=counted.samples,
            spread=counted.spread,
        )


def _no_counts(reason: str) -> Answer:
    return Answer(outcome=Outcome.FAILED, reason=reason, readings=(), facts={})


@dataclass(frozen=True, slots=True, kw_only=True)
class Ways:
    """How the commits of a project can be measured.

    Attributes:
        clock: what measures with a clock; in asv projects whatever a benchmark measures.
        counting: what counts instead, None where the suite is not ours.
        scenarios: of our suite; those of asv are one.
    """

    clock: CommitMeasurer
    counting: CountedCommits | None
    scenarios: tuple[str, ...]


type OpenWays = Callable[[], AbstractContextManager[Ways]]
"""Makes ready to measure; what was started ends with its context."""


def open_asv(commits: AsvCommits) -> AbstractContextManager[Ways]:
    """Nothing lives between the turns of asv."""
    return nullcontext(Ways(clock=commits, counting=None, scenarios=(EVERYTHING,)))


@contextmanager
def open_harness(setup: HarnessSetup, scenarios: tuple[str, ...]) -> Iterator[Ways]:
    """A harness that times and one that counts; each runs from its first request on."""
    seats: dict[Label, str] = {}
    seated = replace(setup, pythons=seats)
    counting = HarnessProcess(setup.command, setup.root)
    interrupted = True
    try:
        with HarnessMeasurer(seated) as harness:
            yield Ways(
                clock=HarnessCommits(harness=harness, seats=seats),
                counting=CountedCommits(harness=counting, setup=seated, seats=seats),
                scenarios=scenarios,
            )
        interrupted = False
    finally:
        counting.stop(at_once=interrupted)
