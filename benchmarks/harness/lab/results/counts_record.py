"""What a counting run found, as it stands in the run record (`counts`) and on a line of JSON.

    version     1; a reader refuses another one
    python      version of the workers' interpreter: counts depend on it
    bursts      {"small": 20, "large": 60, "turns": 5}: tasks of each size, and how many of each
    metrics     name -> {"unit", "value", "spread", "samples"}; names are those of
                tracker/model/catalogue.py. `samples` has one value per round of workers,
                `value` is the smallest of them, `spread` how far it can be trusted: how far an
                estimate moves when one pair of bursts is left out, or rounds differ, whichever
                is more; 0 is exact.
    absent      what could not be counted -> why: "functions", "allocations", "instructions",
                "broker"; or "all"
    idle        name -> count per second of workers that have nothing to do: what a clock drives
    commands    "worker" and "producer" -> command or statement -> so many per task
    functions   per function and task, packed: base64 of zlib of JSON, a list of
                [role, file, function, own, starts, lines, calls, spread of lines], where role is
                "worker" or "producer", file begins with its package, and own is true for the
                library's package; see `pack`
    compiled    per compiled function and task, packed alike: a list of [role, object, symbol,
                instructions, spread], where object is the library or program that holds it, from
                its package on, and symbol is "" for all that have none; those that execute a
                two-thousandth of a task at least, none where instructions were not counted

Numbers per task are exact quotients of whole counts, so equality means something.
"""

import base64
import json
import zlib
from collections.abc import Sequence
from typing import NamedTuple

import msgspec

VERSION = 1
DIGITS = 6
"""Of a stored number, behind the point: counts per task are quotients by 20 or 40."""


class CountedMetric(msgspec.Struct, frozen=True, kw_only=True):
    """One summary of a counting run."""

    unit: str
    value: float
    spread: float
    samples: list[float]


class CountsRecord(msgspec.Struct, frozen=True, kw_only=True):
    """See the module."""

    version: int
    python: str
    bursts: dict[str, int]
    metrics: dict[str, CountedMetric]
    absent: dict[str, str]
    idle: dict[str, float]
    commands: dict[str, dict[str, float]]
    functions: str
    compiled: str


class FunctionCost(NamedTuple):
    """What one function costs per task."""

    role: str
    file: str
    function: str
    own: bool
    starts: float
    lines: float
    calls: float
    spread: float


class CompiledCost(NamedTuple):
    """What one compiled function executes per task."""

    role: str
    object: str
    symbol: str
    instructions: float
    spread: float


def pack(costs: Sequence[FunctionCost] | Sequence[CompiledCost]) -> str:
    """The text of `functions` or `compiled`; "" of none."""
    if not costs:
        return ""
    text = json.dumps(costs, separators=(",", ":"))
    return base64.b64encode(zlib.compress(text.encode(), 9)).decode("ascii")
