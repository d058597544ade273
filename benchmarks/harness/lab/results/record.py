"""The run record: one JSON file per library and scenario, in the schema that other tools read.

asv keeps numbers and drops reasons, distributions and curves; they are kept here. The schema is
versioned: a reader refuses another version. `null` means "could not be measured".
"""

import os
from pathlib import Path

import msgspec

from benchmarks.harness.lab.results.counts_record import CountsRecord

SCHEMA = 1


class SupportRecord(msgspec.Struct, frozen=True, kw_only=True):
    """Whether the library offers what the scenario wants."""

    level: str
    reason: str


class WarmupRecord(msgspec.Struct, frozen=True, kw_only=True):
    """How the warm-up of a round went."""

    verdict: str
    tasks: int
    rates: list[float]


class PhaseRecord(msgspec.Struct, frozen=True, kw_only=True):
    """One load of a run."""

    name: str
    pattern: str
    tasks: int
    rate_per_s: float | None
    metrics: dict[str, float | None]
    lost: int
    doubled: int
    failed: int


class RunRecord(msgspec.Struct, frozen=True, kw_only=True):
    """One measured run."""

    variant: str
    round: int
    order: int
    index: int
    seconds_to_ready: float | None
    warmup: WarmupRecord | None
    phases: list[PhaseRecord]
    warnings: list[str]
    outlier: bool


class MetricRecord(msgspec.Struct, frozen=True, kw_only=True):
    """The samples of one metric, one per run (fewer for those that need all runs)."""

    unit: str
    samples: list[float]


class ValidationRecord(msgspec.Struct, frozen=True, kw_only=True):
    """How far the runs can be relied on."""

    throughput_cv: float | None
    grade: str
    warnings: list[str]


class HistogramRecord(msgspec.Struct, frozen=True, kw_only=True):
    """Latency of the paced load, merged over the runs."""

    unit: str
    significant_digits: int
    encoded: str
    count: int
    curve: list[tuple[float, float]]


class CurvesRecord(msgspec.Struct, frozen=True, kw_only=True):
    """The burst of the median run over time: columns of equal length, None where nothing was seen.

    Attributes:
        time_s: since the first task was due.
        throughput: tasks/s that ended since the point before.
        cpu_percent: of the worker tree since the sample before, in percent of a core.
    """

    run: int
    time_s: list[float]
    depth: list[int]
    throughput: list[float]
    cpu_percent: list[float | None]
    memory_bytes: list[float | None]
    broker_backlog: list[int | None]


class CellRecord(msgspec.Struct, frozen=True, kw_only=True):
    """Everything about one library in one scenario at one commit."""

    schema: int
    library: str
    library_versions: dict[str, str]
    scenario: str
    scenario_version: int
    harness_version: int
    title: str
    size: str
    support: SupportRecord
    tracked: bool
    commit: str
    environment: str
    machine: str
    started_at_ms: int
    finished_at_ms: int
    facts: dict[str, str]
    outcome: str
    reason: str
    runs: list[RunRecord]
    metrics: dict[str, MetricRecord]
    validation: ValidationRecord
    histogram: HistogramRecord | None
    curves: CurvesRecord | None
    counts: CountsRecord | None = None


def encode(record: CellRecord) -> bytes:
    """The bytes of the file."""
    return msgspec.json.encode(record) + b"\n"


def decode(data: bytes) -> CellRecord:
    """A record of this version.

    Raises:
        msgspec.MsgspecError: it is not one.
    """
    record = msgspec.json.decode(data, type=CellRecord)
    if record.schema != SCHEMA:
        raise msgspec.ValidationError(f"schema {record.schema}, expected {SCHEMA}")
    return record


def folder_of(results: Path, *, machine: str, commit: str, environment: str) -> Path:
    """Where the records of one commit, machine and environment are."""
    return results / machine / "records" / f"{commit[:8] or 'unknown'}-{environment}"


def path_of(record: CellRecord, results: Path) -> Path:
    """Where *record* is stored under *results*."""
    folder = folder_of(
        results,
        machine=record.machine,
        commit=record.commit,
        environment=record.environment,
    )
    return folder / f"{record.scenario}.{record.library}.record"


def stored(record: CellRecord, results: Path) -> CellRecord | None:
    """What is stored where *record* will be; None when there is nothing of this version."""
    try:
        return decode(path_of(record, results).read_bytes())
    except (OSError, msgspec.MsgspecError):
        return None


def write(record: CellRecord, results: Path) -> Path:
    """Store *record* under *results*; a reader never sees half a file."""
    path = path_of(record, results)
    path.parent.mkdir(parents=True, exist_ok=True)
    aside = path.with_suffix(f".{os.getpid()}.tmp")
    aside.write_bytes(encode(record))
    aside.replace(path)
    return path
