"""What a stamp costs: `python -m tests.evaluation.timeline_cost`. Standard library only.

The best of many repeats: whatever else the machine did only adds.
"""

import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from time import perf_counter_ns

from benchmarks.harness.shared import timeline

REPEATS = 50
STAMPS = 20_000


def measure_costs(repeats: int = REPEATS, stamps: int = STAMPS) -> dict[str, float]:
    """Nanoseconds per stamp, by the name of the stamp, its loop included."""
    with tempfile.TemporaryDirectory(prefix="tracker-") as folder:
        path = Path(folder) / "timeline"
        timeline.create(path, stamps)
        line = timeline.Timeline(path)
        writers: dict[str, Callable[[int], None]] = {
            "sent": line.sent,
            "started": line.started,
            "finished": line.finished,
        }
        costs = {name: _best(write, repeats, stamps) for name, write in writers.items()}
        line.close()
    return costs


def _best(write: Callable[[int], None], repeats: int, stamps: int) -> float:
    def once() -> int:
        begin = perf_counter_ns()
        for slot in range(stamps):
            write(slot)
        return perf_counter_ns() - begin

    return min(once() for _ in range(repeats)) / stamps


def main() -> None:
    """Print a line per stamp."""
    for name, cost_ns in measure_costs().items():
        sys.stdout.write(f"{name:10} {cost_ns:6.0f} ns a stamp\n")


if __name__ == "__main__":
    main()
