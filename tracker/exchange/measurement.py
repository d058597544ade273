"""What every format is parsed into: runs, and the measurements of each."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from tracker.model import Better, Exclusion

IMPORTED_FROM = "imported_from"
"""What benchmarks.json says of an imported benchmark alone: the tool that measured it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Measurement:
    """One value of one benchmark, in its base unit.

    Attributes:
        benchmark: the name, as its tool writes it.
        value: None where the tool says that it failed or gives no finite number.
        unit: base unit: "s", "B", "ops/s", ...; "unit" where the tool names none.
        low: lower end of the interval that the tool gives, None without one.
        high: upper end, likewise.
        samples: repeats, where the tool keeps them.
        loops: calls per repeat, 1 where the tool does not say.
        quartiles: first and third, where the tool gives them and no repeats.
        rounds: how many repeats there were, where the tool keeps none of them.
    """

    benchmark: str
    value: float | None
    unit: str
    better: Better
    low: float | None = None
    high: float | None = None
    samples: tuple[float, ...] = ()
    loops: int = 1
    quartiles: tuple[float, float] | None = None
    rounds: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportedRun:
    """What was measured together, at one commit and in one place.

    Attributes:
        tool: name of the format, such as "pytest-benchmark".
        commit: "" where the file does not say.
        commit_ms: date of the commit in ms since 1970, None where unknown.
        started_ms: when it was measured, None where unknown.
        machine: fields of asv's machine.json that are known: os, arch, cpu, num_cpu, ram.
        python: "3.13", "pypy3.10", ..., "" for what is not Python.
    """

    tool: str
    measurements: tuple[Measurement, ...]
    commit: str = ""
    commit_ms: int | None = None
    started_ms: int | None = None
    machine: Mapping[str, str] = field(default_factory=dict)
    python: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Parsed:
    """What one file holds, and what of it has no place in a history."""

    runs: tuple[ImportedRun, ...]
    omissions: tuple[Exclusion, ...] = ()


class UnreadableFileError(Exception):
    """A file that is cut short, damaged, or not of the format that it was taken for."""


class Omissions:
    """Counts what is left out: (what, why) to a number and the first example."""

    def __init__(self) -> None:
        """Start with nothing."""
        self._counts: dict[tuple[str, str], int] = {}
        self._examples: dict[tuple[str, str], str] = {}

    def add(self, what: str, why: str, example: str, count: int = 1) -> None:
        """Count *count* more of *what*."""
        if count:
            self._counts[what, why] = self._counts.get((what, why), 0) + count
            self._examples.setdefault((what, why), example)

    def add_fields(self, record: Mapping[str, object], fields: Iterable[str], example: str) -> None:
        """Count those of *fields* that *record* has, as without a place in asv's format."""
        for name in fields:
            if record.get(name) not in (None, "", [], {}):
                self.add(name, NO_PLACE, example)

    def extend(self, omissions: Iterable[Exclusion]) -> None:
        """Add what was counted elsewhere."""
        for each in omissions:
            self.add(each.what, each.why, each.example, each.count)

    def listing(self) -> tuple[Exclusion, ...]:
        """Return everything counted, sorted by what it is."""
        return tuple(
            Exclusion(what=what, why=why, count=count, example=self._examples[what, why])
            for (what, why), count in sorted(self._counts.items())
        )


NO_PLACE = "asv's format has no place for it"
