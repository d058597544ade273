"""What a counting run found of one library in one scenario at one commit, per task.

The harness writes it, into the run record and as an answer on demand (docs/counting.md).
"""

import msgspec

VERSION = 1


class CountedMetric(msgspec.Struct, frozen=True, kw_only=True):
    """One counted cost.

    Attributes:
        value: per task; the smallest of `samples`.
        spread: how far it can be trusted, in the same unit; 0 is exact.
        samples: one value per set of worker processes.
    """

    unit: str
    value: float
    spread: float
    samples: tuple[float, ...]


class Counts(msgspec.Struct, frozen=True, kw_only=True):
    """All counted costs.

    Attributes:
        python: version of the workers' interpreter; counts of two versions differ.
        absent: instrument to why it could not count.
        idle: counts per second of workers that have nothing to do: what a clock drives.
        commands: "worker" and "producer" to broker command to so many per task.
    """

    version: int
    python: str
    metrics: dict[str, CountedMetric]
    absent: dict[str, str] = {}
    idle: dict[str, float] = {}
    commands: dict[str, dict[str, float]] = {}


def convert_counts(content: object) -> Counts:
    """Return the counts in *content*, decoded JSON.

    Raises:
        msgspec.ValidationError: it is no such thing, or of another version.
    """
    counts = msgspec.convert(content, Counts)
    if counts.version != VERSION:
        raise msgspec.ValidationError(f"counts of version {counts.version}, expected {VERSION}")
    return counts
