"""Puts runs into an asv results tree: files only gain, and each is replaced in one step."""

import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from math import isfinite
from pathlib import Path

from tracker.errors import DataError
from tracker.exchange.benchmark_list import BenchmarkList
from tracker.exchange.formats.document import Json
from tracker.exchange.measurement import ImportedRun, Measurement, Omissions
from tracker.exchange.result_file import Origin, add_run, is_ours, new_document
from tracker.system.atomic import replace_file

BENCHMARKS = "benchmarks.json"
NO_NUMBER = "not a finite number: stored as a gap"
BEYOND = "more than --samples"
FOREIGN = "another program wrote the result file of that commit"


@dataclass(slots=True)
class Intake:
    """What came in, and what was there before."""

    values: int = 0
    known: int = 0
    benchmarks: set[str] = field(default_factory=set)
    commits: set[str] = field(default_factory=set)

    def take(self, commit: str, benchmarks: Collection[str], gained: int) -> None:
        """Count the values of *benchmarks* at *commit*, of which so many were *gained*."""
        self.values += gained
        self.known += 0 if gained else len(benchmarks)
        self.benchmarks.update(benchmarks)
        self.commits.add(commit)


class ResultsTree:
    """An asv results tree that is imported into."""

    def __init__(self, folder: Path, *, samples: int | None = None) -> None:
        """Read benchmarks.json of *folder*, which need not exist; DataError when damaged.

        *samples* is how many repeats of a value are kept, None for all.
        """
        self._folder = folder
        self._samples = samples
        self._benchmarks = BenchmarkList(_read(folder / BENCHMARKS) or {})
        self._files: dict[str, Json] = {}
        self._machines: dict[str, Mapping[str, str]] = {}
        self._changed: set[str] = set()

    def add(self, origin: Origin, run: ImportedRun, intake: Intake, omissions: Omissions) -> None:
        """Add *run* at *origin*; DataError where its file is damaged. Nothing is written yet."""
        path, document = self._file(origin, run)
        if not is_ours(document, origin):
            omissions.add("values", FOREIGN, path, len(run.measurements))
            return
        named: list[tuple[str, Measurement]] = []
        for measurement in run.measurements:
            usable = self._thin(_finite(measurement), omissions)
            if usable.value is None and not usable.samples:
                omissions.add("values", NO_NUMBER, measurement.benchmark)
            name = self._benchmarks.name(usable, run.tool, omissions)
            if name is not None:
                named.append((name, usable))
        gained = add_run(document, run, named)
        intake.take(origin.commit, [name for name, _ in named], gained)
        if gained:
            self._changed.add(path)

    def write(self) -> None:
        """Write what has changed; benchmarks first, so that no result is of an unknown one."""
        if self._benchmarks.is_changed:
            text = json.dumps(self._benchmarks.document, indent=4, sort_keys=True)
            replace_file(self._folder / BENCHMARKS, [text.encode()])
        for path in sorted(self._changed):
            self._write_machine(path.partition("/")[0])
            replace_file(self._folder / path, [json.dumps(self._files[path]).encode()])

    def _file(self, origin: Origin, run: ImportedRun) -> tuple[str, Json]:
        """Return path and contents of the result file of *origin*, a new one if need be."""
        self._machines.setdefault(origin.machine, run.machine)
        for path in origin.paths:
            if path not in self._files:
                self._files[path] = _read(self._folder / path) or new_document(origin, run.machine)
            if self._files[path].get("commit_hash") == origin.commit:
                break
        return path, self._files[path]

    def _thin(self, measurement: Measurement, omissions: Omissions) -> Measurement:
        """Return *measurement* with the wanted repeats, evenly spaced; count the others."""
        total, kept = len(measurement.samples), self._samples
        if kept is None or total <= kept:
            return measurement
        omissions.add("repeats", BEYOND, measurement.benchmark, total - kept)
        chosen = tuple(measurement.samples[i * total // kept] for i in range(kept))
        return replace(measurement, samples=chosen)

    def _write_machine(self, machine: str) -> None:
        path = self._folder / machine / "machine.json"
        if not path.exists():
            names = ("arch", "cpu", "num_cpu", "os", "ram")
            fields = {name: self._machines[machine].get(name, "") for name in names}
            text = json.dumps({**fields, "machine": machine, "version": 1}, indent=4)
            replace_file(path, [text.encode()])


def _read(path: Path) -> Json | None:
    """Return the object in the file *path*; None when there is no file."""
    try:
        document = json.loads(path.read_bytes())
    except FileNotFoundError:
        return None
    except (OSError, ValueError, RecursionError) as error:
        raise _damaged(path, str(error)) from error
    if not isinstance(document, dict):
        raise _damaged(path, "it is not a JSON object")
    return document


def _damaged(path: Path, why: str) -> DataError:
    return DataError(f"{path} cannot be read: {why}", "restore it, or import into another folder")


def _finite(measurement: Measurement) -> Measurement:
    """Return *measurement* without what is beyond all numbers: asv never ends with such values."""
    numbers = (measurement.value, measurement.low, measurement.high)
    if all(map(isfinite, (*filter(None, numbers), *measurement.samples))):
        return measurement
    value, low, high = (n if n is not None and isfinite(n) else None for n in numbers)
    samples = tuple(filter(isfinite, measurement.samples))
    return replace(measurement, value=value, low=low, high=high, samples=samples)
