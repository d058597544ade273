"""The run record: what one library did in one scenario at one commit, beside asv's numbers.

The harness writes it (docs/measuring.md); this is the one definition on our side. What a record may
lack, such as the numbers of a commit that did not build, has a default.
"""

from collections.abc import Sequence

import msgspec

from tracker.model.counts import Counts

SCHEMA = 1


class Support(msgspec.Struct, frozen=True, kw_only=True):
    """Whether the library offers what the scenario wants: native, approximate or unsupported."""

    level: str = ""
    reason: str = ""


class Warmup(msgspec.Struct, frozen=True, kw_only=True):
    """How the warm-up before a run ended."""

    verdict: str = ""


class Phase(msgspec.Struct, frozen=True, kw_only=True):
    """One load of a run, with its metrics and what became of its tasks; None where not known."""

    name: str = ""
    metrics: dict[str, float | None] = {}
    tasks: int | None = None
    lost: int | None = None
    doubled: int | None = None


class Run(msgspec.Struct, frozen=True, kw_only=True):
    """One measured run; each round has fresh worker processes."""

    variant: str = ""
    round: int = 0
    warmup: Warmup | None = None
    phases: tuple[Phase, ...] = ()
    warnings: tuple[str, ...] = ()
    outlier: bool = False


class Samples(msgspec.Struct, frozen=True, kw_only=True):
    """The samples of one metric, one per run."""

    unit: str = ""
    samples: tuple[float, ...] = ()


class Validation(msgspec.Struct, frozen=True, kw_only=True):
    """How far the runs can be relied on."""

    throughput_cv: float | None = None
    grade: str = ""
    warnings: tuple[str, ...] = ()


class Histogram(msgspec.Struct, frozen=True, kw_only=True):
    """Latency over all runs: (quantile, seconds), ascending."""

    curve: tuple[tuple[float, float], ...] = ()


class Curves(msgspec.Struct, frozen=True, kw_only=True):
    """The burst of the median run: one value of each at every one of `time_s`."""

    time_s: tuple[float, ...] = ()
    depth: tuple[float | None, ...] = ()
    throughput: tuple[float | None, ...] = ()
    cpu_percent: tuple[float | None, ...] = ()
    memory_bytes: tuple[float | None, ...] = ()
    broker_backlog: tuple[float | None, ...] = ()


class RunRecord(msgspec.Struct, frozen=True, kw_only=True):
    """Everything about one library in one scenario at one commit on one machine.

    Attributes:
        tracked: whether the commit is one of this library.
        outcome: measured, counted (and not timed), failed or unsupported.
        reason: why it was not measured.
    """

    schema: int
    library: str
    scenario: str
    commit: str
    environment: str
    machine: str
    outcome: str
    reason: str
    library_versions: dict[str, str]
    facts: dict[str, str]
    tracked: bool = False
    title: str = ""
    size: str = ""
    scenario_version: int = 0
    harness_version: int = 0
    finished_at_ms: int = 0
    support: Support = Support()
    runs: tuple[Run, ...] = ()
    metrics: dict[str, Samples] = {}
    validation: Validation = Validation()
    histogram: Histogram | None = None
    curves: Curves | None = None
    counts: Counts | None = None

    @property
    def version(self) -> str:
        """The version of the library, "" where it is not known."""
        return self.library_versions.get(self.library, "")

    def samples_of(self, metric: str) -> Sequence[float]:
        """The samples of *metric*, none where it was not measured."""
        stored = self.metrics.get(metric)
        return stored.samples if stored else ()


def decode_run_record(content: bytes) -> RunRecord:
    """Return the record in *content*.

    Raises:
        msgspec.MsgspecError: it is none, or one of another schema.
    """
    record = msgspec.json.decode(content, type=RunRecord)
    if record.schema != SCHEMA:
        raise msgspec.ValidationError(f"schema {record.schema}, expected {SCHEMA}")
    return record
