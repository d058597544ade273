"""One more commit at a time: what is settled stays, the newest points are judged anew.

A series may be given commit by commit or all at once. As long as it is no longer than
STREAM_WINDOW points, the changes that are found are those of the whole series, and only their
status tells that they came one after the other: a confirmed change keeps its index until the
evidence moves it, and stays until the evidence against it is clear.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from tracker.detect import policy
from tracker.detect.steps import Found, find_all, p_values_at
from tracker.model import Change, Floats, Ints, Status


@dataclass(frozen=True, slots=True, kw_only=True)
class SeriesState:
    """What is known of a series, as plain data.

    Attributes:
        seen: values judged so far, unmeasured ones included.
        found: what they hold; withdrawn changes are kept in it, and told apart by their status.
    """

    seen: int
    found: Found


@dataclass(frozen=True, slots=True)
class _Tail:
    """The part of a series that is judged anew, from index *start* on.

    Attributes:
        points: measured values of the whole series.
    """

    start: int
    points: int
    values: Floats
    samples: Floats
    offsets: Ints


EMPTY = SeriesState(
    seen=0, found=Found(changes=(), ramps=(), noise=float("nan"), correlation=0.0, points=0)
)


def advance(state: SeriesState, values: Floats, samples: Floats, offsets: Ints) -> SeriesState:
    """Return the state after *values*, whose first `state.seen` entries are as they were.

    The cost depends on STREAM_WINDOW and not on the length of the series.

    Args:
        state: EMPTY, or what the last call returned.
        values: shape (n,), n >= state.seen, the whole series.
        samples: flat repeats, as in `tracker.model.Series`.
        offsets: shape (n + 1,).
    """
    return advance_all([(state, values, samples, offsets)])[0]


def advance_all(
    series: Sequence[tuple[SeriesState, Floats, Floats, Ints]],
) -> list[SeriesState]:
    """Return the state of each of *series*: as `advance` does, for many in less time."""
    tails = [_tail(*one) for one in series]
    fresh = find_all((tail.values, tail.samples, tail.offsets) for tail in tails)
    return [
        SeriesState(
            seen=values.size,
            found=_joined(state, values, tail, found) if state.seen else found,
        )
        for (state, values, _, _), tail, found in zip(series, tails, fresh, strict=True)
    ]


def _tail(state: SeriesState, values: Floats, samples: Floats, offsets: Ints) -> _Tail:
    new = int(np.isfinite(values[state.seen :]).sum())
    points = state.found.points + new
    wanted = policy.STREAM_WINDOW + new
    start = 0 if points <= wanted else int(np.flatnonzero(np.isfinite(values))[-wanted])
    return _Tail(start, points, values[start:], samples, offsets[start:])


def _joined(state: SeriesState, values: Floats, tail: _Tail, fresh: Found) -> Found:
    """Join what was known of *values* with what its *tail* holds now."""
    start = tail.start
    guard = start if start == 0 else start + policy.STREAM_GUARD
    settled = [c for c in state.found.changes if c.index < guard]
    open_ = [c for c in state.found.changes if c.index >= guard]
    shown = [c for c in (_shifted(c, start) for c in fresh.changes) if c.index >= guard]
    current = _merged(open_, shown, tail)
    finite = np.isfinite(values)
    return Found(
        changes=tuple(
            replace(c, points_since=int(finite[c.index :].sum())) for c in (*settled, *current)
        ),
        ramps=tuple(replace(r, start=r.start + start, end=r.end + start) for r in fresh.ramps),
        noise=fresh.noise,
        correlation=fresh.correlation,
        points=tail.points,
    )


def _shifted(change: Change, by: int) -> Change:
    return replace(
        change,
        index=change.index + by,
        earliest=change.earliest + by,
        latest=change.latest + by,
    )


def _merged(known: list[Change], shown: list[Change], tail: _Tail) -> list[Change]:
    """Join what was known with what shows now; in order of the index."""
    merged: list[Change] = []
    rest = list(shown)
    missing: list[Change] = []
    for old in known:
        same = [c for c in rest if abs(c.index - old.index) <= policy.SAME_CHANGE]
        if same and old.status is not Status.WITHDRAWN:
            best = min(same, key=lambda c: abs(c.index - old.index))
            rest.remove(best)
            merged.append(_continued(old, best))
        elif old.status is Status.CONFIRMED:
            missing.append(old)
        elif not same:
            merged.append(replace(old, status=Status.WITHDRAWN))
    merged += rest
    if missing:
        standing = [c for c in merged if c.status is not Status.WITHDRAWN]
        cuts = [c.index - tail.start for c in (*standing, *missing)]
        p_values = p_values_at(tail.values, tail.samples, tail.offsets, cuts)[len(standing) :]
        merged += [
            old
            if p <= policy.WITHDRAW_P_VALUE
            else replace(old, status=Status.WITHDRAWN, p_value=p)
            for old, p in zip(missing, p_values, strict=True)
        ]
    return sorted(merged, key=lambda c: c.index)


def _continued(old: Change, new: Change) -> Change:
    """Return *new* at the old index, if that was confirmed and is still within the interval."""
    if old.status is not Status.CONFIRMED:
        return new
    if new.earliest <= old.index <= new.latest:
        return replace(new, index=old.index, status=Status.CONFIRMED)
    return replace(new, status=Status.CONFIRMED)
