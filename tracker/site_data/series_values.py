"""The part of the site data that is about series: their table, their files, their changes."""

import msgspec

from tracker.site_data.schema import MetricInfo, Numbers, Steps, Triage, Wholes

SPARKS_PER_PAGE = 64
FINDERS = 64


class Table(msgspec.Struct, frozen=True, kw_only=True):
    """One row per series, in an order that only grows at its end (values files rely on it).

    `scenario`, `library`, `metric`, `params`, `machine` and `environment` are indices into the
    lists of the same name; `rank` is the place in the worst-first order; `change` is the ratio
    after / before of the change that the verdict speaks of; `noise` is the smallest relative step
    that could be established; `age` is the number of commits since the newest value;
    `far_out` has the newest value over the level before it, by row, where it lies far out.
    """

    scenarios: list[str]
    libraries: list[str]
    metrics: list[MetricInfo]
    params_sets: list[list[list[str]]]
    machines: list[str]
    environments: list[str]
    id: list[str]
    scenario: list[int]
    library: list[int]
    metric: list[int]
    params: list[int]
    machine: list[int]
    environment: list[int]
    value: Numbers
    change: Numbers
    changed_at: list[int | None]
    verdict: list[int]
    noise: Numbers
    age: list[int]
    far_out: dict[str, float]
    outcome: list[int]
    rank: list[int]


class Finder(msgspec.Struct, frozen=True, kw_only=True):
    """Series whose ids begin alike, and the hash in the name of the file of each.

    Finder number n has the ids whose first two hex digits, over four, give n. A link to a series
    needs this small file, not the whole table.
    """

    id: list[str]
    file: list[str]


class Sparks(msgspec.Struct, frozen=True, kw_only=True):
    """Sparklines: one character per point, `SPARK_DIGITS` low to high, a space for a gap.

    `mark` is the character at which the newest change starts, or null.
    """

    row: list[int]
    line: list[str]
    mark: list[int | None]


class ChangeInfo(msgspec.Struct, frozen=True, kw_only=True):
    """A change point inside its series; positions are of commits."""

    position: int
    earliest: int
    latest: int
    before: float | None
    after: float | None
    ratio: float | None
    ratio_low: float | None
    ratio_high: float | None
    p_value: float | None
    status: str
    verdict: str
    points_since: int
    environment_changes: list[str]
    triage: Triage | None


class SeriesFile(msgspec.Struct, frozen=True, kw_only=True):
    """One series. `samples` are whole multiples of `sample_step` above the value of their point.

    `sample_counts` has one entry per point, or a single one that holds for all.
    """

    schema_version: int
    id: str
    benchmark: str
    scenario: str
    library: str
    version: str
    metric: MetricInfo
    params: list[list[str]]
    machine: str
    environment: str
    verdict: str
    noise: float | None
    drift: float | None
    notes: list[str]
    positions: Wholes
    values: Numbers
    low: Numbers
    high: Numbers
    samples: Steps
    sample_counts: Wholes
    sample_step: float
    outcomes: dict[str, str]
    reasons: dict[str, str]
    changes: list[ChangeInfo]


class ChangeTable(msgspec.Struct, frozen=True, kw_only=True):
    """All change points, newest first; `row` is the row of the series in `Table`."""

    row: list[int]
    position: list[int]
    earliest: list[int]
    latest: list[int]
    before: Numbers
    after: Numbers
    ratio: Numbers
    ratio_low: Numbers
    ratio_high: Numbers
    p_value: Numbers
    status: list[str]
    verdict: list[str]
    points_since: list[int]
    environment_changes: dict[str, list[str]]
    triage: dict[str, Triage]
