"""Counted series of several machines, joined: counts depend on code and locks, not on the CPU.

So a history that hosted runners of several kinds have measured in turn has no holes, and a change
of the runner is no change of the series. Where a commit was counted on several machines, the
smallest count stands: what disturbs a count only ever adds to it.
"""

import math
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

import numpy as np

from tracker.model import Series, SeriesKey

ANY_MACHINE = "any machine"


def join_machines(series: Iterable[Series]) -> Iterator[Series]:
    """Give *series*, the counted ones of all machines as one; the others as they are, in order."""
    counted: defaultdict[SeriesKey, list[Series]] = defaultdict(list)
    for one in series:
        if one.metric.is_counted:
            counted[replace(one.key, machine=ANY_MACHINE)].append(one)
        else:
            yield one
    for key, members in counted.items():
        yield _join(key, members)


def _join(key: SeriesKey, members: Sequence[Series]) -> Series:
    if len(members) == 1:
        return replace(members[0], key=key)
    positions, chosen = _choose(members)
    reasons = {position: why for one in members for position, why in one.reasons.items()}
    outcomes = {position: what for one in members for position, what in one.outcomes.items()}
    values = np.array([members[m].values[i] for m, i in chosen])
    missing = {int(p) for p, value in zip(positions, values, strict=True) if not np.isfinite(value)}
    samples = [members[m].samples_at(i) for m, i in chosen]
    return replace(
        members[0],
        key=key,
        version=members[-1].version,
        positions=positions,
        values=values,
        low=np.array([members[m].low[i] for m, i in chosen]),
        high=np.array([members[m].high[i] for m, i in chosen]),
        samples=np.concatenate(samples) if samples else members[0].samples[:0],
        offsets=np.concatenate([[0], np.cumsum([len(one) for one in samples])]).astype(np.int64),
        loops=members[0].loops[:0],
        spreads=np.array([_spread(members[m], i) for m, i in chosen]),
        outcomes={position: what for position, what in outcomes.items() if position in missing},
        reasons={position: why for position, why in reasons.items() if position in missing},
    )


def _spread(one: Series, i: int) -> float:
    return float(one.spreads[i]) if one.spreads.size else math.nan


def _choose(members: Sequence[Series]) -> tuple[np.ndarray, list[tuple[int, int]]]:
    """Return all positions, ascending, and for each (member, index) of the smallest value."""
    best: dict[int, tuple[float, int, int]] = {}
    for m, one in enumerate(members):
        for i, (position, value) in enumerate(zip(one.positions, one.values, strict=True)):
            rank = (float(value) if np.isfinite(value) else np.inf, m, i)
            best[int(position)] = min(best.get(int(position), rank), rank)
    positions = np.array(sorted(best), dtype=members[0].positions.dtype)
    return positions, [best[int(position)][1:] for position in positions]
