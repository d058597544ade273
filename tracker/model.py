"""The values everything else speaks in. Frozen, and free of any I/O.

Two shapes of data. A *series* is columnar (numpy arrays, one entry per measured commit), because
histories have millions of points. Everything that is judged or shown is a small frozen record.
"""

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property

import numpy as np
import numpy.typing as npt

type Floats = npt.NDArray[np.float64]
type Ints = npt.NDArray[np.int64]


class Better(StrEnum):
    """Which way of a metric is good. Nothing else in the product knows that more may be worse."""

    LOWER = "lower"
    HIGHER = "higher"


class Tier(StrEnum):
    """How much a metric matters."""

    PRIMARY = "primary"
    SECONDARY = "secondary"
    DIAGNOSTIC = "diagnostic"


class Verdict(StrEnum):
    """The four answers; the direction of the metric is already applied."""

    WORSE = "worse"
    BETTER = "better"
    NO_CHANGE = "no_change"
    CANNOT_TELL = "cannot_tell"


class Status(StrEnum):
    """How far a change point can be trusted."""

    SUSPECTED = "suspected"
    CONFIRMED = "confirmed"
    WITHDRAWN = "withdrawn"


class Outcome(StrEnum):
    """What became of one cell (benchmark x parameters x commit)."""

    MEASURED = "measured"
    FAILED = "failed"
    UNSUPPORTED = "unsupported"


@dataclass(frozen=True, slots=True, kw_only=True)
class Metric:
    """What a series measures.

    Attributes:
        name: short name, as in `track_<name>`; for foreign benchmarks the asv type.
        unit: base unit: "s", "B", "tasks/s", "ratio", "%", ...
        better: the good direction.
        floor: relative change below which nobody cares (0.02 is 2 %).
        gates: whether a regression of it may fail a pull request.
        tier: primary, secondary or diagnostic.
        description: one sentence for people.
    """

    name: str
    unit: str
    better: Better
    floor: float
    gates: bool
    tier: Tier
    description: str


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
    outcomes: Mapping[int, Outcome] = field(default_factory=dict)
    reasons: Mapping[int, str] = field(default_factory=dict)

    @cached_property
    def id(self) -> str:
        """See `SeriesKey.id`."""
        return self.key.id

    def samples_at(self, i: int) -> Floats:
        """Repeats of point *i*; empty when none were stored."""
        return self.samples[self.offsets[i] : self.offsets[i + 1]]


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
    """

    project: str
    commits: tuple[Commit, ...]
    series: tuple[Series, ...]
    environments: tuple[Environment, ...]
    excluded: tuple[Exclusion, ...]
    show_commit_url: str
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """A change point of one series.

    Attributes:
        index: first point after the change (index into the arrays that were judged).
        earliest: first index at which the change may have come, inclusive.
        latest: last such index, inclusive; earliest <= index <= latest.
        before: level before.
        after: level after, up to the next change.
        ratio: after / before.
        ratio_low: lower end of the 95 % interval of the ratio.
        ratio_high: upper end.
        p_value: of the evidence between the two neighbouring segments.
        status: suspected, confirmed or withdrawn.
        points_since: measured points after the change, index included.
    """

    index: int
    earliest: int
    latest: int
    before: float
    after: float
    ratio: float
    ratio_low: float
    ratio_high: float
    p_value: float
    status: Status
    points_since: int


@dataclass(frozen=True, slots=True, kw_only=True)
class JudgedChange:
    """A change point with its meaning: direction, relevance, and what else happened there.

    Attributes:
        change: indices are points of the series; use `series.positions[change.index]`.
        verdict: WORSE or BETTER when significant and relevant, NO_CHANGE when only significant.
        environment_changes: differences of the environment at that commit, as text.
    """

    change: Change
    verdict: Verdict
    environment_changes: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class JudgedSeries:
    """A series and what stands of it now.

    Attributes:
        verdict: of the newest change that still stands within the recent window; CANNOT_TELL
            when there are too few points.
        minimum_detectable_effect: smallest relative step that the next few commits could
            establish; NaN when unknown.
        drift: relative change per 100 commits when the series drifts, else 0.
    """

    series: Series
    changes: tuple[JudgedChange, ...]
    verdict: Verdict
    minimum_detectable_effect: float
    drift: float
    notes: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class EnvironmentShift:
    """A step that the control series of one machine share: the machine's, not the commit's."""

    machine: str
    environment: str
    position: int
    ratio: float
    series_affected: int


@dataclass(frozen=True, kw_only=True)
class JudgedHistory:
    """The whole judgement. Everything that is shown is made from this."""

    history: History
    series: tuple[JudgedSeries, ...]
    shifts: tuple[EnvironmentShift, ...]
    expected_false_alarms: float
