"""asv's benchmarks.json, with the benchmarks of an import added to it."""

from typing import Any

from tracker.exchange.measurement import IMPORTED_FROM, Measurement, Omissions
from tracker.exchange.result_file import VERSION
from tracker.exchange.safe_names import benchmark_name, other_name, printable
from tracker.model import Better

type Json = dict[str, Any]

_TYPES = {"s": ("time", "seconds"), "B": ("memory", "bytes")}
TAKEN = "benchmarks.json has a benchmark of that name that was not imported"


class BenchmarkList:
    """The entries of benchmarks.json; those that were not imported stay as they are."""

    def __init__(self, document: Json) -> None:
        """Start from *document*, {} for a new tree."""
        self._entries = {"version": 2, **document}
        self._before = dict(self._entries)
        self._names: dict[tuple[str, str], str] = {}

    @property
    def document(self) -> Json:
        """benchmarks.json as it is now."""
        return self._entries

    @property
    def is_changed(self) -> bool:
        """Whether it is another one than at the start."""
        return self._entries != self._before

    def name(self, measurement: Measurement, tool: str, omissions: Omissions) -> str | None:
        """Return the name of the benchmark of *measurement*, which is added where it is new.

        A benchmark whose unit has changed is another one, with the unit in its name; one whose
        direction has changed has that of the last measurement. None where the name is taken by a
        benchmark of asv's own; that is counted.
        """
        key = measurement.benchmark, measurement.unit
        name = self._names.get(key) or self._find(measurement, tool)
        if name is None:
            omissions.add("values", TAKEN, measurement.benchmark)
            return None
        self._names[key] = name
        higher = measurement.better is Better.HIGHER
        if self._entries[name].get("higher_is_better") is not higher:
            self._entries[name] = {**self._entries[name], "higher_is_better": higher}
        return name

    def _find(self, measurement: Measurement, tool: str) -> str | None:
        raw = measurement.benchmark
        with_unit = f"{raw} [{measurement.unit}]"
        candidates = (
            (benchmark_name(raw), raw),
            (benchmark_name(with_unit), with_unit),
            (other_name(with_unit), with_unit),
        )
        for name, full in candidates:
            entry = _entry(name, printable(full), measurement, tool)
            earlier = self._entries.setdefault(name, entry)
            if not isinstance(earlier, dict) or IMPORTED_FROM not in earlier:
                break
            if all(earlier.get(key) == entry.get(key) for key in ("pretty_name", "unit")):
                return name
        return None


def _entry(name: str, full: str, measurement: Measurement, tool: str) -> Json:
    kind, unit = _TYPES.get(measurement.unit, ("track", measurement.unit))
    entry: Json = {
        "code": "",
        "name": name,
        "param_names": [],
        "params": [],
        "type": kind,
        "unit": unit,
        "version": VERSION,
        "higher_is_better": measurement.better is Better.HIGHER,
        IMPORTED_FROM: tool,
    }
    return entry if name == full else {**entry, "pretty_name": full}
