"""Which changes may fail a pull request: per metric, from the settings' `[gates]` table.

    [gates]
    throughput = true               # any confirmed regression fails
    memory_peak = 0.10              # only one of more than 10 %
    latency_p99 = false             # never
    throughput_cv = { max = 0.15 }  # head's own value must not exceed this

A metric without an entry gates as the catalogue says.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypeIs

from tracker.errors import DataError
from tracker.model import Verdict
from tracker.model.catalogue import METRICS, find
from tracker.settings.file import WHERE

_NEXT = "docs/github.md lists what a gate may be: true, false, a share, or { max = value }"


@dataclass(frozen=True, slots=True, kw_only=True)
class Gate:
    """When a change of one metric fails.

    Attributes:
        least: smallest relative worsening that fails (0.1 is 10 %), inf for never.
        ceiling: largest value that head itself may have in the base unit, inf for no limit.
    """

    least: float
    ceiling: float

    def fails(self, verdict: Verdict, worsening: float) -> bool:
        """Whether this change fails; *worsening* is relative, positive is worse."""
        return verdict is Verdict.WORSE and worsening >= self.least and self.least < math.inf

    @property
    def applies_to_changes(self) -> bool:
        """Whether a change can fail at all."""
        return self.least < math.inf


NEVER = Gate(least=math.inf, ceiling=math.inf)
ALWAYS = Gate(least=0.0, ceiling=math.inf)
# The run-to-run spread above which a throughput figure cannot be relied on.
CV_GATE = Gate(least=math.inf, ceiling=0.15)
# Of asv projects other than ours a metric is called after asv's type of benchmark.
FOREIGN_METRICS = frozenset({"time", "timeraw", "mem", "memory", "peakmem", "peakmemory", "track"})
_DEFAULTS = {"throughput_cv": CV_GATE}


@dataclass(frozen=True, slots=True, kw_only=True)
class Gates:
    """The gates of all metrics; ask `of`."""

    chosen: Mapping[str, Gate]

    def of(self, metric: str, *, otherwise: bool = False) -> Gate:
        """Return the gate of a metric; *otherwise*: whether one that is not ours gates."""
        if metric in self.chosen:
            return self.chosen[metric]
        if metric in _DEFAULTS:
            return _DEFAULTS[metric]
        known = find(metric)
        return ALWAYS if (known.gates if known is not None else otherwise) else NEVER


def parse_gates(settings: Mapping[str, object]) -> Gates:
    """Read the `[gates]` table of the settings.

    Raises:
        DataError: a gate cannot be understood. A misspelt metric is an error too: a gate that
            nobody asks is a gate that stands open.
    """
    table = settings.get("gates", {})
    if not isinstance(table, dict):
        raise DataError(f"{WHERE}: gates is not a table", _NEXT)
    foreign = set(table) - set(METRICS) - FOREIGN_METRICS
    if foreign:
        raise DataError(
            f"{WHERE}: unknown metric {min(map(str, foreign))!r} under [gates]",
            f"metrics are {', '.join(METRICS)}",
        )
    return Gates(chosen={name: _gate(name, value) for name, value in table.items()})


def _gate(name: str, value: object) -> Gate:
    if isinstance(value, bool):
        return ALWAYS if value else NEVER
    if _is_positive(value):
        return Gate(least=float(value), ceiling=math.inf)
    if isinstance(value, dict) and set(value) == {"max"} and _is_positive(value["max"]):
        return Gate(least=math.inf, ceiling=float(value["max"]))
    raise DataError(f"{WHERE}: gates.{name} cannot be {value!r}", _NEXT)


def _is_positive(value: object) -> TypeIs[float]:
    return isinstance(value, (int, float)) and not isinstance(value, bool) and 0 < value < math.inf
