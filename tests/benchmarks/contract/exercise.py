"""Exercises one adapter against its real broker and says what happened.

    python -m tests.benchmarks.contract.exercise taskiq

Prints one JSON object of facts per step; tests/benchmarks/contract compares them with what every
adapter promises, and with what is known of the library where libraries differ: what becomes of
tasks in flight when a worker is killed, and whether a worker outlives its broker.
"""

import json
import signal
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import numpy as np

from benchmarks.harness.lab.brokers.broker import Broker
from benchmarks.harness.lab.processes import watchdog
from benchmarks.harness.lab.processes.processes import Keeper
from benchmarks.harness.lab.station.clock import SystemClock
from benchmarks.harness.lab.station.job import Job
from benchmarks.harness.lab.station.live_station import LiveStation
from benchmarks.harness.lab.station.opened_station import (
    broker_for,
    live_station,
)
from benchmarks.harness.lab.station.run_order import Runner
from benchmarks.harness.shared import timeline
from benchmarks.harness.shared.command import run
from benchmarks.harness.shared.errors import CellFailedError
from benchmarks.harness.shared.plans import burst
from benchmarks.harness.shared.spec import LoadPlan, TaskClass, Variant, WorkerPlan
from tests.evaluation.single_cell import single_cell

TASKS = 60
MANY = 400
"""Two seconds of work, more than any library fetches at once: a worker ends in the middle of it."""

FEWER = {"rq": 100}
"""A job of RQ is a process: this is as much work."""

CONCURRENCY = 4
PATIENCE_S = 25.0
STILL_S = 5.0
"""No task has ended for so long: the worker runs nothing more. Longer than any takes to start."""

_PHASE = burst(TASKS)
_PLAN = LoadPlan(rounds=1, runs_per_round=10, phases=(_PHASE,), warmup_tasks=10)
_VARIANT = Variant(
    workers=WorkerPlan(concurrency=CONCURRENCY),
    tasks=(TaskClass(name="sleep", workload="sleep"),),
)


class Bench:
    """A keeper, and stations of one library on a broker."""

    def __init__(self, library: str, keeper: Keeper) -> None:
        """Use the library's locked environment."""
        self.keeper = keeper
        self.clock = SystemClock()
        self.cell = single_cell(library, _PLAN, name="contract", variant=_VARIANT)
        self.adapter = self.cell.adapter
        self.job = Job(library=library, variant=_VARIANT, plan=_PLAN, seed=1)
        self.many = FEWER.get(library, MANY)

    def last_slots(self, tasks: int = TASKS) -> int:
        """The first of the last *tasks* slots, which no phase uses, nor those before them."""
        return self.job.slots - tasks

    def replace_workers(self, station: LiveStation, *, grace_s: float) -> None:
        """Stop what is left of the workers and start new ones."""
        while station.workers:
            self.keeper.stop(station.workers.pop(), grace_s=grace_s)
        station.start_workers(self.keeper)

    @contextmanager
    def station(self, broker: Broker) -> Iterator[tuple[LiveStation, Runner]]:
        """Fresh workers and producer that have answered a first task."""
        with live_station(self.cell, self.job, self.keeper, self.clock, broker) as station:
            runner = Runner(station, self.job, self.clock)
            runner.become_ready()
            yield station, runner


def send(station: LiveStation, first_slot: int, tasks: int = TASKS) -> None:
    """Send a burst and wait until it has been sent."""
    station.send(first_slot=first_slot, tasks=tasks, rate_per_s=0, seed=1)
    while station.sending():
        if died := station.producer.process.died():
            raise CellFailedError(died)
        time.sleep(0.01)


def wait_for(condition: Callable[[], bool], limit_s: float = PATIENCE_S) -> bool:
    """Whether *condition* became true in time."""
    limit = time.monotonic() + limit_s
    while not condition():
        if time.monotonic() > limit:
            return False
        time.sleep(0.02)
    return True


def wait_while_moving(station: LiveStation, first_slot: int, tasks: int) -> None:
    """Wait until all are done, or none has ended for a while."""
    done, moved_s = -1, time.monotonic()
    while done < tasks and time.monotonic() - moved_s < STILL_S:
        now = count(station, first_slot, timeline.DONE, tasks)
        if now != done:
            done, moved_s = now, time.monotonic()
        time.sleep(0.05)


def count(station: LiveStation, first_slot: int, column: int, tasks: int = TASKS) -> int:
    """How many of the slots have a stamp or counter in *column*."""
    raw = station.raw_stamps()[first_slot : first_slot + tasks]
    return int(np.count_nonzero(raw[:, column]))


def exactly_once(bench: Bench, broker: Broker) -> dict[str, object]:
    """Enqueue and run; stop gracefully in the middle and go on; read and empty the queue."""
    with bench.station(broker) as (station, runner):
        data = runner.run_phase(_PHASE, TASKS)
        facts: dict[str, object] = {
            "done": int(np.count_nonzero(data.stamps.done == 1)),
            "attempts": int(data.stamps.attempts.sum()),
            "backlog_after": station.backlog(),
        }
        tasks, first = bench.many, bench.last_slots(bench.many)
        send(station, first, tasks)
        wait_for(lambda: count(station, first, timeline.DONE, tasks) >= CONCURRENCY)
        for worker in station.workers:
            worker.popen.send_signal(signal.SIGTERM)
        facts["exit_codes"] = [worker.popen.wait(PATIENCE_S) for worker in station.workers]
        started = count(station, first, timeline.STARTED, tasks)
        facts["cut_off"] = started - count(station, first, timeline.DONE, tasks)
        facts["left_over"] = tasks - started
        facts["backlog_of_left_over"] = station.backlog()
        bench.replace_workers(station, grace_s=0)
        wait_while_moving(station, first, tasks)
        facts["run_by_the_next"] = count(station, first, timeline.DONE, tasks) - started
        while station.workers:
            bench.keeper.stop(station.workers.pop())
        facts["backlog_still_held"] = station.backlog()
        send(station, first - TASKS)
        facts["backlog_without_workers"] = station.backlog()
        broker.clear()
        bench.adapter.prepare(broker, station.context)
        facts["backlog_after_clear"] = station.backlog()
        return facts


def crash(bench: Bench, broker: Broker) -> dict[str, object]:
    """Kill a worker in the middle; a new one must run what was neither taken nor begun."""
    with bench.station(broker) as (station, _):
        tasks, first = bench.many, bench.last_slots(bench.many)
        send(station, first, tasks)
        wait_for(lambda: count(station, first, timeline.DONE, tasks) >= CONCURRENCY)
        for worker in station.workers:
            watchdog.kill_session(worker.pid)
        done = count(station, first, timeline.DONE, tasks)
        in_flight = count(station, first, timeline.STARTED, tasks) - done
        bench.replace_workers(station, grace_s=0)
        wait_while_moving(station, first, tasks)
        raw = station.raw_stamps()[first : first + tasks]
        return {
            "tasks": tasks,
            "done_before": done,
            "in_flight": in_flight,
            "done": count(station, first, timeline.DONE, tasks),
            "doubled": int(np.count_nonzero(raw[:, timeline.DONE] > 1)),
            "still_held": station.backlog(),
        }


def outage(bench: Bench, broker: Broker) -> dict[str, object]:
    """Restart the broker under an idle worker: does the worker go on?"""
    with bench.station(broker) as (station, _):
        broker.restart(bench.keeper)
        bench.adapter.prepare(broker, station.context)
        wait_for(lambda: any(w.died() for w in station.workers), 4.0)
        if any(worker.died() for worker in station.workers):
            return {"worker": "dies"}
        # The producer's connections are broken too; whether it mends them is another question.
        bench.keeper.stop(station.producer.process)
        station.start_producer(bench.keeper, bench.job)
        station.producer.wait_connected(PATIENCE_S, bench.clock)
        first = bench.last_slots()
        send(station, first, 5)
        back = wait_for(lambda: count(station, first, timeline.DONE, 5) >= 1)
        return {"worker": "survives" if back else "hangs"}


def main() -> int:
    """Run all steps for one library and print the facts."""
    with Keeper() as keeper:
        bench = Bench(sys.argv[1], keeper)
        with broker_for(bench.adapter.broker, keeper) as broker:
            steps = (exactly_once, crash, outage)
            facts = {step.__name__: step(bench, broker) for step in steps}
    sys.stdout.write(json.dumps(facts) + "\n")
    return 0


if __name__ == "__main__":
    run(main)
