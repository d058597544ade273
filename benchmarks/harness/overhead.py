"""What the harness costs the measured: Celery with and without it, side by side.

    python -m benchmarks.harness.overhead [--tasks 20000] [--pairs 3]

Both sides start the same worker command on a fresh private Redis, wait for a first task, send the
same warm-up and then time a burst of no-op tasks from the first send to the last end. The bare
side has nothing else: its task counts itself in a shared file, its producer is a loop. The harness
side is the harness, with stamps, polling, sampling and checks. They alternate, order reversed on
every second pair; the last line is the ratio of the medians. Runs in the harness's environment.
"""

import argparse
import mmap
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from statistics import median

from benchmarks.harness.adapter import BrokerKind
from benchmarks.harness.lab import stamps as st
from benchmarks.harness.lab.cell import Cell
from benchmarks.harness.lab.clock import SystemClock
from benchmarks.harness.lab.laboratory import environment, opener
from benchmarks.harness.lab.live import broker_for
from benchmarks.harness.lab.measurement import CellData, measure
from benchmarks.harness.lab.processes import Keeper, child_environment
from benchmarks.harness.measure import end_by_signal
from benchmarks.harness.registry import load_adapter
from benchmarks.harness.spec import (
    LoadPlan,
    Pattern,
    Phase,
    ScenarioSpec,
    Size,
    TaskClass,
    Variant,
)

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

BARE_PRODUCER = """
import mmap, os, sys, time
from bare_worker import app, ends, noop
first, tasks = int(sys.argv[1]), int(sys.argv[2])
begin = time.monotonic_ns()
for slot in range(first, first + tasks):
    noop.apply_async((slot,))
print(begin, flush=True)
"""

WARMUP = 2_000
POLL_S = 0.005
LIMIT_S = 600.0


def bare_throughput(tasks: int) -> float:
    """Tasks per second without the harness: a worker, a loop, and a byte per task."""
    python = str(environment("celery"))
    with Keeper() as keeper, broker_for(BrokerKind.REDIS, keeper) as broker:
        folder = keeper.folder
        (folder / "bare_worker.py").write_text(BARE_WORKER, encoding="utf-8")
        (folder / "bare_producer.py").write_text(BARE_PRODUCER, encoding="utf-8")
        (folder / "ends").write_bytes(bytes(1 + WARMUP + tasks))
        variables = child_environment(
            {"BARE_URL": broker.url, "BARE_ENDS": str(folder / "ends"), "PYTHONPATH": str(folder)}
        )
        keeper.start(
            "the bare worker",
            [
                python, "-m", "celery", "-q", "-A", "bare_worker", "worker", "-P", "threads",
                "-c", "10", "-Q", "default", "-l", "ERROR", "--without-gossip",
                "--without-mingle", "--without-heartbeat",
            ],
            environment=variables,
            log=folder / "bare.log",
        )  # fmt: skip
        send = [python, str(folder / "bare_producer.py")]
        for first, count in ((0, 1), (1, WARMUP)):
            _bare_load(send, variables, folder / "ends", first, count)
        begin_ns, end_ns = _bare_load(send, variables, folder / "ends", 1 + WARMUP, tasks)
    return tasks * 1e9 / (end_ns - begin_ns)


def _bare_load(
    send: Sequence[str], variables: dict[str, str], ends: Path, first: int, tasks: int
) -> tuple[int, int]:
    """Send *tasks*, wait until all have ended; the instants of the first send and the last end."""
    with (
        ends.open("rb") as file,
        mmap.mmap(file.fileno(), 0, prot=mmap.PROT_READ) as seen,
        subprocess.Popen(
            [*send, str(first), str(tasks)],
            env=variables, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
        ) as producer,
    ):  # fmt: skip
        limit_s = time.monotonic() + LIMIT_S
        last = first + tasks
        while seen.find(b"\0", first, last) >= 0:
            if time.monotonic() > limit_s:
                raise SystemExit("the bare worker did not finish; see its log")
            time.sleep(POLL_S)
        end_ns = time.monotonic_ns()
        words = producer.communicate()[0].split()
    return int(words[0]), end_ns


def harness_throughput(tasks: int) -> float:
    """Tasks per second of the same through the harness."""
    plan = LoadPlan(
        generations=1,
        runs_per_generation=1,
        phases=(Phase(name="burst", pattern=Pattern.BURST, tasks=tasks),),
        warmup_tasks=WARMUP,
        warmup_cap_s=0.0,
    )
    spec = ScenarioSpec(
        name="overhead",
        version=1,
        title="Overhead",
        variants=(Variant(tasks=(TaskClass(name="noop", workload="noop"),)),),
        quick=plan,
        full=plan,
        metrics=(),
    )
    cell = Cell(
        library="celery",
        adapter=load_adapter("celery"),
        python=environment("celery"),
        spec=spec,
        size=Size.FULL,
    )
    data = CellData(cell=cell)
    with Keeper() as keeper:
        measure([data], open_station=opener(keeper), clock=SystemClock(), progress=lambda _: None)
    if data.reason:
        raise SystemExit(f"the harness's side failed: {data.reason}")
    return st.throughput_per_s(data.runs[0].phases[0].stamps) or 0.0


def main(argv: Sequence[str] | None = None) -> int:
    """Print both throughputs of every pair, and the ratio of the medians."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.harness.overhead")
    parser.add_argument("--tasks", type=int, default=20_000)
    parser.add_argument("--pairs", type=int, default=3)
    arguments = parser.parse_args(argv)
    end_by_signal()
    sides = {"bare": bare_throughput, "harness": harness_throughput}
    found: dict[str, list[float]] = {name: [] for name in sides}
    for pair in range(arguments.pairs):
        for name in (*sides,) if pair % 2 == 0 else (*reversed(sides),):
            found[name].append(sides[name](arguments.tasks))
        both = "  ".join(f"{name} {found[name][-1]:7.1f} tasks/s" for name in sides)
        sys.stdout.write(f"pair {pair + 1} of {arguments.pairs}: {both}\n")
        sys.stdout.flush()
    bare, harness = (median(found[name]) for name in sides)
    sys.stdout.write(
        f"medians of {arguments.pairs} x {arguments.tasks} Celery tasks: bare {bare:.1f} tasks/s, "
        f"harness {harness:.1f} tasks/s, ratio {harness / bare:.3f}\n"
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
