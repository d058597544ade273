"""What the harness costs the measured: Celery with and without it, side by side.

    python -m tests.evaluation.overhead [--tasks 20000] [--pairs 5]

Both sides start the same worker command on a fresh private Redis, wait for a first task, send the
same warm-up and then time a burst of no-op tasks from the first send to the last end. The bare
side has nothing else: its task counts itself in a shared file, its producer is a loop. The harness
side is the harness, with stamps, polling, sampling and checks. They alternate, order reversed on
every second pair. The last lines are the CPU seconds that each part of either side took, which
tell where a difference comes from, and the ratio of the throughputs. Both want an idle machine:
on a busy one the same tasks take more CPU time, too. Runs in the harness's environment.
"""

import mmap
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median

from benchmarks.harness.lab.processes.processes import Keeper, Process, child_environment
from benchmarks.harness.lab.processes.usage import tree_of, usage_of
from benchmarks.harness.lab.results import stamps as st
from benchmarks.harness.lab.run.laboratory import environment
from benchmarks.harness.lab.station.clock import SystemClock
from benchmarks.harness.lab.station.job import Job
from benchmarks.harness.lab.station.opened_station import broker_for, live_station
from benchmarks.harness.lab.station.run_order import Runner
from benchmarks.harness.shared.adapter import BrokerKind
from benchmarks.harness.shared.command import at_least, command_line, run
from benchmarks.harness.shared.errors import CellFailedError
from benchmarks.harness.shared.plans import burst
from benchmarks.harness.shared.spec import LoadPlan
from tests.evaluation.single_cell import single_cell

BARE_WORKER = """
import mmap, os
from celery import Celery
app = Celery("bare", broker=os.environ["BARE_URL"])
app.conf.update(task_ignore_result=True, task_default_queue="default")
ends = mmap.mmap(os.open(os.environ["BARE_ENDS"], os.O_RDWR), 0)
@app.task(name="noop", ignore_result=True)
def noop(slot):
    ends[slot] = 1
"""

BARE_WORKER_COMMAND = (
    "-m", "celery", "-q", "-A", "bare_worker", "worker", "-P", "threads", "-c", "10",
    "-Q", "default", "-l", "CRITICAL", "--without-gossip", "--without-mingle",
    "--without-heartbeat",
)  # fmt: skip

BARE_PRODUCER = """
import mmap, os, sys, time
from bare_worker import app, ends, noop
first, tasks = int(sys.argv[1]), int(sys.argv[2])
begin, used = time.monotonic_ns(), time.process_time()
for slot in range(first, first + tasks):
    noop.apply_async((slot,))
print(begin, time.process_time() - used, flush=True)
"""

WARMUP = 2_000
POLL_S = 0.005
LIMIT_S = 600.0

PARTS = ("worker", "producer", "broker", "observer")
"""Who uses CPU time; the observer is the process that starts and watches the others."""


@dataclass(slots=True, kw_only=True)
class Burst:
    """One timed burst, and the CPU seconds that each part of a side has used in it."""

    throughput_per_s: float = 0.0
    cpu_s: dict[str, float] = field(default_factory=dict)

    @contextmanager
    def counting(self, **clocks: Callable[[], float]) -> Iterator[None]:
        """Read the CPU *clocks* before and after the block."""
        before = {name: clock() for name, clock in clocks.items()}
        yield
        self.cpu_s |= {name: clock() - before[name] for name, clock in clocks.items()}


def _cpu_s_of(process: Process) -> float:
    return usage_of(tree_of([process.pid])).cpu_s


def bare_burst(tasks: int) -> Burst:
    """Without the harness: a worker, a loop, and a byte per task."""
    python = str(environment("celery"))
    found = Burst()
    with Keeper() as keeper, broker_for(BrokerKind.REDIS, keeper) as broker:
        folder = keeper.folder
        (folder / "bare_worker.py").write_text(BARE_WORKER, encoding="utf-8")
        (folder / "bare_producer.py").write_text(BARE_PRODUCER, encoding="utf-8")
        (folder / "ends").write_bytes(bytes(1 + WARMUP + tasks))
        variables = child_environment(
            {"BARE_URL": broker.url, "BARE_ENDS": str(folder / "ends"), "PYTHONPATH": str(folder)}
        )
        worker = keeper.start(
            "the bare worker",
            [python, *BARE_WORKER_COMMAND],
            environment=variables,
            log=folder / "bare.log",
        )

        def load(first: int, count: int) -> tuple[float, float]:
            command = [python, str(folder / "bare_producer.py"), str(first), str(count)]
            producer = keeper.start(
                "the bare producer",
                command,
                environment=variables,
                log=folder / "producer.log",
                piped=True,
            )
            try:
                return _bare_load(producer, folder / "ends", first, count)
            finally:
                keeper.stop(producer, grace_s=0)

        for first, count in ((0, 1), (1, WARMUP)):
            load(first, count)
        with found.counting(
            worker=lambda: _cpu_s_of(worker),
            broker=lambda: broker.usage().cpu_s or 0.0,
            observer=time.process_time,
        ):
            duration_s, found.cpu_s["producer"] = load(1 + WARMUP, tasks)
    found.throughput_per_s = tasks / duration_s
    return found


def _bare_load(producer: Process, ends: Path, first: int, tasks: int) -> tuple[float, float]:
    """Wait until all tasks have ended; seconds from the first send, and the producer's of CPU."""
    limit_s = time.monotonic() + LIMIT_S
    with ends.open("rb") as file, mmap.mmap(file.fileno(), 0, prot=mmap.PROT_READ) as seen:
        while seen.find(b"\0", first, first + tasks) >= 0:
            if time.monotonic() > limit_s:
                raise CellFailedError(f"{LIMIT_S:g} s are over")
            time.sleep(POLL_S)
    end_ns = time.monotonic_ns()
    begin_ns, used_s = producer.popen.communicate()[0].split()
    return (end_ns - int(begin_ns)) / 1e9, float(used_s)


def harness_burst(tasks: int) -> Burst:
    """The same through the harness."""
    plan = LoadPlan(
        rounds=1,
        runs_per_round=1,
        phases=(burst(tasks),),
        warmup_tasks=WARMUP,
        warmup_cap_s=0.0,
    )
    cell = single_cell("celery", plan, name="overhead")
    (variant,) = cell.variants
    job = Job(library=cell.library, variant=variant, plan=cell.plan, seed=cell.spec.seed)
    found, clock = Burst(), SystemClock()
    with (
        Keeper() as keeper,
        broker_for(BrokerKind.REDIS, keeper) as broker,
        live_station(cell, job, keeper, clock, broker) as station,
    ):
        runner = Runner(station, job, clock)
        runner.become_ready()
        runner.warm_up()
        with found.counting(
            worker=lambda: sum(map(_cpu_s_of, station.workers)),
            producer=lambda: _cpu_s_of(station.producer.process),
            broker=lambda: broker.usage().cpu_s or 0.0,
            observer=time.process_time,
        ):
            (phase,) = runner.run()
    found.throughput_per_s = st.throughput_per_s(phase.stamps) or 0.0
    return found


SIDES = {"bare": bare_burst, "harness": harness_burst}


def main(argv: Sequence[str] | None = None) -> int:
    """Print both throughputs of every pair, the CPU time of all parts, and the ratio."""
    parser = command_line("tests.evaluation.overhead", __doc__)
    parser.add_argument("--tasks", type=at_least(1), default=20_000)
    parser.add_argument("--pairs", type=at_least(1), default=5)
    arguments = parser.parse_args(argv)
    found: dict[str, list[Burst]] = {name: [] for name in SIDES}
    for pair in range(arguments.pairs):
        for name in (*SIDES,) if pair % 2 == 0 else (*reversed(SIDES),):
            try:
                found[name].append(SIDES[name](arguments.tasks))
            except CellFailedError as error:
                raise SystemExit(f"the {name} side failed: {error.reason}") from error
        both = "  ".join(f"{n} {found[n][-1].throughput_per_s:7.1f} tasks/s" for n in SIDES)
        sys.stdout.write(f"pair {pair + 1} of {arguments.pairs}: {both}\n")
        sys.stdout.flush()
    sys.stdout.write("\n".join(_conclusion(found, arguments.tasks)) + "\n")
    return 0


def _conclusion(found: dict[str, list[Burst]], tasks: int) -> Iterator[str]:
    for name, bursts in found.items():
        parts = ", ".join(
            f"{part} {median(b.cpu_s[part] for b in bursts) * 1000 / tasks:.3f}" for part in PARTS
        )
        yield f"CPU s per 1,000 tasks, {name}: {parts}"
    bare, harness = (median(b.throughput_per_s for b in bursts) for bursts in found.values())
    yield (
        f"medians of {len(found['bare'])} x {tasks} Celery tasks: bare {bare:.1f} tasks/s, "
        f"harness {harness:.1f} tasks/s, ratio {harness / bare:.3f}"
    )


if __name__ == "__main__":
    run(main)
