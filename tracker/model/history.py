"""What was read: commits, series, and what surrounded them."""

import hashlib
import math
from collections.abc import Hashable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from typing import Any

import numpy as np
import numpy.typing as npt

from tracker.model.metric import Metric, Outcome
from tracker.model.run_record import RunRecord

type Floats = npt.NDArray[np.float64]
type Ints = npt.NDArray[np.int64]

# Dates that calendars know, ms since 1970: the years 1 to 9999.
DATES_MS = range(-62_135_596_800_000, 253_402_300_800_000)


@dataclass(frozen=True, slots=True, kw_only=True)
class Commit:
    """One commit of the tracked branch, in first-parent order."""

    sha: str
    date_ms: int
    author: str
    subject: str
    tags: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class SeriesKey:
    """What makes two points comparable. Machine and environment are keys, never noise.

    Attributes:
        benchmark: asv's full name, `module.Class.method`.
        params: ((name, repr), ...) in asv's order.
        machine: name of the machine.
        environment: asv's environment name (or a stable class of environments).
    """

    benchmark: str
    params: tuple[tuple[str, str], ...]
    machine: str
    environment: str

    @property
    def id(self) -> str:
        """Twelve hex digits that name this series in files and links, stable over time."""
        text = "\x1f".join(
            (self.benchmark, *(f"{k}={v}" for k, v in self.params), self.machine, self.environment)
        )
        return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:12]

    @property
    def label(self) -> str:
        """The name as asv writes it, `module.Class.method(value, value)`."""
        values = ", ".join(value for _, value in self.params)
        return f"{self.benchmark}({values})" if values else self.benchmark


class Marks[T](Mapping[int, T]):
    """What was marked at some positions, kept as one byte a point: histories have many gaps.

    `codes[i]` belongs to `positions[i]`; code 0 means unmarked, code c means `meanings[c]`.
    """

    __slots__ = ("codes", "meanings", "positions")

    def __init__(
        self, positions: Ints, codes: npt.NDArray[np.int8], meanings: tuple[T | None, ...]
    ) -> None:
        """Keep views; positions ascend strictly, `meanings[0]` is never looked at."""
        self.positions = positions
        self.codes = codes
        self.meanings = meanings

    def __getitem__(self, position: int) -> T:
        """Return the mark at *position*; KeyError when there is none."""
        i = int(np.searchsorted(self.positions, position))
        if i < len(self.positions) and self.positions[i] == position:
            code = int(self.codes[i])
            meaning = self.meanings[code] if code else None
            if meaning is not None:
                return meaning
        raise KeyError(position)

    def __iter__(self) -> Iterator[int]:
        """Give the marked positions, ascending."""
        marked = [code for code, what in enumerate(self.meanings) if code and what is not None]
        return iter(self.positions[np.isin(self.codes, marked)].tolist())

    def __len__(self) -> int:
        """Count the marked positions."""
        return sum(1 for _ in self) if self.codes.any() else 0


@dataclass(frozen=True, kw_only=True)
class Series:
    """The history of one key. All arrays have shape (n,), one entry per commit with a cell.

    Attributes:
        positions: index into `History.commits`, strictly ascending.
        values: the value in the metric's base unit; NaN where nothing was measured.
        low: lower end of the stored interval of each value, NaN where unknown.
        high: upper end, likewise.
        samples: flat repeats of all points; point i owns samples[offsets[i]:offsets[i + 1]].
        offsets: shape (n + 1,); all zero when the results hold no samples.
        outcomes: per position other than MEASURED, what happened.
        reasons: per position, why it failed or is not supported, where known.
        version: version of the benchmark's definition.
        pretty_name: what the project calls the benchmark, "" for nothing else than its name.
        is_imported: whether another tool measured it, so that asv cannot run it.
        judged_from: position from which on changes are looked for, as the project wishes.
        loops: asv's own number of calls in one repeat of each value, 0 where unknown; an empty
            array when no result has it.
        spreads: how far each count can be trusted, by its own counting (`CountedMetric.spread`),
            NaN where unknown; an empty array for what is not counted.
    """

    key: SeriesKey
    metric: Metric
    scenario: str
    library: str
    version: str
    positions: Ints
    values: Floats
    low: Floats
    high: Floats
    samples: Floats
    offsets: Ints
    loops: npt.NDArray[np.int32] = field(default_factory=lambda: np.empty(0, dtype=np.int32))
    spreads: Floats = field(default_factory=lambda: np.empty(0))
    outcomes: Mapping[int, Outcome] = field(default_factory=dict)
    reasons: Mapping[int, str] = field(default_factory=dict)
    pretty_name: str = ""
    is_imported: bool = False
    judged_from: int = 0

    @cached_property
    def id(self) -> str:
        """See `SeriesKey.id`."""
        return self.key.id

    @cached_property
    def digest(self) -> bytes:
        """Sixteen bytes that are the same for series of which everything is the same."""
        repeats = (self.samples, self.offsets) if self.samples.size else ()
        marks = (self.outcomes, self.reasons)
        codes = [part for one in marks if isinstance(one, Marks) for part in self._codes(one)]
        arrays = (
            self.positions, self.values, self.low, self.high, self.loops, self.spreads,
            *repeats, *codes,
        )  # fmt: skip
        rest = (
            self.key, _spell(self.metric), self.scenario, self.library, self.version,
            self.pretty_name, self.is_imported, self.judged_from, *map(_unlisted, marks),
            [array.size for array in arrays],
        )  # fmt: skip
        digest = hashlib.sha256(repr(rest).encode("utf-8", "surrogatepass"))
        digest.update(b"".join(np.ascontiguousarray(array).data for array in arrays))
        return digest.digest()[:16]

    def _codes(self, marks: Marks[Any]) -> tuple[npt.NDArray[Any], ...]:
        """Return what *marks* are made of; their positions are mostly those of the series."""
        ours, theirs = self.positions, marks.positions
        same = theirs is ours or np.array_equal(theirs, ours)
        return (marks.codes,) if same else (marks.codes, theirs)

    def suspects(self, first: int, last: int) -> tuple[int, int]:
        """Positions of the first and the last commit that may have brought a step.

        The points *first* to *last* are those that may be the first to show it.
        """
        return self.first_suspect(first), int(self.positions[last])

    def first_suspect(self, i: int) -> int:
        """Position of the first commit that may have brought what point *i* is the first to show.

        It follows the last measured point before: commits in between were not measured.
        """
        before = self.measured_before(i)
        return int(self.positions[i]) if before is None else int(self.positions[before]) + 1

    def measured_before(self, i: int) -> int | None:
        """Index of the last point before *i* that was measured, None where there is none."""
        if i and math.isfinite(self.values[i - 1]):  # as most are
            return i - 1
        (known,) = np.isfinite(self.values[:i]).nonzero()
        return int(known[-1]) if known.size else None

    @property
    def newest_measured(self) -> int | None:
        """Index of the newest point that was measured, None where none was."""
        return self.measured_before(self.values.size)

    @property
    def title(self) -> str:
        """What people call it: the scenario, where library and metric say the rest of the name.

        Of other projects' benchmarks neither does, so it is their own name for it, or asv's.
        """
        return self.scenario if self.is_ours else self.pretty_name or self.key.benchmark

    @property
    def is_ours(self) -> bool:
        """Whether our own suite measures it, whose names of scenarios and metrics are known."""
        method = self.key.benchmark.rpartition(".")[2]
        return bool(self.library) and method == f"track_{self.metric.name}"

    def samples_at(self, i: int) -> Floats:
        """Repeats of point *i*; empty when none were stored."""
        return self.samples[self.offsets[i] : self.offsets[i + 1]]


def _unlisted(marks: Mapping[int, object]) -> object:
    """Return what the codes of *marks* mean, or all of them where they have none."""
    return _spell(marks.meanings) if isinstance(marks, Marks) else sorted(marks.items())


@lru_cache(maxsize=1024)
def _spell(shared: Hashable) -> str:
    """Return what `repr` says of what many series share."""
    return repr(shared)


@dataclass(frozen=True, slots=True, kw_only=True)
class Exclusion:
    """Something in the results that was left out, why, and how often."""

    what: str
    why: str
    count: int
    example: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Environment:
    """What is known of the surroundings of one (machine, environment, commit).

    Attributes:
        facts: name to text: CPU model, Python, library versions, broker version, image.
    """

    machine: str
    environment: str
    position: int
    facts: tuple[tuple[str, str], ...]


@dataclass(frozen=True, kw_only=True)
class History:
    """All that was read: the commits in order, the series, and what was left out.

    Attributes:
        commits: first-parent order of the tracked branch, from the oldest commit with results on;
            commits without results are among them.
        notes: what the reader should know about how it was read, each a sentence.
        damaged: result files that could not be read, each with the reason.
        records: the run records beside the results, in the order of their paths.
    """

    project: str
    commits: tuple[Commit, ...]
    series: tuple[Series, ...]
    environments: tuple[Environment, ...]
    excluded: tuple[Exclusion, ...]
    show_commit_url: str
    notes: tuple[str, ...] = ()
    records: tuple[RunRecord, ...] = ()
    damaged: tuple[str, ...] = ()

    @property
    def title(self) -> str:
        """What it is called: results that were imported belong to no project by name."""
        return self.project or "history"

    @cached_property
    def tracked_library(self) -> str:
        """The library whose history this is, "" where no series names it."""
        libraries = {one.library for one in self.series}
        return self.project if self.project in libraries else ""

    @cached_property
    def newest(self) -> int:
        """Position of the newest commit at which anything was measured, -1 for none.

        A clone may have been fetched long after the last measurement.
        """
        return max(
            (int(one.positions[-1]) for one in self.series if one.positions.size), default=-1
        )
