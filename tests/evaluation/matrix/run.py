"""Measuring the cells of the matrix, one scenario after the other, and how long each took.

A scenario's libraries are measured together, so that they take turns. Records appear when a
scenario has ended: after an interruption its cells are measured again, all earlier ones are not.
Standard library only.
"""

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks.harness.matrix import Record, newest_record
from benchmarks.harness.shared.command import say
from benchmarks.harness.shared.environments import (
    HARNESS,
    LOCKS,
    REPOSITORY,
    default_root,
    ensure_environment,
    find_uv,
)
from benchmarks.harness.shared.scenarios import import_spec
from benchmarks.harness.shared.spec import HARNESS_VERSION

DURATIONS = "cell-durations.json"
"""In the results folder: "scenario.library" to seconds."""

FINISHED = ("measured", "unsupported")


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What is to be measured, and where results go.

    Attributes:
        machine: cells that another one has measured are not finished.
        again: whether finished cells are measured again, too.
    """

    libraries: Sequence[str]
    scenarios: Sequence[str]
    size: str
    results: Path
    machine: str
    again: bool = False


def is_finished(record: Record | None, plan: Plan, *, scenario_version: int, pinned: str) -> bool:
    """Whether *record* is what measuring now would yield: same machine, size and versions."""
    if record is None or record["outcome"] not in FINISHED:
        return False
    versions = record["library_versions"]
    own = versions.get(str(record["library"]), "") if isinstance(versions, Mapping) else ""
    wanted = (plan.machine, plan.size, scenario_version, HARNESS_VERSION)
    names = ("machine", "size", "scenario_version", "harness_version")
    same = tuple(record[name] for name in names) == wanted
    return same and (record["outcome"] == "unsupported" or own == pinned)


def pinned_version(library: str) -> str:
    """The version of *library* in its lock."""
    lock = (LOCKS / f"{library}.txt").read_text(encoding="utf-8")
    lines = [line for line in lock.splitlines() if line.startswith(f"{library}==")]
    return lines[0].removeprefix(f"{library}==").split()[0] if lines else ""


def unfinished(plan: Plan, scenario: str) -> list[str]:
    """The libraries of *plan* whose cell of *scenario* has still to be measured."""
    version = import_spec(scenario).version
    return [
        library
        for library in plan.libraries
        if plan.again
        or not is_finished(
            newest_record(plan.results, scenario, library),
            plan,
            scenario_version=version,
            pinned=pinned_version(library),
        )
    ]


def measure_cells(plan: Plan) -> None:
    """Measure every unfinished cell; one that fails does not stop the rest."""
    python = ensure_environment(HARNESS, root=default_root(), base_python=Path(sys.executable))
    begin_s = time.monotonic()
    for number, scenario in enumerate(plan.scenarios, start=1):
        libraries = unfinished(plan, scenario)
        passed_min = (time.monotonic() - begin_s) / 60
        left = f"{len(libraries)} of {len(plan.libraries)} to measure"
        say(f"[{number}/{len(plan.scenarios)}] {scenario}: {left} ({passed_min:.1f} min so far)")
        if libraries:
            _measure(python, plan, scenario, libraries)


def _measure(python: Path, plan: Plan, scenario: str, libraries: Sequence[str]) -> None:
    command = [str(python), "-m", "benchmarks.harness.measure", scenario, "--size", plan.size]
    command += ["--results", str(plan.results)]
    for library in libraries:
        command += ["--library", library]
    with subprocess.Popen(
        command,
        cwd=REPOSITORY,
        env={**os.environ, "UV": find_uv()},  # beside our interpreter, not beside that one
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        try:
            durations = durations_of(_timed(process.stderr or ()), libraries)
        finally:
            if process.poll() is None:  # we are leaving early: it cleans up after SIGTERM
                process.terminate()
    if process.returncode:
        say(f"{scenario}: the harness ended with exit code {process.returncode}")
    keep_durations(
        plan.results, {f"{scenario}.{name}": time_s for name, time_s in durations.items()}
    )


def _timed(lines: Iterable[str]) -> Iterable[tuple[float, str]]:
    """Pass every line on to standard error, with the time at which it came."""
    for line in lines:
        say(line.rstrip("\n"))
        yield time.monotonic(), line
    yield time.monotonic(), ""


def durations_of(lines: Iterable[tuple[float, str]], libraries: Sequence[str]) -> dict[str, float]:
    """Seconds of each library, from lines "  scenario: library, variant, round 1 of 2".

    >>> said = [(0.0, "  s: rq, default, round 1 of 1"), (2.0, "  s: huey, x, round 1 of 1")]
    >>> durations_of([*said, (5.0, "  s: rq: measured")], ["rq", "huey"])
    {'rq': 2.0, 'huey': 3.0}
    """
    spent: dict[str, float] = {}
    current, since_s = "", 0.0
    for now_s, line in lines:
        if current:
            spent[current] = spent.get(current, 0.0) + now_s - since_s
        name = line.partition(": ")[2].partition(",")[0]
        current, since_s = (name if name in libraries else ""), now_s
    return spent


def read_durations(results: Path) -> dict[str, float]:
    """Seconds of every cell that was ever measured into *results*."""
    path = results / DURATIONS
    if not path.is_file():
        return {}
    kept: dict[str, float] = json.loads(path.read_text(encoding="utf-8"))
    return kept


def keep_durations(results: Path, added: Mapping[str, float]) -> None:
    """Add to what is known, atomically; what was measured again is replaced."""
    whole = {**read_durations(results), **added}
    draft = results / f"{DURATIONS}.draft"
    draft.parent.mkdir(parents=True, exist_ok=True)
    draft.write_text(json.dumps(whole, indent=1), encoding="utf-8")
    draft.replace(results / DURATIONS)
