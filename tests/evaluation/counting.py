"""How far counting repeats itself: `python -m tests.evaluation.counting`.

    python -m tests.evaluation.counting --runs 20 --library celery --instrument functions

Counts the no-op task of each library so many times, the second half of the runs while every core
is kept busy, and prints how far the runs differ: exact figures by their range, the others by their
coefficient of variation. It runs in the harness's environment, as many cells at a time as there are
cores. The figures go to tests/evaluation/RESULTS.md.
"""

import os
import sys
from collections import defaultdict
from collections.abc import Iterator, Sequence
from statistics import fmean, stdev
from typing import Any

from benchmarks.harness.count import count_all
from benchmarks.harness.lab.counting.counted_cell import Instrument
from benchmarks.harness.shared.command import at_least, command_line, run, say
from benchmarks.harness.shared.registry import LIBRARIES
from tests.support.busy_cores import busy_cores

SCENARIO = "basic_throughput"

type Samples = dict[tuple[str, str], list[float]]
"""(library, metric) to one value per run."""


def count(
    libraries: Sequence[str], runs: int, instruments: Sequence[str], samples: Samples
) -> None:
    """Count each of *libraries* so often, into *samples*."""
    requests = [
        {
            "id": number,
            "count": True,
            "label": f"{library}, run {number + 1}",
            "scenario": SCENARIO,
            "library": library,
            "python": None,
            "size": "quick",
            "seed": 0,
            "instruments": list(instruments),
            "rounds": 1,
        }
        for number in range(runs)
        for library in libraries
    ]

    def take(request: dict[str, Any], answer: dict[str, Any]) -> None:
        counts = answer.get("counts") or {}
        seconds = answer.get("wall_s", 0.0)
        said = answer["reason"] or counts.get("absent") or ""
        say(f"{request['label']}: {answer['outcome']}, {seconds:.0f} s {said}")
        for metric, value in counts.get("metrics", {}).items():
            samples[request["library"], metric].append(value["value"])

    count_all(requests, os.cpu_count() or 1, take)


def rows(samples: Samples) -> Iterator[str]:
    """How far the runs of each figure differ, as rows of a table."""
    yield "| library | figure | runs | least | most | range, % | CV, % |"
    yield "|---|---|---|---|---|---|---|"
    for (library, metric), values in sorted(samples.items()):
        mean = fmean(values)
        spread = 100 * (max(values) - min(values)) / mean if mean else 0.0
        cv = 100 * stdev(values) / mean if mean and len(values) > 1 else 0.0
        yield (
            f"| {library} | {metric} | {len(values)} | {min(values):,.6g} | {max(values):,.6g} "
            f"| {spread:.3f} | {cv:.3f} |"
        )


def main() -> int:
    """Count idle and busy, and print; returns the exit code."""
    parser = command_line("tests.evaluation.counting", __doc__)
    parser.add_argument("--runs", type=at_least(2), default=20)
    parser.add_argument("--library", action="append", choices=LIBRARIES)
    parser.add_argument("--instrument", action="append", choices=list(Instrument))
    options = parser.parse_args()
    samples: Samples = defaultdict(list)
    libraries, instruments = options.library or LIBRARIES, options.instrument or list(Instrument)
    count(libraries, options.runs - options.runs // 2, instruments, samples)
    with busy_cores():
        count(libraries, options.runs // 2, instruments, samples)
    sys.stdout.write("\n".join(rows(samples)) + "\n")
    return 0


if __name__ == "__main__":
    run(main)
