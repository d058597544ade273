"""Scenarios split into shards of about equal length, pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import median


@dataclass(frozen=True, slots=True, kw_only=True)
class Shard:
    """What one job of a matrix measures; `seconds` is what that took before."""

    scenarios: tuple[str, ...]
    seconds: float


def split(
    scenarios: Sequence[str], durations_s: Mapping[str, float], shards: int
) -> tuple[Shard, ...]:
    """Split *scenarios* into at most *shards* parts, longest first onto the shortest part.

    What was never measured counts as long as the median of the others. The same input gives the
    same shards in the same order, whatever the order of *scenarios*.

    >>> [shard.scenarios for shard in split(["a", "b", "c"], {"a": 9, "b": 5, "c": 4}, 2)]
    [('a',), ('b', 'c')]
    """
    known = [durations_s[name] for name in scenarios if name in durations_s]
    usual = median(known) if known else 1.0
    lengths = {name: durations_s.get(name, usual) for name in set(scenarios)}
    parts: list[list[str]] = [[] for _ in range(min(shards, len(lengths)))]
    totals = [0.0] * len(parts)
    for name in sorted(lengths, key=lambda name: (-lengths[name], name)):
        shortest = totals.index(min(totals))
        parts[shortest].append(name)
        totals[shortest] += lengths[name]
    return tuple(
        Shard(scenarios=tuple(sorted(part)), seconds=round(total, 1))
        for part, total in zip(parts, totals, strict=True)
    )
