"""Count what a task costs, for some libraries and scenarios: docs/counting.md.

    python -m benchmarks.harness.count basic_throughput --library celery

Prints a table per library and scenario. They are counted side by side, as
counts do not depend on what else runs. A library without an interpreter
(NAME=PYTHON) runs in its own locked environment.
"""

import argparse
import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from functools import partial
from pathlib import Path
from queue import SimpleQueue
from typing import Any

from benchmarks.harness.lab.counting.counted_cell import Instrument
from benchmarks.harness.shared.command import at_least, command_line, run, say
from benchmarks.harness.shared.environments import REPOSITORY
from benchmarks.harness.shared.errors import UnknownLibraryError
from benchmarks.harness.shared.parent_death import die_with_parent
from benchmarks.harness.shared.registry import LIBRARIES
from benchmarks.harness.shared.scenarios import import_spec, scenario_names
from benchmarks.harness.shared.spec import Size

SERVER = (sys.executable, "-m", "benchmarks.harness.measure", "--lines", "--quiet")
GRACE_S = 10.0
"""For a server that is told to end: it stops its workers and broker first."""

type Answer = dict[str, Any]


def parser() -> argparse.ArgumentParser:
    """The command line."""
    options = command_line("benchmarks.harness.count", __doc__)
    options.add_argument(
        "scenarios", nargs="*", metavar="SCENARIO", help="a module under benchmarks/ (default: all)"
    )
    options.add_argument(
        "--library", action="append", default=[], metavar="NAME[=PYTHON]",
        help="count this library (repeatable; default: all)",
    )  # fmt: skip
    options.add_argument(
        "--instrument", action="append", default=[], choices=list(Instrument), metavar="NAME",
        help=f"{', '.join(Instrument)} (repeatable; default: all)",
    )  # fmt: skip
    options.add_argument(
        "--rounds", type=at_least(1), default=1, help="times to count it, with fresh workers"
    )
    options.add_argument(
        "--size", type=Size, choices=list(Size), default=Size.QUICK, help="size of the bursts"
    )
    options.add_argument("--seed", type=at_least(0), default=0, help="added to the scenario's seed")
    options.add_argument(
        "--jobs", type=at_least(1), default=os.cpu_count() or 1,
        help="number to count side by side (default: the number of cores)",
    )  # fmt: skip
    options.add_argument("--out", type=Path, help="folder for the counts, as JSON")
    return options


def requests_of(arguments: argparse.Namespace) -> list[Answer]:
    """One request per scenario and library.

    Raises:
        HarnessError: there is no such library or scenario.
    """
    libraries = [text.partition("=")[::2] for text in arguments.library or LIBRARIES]
    for name, _ in libraries:
        if name not in LIBRARIES:
            raise UnknownLibraryError(name, LIBRARIES)
    scenarios = [import_spec(name).name for name in arguments.scenarios or scenario_names()]
    cells = [(scenario, *library) for scenario in scenarios for library in libraries]
    return [
        {
            "id": number,
            "count": True,
            "label": f"{scenario}, {library}",
            "scenario": scenario,
            "library": library,
            "python": python or None,
            "size": arguments.size,
            "seed": arguments.seed,
            "instruments": arguments.instrument,
            "rounds": arguments.rounds,
        }
        for number, (scenario, library, python) in enumerate(cells)
    ]


def count_all(
    requests: Sequence[Answer], jobs: int, on_answer: Callable[[Answer, Answer], None]
) -> None:
    """Have *requests* answered by *jobs* servers side by side; each answer goes to *on_answer*."""
    with ExitStack() as stack:
        free: SimpleQueue[subprocess.Popen[str]] = SimpleQueue()
        servers = [stack.enter_context(_server()) for _ in range(min(jobs, len(requests)))]
        for server in servers:
            free.put(server)
        threads = stack.enter_context(ThreadPoolExecutor(max(1, len(servers))))
        waiting = [threads.submit(_ask, free, request) for request in requests]
        try:
            for request, answer in zip(requests, waiting, strict=True):
                on_answer(request, answer.result())
        except BaseException:
            threads.shutdown(wait=False, cancel_futures=True)
            for server in servers:  # a thread that waits for its answer ends with it
                server.terminate()
            raise


@contextmanager
def _server() -> Iterator["subprocess.Popen[str]"]:
    """A process that answers requests on lines; it ends with the block, and with us."""
    process = subprocess.Popen(
        SERVER,
        cwd=REPOSITORY,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        start_new_session=True,  # Ctrl-C is for us: we end it when it can clean up
        preexec_fn=partial(die_with_parent, signal.SIGTERM),  # noqa: PLW1509 -- no threads run yet
    )
    try:
        yield process
    finally:
        process.terminate()
        try:
            process.wait(GRACE_S)
        except subprocess.TimeoutExpired:
            process.kill()
        process.wait()


def _ask(free: "SimpleQueue[subprocess.Popen[str]]", request: Answer) -> Answer:
    process = free.get()
    try:
        assert process.stdin is not None and process.stdout is not None  # noqa: S101, PT018
        process.stdin.write(json.dumps(request) + "\n")
        process.stdin.flush()
        line = process.stdout.readline()
    finally:
        free.put(process)
    if not line:
        return {"outcome": "failed", "reason": "the process that counts has died", "wall_s": 0.0}
    answer: Answer = json.loads(line)
    return answer


def rows(request: Answer, answer: Answer) -> Iterator[str]:
    """What was counted for one cell, for people."""
    yield f"{request['scenario']}, {request['library']}"
    counts = answer.get("counts") or {}
    for name, metric in counts.get("metrics", {}).items():
        spread = f" ± {metric['spread']:g}" if metric["spread"] else ""
        yield f"  {name:32} {metric['value']:>16,.10g}{spread}"
    for name, value in counts.get("idle", {}).items():
        yield f"  {'idle: ' + name + ' per second':32} {value:>16,g}"
    for what, reason in counts.get("absent", {}).items():
        yield f"  {what}: absent, {reason}"


def main(argv: Sequence[str] | None = None) -> int:
    """Count; returns the exit code."""
    arguments = parser().parse_args(argv)
    requests = requests_of(arguments)
    failures = 0

    def take(request: Answer, answer: Answer) -> None:
        nonlocal failures
        failures += answer["outcome"] == "failed"
        say(f"{request['label']}: {answer['outcome']}, {answer['wall_s']:.0f} s {answer['reason']}")
        sys.stdout.write("\n".join(rows(request, answer)) + "\n")
        if arguments.out:
            arguments.out.mkdir(parents=True, exist_ok=True)
            path = arguments.out / f"{request['scenario']}.{request['library']}.json"
            path.write_text(json.dumps(answer) + "\n", encoding="utf-8")

    count_all(requests, arguments.jobs, take)
    return 1 if failures else 0


if __name__ == "__main__":
    run(main)
