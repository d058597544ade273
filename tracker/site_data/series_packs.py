"""Series by the pack: their histories in columns of small whole numbers, and their changes."""

import hashlib
import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

import numpy as np
import numpy.typing as npt

from tracker.detect.density import middle
from tracker.model import Floats, Ints, JudgedSeries, Marks
from tracker.site_data.encoding import wholes
from tracker.site_data.rounding import number, sample_columns
from tracker.site_data.schema import (
    SCHEMA_VERSION,
    ChangeInfo,
    PackedSeries,
    SeriesPack,
    Steps,
    Wholes,
)
from tracker.site_data.series import metric_info, not_withdrawn

# Values and samples of a pack: some 50 kB, a fraction of that on the way, a file in 4,000 values.
_MOST_POINTS = 4096
_DIGITS = 6  # of a typical value; the smallest keeps at least half as many
_LARGEST = 2.0**52  # of whole numbers whose differences the browser tells apart


@dataclass(frozen=True, slots=True)
class Packed:
    """A series, and its changes as they are shown."""

    judged: JudgedSeries
    changes: list[ChangeInfo]


def make_packs(series: Sequence[Packed]) -> Iterator[list[Packed]]:
    """Give the packs of *series*: of one machine and environment each, in the order of the keys.

    What no more is measured on is so in packs that never change.
    """

    def sort_key(one: Packed) -> tuple[str, str, str, tuple[tuple[str, str], ...]]:
        key = one.judged.series.key
        return (key.machine, key.environment, key.benchmark, key.params)

    for _, members in groupby(sorted(series, key=sort_key), key=lambda one: sort_key(one)[:2]):
        pack: list[Packed] = []
        points = 0
        for one in members:
            size = one.judged.series.values.size + one.judged.series.samples.size
            if pack and points + size > _MOST_POINTS:
                yield pack
                pack, points = [], 0
            pack.append(one)
            points += size
        yield pack


def fingerprint(pack: Sequence[Packed]) -> str:
    """Return ten hex digits of everything that `encode_pack` is made of.

    A pack is a pure function of these inputs and of the schema, so equal names mean equal files,
    and an unchanged pack is neither rounded nor encoded again.
    """
    digest = hashlib.blake2b(b"%d" % SCHEMA_VERSION, digest_size=5)
    for one in pack:
        judged = one.judged
        rest = (
            judged.verdict, judged.minimum_detectable_effect, judged.drift, judged.notes,
            one.changes,
        )  # fmt: skip
        digest.update(judged.series.digest)
        digest.update(repr(rest).encode("utf-8", "surrogatepass"))
    return digest.hexdigest()


def encode_pack(pack: Sequence[Packed]) -> SeriesPack:
    """Return the file of one pack."""
    key = pack[0].judged.series.key
    metrics = list(dict.fromkeys(one.judged.series.metric for one in pack))
    axes: dict[bytes, Ints] = {}
    for one in pack:
        positions = one.judged.series.positions
        axes.setdefault(positions.tobytes(), positions)
    places = {axis: number for number, axis in enumerate(axes)}
    return SeriesPack(
        schema_version=SCHEMA_VERSION,
        machine=key.machine,
        environment=key.environment,
        metrics=[metric_info(metric) for metric in metrics],
        axes=[_distances(positions) for positions in axes.values()],
        series=[
            _encode(
                one,
                metric=metrics.index(one.judged.series.metric),
                axis=places[one.judged.series.positions.tobytes()],
            )
            for one in pack
        ],
    )


def _encode(one: Packed, *, metric: int, axis: int) -> PackedSeries:
    judged, series = one.judged, one.judged.series
    samples, counts, step = sample_columns(series)
    is_known = np.isfinite(series.values)
    rows = np.array((series.values, series.low, series.high)).take(is_known.nonzero()[0], axis=1)
    digits = _digits(rows[0])
    steps, low, high = scaled(rows, *powers(digits))
    ends = np.array((steps - low, high - steps))
    reach = _reach(ends)
    below, above, width = _ends(ends, reach)
    return PackedSeries(
        id=series.id,
        benchmark=series.key.benchmark,
        scenario=series.title,
        library=series.library,
        metric=metric,
        params=[list(pair) for pair in series.key.params],
        verdict=judged.verdict.value,
        noise=number(judged.minimum_detectable_effect, 3),
        drift=number(judged.drift, 3),
        notes=list(judged.notes),
        axis=axis,
        digits=digits,
        values=_distances(steps.astype(np.int64)),
        gaps=_distances((~is_known).nonzero()[0]),
        reach=reach,
        low=below,
        high=above,
        high_width=width,
        samples=samples,
        sample_counts=counts,
        sample_step=step,
        outcomes=_points(series.outcomes, series.positions),
        reasons=_points(series.reasons, series.positions),
        changes=one.changes,
        level=None if not_withdrawn(judged) else _level(rows[0]),
    )


def _level(values: Floats) -> float | None:
    return number(middle(values)) if values.size else None


def _digits(values: Floats) -> int:
    """Return how many digits after the point whole numbers must have to tell *values* apart."""
    sizes = np.sort(np.abs(values))
    sizes = sizes[sizes.searchsorted(0.0, "right") :]
    if not sizes.size:
        return 0
    typical = _DIGITS - 1 - math.floor(math.log10(sizes[sizes.size // 2]))
    smallest = _DIGITS // 2 - 1 - math.floor(math.log10(sizes[0]))
    most = math.floor(math.log10(_LARGEST) - math.log10(sizes[-1]))
    return min(max(typical, smallest), most)


def powers(digits: int | Ints) -> tuple[Any, Any]:
    """Return the two factors that are 10 to the *digits*; floats may not have their product."""
    half = digits // 2
    return 10.0**half, 10.0 ** (digits - half)


def scaled(values: Floats, first: float | Floats, second: float | Floats) -> Floats:
    """Return *values* times both factors, rounded to whole numbers."""
    with np.errstate(over="ignore", invalid="ignore"):
        steps: Floats = np.rint(values * first * second)
    return steps


def _reach(steps: Floats) -> int:
    """Return the power of ten that leaves two digits of the typical half of an interval."""
    sizes = np.abs(steps[np.isfinite(steps) & (steps != 0)])
    if not sizes.size:
        return 0
    middle_one = np.partition(sizes, sizes.size // 2)[sizes.size // 2]
    return max(0, math.floor(math.log10(middle_one)) - 1)


def _ends(ends: Floats, reach: int) -> tuple[Steps, Steps, int]:
    """Return how far the *ends* of intervals, lower ones and upper ones, lie from their values.

    Both in the first list where all are known and none lies on the other side of its value; last
    the number of digits that the upper ones have there, 0 where they are in the second.
    """
    short = np.rint(ends / 10.0**reach)
    is_known = np.isfinite(short) & (np.abs(short) < _LARGEST)
    if short.size and is_known.all() and short.min() >= 0:
        width = len(str(int(short[1].max())))
        joined = short[0] * 10.0**width + short[1]
        if joined.max() < _LARGEST:
            return wholes(joined.astype(np.int64)), [], width
    below, above = (_list_known(*row) for row in zip(short, is_known, strict=True))
    return below, above, 0


def _list_known(numbers: Floats, is_known: npt.NDArray[np.bool_]) -> Steps:
    """Return *numbers*, None where one is not known; empty when none is."""
    if is_known.all():
        return wholes(numbers.astype(np.int64))
    if not is_known.any():
        return []
    return [int(one) if known else None for one, known in zip(numbers, is_known, strict=True)]


def _points[T](marks: Mapping[int, T], positions: Ints) -> dict[str, Wholes]:
    """Return at which points each mark stands."""
    if isinstance(marks, Marks):
        (marked,) = marks.codes.nonzero()
        if not marked.size:
            return {}
        codes = marks.codes[marked]
        known = ((marks.meanings[code], code) for code in sorted(set(codes.tolist())))
        return {
            str(what): _distances(marked[codes == code]) for what, code in known if what is not None
        }
    where: dict[str, list[int]] = {}
    for position, what in sorted(marks.items()):
        where.setdefault(str(what), []).append(int(np.searchsorted(positions, position)))
    return {what: _distances(np.array(points)) for what, points in where.items()}


def _distances(numbers: Ints) -> Wholes:
    """Return the first number, and how far each other lies from the one before."""
    distances = numbers.copy()
    distances[1:] -= numbers[:-1]
    return wholes(distances)
