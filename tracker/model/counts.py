"""What a counting run found of one library in one scenario at one commit, per task.

The harness writes it, into the run record and as an answer on demand (docs/counting.md).
"""

import base64
import json
import zlib
from typing import NamedTuple

import msgspec

VERSION = 1
MOST_BYTES = 20_000_000
"""Of unpacked functions: more than any library has."""


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
        functions: packed; see `unpack_functions`.
    """

    version: int
    python: str
    metrics: dict[str, CountedMetric]
    absent: dict[str, str] = {}
    idle: dict[str, float] = {}
    commands: dict[str, dict[str, float]] = {}
    functions: str = ""


class FunctionCost(NamedTuple):
    """What one function costs per task; *file* begins with its package, *own*: the library's."""

    role: str
    file: str
    function: str
    own: bool
    starts: float
    lines: float
    calls: float
    spread: float


def convert_counts(content: object) -> Counts:
    """Return the counts in *content*, decoded JSON.

    Raises:
        msgspec.ValidationError: it is no such thing, or of another version.
    """
    counts = msgspec.convert(content, Counts)
    if counts.version != VERSION:
        raise msgspec.ValidationError(f"counts of version {counts.version}, expected {VERSION}")
    return counts


def unpack_functions(packed: str) -> tuple[FunctionCost, ...]:
    """Return the cost of every function, from base64 of zlib of JSON.

    Raises:
        ValueError: it is damaged, or unpacks to more than `MOST_BYTES`.
    """
    if not packed:
        return ()
    stream = zlib.decompressobj()
    try:
        text = stream.decompress(base64.b64decode(packed, validate=True), MOST_BYTES)
    except zlib.error as error:
        raise ValueError(str(error)) from error
    if stream.unconsumed_tail:
        raise ValueError(f"more than {MOST_BYTES} bytes")
    return tuple(FunctionCost(*row) for row in json.loads(text))
