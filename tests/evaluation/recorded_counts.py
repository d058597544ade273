"""The counted costs of recorded rounds (`counted_rounds`), as the harness states them."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from benchmarks.harness.lab.counting.counted_cell import CountPlan, costs_of, metrics_of
from benchmarks.harness.lab.counting.counted_round import CountedRound
from benchmarks.harness.lab.results.counts_record import CountedMetric
from tests.evaluation.counted_rounds import Recording, recordings


@dataclass(frozen=True, slots=True, kw_only=True)
class Counted:
    """One run of one library, or a window of it, in all that was counted of it."""

    library: str
    number: int
    busy: bool
    metrics: dict[str, CountedMetric]


def recorded_counts(folder: Path, windows: int = 1) -> Iterator[Counted]:
    """Each run of *folder*, by library and number, or each of so many *windows* of it."""
    runs: defaultdict[tuple[str, int], list[Recording]] = defaultdict(list)
    for recording in recordings(folder):
        runs[recording.library, recording.number].append(recording)
    for (library, number), members in sorted(runs.items()):
        for window in range(windows):
            rounds = [(one.what, part(one.round, window, windows)) for one in members]
            costs = costs_of(rounds, members[0].package, CountPlan(), {})
            yield Counted(
                library=library,
                number=number,
                busy=members[0].busy,
                metrics=metrics_of(costs),
            )


def part(counted: CountedRound, window: int, windows: int) -> CountedRound:
    """One of so many *windows*: as many bursts of either size in each, in their order.

    The sizes come in pairs (`Sizes.order`), so a window begins with a pair.
    """
    return replace(counted, spans=_slice(counted.spans, window, windows))


def _slice[T](spans: Sequence[T], window: int, windows: int) -> list[T]:
    pairs = len(spans) // 2
    first, last = (2 * (pairs * place // windows) for place in (window, window + 1))
    return list(spans[first:last])
