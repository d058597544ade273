"""What a counting run found of one library in one scenario at one commit, per task.

The harness writes it, into the run record and as an answer on demand (docs/counting.md).
"""

import base64
import binascii
import zlib

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
        functions: what each function costs, packed; see `unpack_functions`.
        compiled: what each compiled function executes, packed; see `unpack_compiled`.
    """

    version: int
    python: str
    metrics: dict[str, CountedMetric]
    absent: dict[str, str] = {}
    idle: dict[str, float] = {}
    commands: dict[str, dict[str, float]] = {}
    functions: str = ""
    compiled: str = ""


class FunctionCost(msgspec.Struct, frozen=True, array_like=True):
    """What one function costs per task.

    Attributes:
        role: "worker" or "producer".
        file: path from its package on, such as "rq/job.py".
        function: its qualified name.
        own: whether it is the library's own.
        starts: how often it begins; `lines` that it runs; `calls` that it makes.
        spread: how far `lines` can be trusted; 0 is exact.
    """

    role: str
    file: str
    function: str
    own: bool
    starts: float
    lines: float
    calls: float
    spread: float


class CompiledCost(msgspec.Struct, frozen=True, array_like=True):
    """What one compiled function executes per task; those that execute little are left out.

    Attributes:
        role: "worker" or "producer".
        object: the library or program that holds it, such as "libpython3.13.so.1.0".
        symbol: its name, "" for all of the object that have none.
        instructions: its own, without what it calls.
        spread: how far they can be trusted; 0 is exact.
    """

    role: str
    object: str
    symbol: str
    instructions: float
    spread: float


def unpack_functions(packed: str) -> tuple[FunctionCost, ...]:
    """Return what `Counts.functions` holds: none where nothing was counted by function.

    Raises:
        msgspec.MsgspecError: it is damaged.
    """
    return msgspec.json.decode(_unpack(packed), type=tuple[FunctionCost, ...])


def unpack_compiled(packed: str) -> tuple[CompiledCost, ...]:
    """Return what `Counts.compiled` holds: none where no instructions were counted.

    Raises:
        msgspec.MsgspecError: it is damaged.
    """
    return msgspec.json.decode(_unpack(packed), type=tuple[CompiledCost, ...])


def _unpack(packed: str) -> bytes:
    if not packed:
        return b"[]"
    try:
        return zlib.decompress(base64.b64decode(packed, validate=True))
    except (binascii.Error, zlib.error) as error:
        raise msgspec.ValidationError(f"functions cannot be unpacked: {error}") from error


def convert_counts(content: object) -> Counts:
    """Return the counts in *content*, decoded JSON.

    Raises:
        msgspec.ValidationError: it is no such thing, or of another version.
    """
    counts = msgspec.convert(content, Counts)
    if counts.version != VERSION:
        raise msgspec.ValidationError(f"counts of version {counts.version}, expected {VERSION}")
    return counts
