"""Measures turns of any asv project: one `asv run` in an existing environment per turn.

Results go to a folder of their own, so that rounds never mix with the project's history. A turn
knows its commit, and needs no branch of the configuration, which a clone in CI does not have.
"""

import math
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from tracker.asv.benchmark_failures import BenchmarkFailure
from tracker.asv.command import AsvProject, run_asv
from tracker.asv.printed_errors import tell_in_a_line
from tracker.compare.measurer import Answer, Label, Reading, Turn
from tracker.errors import TrackerError
from tracker.model import Outcome
from tracker.system.scratch import scratch_folder

# The scenario of a project that has none of our own: all of its benchmarks.
EVERYTHING = "all"
SOME_FAILED = 2
TOO_SLOW = "interrupted, as the budget was over by half: give more time with --budget"


@dataclass(slots=True, kw_only=True)
class AsvMeasurer:
    """Runs asv once per turn.

    Attributes:
        project: where asv works; its results folder is not written to.
        pythons, shas: interpreter and commit of base and head.
        env_vars: variables that the benchmarks find set.
        read: results folder and scenario to readings (joined in by the command line, because
            reading asv's files belongs to `history`).
        on_line: called with every line that asv prints.
        bench: pattern of the only benchmarks to run, "" for all of the turn's scenario.
        limit_s: for all turns together, from the first on; what is running then is interrupted.
    """

    project: AsvProject
    pythons: Mapping[Label, str]
    shas: Mapping[Label, str]
    env_vars: Mapping[str, str]
    read: Callable[[Path, str], tuple[Reading, ...]]
    on_line: Callable[[str], None]
    bench: str = ""
    limit_s: float = math.inf
    _began_s: float = field(default=math.nan, init=False)

    def measure(self, turn: Turn) -> Answer:
        """Run the benchmarks of the turn's scenario once."""
        if math.isnan(self._began_s):
            self._began_s = time.monotonic()
        if self._left_s() <= 0:
            return _failed(TOO_SLOW, is_cut_off=True)
        lines: list[str] = []
        failures: list[BenchmarkFailure] = []

        def keep(line: str) -> None:
            lines.append(line)
            self.on_line(line)

        with scratch_folder() as scratch:
            folder = scratch / "results"
            try:
                code = run_asv(
                    replace(self.project, results=folder, overrides=self._overrides(turn)),
                    self._arguments(turn),
                    environment=self.env_vars,
                    on_line=keep,
                    on_failure=failures.append,
                    limit_s=self._left_s(),
                )
                known = self.read(folder, turn.scenario) if code in {0, SOME_FAILED} else ()
                readings = tuple(_explained(known, failures))
            except (TrackerError, OSError) as error:
                code, readings, lines = 1, (), [str(error)]
        if any(not reading.failure for reading in readings):
            return Answer(outcome=Outcome.MEASURED, reason="", readings=readings, facts={})
        if self._left_s() <= 0:
            return _failed(TOO_SLOW, is_cut_off=True)
        if failures:
            return _failed(f"{failures[0].benchmark}: {failures[0].reason}")
        return _failed(f"asv ended with exit code {code}: {tell_in_a_line(lines)}")

    def _left_s(self) -> float:
        return self._began_s + self.limit_s - time.monotonic()

    def _overrides(self, turn: Turn) -> dict[str, object]:
        return {**self.project.overrides, "branches": [self.shas[turn.side]]}

    def _arguments(self, turn: Turn) -> list[str]:
        arguments = [
            "run",
            "--environment",
            f"existing:{self.pythons[turn.side]}",
            "--set-commit-hash",
            self.shas[turn.side],
            "--machine",
            self.project.machine,
            "--record-samples",
            "--attribute",
            "rounds=1",
        ]
        if self.bench:
            arguments += ["--bench", self.bench]
        elif turn.scenario != EVERYTHING:
            arguments += ["--bench", rf"^{turn.scenario}\."]
        return arguments


def _explained(
    readings: Iterable[Reading], failures: Iterable[BenchmarkFailure]
) -> Iterator[Reading]:
    """*readings*, with the reasons of those that failed."""
    reasons = {(one.benchmark, one.params): one.reason for one in failures}
    for each in readings:
        values = tuple(value for _, value in each.key.params)
        reason = reasons.get((each.key.benchmark, values)) if each.failure else None
        yield replace(each, failure=reason) if reason else each


def _failed(reason: str, *, is_cut_off: bool = False) -> Answer:
    return Answer(
        outcome=Outcome.FAILED, reason=reason, readings=(), facts={}, is_cut_off=is_cut_off
    )
