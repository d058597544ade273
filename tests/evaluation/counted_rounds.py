"""Counts one library for real and keeps every burst: what estimates and verdicts are tried on.

    python -m tests.evaluation.counted_rounds celery DIR --number 3 --what functions

A recording is what one round of workers counted (`CountedRound`), burst by burst and function by
function, as gzipped JSON in DIR/LIBRARY.NUMBER.WHAT.json.gz. It runs in the harness's environment;
reading recordings needs no more than the harness's own modules.
"""

import gzip
import json
import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.harness.lab.counting.bursts import Span
from benchmarks.harness.lab.counting.counted_cell import SIZES, sizes_of
from benchmarks.harness.lab.counting.counted_round import (
    CountedRound,
    Reading,
    count_round,
    job_of,
    padded,
)
from benchmarks.harness.lab.counting.function_counts import FunctionNames
from benchmarks.harness.lab.processes.processes import Keeper
from benchmarks.harness.lab.run.laboratory import Request, cells_of
from benchmarks.harness.shared.command import at_least, command_line, run, say
from benchmarks.harness.shared.errors import CellFailedError
from benchmarks.harness.shared.registry import LIBRARIES
from benchmarks.harness.shared.scenarios import import_spec
from benchmarks.harness.shared.spec import Size

SCENARIO = "basic_throughput"
SUFFIX = ".json.gz"

type Turns = Sequence[tuple[Reading, Reading]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Recording:
    """One round of workers: run *number* of *library*, and whether both cores were kept busy."""

    library: str
    number: int
    what: str
    busy: bool
    package: str
    round: CountedRound


def path_of(folder: Path, library: str, number: int, what: str) -> Path:
    """Where a recording is kept."""
    return folder / f"{library}.{number:02}.{what}{SUFFIX}"


def recordings(folder: Path) -> Iterator[Recording]:
    """All recordings in *folder*, by library, number and what was counted."""
    for path in sorted(folder.glob(f"[!.]*{SUFFIX}")):
        yield read(path)


def read(path: Path) -> Recording:
    """One recording."""
    with gzip.open(path, "rt", encoding="utf-8") as file:
        content = json.load(file)
    names = {role: [(a, b) for a, b in rows] for role, rows in content["names"].items()}
    counted = CountedRound(
        names={role: FunctionNames(rows) for role, rows in names.items()},
        ready=_reading(content["ready"]),
        spans=[_span(span) for span in content["spans"]],
        idle=_span(content["idle"]),
        versions=content["versions"],
        absent=content["absent"],
        broker_absent=content["broker_absent"],
    )
    fields = ("library", "number", "what", "busy", "package")
    return Recording(round=counted, **{name: content[name] for name in fields})


def write(path: Path, recording: Recording) -> None:
    """Keep *recording*; a run that is killed leaves none."""
    counted = recording.round
    rows = {role: len(names.functions) for role, names in counted.names.items()}
    content = {
        "library": recording.library,
        "number": recording.number,
        "what": recording.what,
        "busy": recording.busy,
        "package": recording.package,
        "load": os.getloadavg()[0],
        "versions": dict(counted.versions),
        "absent": counted.absent,
        "broker_absent": counted.broker_absent,
        "names": {role: names.functions for role, names in counted.names.items()},
        "ready": _counted([(Reading(), counted.ready)], rows),
        "spans": [_packed(span, rows) for span in counted.spans],
        "idle": _packed(counted.idle, rows),
    }
    draft = path.with_name(f"{path.name}.draft")
    with gzip.open(draft, "wt", encoding="utf-8") as file:
        json.dump(content, file, separators=(",", ":"))
    draft.rename(path)


def _packed(span: Span[Reading], rows: dict[str, int]) -> dict[str, Any]:
    return {
        "tasks": span.tasks,
        "seconds": round(span.working_s, 4),
        "sending": _counted([span.sending], rows),
        "working": _counted(span.working, rows),
    }


def _counted(turns: Turns, rows: dict[str, int]) -> dict[str, Any]:
    """What was counted in all *turns* together; of the first reading ever, all that it says."""
    functions = {
        role: sum(
            padded(after.functions[role], rows[role])
            - padded(before.functions.get(role, after.functions[role][:0]), rows[role])
            for before, after in turns
        )
        for role in turns[-1][1].functions
    }
    return {
        "functions": {role: table.tolist() for role, table in functions.items()},
        "totals": _sums([(before.totals, after.totals) for before, after in turns]),
        "broker": _sums([(before.broker, after.broker) for before, after in turns]),
    }


def _sums(turns: Sequence[tuple[Any, Any]]) -> dict[str, float]:
    return {
        name: sum(after.get(name, 0) - before.get(name, 0) for before, after in turns)
        for name in turns[-1][1]
    }


def _span(content: dict[str, Any]) -> Span[Reading]:
    sending, working = (
        (_nothing(after), after)
        for after in (_reading(content["sending"]), _reading(content["working"]))
    )
    return Span(
        tasks=content["tasks"],
        sending=sending,
        working=(working,),
        working_s=content["seconds"],
    )


def _reading(content: dict[str, Any]) -> Reading:
    functions = {role: np.array(table) for role, table in content["functions"].items()}
    return Reading(functions=functions, totals=content["totals"], broker=content["broker"])


def _nothing(reading: Reading) -> Reading:
    return Reading(
        functions={role: 0 * table for role, table in reading.functions.items()},
        totals=dict.fromkeys(reading.totals, 0),
        broker=dict.fromkeys(reading.broker, 0.0),
    )


def main() -> int:
    """Count what is asked for and not there yet; returns the exit code."""
    parser = command_line("tests.evaluation.counted_rounds", __doc__)
    parser.add_argument("library", choices=LIBRARIES)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--number", type=at_least(0), default=0)
    parser.add_argument("--what", choices=SIZES, action="append", required=True)
    parser.add_argument("--layout", type=at_least(0), default=0, help="of memory (instructions)")
    parser.add_argument("--busy", action="store_true", help="both cores are kept busy")
    asked = parser.parse_args()
    asked.folder.mkdir(parents=True, exist_ok=True)
    request = Request(
        scenario=SCENARIO, libraries={asked.library: None}, tracked="", size=Size.QUICK, seed=0
    )
    (data,) = cells_of(request, import_spec(SCENARIO))
    if data.reason:
        raise SystemExit(f"{asked.library}: {data.reason}")
    cell, failures = data.cell, 0
    with Keeper() as keeper:
        for what in asked.what:
            path = path_of(asked.folder, asked.library, asked.number, what)
            if path.exists():
                continue
            sizes = sizes_of(cell, what)
            job = job_of(cell, cell.variants[0], sizes, 0)
            try:
                counted = count_round(cell, job, what, sizes, keeper, layout=asked.layout)
            except CellFailedError as error:
                say(f"{path.name}: failed, {error.reason}")
                failures += 1
                continue
            write(
                path,
                Recording(
                    library=asked.library,
                    number=asked.number,
                    what=what,
                    busy=asked.busy,
                    package=cell.adapter.distribution,
                    round=counted,
                ),
            )
    return 1 if failures else 0


if __name__ == "__main__":
    run(main)
