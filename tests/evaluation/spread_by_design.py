"""What a second of measuring buys: the spread of equal code by design, idle and under load.

    python -m tests.evaluation.spread_by_design record turns.jsonl [--turns 8] [--busy]
    python -m tests.evaluation.spread_by_design show turns.jsonl [--write]

*record* measures no-op tasks in turns: fresh workers, a warm-up, then one of several divisions of
the same load into parts, in turn; with `--busy` while every core is kept busy. *show* makes values
of commits from them: each is drawn from so many turns, with replacement, each turn with so many of
its parts and one statistic of them. Printed is the spread of such values (the standard
deviation of their logarithms) beside the seconds that one of them takes. Runs in the harness's
environment.
"""

import argparse
import itertools
import json
import random
import sys
import time
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from contextlib import nullcontext
from math import log
from pathlib import Path
from statistics import fmean, median, stdev

import msgspec

from benchmarks.harness.lab.processes.processes import Keeper
from benchmarks.harness.lab.results.metrics import of_phase
from benchmarks.harness.lab.results.run_data import CellData, RunData
from benchmarks.harness.lab.run.laboratory import Request, cells_of, opener
from benchmarks.harness.lab.run.line_protocol import Parts
from benchmarks.harness.lab.run.measurement import measure
from benchmarks.harness.lab.station.clock import SystemClock
from benchmarks.harness.shared.command import at_least, run, say
from benchmarks.harness.shared.scenarios import import_spec
from benchmarks.harness.shared.spec import Size
from tests.evaluation.results_page import write_table
from tests.support.busy_cores import busy_cores

SCENARIO = "basic_throughput"
LIBRARIES = ("asynctasq", "celery")

BURST = 1_000
"""Tasks of the scenario's whole burst at quick size."""

DIVISIONS = (
    Parts(count=4, burst_share=1.0, paced_share=1.0),
    Parts(count=10, burst_share=0.4, paced_share=0.4),
    Parts(count=25, burst_share=0.15, paced_share=0.2),
)
"""Some 4,000 tasks in the bursts of each turn."""

METRICS = ("throughput", "cpu_per_kilotask", "enqueue_rate", "latency_p50")
RATES = frozenset({"throughput", "enqueue_rate"})
"""Turned over, so that what disturbs makes every value larger."""

type Statistic = Callable[[Sequence[float]], float]

COLUMNS: Sequence[tuple[str, Statistic]] = (
    *((metric, median) for metric in METRICS),
    ("cpu_per_kilotask", min),
)
"""Each metric by the median of its parts; CPU time by its least disturbed one, too."""

DRAWS = 2_000


class Turn(msgspec.Struct, kw_only=True):
    """One turn of one library; the values of each metric, a part each.

    Attributes:
        start_s: seconds of everything but the parts.
        part_s: mean seconds of a part.
    """

    library: str
    busy: bool = False
    burst_share: float
    start_s: float
    part_s: float
    values: dict[str, list[float]]


def record(path: Path, turns: int, *, busy: bool) -> None:
    """Measure so many turns of each division, and append them to *path*."""
    load = busy_cores() if busy else nullcontext()
    with path.open("a", encoding="utf-8") as file, Keeper() as keeper, load:
        for number in range(turns):
            for parts, library in itertools.product(DIVISIONS, LIBRARIES):
                turn = take(parts, library, number, keeper)
                turn.busy = busy
                file.write(json.dumps(msgspec.to_builtins(turn)) + "\n")
                file.flush()
            say(f"turn {number + 1} of {turns}")


def take(parts: Parts, library: str, seed: int, keeper: Keeper) -> Turn:
    """One turn, in the library's locked environment."""
    began_s = time.monotonic()
    spec = parts.of(import_spec(SCENARIO), Size.QUICK)
    request = Request(
        scenario=SCENARIO, libraries={library: None}, tracked="", size=Size.QUICK, seed=seed
    )
    (data,) = cells_of(request, spec)
    measure([data], open_station=opener(keeper), clock=SystemClock(), progress=say, seed=seed)
    wall_s = time.monotonic() - began_s
    if data.reason:
        raise SystemExit(f"{library}: {data.reason}")
    return _turn(data, parts, wall_s)


def _turn(data: CellData, parts: Parts, wall_s: float) -> Turn:
    runs = data.runs
    parts_s = sum(map(_seconds, runs))
    values: dict[str, list[float]] = defaultdict(list)
    for one in runs:
        for phase in one.phases:
            for name, value in of_phase(phase).items():
                if name in METRICS and value:
                    values[name].append(value)
    return Turn(
        library=data.cell.library,
        burst_share=parts.burst_share,
        start_s=wall_s - parts_s,
        part_s=parts_s / len(runs),
        values=dict(values),
    )


def _seconds(one: RunData) -> float:
    return (one.phases[-1].samples[-1].at_ns - one.phases[0].samples[0].at_ns) / 1e9


def rows(turns: Sequence[Turn], generations: Sequence[int]) -> Iterator[str]:
    """A row per design, as a table: seconds, then the spread of every metric, idle / busy."""
    names = [f"{metric}, {statistic.__name__}" for metric, statistic in COLUMNS]
    yield f"| library | tasks | turns | parts | s | {' | '.join(names)} |"
    yield f"|{'---|' * (5 + len(names))}"
    shares = sorted({turn.burst_share for turn in turns}, reverse=True)
    for library, share, count in itertools.product(LIBRARIES, shares, generations):
        here = [t for t in turns if (t.library, t.burst_share) == (library, share)]
        most = min(len(turn.values["throughput"]) for turn in here)
        idle = [turn for turn in here if not turn.busy]
        for parts in (most, most // 2):
            cells = [_cell(here, column, count, parts) for column in COLUMNS]
            seconds = count * fmean(turn.start_s + parts * turn.part_s for turn in idle)
            tasks = round(BURST * share)
            yield (
                f"| {library} | {tasks:,} | {count} | {parts} | {seconds:.1f} "
                f"| {' | '.join(cells)} |"
            )


def _cell(turns: Sequence[Turn], column: tuple[str, Statistic], count: int, parts: int) -> str:
    loads = [[turn for turn in turns if turn.busy is busy] for busy in (False, True)]
    return " / ".join(f"{spread(load, *column, count, parts):.3f}" for load in loads if load)


def spread(
    turns: Sequence[Turn], metric: str, statistic: Statistic, count: int, parts: int
) -> float:
    """Standard deviation of the logarithm of a commit's value under a design."""
    sign = -1 if metric in RATES else 1
    of_turn = [
        statistic([sign * log(value) for value in turn.values[metric][:parts]]) for turn in turns
    ]
    drawn = random.Random(7)
    return stdev(statistic(drawn.choices(of_turn, k=count)) for _ in range(DRAWS))


def main() -> int:
    """Record, or show; returns the exit code."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("what", choices=("record", "show"))
    parser.add_argument("file", type=Path, help="a line of JSON per turn")
    parser.add_argument("--turns", type=at_least(2), default=8)
    parser.add_argument("--busy", action="store_true", help="keep every core busy")
    parser.add_argument("--generations", type=at_least(1), nargs="+", default=[1, 2])
    parser.add_argument("--write", action="store_true", help="into RESULTS.md, too")
    options = parser.parse_args()
    if options.what == "record":
        record(options.file, options.turns, busy=options.busy)
        return 0
    lines = options.file.read_text(encoding="utf-8").splitlines()
    turns = [msgspec.json.decode(line, type=Turn) for line in lines]
    table = "\n".join(rows(turns, options.generations))
    sys.stdout.write(f"{table}\n")
    if options.write:
        write_table("spread by design", table)
    return 0


if __name__ == "__main__":
    run(main)
