"""Measure one scenario for some libraries, and write their run records.

    python -m benchmarks.harness.measure io_bound --library celery --library rq

A library without an interpreter runs in its own locked environment. Progress
goes to standard error, and to the file that $TRACKER_PROGRESS names. The last
line of standard output is a JSON object: library to outcome, reason and path.
Exit codes are those of docs/measuring.md; 0 also when a cell failed, as its
record says.
"""

import argparse
import json
import os
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

from benchmarks.harness.lab.run import line_protocol
from benchmarks.harness.lab.run.laboratory import Request, measure_and_record
from benchmarks.harness.shared import settings
from benchmarks.harness.shared.command import at_least, command_line, run, say
from benchmarks.harness.shared.scenarios import scenario_names
from benchmarks.harness.shared.spec import Only, Size


def parser() -> argparse.ArgumentParser:
    """The command line."""
    options = command_line("benchmarks.harness.measure", __doc__)
    options.add_argument("scenario", nargs="?", default="", help="a module under benchmarks/")
    options.add_argument(
        "--lines", action="store_true",
        help="answer requests on standard input instead (lab/run/line_protocol.py)",
    )  # fmt: skip
    options.add_argument("--list", action="store_true", help="print the scenarios as JSON")
    options.add_argument(
        "--library", action="append", default=[], metavar="NAME[=PYTHON]",
        help="measure it, in this interpreter's environment or its own (repeatable)",
    )  # fmt: skip
    options.add_argument("--tracked", default="", help="library that is tracked")
    options.add_argument(
        "--size", type=Size, choices=list(Size), help="how much to measure (default: $TRACKER_SIZE)"
    )
    options.add_argument(
        "--runs", type=at_least(0), help="runs per library (default: those of the scenario)"
    )
    options.add_argument(
        "--seed", type=at_least(0), help="added to the scenario's seed (default: $TRACKER_SEED)"
    )
    options.add_argument(
        "--results", type=Path, help="folder of the results tree (default: $TRACKER_RESULTS)"
    )
    options.add_argument("--commit", help="commit of the tracked library (default: $ASV_COMMIT)")
    options.add_argument("--environment", help="name in the results (default: $ASV_ENV_NAME)")
    options.add_argument("--machine", help="name in the results (default: $TRACKER_MACHINE)")
    options.add_argument(
        "--only", type=Only, choices=list(Only),
        help="only count, or only time (default: $TRACKER_ONLY, or both)",
    )  # fmt: skip
    options.add_argument("--quiet", action="store_true", help="show no progress")
    return options


def request_of(arguments: argparse.Namespace) -> Request:
    """What is asked for, by options first and variables second."""
    defaults = settings.read()
    named = [text.partition("=")[::2] for text in arguments.library]
    libraries = {name: Path(python) if python else None for name, python in named}
    return Request(
        scenario=arguments.scenario,
        libraries=libraries or dict.fromkeys(defaults.libraries),
        tracked=arguments.tracked,
        size=arguments.size or defaults.size,
        runs=defaults.runs if arguments.runs is None else arguments.runs,
        seed=defaults.seed if arguments.seed is None else arguments.seed,
        results=arguments.results or defaults.results,
        commit=defaults.commit if arguments.commit is None else arguments.commit,
        environment=arguments.environment or defaults.environment,
        machine=arguments.machine or defaults.machine,
        only=arguments.only or defaults.only,
        append=defaults.append,
    )


def main(argv: Sequence[str] | None = None) -> int:
    """Measure; returns the exit code."""
    arguments = parser().parse_args(argv)
    progress = _progress(arguments)
    if arguments.lines:
        line_protocol.serve(sys.stdin, progress)
        return 0
    answer: object = scenario_names()
    if not arguments.list:
        answer = measure_and_record(request_of(arguments), progress)
    sys.stdout.write(json.dumps(answer) + "\n")
    return 0


def _progress(arguments: argparse.Namespace) -> Callable[[str], None]:
    """Where progress goes: standard error, unless quiet, and the file of $TRACKER_PROGRESS."""
    file = os.environ.get("TRACKER_PROGRESS")

    def progress(text: str) -> None:
        line = f"  {arguments.scenario}: {text}" if arguments.scenario else f"  {text}"
        if not arguments.quiet:
            say(line)
        if file:
            with Path(file).open("a", encoding="utf-8") as stream:
                stream.write(f"{line}\n")

    return progress


if __name__ == "__main__":
    run(main)
