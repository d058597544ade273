"""How far counting repeats itself: `python -m tests.evaluation.counting --to DIR`.

    python -m tests.evaluation.counting --to DIR --runs 20 --library celery --what functions

Counts the no-op task of each library so many times, the second half while two endless loops keep
both cores busy, and keeps each run in DIR (`counted_rounds`): what is there already is not counted
again, so a study can be ended and gone on with. Then it prints how far the runs differ. It runs in
the harness's environment, two cells to a core at a time (`--jobs`), as much of one is waiting.
`--write` puts the table into tests/evaluation/RESULTS.md.
"""

import os
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import nullcontext
from dataclasses import dataclass
from itertools import product
from pathlib import Path
from statistics import fmean, stdev

from benchmarks.harness.lab.counting.counted_cell import SIZES
from benchmarks.harness.shared.command import at_least, command_line, run, say
from benchmarks.harness.shared.environments import REPOSITORY
from benchmarks.harness.shared.registry import LIBRARIES
from tests.evaluation.counted_rounds import path_of
from tests.evaluation.recorded_counts import Counted, recorded_counts
from tests.evaluation.results_page import check_markers, write_table
from tests.support.busy_cores import busy_cores

SECTION = "counting"
COLUMNS = {
    "own lines": "lines_per_task",
    "own lines to send": "enqueue_lines_per_task",
    "all lines": "all_lines_per_task",
    "commands": "broker_commands_per_task",
    "round trips": "round_trips_per_task",
    "bytes sent": "bytes_sent_per_task",
    "allocations": "allocations_per_task",
    "allocations to send": "enqueue_allocations_per_task",
}
INSTRUCTIONS = {
    "instructions": "instructions_per_task",
    "instructions to send": "enqueue_instructions_per_task",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Study:
    """Where runs are kept, what of them is counted, and how many are counted side by side."""

    folder: Path
    what: Sequence[str]
    jobs: int

    def count(self, libraries: Sequence[str], numbers: Sequence[int], extra: Sequence[str]) -> None:
        """Count what is missing of these runs of each of *libraries*, run by run."""
        with ThreadPoolExecutor(self.jobs) as threads:
            try:
                for number, library in product(numbers, libraries):
                    if not all(
                        path_of(self.folder, library, number, one).exists() for one in self.what
                    ):
                        threads.submit(self._record, library, number, extra)
                threads.shutdown()
            except BaseException:
                threads.shutdown(wait=False, cancel_futures=True)
                raise

    def _record(self, library: str, number: int, extra: Sequence[str]) -> None:
        """Count one run in a process of its own."""
        command = [sys.executable, "-m", "tests.evaluation.counted_rounds", library]
        command += [str(self.folder), "--number", str(number), *extra]
        command += [word for one in self.what for word in ("--what", one)]
        done = subprocess.run(command, cwd=REPOSITORY, check=False)
        say(f"{library}, run {number + 1}: {'failed' if done.returncode else 'counted'}")


def table(counted: Sequence[Counted], columns: Mapping[str, str]) -> Iterator[str]:
    """A row per library: of each figure the least and, where runs differ, the range in percent."""
    yield f"| library | runs | {' | '.join(columns)} |"
    yield f"|---|---|{'---|' * len(columns)}"
    for library in LIBRARIES:
        own = [one for one in counted if one.library == library]
        values = {
            metric: [one.metrics[metric].value for one in own if metric in one.metrics]
            for metric in columns.values()
        }
        runs = max(map(len, values.values()))
        if runs:
            cells = " | ".join(cell(values[metric]) for metric in columns.values())
            yield f"| {library} | {runs} | {cells} |"


def cell(values: Sequence[float], form: str = ",.6g") -> str:
    """The least of *values*, written as *form* says, and how far they range.

    >>> cell([4.0, 4.0]), cell([200.0, 201.0])
    ('4', '200 (0.5 %)')
    """
    if not values:
        return ""
    least, most = min(values), max(values)
    return f"{least:{form}}" + (f" ({100 * (most / least - 1):.2g} %)" if most > least > 0 else "")


def instructions(counted: Sequence[Counted]) -> Iterator[str]:
    """The same of instructions, whose spread is a coefficient of variation."""
    yield f"| library | runs | {' | '.join(f'{name} | CV, %' for name in INSTRUCTIONS)} |"
    yield f"|---|---|{'---|---|' * len(INSTRUCTIONS)}"
    for library in LIBRARIES:
        own = [
            one.metrics
            for one in counted
            if one.library == library and all(name in one.metrics for name in INSTRUCTIONS.values())
        ]
        if len(own) > 1:
            cells = (variation([each[m].value for each in own]) for m in INSTRUCTIONS.values())
            yield f"| {library} | {len(own)} | {' | '.join(cells)} |"


def variation(values: Sequence[float]) -> str:
    """Mean and coefficient of variation."""
    return f"{fmean(values):,.0f} | {100 * stdev(values) / fmean(values):.2f}"


def main() -> int:
    """Count, and print; returns the exit code."""
    parser = command_line("tests.evaluation.counting", __doc__)
    parser.add_argument("--to", type=Path, default=REPOSITORY / ".asv" / "study" / "counts")
    parser.add_argument("--runs", type=at_least(0), default=20)
    parser.add_argument("--library", action="append", choices=LIBRARIES)
    parser.add_argument("--what", action="append", choices=SIZES)
    parser.add_argument("--jobs", type=at_least(1), default=2 * (os.cpu_count() or 1))
    parser.add_argument("--write", action="store_true", help="write tests/evaluation/RESULTS.md")
    options = parser.parse_args()
    if options.write:
        check_markers(SECTION)
    study = Study(folder=options.to, what=options.what or list(SIZES), jobs=options.jobs)
    libraries, idle = options.library or LIBRARIES, options.runs - options.runs // 2
    study.count(libraries, range(idle), ())
    with busy_cores() if options.runs > idle else nullcontext():
        study.count(libraries, range(idle, options.runs), ["--busy"])
    counted = list(recorded_counts(options.to))
    text = "\n".join([*table(counted, COLUMNS), "", *instructions(counted)])
    sys.stdout.write(f"{text}\n")
    if options.write:
        write_table(SECTION, text)
    return 0


if __name__ == "__main__":
    run(main)
