"""The part of the site data that comes from run records: which runs there are, and each of them."""

import msgspec

from tracker.site_data.schema import Numbers


class RunTable(msgspec.Struct, frozen=True, kw_only=True):
    """Which runs have a file of their own: `data/runs/{file}.json`."""

    scenario: list[str]
    library: list[str]
    machine: list[str]
    environment: list[str]
    position: list[int]
    outcome: list[str]
    file: list[str]


class Curve(msgspec.Struct, frozen=True, kw_only=True):
    """One line over x: seconds since the start of the run, or a percentile."""

    name: str
    unit: str
    x: list[float]
    y: Numbers


class RunSample(msgspec.Struct, frozen=True, kw_only=True):
    """One measured run of the record."""

    variant: str
    round: int
    generation: int
    outlier: bool
    warmup: str
    figures: dict[str, float | None]
    warnings: list[str]


class RunFile(msgspec.Struct, frozen=True, kw_only=True):
    """All that is known of one (scenario, library, commit, machine)."""

    schema_version: int
    scenario: str
    library: str
    machine: str
    environment: str
    sha: str
    outcome: str
    reason: str
    facts: list[list[str]]
    units: dict[str, str]
    runs: list[RunSample]
    histogram: Curve | None
    percentiles: Curve | None
    curves: list[Curve]
    throughput_cv: float | None
    grade: str
    warnings: list[str]
