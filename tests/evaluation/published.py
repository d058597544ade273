"""20,000 no-op tasks at concurrency 10, all libraries in one run, beside published figures.

    python -m tests.evaluation.published [--tasks 20000] [--libraries a,b] [--write]

`--write` puts the table into RESULTS.md, too.

The published seconds are those that the project's research quotes (python_queue_benchmark by
steventen: older versions, an M2 Pro, time read by hand and including the start of the workers,
default logs).
Here one producer sends into warm workers of ten places; the time is from the first task due to the
last end, and starting is a column of its own. Runs in the harness's environment.
"""

import sys
from collections.abc import Sequence
from dataclasses import dataclass

from benchmarks.harness.lab.processes.processes import Keeper
from benchmarks.harness.lab.results import metrics
from benchmarks.harness.lab.results import stamps as st
from benchmarks.harness.lab.results.run_data import CellData
from benchmarks.harness.lab.run.laboratory import opener
from benchmarks.harness.lab.run.measurement import measure
from benchmarks.harness.lab.station.clock import SystemClock
from benchmarks.harness.shared.command import at_least, command_line, run, say
from benchmarks.harness.shared.plans import burst
from benchmarks.harness.shared.registry import LIBRARIES
from benchmarks.harness.shared.spec import LoadPlan
from tests.evaluation.results_page import write_table
from tests.evaluation.single_cell import single_cell

PUBLISHED_S = {
    "taskiq": 2.03,
    "huey": 3.62,
    "dramatiq": 4.12,
    "celery": 11.68,
    "procrastinate": 27.46,
    "arq": 35.37,
    "rq": 51.05,
}
WHOLE_FROM = 100
"""Figures from here on are printed without decimals."""

_COLUMNS = "start s | sent/s | worker CPU us/task | rank published / here | remark"
REMARKS = {
    "taskiq": "published with 10 processes of 100 places on some 10 cores; here 1 process of 10",
    "dramatiq": "the same shape as published, one process of 10 threads: the others moved",
    "huey": "published with processes, 4.15 s with threads; here threads",
    "celery": "published with threads (17.6 s prefork); here threads",
    "arq": "published with 10 processes that fight for the same jobs; here 1, polling every 10 ms",
    "procrastinate": "published with durable commits; here synchronous_commit=off",
    "rq": "a fork for every job: bound by cores",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One library: seconds, or the reason why there are none."""

    library: str
    seconds: float | None = None
    enqueue_per_s: float | None = None
    cpu_us: float | None = None
    start_s: float | None = None
    reason: str = ""


def plan_of(tasks: int) -> LoadPlan:
    """The one burst, after a warm-up."""
    return LoadPlan(
        rounds=1,
        runs_per_round=1,
        phases=(burst(tasks),),
        warmup_tasks=min(200, tasks),
        warmup_cap_s=10.0,
        run_limit_s=3_600.0,
    )


def line_of(data: CellData) -> Line:
    """What a cell yielded."""
    library = data.cell.library
    if data.reason or not data.runs:
        return Line(library=library, reason=data.reason or "nothing was measured")
    run = data.runs[0]
    phase = run.phases[0]
    rate, cpu_s = st.throughput_per_s(phase.stamps), metrics.cpu_per_kilotask(phase)
    return Line(
        library=library,
        seconds=phase.tasks / rate if rate else None,
        enqueue_per_s=st.enqueue_rate_per_s(phase.stamps),
        cpu_us=None if cpu_s is None else cpu_s * 1000,
        start_s=run.seconds_to_ready,
    )


def table(lines: Sequence[Line], tasks: int) -> str:
    """A Markdown table, fastest first, and a remark where the order is not the published one.

    Published seconds are for 20,000 tasks.
    """
    known = [line.library for line in lines if line.seconds and line.library in PUBLISHED_S]
    seconds = {line.library: line.seconds or 0.0 for line in lines}
    here = sorted(known, key=seconds.__getitem__)
    there = sorted(known, key=PUBLISHED_S.__getitem__)
    rows = [
        f"| library | published s | here s, {tasks:,} tasks | {_COLUMNS} |",
        "|---|---|---|---|---|---|---|---|",
    ]
    for line in sorted(lines, key=lambda ln: (ln.seconds is None, ln.seconds or 0.0)):
        name, ranks, remark = line.library, "-", line.reason
        if name in known:
            places = there.index(name) + 1, here.index(name) + 1
            ranks = f"{places[0]} / {places[1]}"
            remark = REMARKS.get(name, "") if places[0] != places[1] else ""
        published = f"{PUBLISHED_S[name]:.2f}" if name in PUBLISHED_S else "-"
        figures = (line.seconds, line.start_s, line.enqueue_per_s, line.cpu_us)
        shown = " | ".join(map(_figure, figures))
        rows.append(f"| {name} | {published} | {shown} | {ranks} | {remark} |")
    return "\n".join(rows)


def _figure(value: float | None) -> str:
    if value is None:
        return "-"
    return f"{value:,.0f}" if value >= WHOLE_FROM else f"{value:,.2f}"


def main(argv: Sequence[str] | None = None) -> int:
    """Measure and print the table; returns 1 when a library failed."""
    parser = command_line("tests.evaluation.published", __doc__)
    parser.add_argument("--tasks", type=at_least(1), default=20_000)
    parser.add_argument("--libraries", default=",".join(LIBRARIES), help="comma list")
    parser.add_argument("--write", action="store_true", help="into RESULTS.md, too")
    options = parser.parse_args(argv)
    plan, names = plan_of(options.tasks), [name.strip() for name in options.libraries.split(",")]
    cells = [CellData(cell=single_cell(library, plan, name="published")) for library in names]
    with Keeper() as keeper:
        measure(cells, open_station=opener(keeper), clock=SystemClock(), progress=say)
    lines = [line_of(cell) for cell in cells]
    text = table(lines, options.tasks)
    sys.stdout.write(text + "\n")
    if options.write:
        write_table("published", text)
    return int(any(line.reason for line in lines))


if __name__ == "__main__":
    run(main)
