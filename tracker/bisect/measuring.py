"""One commit measured once: what that takes and gives, and who does it."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from math import nan
from pathlib import Path
from typing import Any, Protocol

from tracker.asv.builds import Build
from tracker.asv.command import AsvProject
from tracker.bisect.cells import COUNTS, TIMES, Bench, Cell, CellRequest, measure_cell
from tracker.bisect.recording import discover, record, record_cell
from tracker.compare.asv_turns import EVERYTHING, AsvMeasurer
from tracker.compare.measurer import Answer, Label, Reading, RowKey, Turn
from tracker.compare.turn_parts import summarise
from tracker.counts.instruments import INSTRUCTIONS, instrument_of
from tracker.model import Metric, Outcome


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
            project=replace(self.project, overrides={"repo": build.repository}),
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
    """Times one round of a commit with our harness, or counts it, and keeps that as results.

    Attributes:
        bench: what measures.
        project: where results are kept.
        describe: (benchmark, unit) to what it measures.
        size: quick or full.
        kept: the commits whose results are kept: those of the branch.
        only: "times" or "counts".
        metric: name of the only metric that is wanted, "" for all.
        found: the benchmarks of the suite, by name, once asv was asked.
    """

    bench: Bench
    project: AsvProject
    describe: Callable[[str, str], Metric]
    size: str
    kept: frozenset[str]
    only: str
    metric: str = ""
    found: dict[str, Any] = field(default_factory=dict)

    def wanting(self, metric: str) -> "HarnessCommits":
        """The same where nothing but *metric* is wanted; at the size that has it."""
        priced = instrument_of(metric) == INSTRUCTIONS
        return replace(self, metric=metric, size="full" if priced else self.size)

    def measure(self, build: Build, scenario: str, seed: int) -> Answer:
        """See `CommitMeasurer`. Counts are always of equal tasks, whatever the *seed*."""
        own = SEED if self.only == COUNTS else seed
        request = CellRequest(scenario=scenario, only=self.only, size=self.size, seed=own)
        cell = measure_cell(self.bench, build, request)
        if cell.reason:
            return _no_numbers(cell.reason)
        if not self.found:
            self.found.update(discover(self.project, build, self.bench.on_line))
        if build.sha in self.kept:
            record_cell(cell.content, build, self.project, self.found)
        if self.metric and cell.counts and self.metric not in cell.counts.metrics:
            reasons = "; ".join(dict.fromkeys(cell.counts.absent.values()))
            return _no_numbers(reasons or f"{scenario} does not count {self.metric}")
        suite = next(name for name in self.found if name.partition(".")[0] == scenario)
        readings = tuple(self._readings(scenario, suite.rpartition(".")[0], cell))
        return Answer(outcome=Outcome.MEASURED, reason="", readings=readings, facts={})

    def _readings(self, scenario: str, suite: str, cell: Cell) -> Iterator[Reading]:
        """One per metric of the class *suite*."""
        for name, counted in cell.counts.metrics.items() if cell.counts else ():
            reading = self._reading(scenario, f"{suite}.track_{name}", counted.unit)
            yield replace(
                reading, value=counted.value, samples=counted.samples, spread=counted.spread
            )
        for name, timed in cell.samples.items():
            if name != "throughput_cv":  # one round has none
                reading = self._reading(scenario, f"{suite}.track_{name}", timed.unit)
                value = summarise(timed.samples, reading.metric)
                yield replace(reading, value=value, samples=timed.samples)

    def _reading(self, scenario: str, benchmark: str, unit: str) -> Reading:
        """A row, as yet without numbers."""
        return Reading(
            key=RowKey(scenario=scenario, benchmark=benchmark, params=()),
            metric=self.describe(benchmark, unit),
            library=self.bench.suite.project,
            value=nan,
        )


def _no_numbers(reason: str) -> Answer:
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
    counting: HarnessCommits | None
    scenarios: tuple[str, ...]


def ways_of_asv(commits: AsvCommits) -> Ways:
    """Everything is measured at once, by asv."""
    return Ways(clock=commits, counting=None, scenarios=(EVERYTHING,))


def ways_of_harness(commits: HarnessCommits) -> Ways:
    """Timed and counted, scenario by scenario."""
    return Ways(
        clock=replace(commits, only=TIMES),
        counting=replace(commits, only=COUNTS),
        scenarios=commits.bench.suite.scenarios,
    )
